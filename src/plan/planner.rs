//! Puts the plan together.

use std::collections::BTreeSet;

use super::cause::Causes;
use super::diff::{self, FieldDiff, diff};
use super::matching::{self, Marked, Match};
use super::types::{Action, Cause, FieldChange, Plan, RolePlan};
use super::unknown::keep_unknown;
use super::{guard, lock, notes, retire};
use crate::model::{
    AccountId, ConfigurationId, DesiredRole, DesiredState, EnvironmentName, FieldPath,
    LiveConfiguration, LiveState, Lockfile, Role,
};

/// Everything that a plan depends on.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What the files want.
    pub desired: &'a DesiredState,
    /// What the account has.
    pub live: &'a LiveState,
    /// What the lockfile says, if there is one.
    pub lockfile: Option<&'a Lockfile>,
    /// What the user allows.
    pub policy: &'a Policy,
}

/// What the user expects and allows.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The name of the environment.
    pub environment: EnvironmentName,
    /// The account that it must be.
    pub account: Option<AccountId>,
    /// The most roles that may change.
    pub max_changes: Option<u64>,
    /// True if somebody said so for this run, and not once and for all: whoever does has seen what
    /// would change.
    pub is_vouched_for: bool,
    /// Whether to deactivate what has no file any more.
    pub prune: bool,
    /// Of several configurations with one marker, these are the roles'. The others are deactivated.
    pub keep: BTreeSet<ConfigurationId>,
    /// True if this is a connected account, on which its platform acts. Its default is its owner's:
    /// Stripe is said to let platforms neither make nor change it.
    pub is_connected: bool,
}

impl Policy {
    /// Expects this account, if any, limits nothing, and leaves alone what has no file any more.
    pub fn new(environment: EnvironmentName, account: Option<AccountId>) -> Self {
        Self {
            environment,
            account,
            max_changes: None,
            is_vouched_for: false,
            prune: false,
            keep: BTreeSet::new(),
            is_connected: false,
        }
    }
}

/// Decides what has to be done to make the account equal to the files.
pub fn plan(input: Input<'_>) -> Plan {
    let Input { desired, live, lockfile, policy } = input;
    let identity = guard::identity(live, lockfile, policy);
    let mut blockers = Vec::new();
    let mut marked = matching::marked(live, &desired.project);
    let n_active = n_active(live, &marked);
    blockers.extend(matching::kept_foreign(&marked, live, &policy.keep));
    let given_up = matching::settle(&mut marked, live, &policy.keep);
    let mut roles = Vec::with_capacity(desired.roles.len());
    for (role, wanted) in &desired.roles {
        match matching::find(role, input, &marked, &given_up) {
            Ok(found) => match guard::readable(role, found) {
                None => roles.push(plan_role(role, wanted, found, input)),
                Some(blocker) => blockers.push(blocker),
            },
            Err(blocker) => blockers.push(blocker),
        }
    }
    blockers.extend(guard::default(&roles, input, &marked));
    blockers.extend(guard::complete(&roles));
    blockers.extend(guard::lossless(&roles, live));
    let retired = retire::retired(input, &marked, &given_up);
    blockers.extend(guard::size(&roles, &retired, policy));
    blockers.extend(guard::purge(&roles, &retired, n_active, policy));
    let staying = retire::staying(&marked, &retired);
    let (mut should_be, problems) =
        lock::lock_of(&staying, live, &policy.environment, &policy.keep);
    // A role that has a file has its blocker already.
    let of_no_file: Vec<_> = problems.into_iter().filter(|it| !blockers.contains(it)).collect();
    blockers.extend(of_no_file);
    let blockers = guard::only_cause(identity, blockers);
    should_be.account = lock::proven_account(live, lockfile);
    should_be.roles.extend(lock::lines_of_unmarked(live, lockfile));
    let waiting = retire::lines_until_deactivated(&retired, lockfile);
    let drifted = lock::lines_of_deactivated_outside(&roles);
    for (role, id) in waiting.into_iter().chain(drifted) {
        should_be.roles.entry(role).or_insert(id);
    }
    let lock_changes =
        if blockers.is_empty() { lock::changes(lockfile, &should_be, &roles) } else { Vec::new() };
    Plan {
        environment: policy.environment.clone(),
        account: should_be.account.clone(),
        mode: live.mode,
        is_connected: policy.is_connected,
        project: desired.project.clone(),
        notes: notes::notes(desired, live, &roles, &retired),
        roles,
        retired,
        blockers,
        seen: live.configurations.keys().cloned().collect(),
        lockfile: should_be,
        lock_changes,
    }
}

/// How many configurations of this project apps can use.
fn n_active(live: &LiveState, marked: &Marked<'_>) -> usize {
    marked.values().flatten().filter(|id| live.configurations[**id].active).count()
}

fn plan_role(role: &Role, desired: &DesiredRole, found: Match<'_>, input: Input<'_>) -> RolePlan {
    let Input { policy, lockfile, .. } = input;
    let (keeping, kept) = match found {
        Match::Nothing => (desired.clone(), Vec::new()),
        Match::Unmarked(_, live) | Match::Marked(_, live) => keep_unknown(desired, &live.settings),
    };
    let (action, is_default, changes) = match found {
        Match::Nothing => {
            // If another configuration is the default, that is a blocker.
            let changes = with_cause(diff::from_nothing(&keeping), Cause::New);
            (Action::Create, desired.default && !policy.is_connected, changes)
        }
        Match::Unmarked(id, live) => {
            let changes = with_cause(diff(&keeping, &live.settings), Cause::New);
            (Action::Adopt(id.clone()), live.is_default, changes)
        }
        Match::Marked(id, live) => {
            let diffs = diff(&keeping, &live.settings);
            // Most roles are as they should be.
            let causes = (!diffs.is_empty()).then(|| Causes::new(desired, &keeping, live));
            let cause = |path: &FieldPath| causes.as_ref().map_or(Cause::New, |it| it.of(path));
            let changes = with_causes(diffs, cause);
            (action_for(id, live, &changes), live.is_default, changes)
        }
    };
    let live = match found {
        Match::Nothing => None,
        Match::Unmarked(_, live) | Match::Marked(_, live) => Some(live.settings.clone()),
    };
    let locked = lockfile.and_then(|lockfile| lockfile.roles.get(role));
    let has_default = || input.live.configurations.values().any(|it| it.is_default);
    RolePlan {
        role: role.clone(),
        becomes_default: desired.default && action == Action::Create && !has_default(),
        deactivated_outside: matches!(&action, Action::Reactivate(id) if locked == Some(id)),
        action,
        activates: matches!(found, Match::Unmarked(_, live) | Match::Marked(_, live) if !live.active),
        is_default,
        changes,
        desired: keeping,
        said: desired.settings.clone(),
        live,
        kept,
    }
}

fn action_for(id: &ConfigurationId, live: &LiveConfiguration, changes: &[FieldChange]) -> Action {
    match (live.active, changes.is_empty()) {
        (false, _) => Action::Reactivate(id.clone()),
        (true, false) => Action::Update(id.clone()),
        (true, true) => Action::None(id.clone()),
    }
}

fn with_cause(diffs: Vec<FieldDiff>, cause: Cause) -> Vec<FieldChange> {
    with_causes(diffs, |_| cause)
}

fn with_causes(diffs: Vec<FieldDiff>, cause: impl Fn(&FieldPath) -> Cause) -> Vec<FieldChange> {
    let change = |FieldDiff { path, before, after }| {
        let cause = cause(&path);
        FieldChange { path, before, after, cause }
    };
    diffs.into_iter().map(change).collect()
}
