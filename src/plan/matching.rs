//! Which configuration is which role's: by marker, then by lockfile, then none. Where they disagree
//! there is no guess but a blocker.

use std::collections::{BTreeMap, BTreeSet};

use super::blocker::{Blocker, Duplicate};
use super::planner::Input;
use crate::model::{ConfigurationId, LiveConfiguration, LiveState, Owner, Project, Role};

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

/// Finds the configurations that carry a marker of this project.
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

/// A configuration that the user gives up for another one with the same marker.
#[derive(Debug, Clone, Copy)]
pub(super) struct GivenUp<'l> {
    pub(super) role: &'l Role,
    pub(super) id: &'l ConfigurationId,
    /// The other one.
    pub(super) kept: &'l ConfigurationId,
}

/// Where the user has decided which one of several to keep, leaves only that one. Returns those
/// that are given up.
///
/// Nothing is decided by naming two of one role, or one beside the account's default, which can't
/// be given up.
pub(super) fn settle<'l>(
    marked: &mut Marked<'l>,
    live: &LiveState,
    keep: &BTreeSet<ConfigurationId>,
) -> Vec<GivenUp<'l>> {
    let mut given_up = Vec::new();
    for (role, ids) in marked {
        let (kept, others): (Vec<_>, Vec<_>) = ids.iter().partition(|id| keep.contains(**id));
        let has_default = others.iter().any(|id| live.configurations[*id].is_default);
        if let ([kept], false) = (kept.as_slice(), has_default) {
            let (role, kept) = (*role, *kept);
            given_up.extend(others.into_iter().map(|id| GivenUp { role, id, kept }));
            *ids = vec![kept];
        }
    }
    given_up
}

/// What it means that nobody has decided yet. What is decided about other roles has to be said again
/// with it.
pub(super) fn undecided(
    role: &Role,
    marked: &Marked<'_>,
    live: &LiveState,
    keep: &BTreeSet<ConfigurationId>,
) -> Blocker {
    let ids = &marked[role];
    let is_of_other =
        |id: &&ConfigurationId| !ids.contains(id) && marked.values().flatten().any(|it| it == id);
    let duplicate = |id: &&ConfigurationId| {
        let LiveConfiguration { active, is_default, .. } = live.configurations[*id];
        Duplicate { id: (*id).clone(), active, is_default }
    };
    Blocker::SeveralMarked {
        role: role.clone(),
        duplicates: ids.iter().map(duplicate).collect(),
        kept: keep.iter().filter(is_of_other).cloned().collect(),
    }
}

/// What the user wants to keep and isn't this project's.
pub(super) fn kept_foreign(
    marked: &Marked<'_>,
    live: &LiveState,
    keep: &BTreeSet<ConfigurationId>,
) -> Vec<Blocker> {
    let is_marked = |id: &ConfigurationId| marked.values().flatten().any(|it| *it == id);
    let foreign = keep.iter().filter(|id| !is_marked(id));
    let owner = |id| live.configurations.get(id).map(|it| it.owner.clone());
    foreign.map(|id| Blocker::KeepForeign { id: id.clone(), owner: owner(id) }).collect()
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

/// Of several configurations with one marker of which none is active, the one that the lockfile
/// names: the lockfile names what apps use, so it is the last one that was the role's.
fn the_last<'l>(
    live: &LiveState,
    ids: &[&'l ConfigurationId],
    locked: Option<&ConfigurationId>,
) -> Option<&'l ConfigurationId> {
    let is_any_active = ids.iter().any(|id| live.configurations[*id].active);
    ids.iter().copied().find(|id| Some(*id) == locked && !is_any_active)
}

/// Finds a role's configuration. A line of the lockfile whose configuration is given up by now
/// doesn't count.
pub(super) fn find<'l>(
    role: &Role,
    input: Input<'l>,
    marked: &Marked<'l>,
    given_up: &[GivenUp<'_>],
) -> Result<Match<'l>, Blocker> {
    let Input { desired, live, lockfile, policy } = input;
    let locked = lockfile.and_then(|lockfile| lockfile.roles.get(role));
    let locked =
        locked.filter(|locked| !given_up.iter().any(|it| it.role == role && it.id == *locked));
    if let Some(ids) = marked.get(role) {
        let Some(id) = the_one(live, ids).or_else(|| the_last(live, ids, locked)) else {
            return Err(undecided(role, marked, live, &policy.keep));
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
        None if desired.roles[role].default && !policy.is_connected => Ok(unmarked_default(live)),
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
