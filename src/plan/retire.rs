//! What goes out of use. Stripe has no delete, so what nobody wants any more is deactivated.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::{GivenUp, Marked};
use super::planner::Input;
use super::types::Retirement;
use crate::model::{ConfigurationId, Field, LiveState, Lockfile, Role};

/// The active configurations of this project that the user doesn't want any more: those that are
/// given up, and, if they say so, those whose role has no file. Never the account's default.
pub(super) fn retired(
    input: Input<'_>,
    marked: &Marked<'_>,
    given_up: &[GivenUp<'_>],
) -> Vec<Retirement> {
    let Input { desired, live, lockfile: _, policy } = input;
    let has_file = |role: &Role| desired.roles.contains_key(role);
    let orphans = marked.iter().filter(|(role, _)| policy.prune && !has_file(role));
    let orphans = orphans.flat_map(|(role, ids)| ids.iter().map(move |id| (*role, *id, None)));
    let orphans = orphans.filter(|(_, id, _)| !policy.keep.contains(*id));
    let given_up = given_up.iter().map(|it| (it.role, it.id, Some(it.kept)));
    let unwanted: BTreeSet<_> = given_up.chain(orphans).collect();
    unwanted.into_iter().filter_map(|(role, id, kept)| retirement(live, role, id, kept)).collect()
}

/// Nothing if it can't be deactivated, or need not be.
fn retirement(
    live: &LiveState,
    role: &Role,
    id: &ConfigurationId,
    kept: Option<&ConfigurationId>,
) -> Option<Retirement> {
    let configuration = &live.configurations[id];
    (configuration.active && !configuration.is_default).then(|| Retirement {
        role: role.clone(),
        id: id.clone(),
        kept: kept.cloned(),
        has_login_page: configuration.settings.is_on(Field::LoginPage),
    })
}

/// What is left of the marked ones.
pub(super) fn staying<'l>(marked: &Marked<'l>, retired: &[Retirement]) -> Marked<'l> {
    let mut staying = marked.clone();
    for ids in staying.values_mut() {
        ids.retain(|id| !retired.iter().any(|it| it.id == **id));
    }
    staying
}

/// The lines of the lockfile that go only when Stripe has confirmed what they wait for: until then
/// apps can use what they name.
pub(super) fn lines_until_deactivated(
    retired: &[Retirement],
    lockfile: Option<&Lockfile>,
) -> BTreeMap<Role, ConfigurationId> {
    let lines = lockfile.map(|lockfile| &lockfile.roles);
    let is_locked = |it: &&Retirement| lines.and_then(|lines| lines.get(&it.role)) == Some(&it.id);
    retired.iter().filter(is_locked).map(|it| (it.role.clone(), it.id.clone())).collect()
}
