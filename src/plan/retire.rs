//! What goes out of use. Stripe has no delete, so what nobody wants any more is deactivated.

use std::collections::BTreeMap;

use super::matching::Marked;
use super::planner::Policy;
use super::types::Retirement;
use crate::model::{ConfigurationId, DesiredState, Field, LiveState, Lockfile, Role};

/// The active configurations of this project whose role has no file, if that is what the user wants
/// of them. Never the account's default.
pub(super) fn retired(
    desired: &DesiredState,
    live: &LiveState,
    marked: &Marked<'_>,
    policy: &Policy,
) -> Vec<Retirement> {
    let has_file = |role: &Role| desired.roles.contains_key(role);
    let orphans = marked.iter().filter(|(role, _)| policy.prune && !has_file(role));
    let ids = orphans.flat_map(|(role, ids)| ids.iter().map(move |id| (*role, *id)));
    ids.filter_map(|(role, id)| retirement(live, role, id)).collect()
}

/// Nothing if it can't be deactivated, or need not be.
fn retirement(live: &LiveState, role: &Role, id: &ConfigurationId) -> Option<Retirement> {
    let configuration = &live.configurations[id];
    (configuration.active && !configuration.is_default).then(|| Retirement {
        role: role.clone(),
        id: id.clone(),
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
pub(super) fn lines(
    retired: &[Retirement],
    lockfile: Option<&Lockfile>,
) -> BTreeMap<Role, ConfigurationId> {
    let lines = lockfile.map(|lockfile| &lockfile.roles);
    let is_locked = |it: &&Retirement| lines.and_then(|lines| lines.get(&it.role)) == Some(&it.id);
    retired.iter().filter(is_locked).map(|it| (it.role.clone(), it.id.clone())).collect()
}
