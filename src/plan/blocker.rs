//! What stops an apply before its first write, and the way out.

use std::fmt;

use crate::model::{AccountId, ConfigurationId, EnvironmentName, Mode, Owner, Role};

/// A reason not to write anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocker {
    /// The key opens another account than the one that is expected.
    OtherAccount {
        /// Who expects it, as the beginning of a sentence: `the lockfile expects`.
        expected_by: &'static str,
        /// The account that is expected.
        expected: AccountId,
        /// The account that the key opens.
        found: AccountId,
    },
    /// The key may not tell which account it opens, and nothing else proves that it is the one that
    /// is expected.
    UnprovenAccount {
        /// The account that `reconcile.yaml` expects.
        expected: AccountId,
    },
    /// The lockfile is of the other side of an account.
    OtherMode {
        /// The side that the lockfile names.
        expected: Mode,
        /// The side that the key opens.
        found: Mode,
    },
    /// The lockfile is another environment's.
    OtherEnvironment {
        /// The environment that the lockfile names.
        locked: EnvironmentName,
        /// The environment of this run.
        expected: EnvironmentName,
    },
    /// Several configurations carry the marker of one role.
    SeveralMarked {
        /// The role.
        role: Role,
        /// The configurations.
        duplicates: Vec<Duplicate>,
        /// Those of other roles that the user has already decided to keep.
        kept: Vec<ConfigurationId>,
    },
    /// The user wants to keep a configuration that is no role's of this project.
    KeepForeign {
        /// Which it is.
        id: ConfigurationId,
        /// Whose it is, if the account has it.
        owner: Option<Owner>,
    },
    /// The lockfile and the markers disagree.
    LockDisagrees {
        /// The role.
        role: Role,
        /// What the lockfile says.
        locked: ConfigurationId,
        /// What carries the marker.
        marked: ConfigurationId,
    },
    /// The lockfile names a configuration that the account doesn't have.
    LockedMissing {
        /// The role.
        role: Role,
        /// What the lockfile says.
        locked: ConfigurationId,
    },
    /// The lockfile names a configuration that is not this role's to write.
    LockedForeign {
        /// The role.
        role: Role,
        /// What the lockfile says.
        locked: ConfigurationId,
        /// Whose it is.
        owner: Owner,
    },
    /// A role's configuration has something that this program can't make sense of.
    Unreadable {
        /// The role.
        role: Role,
        /// Its configuration.
        id: ConfigurationId,
        /// What it has.
        problem: String,
    },
    /// An update would replace a list of which this program doesn't know everything.
    WouldLose {
        /// The role.
        role: Role,
        /// Its configuration.
        id: ConfigurationId,
        /// What would be lost.
        path: String,
    },
    /// A new configuration would lack what Stripe needs, because the file leaves it to the Dashboard.
    Incomplete {
        /// The role.
        role: Role,
        /// What is left to the Dashboard.
        path: &'static str,
    },
    /// The account has no default, and what is created first would become it.
    NoDefault {
        /// Of the roles that would be created, the one that lets customers do least.
        role: Role,
    },
    /// A role wants to be the default, but another configuration is.
    DefaultElsewhere {
        /// The role.
        role: Role,
        /// The configuration that is the default.
        default: ConfigurationId,
        /// Whose it is.
        owner: Owner,
    },
    /// A role's configuration is the default, but its file doesn't say so.
    DefaultUnclaimed {
        /// The role.
        role: Role,
        /// Its configuration.
        id: ConfigurationId,
    },
    /// More would change than is allowed.
    TooManyChanges {
        /// How many roles would change.
        changes: usize,
        /// How many may.
        most: u64,
    },
    /// So many would be deactivated that it looks like an accident.
    TooManyDeactivations {
        /// How many would be.
        deactivations: usize,
        /// How many apps can use now.
        active: usize,
        /// How many roles would change, these included.
        changes: usize,
    },
}

/// One of several configurations that carry the same marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// Which it is.
    pub id: ConfigurationId,
    /// Whether apps can use it.
    pub active: bool,
    /// True if it is the account's default, which can't be deactivated.
    pub is_default: bool,
}

impl Blocker {
    /// The stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherAccount { .. } => "other-account",
            Self::UnprovenAccount { .. } => "unproven-account",
            Self::OtherMode { .. } => "other-mode",
            Self::OtherEnvironment { .. } => "other-environment",
            Self::SeveralMarked { .. } => "several-marked",
            Self::KeepForeign { .. } => "keep-foreign",
            Self::LockDisagrees { .. } => "lock-disagrees",
            Self::LockedMissing { .. } => "locked-missing",
            Self::LockedForeign { .. } => "locked-foreign",
            Self::Unreadable { .. } => "unreadable",
            Self::WouldLose { .. } => "would-lose",
            Self::Incomplete { .. } => "incomplete",
            Self::NoDefault { .. } => "no-default",
            Self::DefaultElsewhere { .. } => "default-elsewhere",
            Self::DefaultUnclaimed { .. } => "default-unclaimed",
            Self::TooManyChanges { .. } => "too-many-changes",
            Self::TooManyDeactivations { .. } => "too-many-deactivations",
        }
    }

    /// The way out.
    pub fn help(&self) -> String {
        match self {
            Self::OtherAccount { .. } | Self::OtherMode { .. } => {
                "use the key of the right account and mode, or correct what expects the other".into()
            }
            Self::UnprovenAccount { .. } => {
                "give the key the right to read the account, or leave `account` out of `reconcile.yaml`".into()
            }
            Self::OtherEnvironment { .. } => {
                "rebuild it from the account with `reconcile lock`".into()
            }
            Self::SeveralMarked { duplicates, kept, .. } => keep_one(duplicates, kept),
            Self::KeepForeign { .. } => {
                "`--keep` is for one of several configurations that carry the marker of one role".into()
            }
            Self::LockDisagrees { .. } | Self::LockedMissing { .. } => {
                "if the key is the right one, rebuild the lockfile from the account with `reconcile lock`".into()
            }
            Self::LockedForeign { .. } => {
                "it is never written; remove the line from the lockfile to have a configuration of your own created".into()
            }
            Self::Unreadable { .. } => {
                "this program may be older than Stripe's API; until it is renewed, leave this role's file out".into()
            }
            Self::WouldLose { .. } => {
                "make this change in the Dashboard, or with a version of this program that knows it".into()
            }
            Self::Incomplete { .. } => {
                "set it in the file until the configuration exists, then leave it to the Dashboard".into()
            }
            Self::NoDefault { role } => format!(
                "write `default: true` in the file of the role that everybody may have; `{role}` lets customers do least"
            ),
            Self::DefaultElsewhere { .. } => {
                "Stripe's API can't change which one is the default: promote it in the Dashboard, or remove `default: true`".into()
            }
            Self::DefaultUnclaimed { role, .. } => {
                format!("write `default: true` in the file of `{role}` if that is meant")
            }
            Self::TooManyChanges { changes, .. } | Self::TooManyDeactivations { changes, .. } => {
                format!("look at the plan; if it is right, allow it with `--max-changes {changes}`")
            }
        }
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherAccount { expected_by, expected, found } => {
                write!(f, "{expected_by} the account `{expected}`, the key opens `{found}`")
            }
            Self::UnprovenAccount { expected } => write!(
                f,
                "`reconcile.yaml` expects the account `{expected}`, but the key may not tell which one it opens"
            ),
            Self::OtherMode { expected, found } => {
                write!(f, "the lockfile is of {expected} mode, the key opens {found} mode")
            }
            Self::OtherEnvironment { locked, expected } => {
                write!(f, "the lockfile of `{expected}` says that it is of `{locked}`")
            }
            Self::SeveralMarked { role, duplicates, .. } => {
                let all: Vec<String> = duplicates.iter().map(ToString::to_string).collect();
                write!(f, "several configurations are marked as `{role}`: {}", all.join(", "))
            }
            Self::KeepForeign { id, owner: None } => {
                write!(f, "{id} can't be kept: the account doesn't have it")
            }
            Self::KeepForeign { id, owner: Some(owner) } => {
                write!(f, "{id} can't be kept: it {}", describe(owner))
            }
            Self::LockDisagrees { role, locked, marked } => {
                write!(f, "the lockfile says that `{role}` is {locked}, but {marked} carries its marker")
            }
            Self::LockedMissing { role, locked } => {
                write!(f, "the lockfile says that `{role}` is {locked}, which this account doesn't have")
            }
            Self::LockedForeign { role, locked, owner } => {
                write!(f, "the lockfile says that `{role}` is {locked}, which {}", describe(owner))
            }
            Self::Unreadable { role, id, problem } => {
                write!(f, "{id} of `{role}` can't be compared: {problem}")
            }
            Self::WouldLose { role, id, path } => write!(
                f,
                "{id} of `{role}` has `{path}`, which this program doesn't know and an update would lose"
            ),
            Self::Incomplete { role, path } => {
                write!(f, "`{role}` leaves `{path}` to the Dashboard, but Stripe needs it to create one")
            }
            Self::NoDefault { .. } => f.write_str(
                "this account has no default configuration, and the first one created becomes it for ever",
            ),
            Self::DefaultElsewhere { role, default, owner } => {
                let owner = describe(owner);
                write!(f, "`{role}` says `default: true`, but the account's default is {default}, which {owner}")
            }
            Self::DefaultUnclaimed { role, id } => write!(
                f,
                "{id} of `{role}` is the account's default: a change reaches every customer of an app that names no configuration"
            ),
            Self::TooManyChanges { changes, most } => {
                let s = if *changes == 1 { "" } else { "s" };
                write!(f, "{changes} role{s} would change, at most {most} may")
            }
            Self::TooManyDeactivations { deactivations, active, .. } => write!(
                f,
                "{deactivations} of {active} active configurations would be deactivated, which is more than 30 %"
            ),
        }
    }
}

/// The command for each of those that can be kept: if one of them is the default, only that, and
/// if some are active, only those.
fn keep_one(duplicates: &[Duplicate], kept: &[ConfigurationId]) -> String {
    let kept: String = kept.iter().map(|id| format!("--keep {id} ")).collect();
    let command = |it: &Duplicate| format!("`reconcile {kept}--keep {}`", it.id);
    if let Some(default) = duplicates.iter().find(|it| it.is_default) {
        let command = command(default);
        return format!(
            "{command} deactivates the others; to keep another one, promote that in the Dashboard first"
        );
    }
    let is_any_active = duplicates.iter().any(|it| it.active);
    let usable = duplicates.iter().filter(|it| it.active || !is_any_active);
    let commands: Vec<String> = usable.map(command).collect();
    format!(
        "keep the one that apps shall use, and the others are deactivated: {}",
        commands.join(" or ")
    )
}

impl fmt::Display for Duplicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match (self.active, self.is_default) {
            (_, true) => "the account's default",
            (true, false) => "active",
            (false, false) => "inactive",
        };
        write!(f, "{} ({state})", self.id)
    }
}

/// Whose a configuration is, as the rest of a sentence: `was made by hand`.
pub(crate) fn describe(owner: &Owner) -> String {
    match owner {
        Owner::Marked { project, role } => format!("is role `{role}` of the project `{project}`"),
        Owner::Application(_) => "belongs to a Connect application".to_owned(),
        Owner::Unreadable => "carries a marker that this program didn't write".to_owned(),
        Owner::Unmarked => "was made by hand".to_owned(),
    }
}
