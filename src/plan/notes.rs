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
    let ours: BTreeSet<&ConfigurationId> =
        roles.iter().filter_map(|role| role.action.id()).collect();
    let mut notes = Vec::new();
    let mut leftovers = Vec::new();
    let mut spares = Vec::new();
    let mut n_foreign = 0;
    for (id, configuration) in &live.configurations {
        match &configuration.owner {
            Owner::Marked { project, role } if *project == desired.project => {
                let (has_file, is_default) =
                    (desired.roles.contains_key(role), configuration.is_default);
                let (role, is_retired) = (role.clone(), retired.iter().any(|it| it.id == *id));
                if !has_file && !configuration.active {
                    leftovers.push((role, id.clone()));
                } else if !has_file && !is_retired {
                    notes.push(Note::Orphan { role, id: id.clone(), is_default });
                } else if is_spare(&role, id, configuration, roles) {
                    spares.push((role, id.clone()));
                }
                continue;
            }
            Owner::Marked { .. } | Owner::Application(_) | Owner::Unreadable | Owner::Unmarked => {}
        }
        if ours.contains(id) {
            continue;
        }
        n_foreign += 1;
        if configuration.is_default {
            notes.push(Note::ForeignDefault { id: id.clone(), owner: configuration.owner.clone() });
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
    for plan in roles {
        let kept = plan.kept.iter().cloned();
        notes.extend(kept.map(|(field, value)| Note::Kept {
            role: plan.role.clone(),
            field,
            value,
        }));
    }
    let new_fields = ours.iter().filter_map(|id| live.configurations.get(id));
    let paths: BTreeSet<String> = new_fields.flat_map(|it| it.new_fields.clone()).collect();
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
        let configuration = plan.action.id().and_then(|id| live.configurations.get(id));
        let paths = configuration.map(|it| idle(&plan.desired, &it.settings)).unwrap_or_default();
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
        !FieldPath::PRODUCTS.starts_with(*path)
            && left.all(|path| live.get(path) == desired.left.get(path))
    };
    desired.unmanaged.iter().filter(is_idle).map(str::to_owned).collect()
}
