//! The stable names of problems: of the files, and of what stands between a plan and the account.

use crate::desired;
use crate::diagnostic::Code;

/// What there is to say about a code.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The code.
    pub code: &'static str,
    /// `error`, `warning` or `blocked`, as it is printed before the code.
    pub kind: &'static str,
    /// What it means, in a sentence or two.
    pub meaning: String,
    /// What to do about it.
    pub way_out: Option<&'static str>,
}

/// All codes: of the files first, then what blocks a plan.
pub fn codes() -> Vec<Entry> {
    let lints: Vec<Code> = desired::lints().collect();
    let of_files = Code::ALL.iter().map(|code| Entry {
        code: code.as_str(),
        kind: code.severity().as_str(),
        meaning: code.meaning(),
        way_out: lints.contains(code).then_some("If it is meant, waive it in the role's file."),
    });
    let of_plans = BLOCKERS.iter().map(|(code, meaning, way_out)| Entry {
        code,
        kind: "blocked",
        meaning: (*meaning).to_owned(),
        way_out: Some(way_out),
    });
    of_files.chain(of_plans).collect()
}

const BLOCKERS: [(&str, &str, &str); 17] = [
    (
        "other-account",
        "The key opens another account than `reconcile.yaml` or the lockfile expects.",
        "Use the right key, or correct what expects the other account.",
    ),
    (
        "unproven-account",
        "`reconcile.yaml` expects an account, and the key may not tell which one it opens.",
        "Give the key the right to read the account, or leave `account` out.",
    ),
    (
        "other-mode",
        "The lockfile is of live mode and the key of test mode, or the other way round.",
        "Use the right key, or the other environment.",
    ),
    (
        "other-environment",
        "The lockfile of this environment says that it is of another, as a copied file does.",
        "Rebuild it from the account with `reconcile lock`.",
    ),
    (
        "several-marked",
        "Several configurations carry the marker of one role. Which one apps should use is not for a program to guess.",
        "Decide: `reconcile --keep ID` keeps one and deactivates the others. The account's default can't be deactivated.",
    ),
    (
        "keep-foreign",
        "`--keep` names a configuration that doesn't carry a marker of this project.",
        "Name one of several that carry the marker of one role.",
    ),
    (
        "lock-disagrees",
        "The lockfile names one configuration for a role, and another one carries the role's marker.",
        "If the key is the right one, rebuild the lockfile with `reconcile lock`.",
    ),
    (
        "locked-missing",
        "The lockfile names a configuration that the account doesn't have.",
        "If the key is the right one, rebuild the lockfile with `reconcile lock`.",
    ),
    (
        "locked-foreign",
        "The lockfile names a configuration that belongs to another role, another project or a Connect application.",
        "It is never written. Remove the line from the lockfile to have a new one created.",
    ),
    (
        "unreadable",
        "A role's configuration has something that this program can't make sense of.",
        "A newer version may. Until then, leave this role's file out.",
    ),
    (
        "would-lose",
        "A product that customers can switch to has something that this program doesn't know. Stripe replaces the list of products as a whole, so an update would lose it.",
        "Make the change in the Dashboard, or with a version of this program that knows it.",
    ),
    (
        "incomplete",
        "A file leaves something to the Dashboard that Stripe needs to create a configuration.",
        "Set it in the file until the configuration exists.",
    ),
    (
        "no-default",
        "The account has no default configuration. The first one that is created becomes it for ever, so this program doesn't leave it to chance.",
        "Write `default: true` in the file of the role that everybody may have.",
    ),
    (
        "default-elsewhere",
        "A role says `default: true`, but the account's default is a configuration that isn't the role's.",
        "Promote it in the Dashboard, which Stripe's API can't, or remove `default: true`.",
    ),
    (
        "default-unclaimed",
        "A role would change the account's default without saying that it manages it.",
        "Write `default: true` in its file if that is meant.",
    ),
    (
        "too-many-changes",
        "More roles would change than the environment allows.",
        "Look at the plan. If it is right, allow it with `--max-changes`.",
    ),
    (
        "too-many-deactivations",
        "More than 30 % of at least ten active configurations would be deactivated. Usually that means that files are missing.",
        "Look at the plan. If all of them are to go, allow it with `--max-changes`. What `reconcile.yaml` says doesn't count here.",
    ),
];
