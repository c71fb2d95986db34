//! The lockfile that an account proves.

use std::collections::BTreeMap;

use super::matching;
use super::types::{LockChange, RolePlan};
use crate::model::{ConfigurationId, EnvironmentName, LiveState, Lockfile, Project, Role};

/// Why an account doesn't prove a lockfile: several configurations are marked as one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockProblem {
    /// The role.
    pub role: Role,
    /// The configurations.
    pub ids: Vec<ConfigurationId>,
}

/// The lockfile of an environment, from the markers in the account alone. A configuration that is
/// not active can't be used by apps, so it isn't in there.
///
/// With it come the roles of which it isn't clear which configuration is theirs.
pub fn lock_from(
    live: &LiveState,
    project: &Project,
    environment: &EnvironmentName,
) -> (Lockfile, Vec<LockProblem>) {
    let mut roles = BTreeMap::new();
    let mut problems = Vec::new();
    for (role, ids) in matching::marked(live, project) {
        let is_any_active = ids.iter().any(|id| live.configurations[*id].active);
        match matching::the_one(live, &ids) {
            _ if !is_any_active => {}
            Some(id) => {
                roles.insert(role.clone(), id.clone());
            }
            None => {
                let ids = ids.into_iter().cloned().collect();
                problems.push(LockProblem { role: role.clone(), ids });
            }
        }
    }
    let (account, environment) = (live.account.clone(), environment.clone());
    (Lockfile { environment, account, mode: live.mode, roles }, problems)
}

/// Where the lockfile doesn't say what the account proves, apart from what the plan changes anyway.
pub(super) fn changes(
    lockfile: Option<&Lockfile>,
    proven: &Lockfile,
    roles: &[RolePlan],
) -> Vec<LockChange> {
    let empty = BTreeMap::new();
    let locked = lockfile.map_or(&empty, |lockfile| &lockfile.roles);
    let changes_anyway = |role: &&Role| {
        roles.iter().any(|plan| {
            plan.role == **role && plan.action.is_change() && !proven.roles.contains_key(*role)
        })
    };
    let mut names: Vec<&Role> = locked.keys().chain(proven.roles.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|role| locked.get(*role) != proven.roles.get(*role))
        .filter(|role| !changes_anyway(role))
        .map(|role| LockChange {
            role: role.clone(),
            before: locked.get(role).cloned(),
            after: proven.roles.get(role).cloned(),
        })
        .collect()
}
