//! What is worth knowing although nothing is to be done about it.

use std::collections::BTreeSet;

use super::types::{Note, RolePlan};
use crate::model::{ConfigurationId, DesiredState, LiveState, Owner};

/// What the plan leaves alone.
pub(super) fn notes(desired: &DesiredState, live: &LiveState, roles: &[RolePlan]) -> Vec<Note> {
    let ours: BTreeSet<&ConfigurationId> =
        roles.iter().filter_map(|role| role.action.id()).collect();
    let mut notes = Vec::new();
    let mut n_foreign = 0;
    for (id, configuration) in &live.configurations {
        match &configuration.owner {
            Owner::Marked { project, role } if *project == desired.project => {
                if !desired.roles.contains_key(role) {
                    let (role, id) = (role.clone(), id.clone());
                    notes.push(Note::Orphan { role, id, active: configuration.active });
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
    notes
}
