//! What came of a run, for the terminal.

use std::fmt::Write;

use super::style::{Painted, Styles};
use crate::apply::{Outcome, StepResult};
use crate::plan::Plan;
use crate::report::{RunReport, Verdict};
use crate::stripe::Effect;
use crate::text::{clean, plural};

const NEVER: &str = "writing to a string can't fail";

/// What came of every role, and what to do next. `lockfile` is its path.
pub fn outcome(report: &RunReport, lockfile: &str, styles: &Styles) -> String {
    let mut text = String::new();
    if let Some(apply) = &report.apply {
        for outcome in &apply.outcomes {
            one_role(&mut text, outcome, styles);
        }
        if let Some(error) = &apply.lock_error {
            let head = Painted(styles.danger, "error");
            writeln!(
                text,
                "{head}: {}\n  help: when that is mended, `reconcile lock` writes it",
                clean(error)
            )
            .expect(NEVER);
        }
        if let Some(remaining) = report.remaining.as_ref().filter(|plan| !plan.is_empty()) {
            not_converged(&mut text, remaining, styles);
        }
    }
    writeln!(text, "{}", last_line(report, lockfile, styles)).expect(NEVER);
    text
}

fn one_role(text: &mut String, outcome: &Outcome, styles: &Styles) {
    let role = &outcome.role;
    let request = outcome
        .request_id
        .as_ref()
        .map(|id| format!(" (request {})", clean(id)))
        .unwrap_or_default();
    match &outcome.result {
        StepResult::Unchanged => Ok(()),
        StepResult::Done(id) => {
            let done = match outcome.action.as_str() {
                "create" => "created",
                "adopt" => "adopted",
                "reactivate" => "reactivated",
                _ => "updated",
            };
            writeln!(text, "{} {role} {id}", Painted(styles.add, format!("{done:>11}")))
        }
        StepResult::NotAsAsked { id, differences } => {
            let head = Painted(styles.danger, format!("{:>11}", "differs"));
            let differences = clean(&differences.join(", "));
            writeln!(
                text,
                "{head} {role} {id}: Stripe stored something else at {differences}{request}"
            )
        }
        StepResult::Failed(error) => {
            let word = match error.effect {
                Effect::None => "failed",
                Effect::Unknown => "unknown",
            };
            let head = Painted(styles.danger, format!("{word:>11}"));
            let attempts = if error.attempts > 1 {
                format!(", tried {} times", error.attempts)
            } else {
                String::new()
            };
            writeln!(text, "{head} {role}: {}{attempts}{request}", clean(&error.to_string()))
                .expect(NEVER);
            let next = match error.effect {
                Effect::None => "nothing was changed; the next run tries again",
                Effect::Unknown => {
                    "it may have been done all the same; the next run looks and doesn't do it twice"
                }
            };
            writeln!(text, "{:>11} {next}", "")
        }
        StepResult::NotAttempted(why_not) => {
            let head = Painted(styles.change, format!("{:>11}", "not tried"));
            writeln!(text, "{head} {role}: {}", why_not.as_str())
        }
    }
    .expect(NEVER);
}

fn not_converged(text: &mut String, remaining: &Plan, styles: &Styles) {
    let head = Painted(styles.danger, "not converged");
    writeln!(text, "{head}: a second look at the account still finds something to do:")
        .expect(NEVER);
    text.push_str(&super::plan(remaining, styles));
}

fn last_line(report: &RunReport, lockfile: &str, styles: &Styles) -> String {
    let next = |text: &str| Painted(styles.strong, text).to_string();
    match report.verdict() {
        Verdict::Clean => "Nothing to do: the account is what the files say.".to_owned(),
        Verdict::Pending => format!(
            "Nothing was written. To apply it, leave out {}; to apply nothing but this, add\n  {}",
            next("`--dry-run`"),
            next(&format!("--expect-digest {}", report.digest()))
        ),
        Verdict::Blocked => "Nothing was written.".to_owned(),
        Verdict::Applied => match report.plan.pending().count() {
            0 => format!("Done: {lockfile} says what the account says."),
            n_done => format!(
                "Done: {} changed, and a second look finds nothing to do. The ids are in {lockfile}.",
                plural(n_done, "role")
            ),
        },
        Verdict::Failed => "Nothing was changed.".to_owned(),
        Verdict::Partly => format!(
            "Not everything is done. What is done is recorded; {} finishes it.",
            next("`reconcile`")
        ),
        Verdict::Interrupted => {
            format!("Interrupted. What was done is recorded; {} finishes it.", next("`reconcile`"))
        }
    }
}
