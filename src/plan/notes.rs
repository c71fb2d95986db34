//! What is worth knowing although nothing is to be done about it.

use std::collections::BTreeSet;

use super::types::{Note, Retirement, RolePlan};
use crate::model::{
    ConfigurationId, DesiredRole, DesiredState, FieldPath, LiveConfiguration, LiveState, Owner,
    Role, Settings, Unmanaged,
};

/// What the plan leaves alone.
pub(super) fn notes(
    desired: &DesiredState,
    live: &LiveState,
    roles: &[RolePlan],
    retired: &[Retirement],
) -> Vec<Note> {
    let mut notes = of_account(desired, live, roles, retired);
    notes.extend(of_values(desired, live, roles));
    notes
}

/// The account's configurations that nothing is done about.
fn of_account(
    desired: &DesiredState,
    live: &LiveState,
    roles: &[RolePlan],
    retired: &[Retirement],
) -> Vec<Note> {
    let ours: BTreeSet<&ConfigurationId> =
        roles.iter().filter_map(|role| role.action.id()).collect();
    let mut notes = Vec::new();
    let mut leftovers = Vec::new();
    let mut spares = Vec::new();
    let mut n_foreign = 0;
    for (id, configuration) in &live.configurations {
        let LiveConfiguration { owner, active, is_default, .. } = configuration;
        if let Owner::Marked { project, role } = owner
            && *project == desired.project
        {
            let has_file = desired.roles.contains_key(role);
            if !has_file && !active {
                leftovers.push((role.clone(), id.clone()));
            } else if !has_file && !retired.iter().any(|it| it.id == *id) {
                let (role, id) = (role.clone(), id.clone());
                notes.push(Note::Orphan { role, id, is_default: *is_default });
            } else if is_spare(role, id, configuration, roles) {
                spares.push((role.clone(), id.clone()));
            }
        } else if !ours.contains(id) {
            n_foreign += 1;
            if *is_default {
                notes.push(Note::ForeignDefault { id: id.clone(), owner: owner.clone() });
            }
        }
    }
    if !leftovers.is_empty() {
        notes.push(Note::Leftovers(leftovers));
    }
    if !spares.is_empty() {
        notes.push(Note::Spares(spares));
    }
    if n_foreign > 0 {
        notes.push(Note::Foreign { count: n_foreign });
    }
    notes
}

/// Values that are left as they are.
fn of_values(desired: &DesiredState, live: &LiveState, roles: &[RolePlan]) -> Vec<Note> {
    let mut notes = Vec::new();
    let live_of = |plan: &RolePlan| live.configurations.get(plan.action.id()?);
    for plan in roles {
        let kept = plan.kept.iter().cloned();
        notes.extend(kept.map(|(field, value)| Note::Kept {
            role: plan.role.clone(),
            field,
            value,
        }));
    }
    let new_fields = roles.iter().filter_map(live_of).flat_map(|it| it.new_fields.clone());
    let paths: BTreeSet<String> = new_fields.collect();
    if !paths.is_empty() {
        notes.push(Note::NewFields { paths });
    }
    for (role, wanted) in &desired.roles {
        let paths: Vec<String> = wanted.unmanaged.iter().map(str::to_owned).collect();
        if !paths.is_empty() {
            notes.push(Note::Unmanaged { role: role.clone(), paths });
        }
    }
    for plan in roles {
        let paths = live_of(plan).map(|it| idle(&plan.desired, &it.settings)).unwrap_or_default();
        if !paths.is_empty() {
            notes.push(Note::IdleUnmanaged { role: plan.role.clone(), paths });
        }
    }
    notes
}

/// True if the role has another one.
fn is_spare(
    role: &Role,
    id: &ConfigurationId,
    configuration: &LiveConfiguration,
    roles: &[RolePlan],
) -> bool {
    let is_of_other =
        |it: &RolePlan| it.role == *role && it.action.id().is_some_and(|own| own != id);
    !configuration.active && roles.iter().any(is_of_other)
}

/// The paths that a file leaves to the Dashboard for nothing.
fn idle(desired: &DesiredRole, live: &Settings) -> Vec<String> {
    let is_idle = |path: &&str| {
        let alone = Unmanaged::new([(*path).to_owned()]);
        let paths: BTreeSet<&FieldPath> =
            live.iter().chain(desired.left.iter()).map(|(path, _)| path).collect();
        let mut left = paths.into_iter().filter(|path| alone.covers(path));
        // What only products have can't be said without prices.
        !alone.names(FieldPath::PRODUCTS)
            && left.all(|path| live.get(path) == desired.left.get(path))
    };
    desired.unmanaged.iter().filter(is_idle).map(str::to_owned).collect()
}
