//! The lockfile that an account proves, and what it means for the one there is.

use std::collections::{BTreeMap, BTreeSet};

use super::blocker::Blocker;
use super::matching::{self, Marked};
use super::types::{LockChange, RolePlan};
use crate::model::{
    AccountId, ConfigurationId, EnvironmentName, LiveState, Lockfile, Owner, Project, Role,
};

/// The lockfile of an environment, from the account alone. A configuration that is not active
/// can't be used by apps, so it isn't in there.
///
/// With it comes a blocker for each role of which it isn't clear which configuration is its own.
pub fn lock_from(
    live: &LiveState,
    project: &Project,
    environment: &EnvironmentName,
) -> (Lockfile, Vec<Blocker>) {
    lock_of(&matching::marked(live, project), live, environment, &BTreeSet::new())
}

/// The lockfile of an environment, from those of its configurations that carry a marker and stay.
pub(super) fn lock_of(
    marked: &Marked<'_>,
    live: &LiveState,
    environment: &EnvironmentName,
    keep: &BTreeSet<ConfigurationId>,
) -> (Lockfile, Vec<Blocker>) {
    let mut roles = BTreeMap::new();
    let mut blockers = Vec::new();
    for (&role, ids) in marked {
        let is_any_active = ids.iter().any(|id| live.configurations[*id].active);
        match matching::the_one(live, ids) {
            _ if !is_any_active => {}
            Some(id) => {
                roles.insert(role.clone(), id.clone());
            }
            None => blockers.push(matching::undecided(role, marked, live, keep)),
        }
    }
    let (account, environment) = (live.account.clone(), environment.clone());
    (Lockfile { environment, account, mode: live.mode, roles }, blockers)
}

/// The account, as far as it can be proven: the key tells, or the account has a configuration that
/// the lockfile names. Ids are unique over all of Stripe.
pub(super) fn proven_account(live: &LiveState, lockfile: Option<&Lockfile>) -> Option<AccountId> {
    let is_the_locked_one = |lockfile: &&Lockfile| {
        lockfile.roles.values().any(|id| live.configurations.contains_key(id))
    };
    live.account.clone().or_else(|| lockfile.filter(is_the_locked_one)?.account.clone())
}

/// The lines of the lockfile that are all that is known of a configuration: it is there, but it has
/// no marker. They are kept until it is adopted, or else the id would be lost.
pub fn lines_of_unmarked(
    live: &LiveState,
    lockfile: Option<&Lockfile>,
) -> BTreeMap<Role, ConfigurationId> {
    let is_unmarked = |id: &ConfigurationId| {
        live.configurations.get(id).is_some_and(|it| it.owner == Owner::Unmarked)
    };
    let lines = lockfile.into_iter().flat_map(|lockfile| &lockfile.roles);
    let kept = lines.filter(|(_, id)| is_unmarked(id));
    kept.map(|(role, id)| (role.clone(), id.clone())).collect()
}

/// The lines of the lockfile whose configurations somebody else has deactivated. They stay until
/// that is put back, or else nothing would tell any more that it is drift.
pub(super) fn lines_of_deactivated_outside(roles: &[RolePlan]) -> BTreeMap<Role, ConfigurationId> {
    let roles = roles.iter().filter(|plan| plan.deactivated_outside);
    roles.filter_map(|plan| Some((plan.role.clone(), plan.action.id()?.clone()))).collect()
}

/// Where the lockfile isn't what it should be before anything is applied. A role that gets its line
/// by being applied doesn't count.
pub(super) fn changes(
    lockfile: Option<&Lockfile>,
    should_be: &Lockfile,
    roles: &[RolePlan],
) -> Vec<LockChange> {
    let mut changes = Vec::new();
    let Some(lockfile) = lockfile else {
        let line = |(role, id): (&Role, &ConfigurationId)| LockChange::Role {
            role: role.clone(),
            before: None,
            after: Some(id.clone()),
        };
        return should_be.roles.iter().map(line).collect();
    };
    if lockfile.account != should_be.account {
        let (before, after) = (lockfile.account.clone(), should_be.account.clone());
        changes.push(LockChange::Account { before, after });
    }
    let pending: BTreeSet<&Role> =
        roles.iter().filter(|plan| plan.action.is_change()).map(|plan| &plan.role).collect();
    let names: BTreeSet<&Role> = lockfile.roles.keys().chain(should_be.roles.keys()).collect();
    for role in names {
        let (before, after) = (lockfile.roles.get(role), should_be.roles.get(role));
        if before != after && !(after.is_none() && pending.contains(role)) {
            let (before, after) = (before.cloned(), after.cloned());
            changes.push(LockChange::Role { role: role.clone(), before, after });
        }
    }
    changes
}
