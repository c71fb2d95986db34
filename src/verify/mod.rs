//! Whether an environment's lockfile is what apps can rely on: a pure function of the lockfile and
//! what the account has.
//!
//! It knows nothing of files that say what roles should be: an app's pipeline may not have them, and
//! to an app it makes no difference.

mod json;

use std::collections::BTreeMap;
use std::fmt;

use crate::model::{
    AccountId, ConfigurationId, CustomerId, EnvironmentName, LiveState, Lockfile, Mode, Owner,
    Project, Role,
};
use crate::plan::{Blocker, Policy, describe, identity};

pub use json::to_json;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The environment.
    pub environment: EnvironmentName,
    /// The account, unless the key may not know.
    pub account: Option<AccountId>,
    /// The side of the account.
    pub mode: Mode,
    /// The customer for whom sessions were opened, if they were.
    pub customer: Option<CustomerId>,
    /// Why the lockfile can't be of this account. Then nothing is said of its roles.
    pub blockers: Vec<Blocker>,
    /// The roles of the lockfile.
    pub roles: Vec<Verified>,
    /// Configurations of this project that are active and not in the lockfile.
    pub unlisted: BTreeMap<ConfigurationId, Role>,
}

/// What was found of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The role.
    pub role: Role,
    /// What the lockfile says that it is.
    pub id: ConfigurationId,
    /// What is wrong with that.
    pub problems: Vec<Problem>,
}

/// Why an app can't rely on a line of the lockfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is no such configuration.
    Missing,
    /// Nobody can use it.
    Inactive,
    /// It isn't this role's.
    NotOurs(Owner),
    /// Stripe opens no session with it, for this reason.
    NoSession(String),
}

/// Compares a lockfile with the account that it should be of.
pub fn verify(
    live: &LiveState,
    lockfile: &Lockfile,
    project: &Project,
    policy: &Policy,
) -> Verification {
    let blockers: Vec<Blocker> = identity(live, Some(lockfile), policy).into_iter().collect();
    let is_its_account = blockers.is_empty();
    let lines = lockfile.roles.iter().filter(|_| is_its_account);
    let roles = lines.map(|(role, id)| Verified {
        role: role.clone(),
        id: id.clone(),
        problems: problems(role, id, live, project),
    });
    Verification {
        environment: lockfile.environment.clone(),
        account: live.account.clone(),
        mode: live.mode,
        customer: None,
        roles: roles.collect(),
        unlisted: if is_its_account { unlisted(live, lockfile, project) } else { BTreeMap::new() },
        blockers,
    }
}

fn problems(
    role: &Role,
    id: &ConfigurationId,
    live: &LiveState,
    project: &Project,
) -> Vec<Problem> {
    let Some(configuration) = live.configurations.get(id) else { return vec![Problem::Missing] };
    let ours = Owner::Marked { project: project.clone(), role: role.clone() };
    let mut problems = Vec::new();
    if !configuration.active {
        problems.push(Problem::Inactive);
    }
    if configuration.owner != ours {
        problems.push(Problem::NotOurs(configuration.owner.clone()));
    }
    problems
}

fn unlisted(
    live: &LiveState,
    lockfile: &Lockfile,
    project: &Project,
) -> BTreeMap<ConfigurationId, Role> {
    let mut unlisted = BTreeMap::new();
    for (id, configuration) in &live.configurations {
        let is_listed = lockfile.roles.values().any(|listed| listed == id);
        if let Owner::Marked { project: of, role } = &configuration.owner
            && of == project
            && configuration.active
            && !is_listed
        {
            unlisted.insert(id.clone(), role.clone());
        }
    }
    unlisted
}

impl Verification {
    /// True if apps can rely on the lockfile.
    pub fn is_fine(&self) -> bool {
        self.blockers.is_empty() && self.roles.iter().all(Verified::is_fine)
    }

    /// What was found of a role, unless this is another account.
    pub fn of(&self, role: &Role) -> Option<&Verified> {
        self.roles.iter().find(|verified| verified.role == *role)
    }
}

impl Verified {
    /// True if apps can rely on it.
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }
}

impl Problem {
    /// The stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Inactive => "inactive",
            Self::NotOurs(_) => "not-ours",
            Self::NoSession(_) => "no-session",
        }
    }

    /// The way out.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Missing => {
                "if the key is the right one, `reconcile lock` rebuilds the lockfile from the account; `reconcile` then creates what is missing"
            }
            Self::NotOurs(Owner::Marked { .. } | Owner::Application(_) | Owner::Unreadable) => {
                "if `reconcile.yaml` names the right project, `reconcile lock` rebuilds the lockfile from the account; `reconcile` then creates what is missing"
            }
            Self::Inactive => {
                "`reconcile` makes the configuration of a role that has a file active again; `reconcile lock` takes the others out of the lockfile"
            }
            Self::NotOurs(Owner::Unmarked) => {
                "`reconcile` adopts a configuration that was made by hand, if the lockfile names it for a role that has a file"
            }
            Self::NoSession(_) => {
                "`reconcile --dry-run` shows where a configuration is not what its file says"
            }
        }
    }
}

/// The rest of a sentence about a configuration.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is not in the account"),
            Self::Inactive => f.write_str("is inactive"),
            Self::NotOurs(owner) => f.write_str(&describe(owner)),
            Self::NoSession(reason) => write!(f, "opens no session: {reason}"),
        }
    }
}
