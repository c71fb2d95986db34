//! Which configuration is which role's: by marker, then by lockfile, then none. Where they disagree
//! there is no guess but a blocker.

use std::collections::BTreeMap;

use super::blocker::Blocker;
use crate::model::{
    ConfigurationId, DesiredRole, LiveConfiguration, LiveState, Lockfile, Owner, Project, Role,
};

/// What was found for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match<'l> {
    /// It carries the role's marker.
    Marked(&'l ConfigurationId, &'l LiveConfiguration),
    /// It is without marker, but the lockfile or `default: true` says that it is the role's.
    Unmarked(&'l ConfigurationId, &'l LiveConfiguration),
    /// There is none yet.
    Nothing,
}

/// The configurations that carry a marker of this project, by role.
pub(super) type Marked<'l> = BTreeMap<&'l Role, Vec<&'l ConfigurationId>>;

/// Finds them.
pub(super) fn marked<'l>(live: &'l LiveState, project: &Project) -> Marked<'l> {
    let mut marked = Marked::new();
    for (id, configuration) in &live.configurations {
        if let Owner::Marked { project: of, role } = &configuration.owner
            && of == project
        {
            marked.entry(role).or_default().push(id);
        }
    }
    marked
}

/// Of several configurations with one marker, the one that is the role's: the only one, or the only
/// active one.
pub(super) fn the_one<'l>(
    live: &LiveState,
    ids: &[&'l ConfigurationId],
) -> Option<&'l ConfigurationId> {
    let mut active = ids.iter().filter(|id| live.configurations[**id].active);
    match (ids, active.next(), active.next()) {
        ([only], _, _) | (_, Some(only), None) => Some(only),
        _ => None,
    }
}

/// Finds a role's configuration.
pub(super) fn find<'l>(
    role: &Role,
    desired: &DesiredRole,
    live: &'l LiveState,
    lockfile: Option<&Lockfile>,
    marked: &Marked<'l>,
) -> Result<Match<'l>, Blocker> {
    let locked = lockfile.and_then(|lockfile| lockfile.roles.get(role));
    if let Some(ids) = marked.get(role) {
        let Some(id) = the_one(live, ids) else {
            let ids = ids.iter().map(|id| (*id).clone()).collect();
            return Err(Blocker::SeveralMarked { role: role.clone(), ids });
        };
        return match locked {
            Some(locked) if locked != id => Err(Blocker::LockDisagrees {
                role: role.clone(),
                locked: locked.clone(),
                marked: id.clone(),
            }),
            _ => Ok(Match::Marked(id, &live.configurations[id])),
        };
    }
    match locked {
        Some(locked) => find_locked(role, locked, live),
        None if desired.default => Ok(unmarked_default(live)),
        None => Ok(Match::Nothing),
    }
}

fn find_locked<'l>(
    role: &Role,
    locked: &ConfigurationId,
    live: &'l LiveState,
) -> Result<Match<'l>, Blocker> {
    let (role, locked) = (role.clone(), locked.clone());
    match live.configurations.get_key_value(&locked) {
        None => Err(Blocker::LockedMissing { role, locked }),
        Some((id, configuration)) => match &configuration.owner {
            Owner::Unmarked => Ok(Match::Unmarked(id, configuration)),
            owner @ (Owner::Marked { .. } | Owner::Application(_) | Owner::Unreadable) => {
                Err(Blocker::LockedForeign { role, locked, owner: owner.clone() })
            }
        },
    }
}

/// The account's default, if nobody owns it: `default: true` is the word that this role is to
/// manage it.
fn unmarked_default(live: &LiveState) -> Match<'_> {
    let is_free = |(_, configuration): &(&ConfigurationId, &LiveConfiguration)| {
        configuration.is_default && configuration.owner == Owner::Unmarked
    };
    live.configurations
        .iter()
        .find(is_free)
        .map_or(Match::Nothing, |(id, it)| Match::Unmarked(id, it))
}
