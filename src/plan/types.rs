//! The plan, as data.

use std::collections::BTreeSet;

use super::Blocker;
use super::digest::applied_digest;
use crate::model::{
    AccountId, ConfigurationId, DesiredRole, EnvironmentName, Field, FieldPath, Lockfile, Mode,
    Owner, Project, Role, Settings, Value,
};

/// What is to be done, and why something may not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The name of the environment.
    pub environment: EnvironmentName,
    /// The account, unless the key may not know.
    pub account: Option<AccountId>,
    /// The side of the account.
    pub mode: Mode,
    /// True if this is a connected account, on which its platform acts.
    pub is_connected: bool,
    /// Whose configurations these are.
    pub project: Project,
    /// One entry a role, by name.
    pub roles: Vec<RolePlan>,
    /// What goes out of use, by role.
    pub retired: Vec<Retirement>,
    /// What stops an apply before its first write.
    pub blockers: Vec<Blocker>,
    /// What is worth knowing.
    pub notes: Vec<Note>,
    /// All configurations that the account had, whoever's.
    pub seen: BTreeSet<ConfigurationId>,
    /// What the lockfile should say before anything is applied. Applying adds to it.
    pub lockfile: Lockfile,
    /// Where it doesn't.
    pub lock_changes: Vec<LockChange>,
}

/// What is to be done about one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolePlan {
    /// The role.
    pub role: Role,
    /// What is to be done.
    pub action: Action,
    /// True if it is inactive and is going to be active again.
    pub activates: bool,
    /// True if it is inactive although the lockfile names it: when this program deactivates a
    /// configuration it takes the line away, so somebody else did. Only if it died between the two,
    /// and the file was put back before the next run, it was this program.
    pub deactivated_outside: bool,
    /// True if this is, or is going to be, the account's default configuration.
    pub is_default: bool,
    /// True if it is created first because it may so become the account's default, of which there is
    /// none yet.
    pub becomes_default: bool,
    /// Where the configuration is not what is wanted, in order.
    pub changes: Vec<FieldChange>,
    /// What is wanted: what the file says, and what is kept beside it.
    pub desired: DesiredRole,
    /// What the file says.
    pub said: Settings,
    /// What there is, if there is one.
    pub live: Option<Settings>,
    /// Values, and members of lists, that this program doesn't know and leaves as they are.
    pub kept: Vec<(Field, Value)>,
}

impl RolePlan {
    /// The digest of what the file says. It is left on the configuration, so that the next run can
    /// tell drift from edits.
    pub fn digest(&self) -> String {
        applied_digest(&self.said, &self.desired.offers)
    }

    /// True if it is taken over and made active at once.
    pub const fn adopts_inactive(&self) -> bool {
        self.activates && matches!(self.action, Action::Adopt(_))
    }

    /// True if it was deactivated, or at least one value changed, outside of the files.
    pub fn has_drifted(&self) -> bool {
        self.deactivated_outside || self.changes.iter().any(|change| change.cause.is_drift())
    }
}

/// A configuration that nobody wants any more. It is deactivated, and otherwise stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retirement {
    /// The role that it was.
    pub role: Role,
    /// Which it is.
    pub id: ConfigurationId,
    /// The one with the same marker that is kept instead of it, if there is one.
    pub kept: Option<ConfigurationId>,
    /// True if customers can sign in on a page of its own.
    pub has_login_page: bool,
}

impl Retirement {
    /// What is to be done.
    pub fn action(&self) -> Action {
        Action::Deactivate(self.id.clone())
    }
}

/// What is to be done about a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Make one. There is no way to remove it again.
    Create,
    /// Take over one that has no marker, and make it as it should be.
    Adopt(ConfigurationId),
    /// Make it as it should be.
    Update(ConfigurationId),
    /// Make it active again, and as it should be.
    Reactivate(ConfigurationId),
    /// Let nobody use it any more: a [`Retirement`].
    Deactivate(ConfigurationId),
    /// Nothing: it is as it should be.
    None(ConfigurationId),
}

impl Action {
    /// The configuration, if there is one yet.
    pub fn id(&self) -> Option<&ConfigurationId> {
        match self {
            Self::Create => None,
            Self::Adopt(id)
            | Self::Update(id)
            | Self::Reactivate(id)
            | Self::Deactivate(id)
            | Self::None(id) => Some(id),
        }
    }

    /// The stable word for it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Adopt(_) => "adopt",
            Self::Update(_) => "update",
            Self::Reactivate(_) => "reactivate",
            Self::Deactivate(_) => "deactivate",
            Self::None(_) => "none",
        }
    }

    /// True if something is to be done.
    pub const fn is_change(&self) -> bool {
        !matches!(self, Self::None(_))
    }
}

/// One value that is not what is wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldChange {
    /// Where.
    pub path: FieldPath,
    /// What it is, if anything.
    pub before: Option<Value>,
    /// What it is going to be, if anything.
    pub after: Option<Value>,
    /// Why they differ.
    pub cause: Cause,
}

/// Why a value is not what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The file changed since it was last applied.
    Edited,
    /// The account changed since the file was last applied.
    Drifted,
    /// Both did. If the marker is one that doesn't tell values apart, it may be only one of them.
    Both,
    /// A lookup key stands for another price than when the file was last applied.
    Moved,
    /// Nothing was applied before.
    New,
}

impl Cause {
    /// True if the account changed, whether or not the file did.
    pub const fn is_drift(self) -> bool {
        match self {
            Self::Drifted | Self::Both => true,
            Self::Edited | Self::Moved | Self::New => false,
        }
    }

    /// The stable word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Drifted => "drifted",
            Self::Both => "both",
            Self::Moved => "moved",
            Self::New => "new",
        }
    }
}

/// Something worth knowing that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// An active configuration of this project whose role has no file any more. It stays as it is.
    Orphan {
        /// The role that it was.
        role: Role,
        /// Which it is.
        id: ConfigurationId,
        /// True if it is the account's default, which is never deactivated.
        is_default: bool,
    },
    /// Inactive configurations of this project whose roles have no file any more, and the roles
    /// that they were. Stripe has no delete, so they stay.
    Leftovers(Vec<(Role, ConfigurationId)>),
    /// Inactive configurations that carry the marker of a role which has another one.
    Spares(Vec<(Role, ConfigurationId)>),
    /// Configurations that are not this project's. They are never touched.
    Foreign {
        /// How many.
        count: usize,
    },
    /// The account's default configuration is not this project's.
    ForeignDefault {
        /// Which it is.
        id: ConfigurationId,
        /// Whose it is.
        owner: Owner,
    },
    /// Paths that a role leaves to the Dashboard.
    Unmanaged {
        /// The role.
        role: Role,
        /// The paths.
        paths: Vec<String>,
    },
    /// Paths that a role leaves to the Dashboard, and that have the value there that the file would
    /// give them.
    IdleUnmanaged {
        /// The role.
        role: Role,
        /// The paths.
        paths: Vec<String>,
    },
    /// Something that this program doesn't know stays as it is.
    Kept {
        /// The role.
        role: Role,
        /// Where.
        field: Field,
        /// What it is.
        value: Value,
    },
    /// Parameters that this program doesn't know have values. They stay as they are.
    NewFields {
        /// Stripe's names for them.
        paths: BTreeSet<String>,
    },
}

/// Something in the lockfile that is going to change without a write to the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockChange {
    /// A role's line.
    Role {
        /// The role.
        role: Role,
        /// What the lockfile says.
        before: Option<ConfigurationId>,
        /// What the account says.
        after: Option<ConfigurationId>,
    },
    /// The account.
    Account {
        /// What the lockfile says.
        before: Option<AccountId>,
        /// What the key says.
        after: Option<AccountId>,
    },
}

/// How much there is of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the actions'")]
pub struct Summary {
    pub create: usize,
    pub adopt: usize,
    pub update: usize,
    pub reactivate: usize,
    pub deactivate: usize,
    pub unchanged: usize,
    /// Roles that were deactivated, or of which at least one value drifted.
    pub drifted: usize,
    /// Reasons not to apply.
    pub blocked: usize,
}

impl Plan {
    /// Counts the roles.
    pub fn summary(&self) -> Summary {
        let (deactivate, blocked) = (self.retired.len(), self.blockers.len());
        let mut summary = Summary { deactivate, blocked, ..Summary::default() };
        for role in &self.roles {
            match role.action {
                Action::Create => summary.create += 1,
                Action::Adopt(_) => summary.adopt += 1,
                Action::Update(_) => summary.update += 1,
                Action::Reactivate(_) => summary.reactivate += 1,
                Action::Deactivate(_) => summary.deactivate += 1,
                Action::None(_) => summary.unchanged += 1,
            }
            summary.drifted += usize::from(role.has_drifted());
        }
        summary
    }

    /// The roles of files about which something is to be done.
    pub fn pending(&self) -> impl Iterator<Item = &RolePlan> {
        self.roles.iter().filter(|role| role.action.is_change())
    }

    /// How many writes to the account there are to do.
    pub fn n_pending(&self) -> usize {
        self.pending().count() + self.retired.len()
    }

    /// True if nothing has to be written, neither to the account nor to the lockfile.
    pub fn is_empty(&self) -> bool {
        self.n_pending() == 0 && self.lock_changes.is_empty() && self.blockers.is_empty()
    }

    /// The right to apply this plan.
    ///
    /// Returns the plan itself if anything blocks it.
    pub fn into_applicable(self) -> Result<ApplicablePlan, Box<Self>> {
        if self.blockers.is_empty() { Ok(ApplicablePlan(self)) } else { Err(Box::new(self)) }
    }
}

/// A plan that nothing blocks. There is no other way to make one than
/// [`Plan::into_applicable`].
#[derive(Debug, Clone)]
pub struct ApplicablePlan(Plan);

impl ApplicablePlan {
    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.0
    }
}
