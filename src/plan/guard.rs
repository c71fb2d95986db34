//! What must hold before anything may be written.

use super::blocker::Blocker;
use super::lock;
use super::matching::{Marked, Match};
use super::planner::{Input, Policy};
use super::types::{Action, Retirement, RolePlan};
use crate::model::{AccountId, Field, FieldPath, LiveState, Lockfile, Role};

/// The key, the settings and the lockfile must be about one and the same account, mode and
/// environment. Where they aren't, the widest disagreement is told: ids of another account or mode
/// say nothing.
pub fn identity(live: &LiveState, lockfile: Option<&Lockfile>, policy: &Policy) -> Option<Blocker> {
    let found = lock::proven_account(live, lockfile);
    let locked = lockfile.and_then(|lockfile| lockfile.account.clone());
    let other_account = other_account(policy.account.as_ref(), locked, found.as_ref());
    let other_mode = lockfile.filter(|lockfile| lockfile.mode != live.mode);
    let other_mode =
        other_mode.map(|it| Blocker::OtherMode { expected: it.mode, found: live.mode });
    let other_environment = lockfile.filter(|it| it.environment != policy.environment);
    let other_environment = other_environment.map(|it| Blocker::OtherEnvironment {
        locked: it.environment.clone(),
        expected: policy.environment.clone(),
    });
    let unproven = policy.account.clone().filter(|_| found.is_none());
    let unproven = unproven.map(|expected| Blocker::UnprovenAccount { expected });
    other_account.or(other_mode).or(other_environment).or(unproven)
}

fn other_account(
    configured: Option<&AccountId>,
    locked: Option<AccountId>,
    found: Option<&AccountId>,
) -> Option<Blocker> {
    let found = found?;
    let (configured, locked) =
        (configured.filter(|it| *it != found), locked.filter(|it| it != found));
    let (expected_by, expected) = match (configured.cloned(), locked) {
        (Some(expected), Some(locked)) if expected == locked => {
            ("`reconcile.yaml` and the lockfile expect", expected)
        }
        (Some(expected), _) => ("`reconcile.yaml` expects", expected),
        (None, Some(locked)) => ("the lockfile expects", locked),
        (None, None) => return None,
    };
    Some(Blocker::OtherAccount { expected_by, expected, found: found.clone() })
}

/// All blockers, or only the one that the others may merely follow from: what is looked at is not
/// what is meant.
pub(super) fn only_cause(identity: Option<Blocker>, others: Vec<Blocker>) -> Vec<Blocker> {
    match identity {
        Some(unproven @ Blocker::UnprovenAccount { .. }) => {
            std::iter::once(unproven).chain(others).collect()
        }
        Some(disagreement) => vec![disagreement],
        None => others,
    }
}

/// What is compared has been understood.
pub(super) fn readable(role: &Role, found: Match<'_>) -> Option<Blocker> {
    let (Match::Marked(id, live) | Match::Unmarked(id, live)) = found else { return None };
    let problem = live.unreadable.clone()?;
    Some(Blocker::Unreadable { role: role.clone(), id: id.clone(), problem })
}

/// The first configuration of an account becomes its default for ever, and the default is what
/// customers see wherever an app names no configuration. Neither may happen by accident.
///
/// In a connected account `default: true` says which role may become the default if Stripe makes one
/// of what is created first; the owner's own default is nobody's business. An account where something
/// of ours has not become it makes no default of what comes later either.
pub(super) fn default(roles: &[RolePlan], input: Input<'_>, marked: &Marked<'_>) -> Vec<Blocker> {
    let Input { desired, live, lockfile: _, policy } = input;
    let default = live.configurations.iter().find(|(_, configuration)| configuration.is_default);
    let mut blockers = Vec::new();
    for plan in roles {
        match default {
            Some((id, it))
                if plan.desired.default && !policy.is_connected && plan.action.id() != Some(id) =>
            {
                blockers.push(Blocker::DefaultElsewhere {
                    role: plan.role.clone(),
                    default: id.clone(),
                    owner: it.owner.clone(),
                });
            }
            Some((id, _))
                if !plan.desired.default
                    && plan.action.id() == Some(id)
                    && plan.action.is_change() =>
            {
                blockers
                    .push(Blocker::DefaultUnclaimed { role: plan.role.clone(), id: id.clone() });
            }
            _ => {}
        }
    }
    let is_claimed = desired.roles.values().any(|it| it.default);
    if default.is_none() && !is_claimed && marked.is_empty() {
        let creates = roles.iter().filter(|plan| plan.action == Action::Create);
        let weakest = creates.min_by_key(|plan| plan.desired.settings.n_permissions());
        blockers.extend(weakest.map(|plan| Blocker::NoDefault { role: plan.role.clone() }));
    }
    blockers
}

/// What is created is complete: Stripe needs some details of what is switched on.
pub(super) fn complete(roles: &[RolePlan]) -> Vec<Blocker> {
    let needs = [
        (Field::SubscriptionUpdate, FieldPath::PRODUCTS),
        (Field::SubscriptionUpdate, Field::UpdateAllowed.path()),
        (Field::CancelReason, Field::CancelReasonOptions.path()),
    ];
    let mut blockers = Vec::new();
    for plan in roles.iter().filter(|plan| plan.action == Action::Create) {
        let (role, desired) = (&plan.role, &plan.desired);
        let is_lacking = |(switch, path): &(Field, &str)| {
            desired.settings.is_on(*switch) && desired.unmanaged.names(path)
        };
        let lacking = needs.into_iter().filter(is_lacking);
        blockers.extend(lacking.map(|(_, path)| Blocker::Incomplete { role: role.clone(), path }));
    }
    blockers
}

/// A list of products is replaced as a whole, so whatever this program doesn't know of a product
/// would be lost.
pub(super) fn lossless(roles: &[RolePlan], live: &LiveState) -> Vec<Blocker> {
    let in_products = format!("{}[]", FieldPath::PRODUCTS);
    let mut blockers = Vec::new();
    for plan in roles {
        let Some((id, live)) =
            plan.action.id().and_then(|id| live.configurations.get_key_value(id))
        else {
            continue;
        };
        let block = Field::SubscriptionUpdate;
        let is_sent =
            plan.changes.iter().any(|change| change.path.block() == FieldPath::from(block).block());
        let lost = live.new_fields.iter().find(|path| path.starts_with(&in_products));
        if let (true, Some(path)) = (is_sent, lost) {
            let (role, id, path) = (plan.role.clone(), id.clone(), path.clone());
            blockers.push(Blocker::WouldLose { role, id, path });
        }
    }
    blockers
}

/// No more roles change than the user allows.
pub(super) fn size(roles: &[RolePlan], retired: &[Retirement], policy: &Policy) -> Option<Blocker> {
    let changes = n_changes(roles, retired);
    let most = policy.max_changes.filter(|most| changes as u64 > *most)?;
    Some(Blocker::TooManyChanges { changes, most })
}

/// Fewer than these are looked at one by one, and removing three of four is nothing unusual.
const FEWEST_ACTIVE: usize = 10;

/// More than this of what apps can use is not tidied up in one go: rather, files are missing. Less
/// would be in the way of ordinary work, more would let a lost subfolder through.
const MOST_PERCENT: usize = 30;

/// Much isn't deactivated by accident: somebody has to have said, for this run, how much it is.
pub(super) fn purge(
    roles: &[RolePlan],
    retired: &[Retirement],
    n_active: usize,
    policy: &Policy,
) -> Option<Blocker> {
    let is_much = n_active >= FEWEST_ACTIVE && retired.len() * 100 > n_active * MOST_PERCENT;
    (is_much && !policy.is_vouched_for).then(|| Blocker::TooManyDeactivations {
        deactivations: retired.len(),
        active: n_active,
        changes: n_changes(roles, retired),
    })
}

fn n_changes(roles: &[RolePlan], retired: &[Retirement]) -> usize {
    roles.iter().filter(|role| role.action.is_change()).count() + retired.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_expects_another_account_is_named() {
        let id = |id: &str| AccountId::parse(id).unwrap();
        let (ours, other, third) = (id("acct_1ours"), id("acct_1other"), id("acct_1third"));
        let expected_by =
            |configured: Option<&AccountId>, locked: Option<&AccountId>| match other_account(
                configured,
                locked.cloned(),
                Some(&ours),
            ) {
                Some(Blocker::OtherAccount { expected_by, expected, .. }) => {
                    Some((expected_by, expected))
                }
                _ => None,
            };
        let settings = Some(("`reconcile.yaml` expects", other.clone()));
        let lockfile = Some(("the lockfile expects", other.clone()));
        let both = Some(("`reconcile.yaml` and the lockfile expect", other.clone()));
        assert_eq!(expected_by(Some(&ours), Some(&ours)), None);
        assert_eq!(expected_by(None, None), None);
        assert_eq!(expected_by(Some(&other), Some(&ours)), settings);
        assert_eq!(expected_by(Some(&other), Some(&third)), settings);
        assert_eq!(expected_by(Some(&ours), Some(&other)), lockfile);
        assert_eq!(expected_by(Some(&other), Some(&other)), both);
        assert!(other_account(Some(&other), Some(other.clone()), None).is_none());
    }
}
