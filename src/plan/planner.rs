//! Puts the plan together.

use super::blocker::Blocker;
use super::diff::{self, FieldDiff, diff};
use super::digest::settings_digest;
use super::lock::{self, LockProblem};
use super::matching::{self, Match};
use super::types::{Action, Cause, FieldChange, Note, Plan, RolePlan};
use crate::model::{
    AccountId, ConfigurationId, DesiredRole, DesiredState, LiveConfiguration, LiveState, Lockfile,
    Mode, Owner, Role,
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
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// The name of the environment.
    pub environment: String,
    /// The account that it must be.
    pub account: Option<AccountId>,
    /// The side of the account that it must be.
    pub mode: Option<Mode>,
    /// The most roles that may change.
    pub max_changes: Option<u64>,
}

/// Decides what has to be done to make the account equal to the files.
pub fn plan(input: Input<'_>) -> Plan {
    let Input { desired, live, lockfile, policy } = input;
    let mut blockers = identity_blockers(live, lockfile, policy);
    let marked = matching::marked(live, &desired.project);
    let mut roles = Vec::with_capacity(desired.roles.len());
    for (role, wanted) in &desired.roles {
        match matching::find(role, wanted, live, lockfile, &marked) {
            Ok(found) => roles.push(plan_role(role, wanted, found)),
            Err(blocker) => blockers.push(blocker),
        }
    }
    blockers.extend(default_blockers(&roles, live));
    let n_changes = roles.iter().filter(|role| role.action.is_change()).count();
    if let Some(most) = policy.max_changes.filter(|most| n_changes as u64 > *most) {
        blockers.push(Blocker::TooManyChanges { changes: n_changes, most });
    }
    let (proven, problems) = lock::lock_from(live, &desired.project, &policy.environment);
    let of_no_file = problems.into_iter().filter(|it| !desired.roles.contains_key(&it.role));
    blockers
        .extend(of_no_file.map(|LockProblem { role, ids }| Blocker::SeveralMarked { role, ids }));
    Plan {
        environment: policy.environment.clone(),
        account: live.account.clone().or_else(|| policy.account.clone()),
        mode: live.mode,
        project: desired.project.clone(),
        notes: notes(desired, live, &roles),
        lock_changes: if blockers.is_empty() {
            lock::changes(lockfile, &proven, &roles)
        } else {
            Vec::new()
        },
        proven,
        roles,
        blockers,
    }
}

/// The key, the settings and the lockfile must be about one and the same account and mode.
pub fn identity_blockers(
    live: &LiveState,
    lockfile: Option<&Lockfile>,
    policy: &Policy,
) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    let expectations = [
        ("`reconcile.yaml`", policy.account.as_ref(), policy.mode),
        (
            "the lockfile",
            lockfile.and_then(|lockfile| lockfile.account.as_ref()),
            lockfile.map(|lockfile| lockfile.mode),
        ),
    ];
    for (expected_by, account, mode) in expectations {
        if let (Some(expected), Some(found)) = (account, &live.account)
            && expected != found
        {
            let (expected, found) = (expected.clone(), found.clone());
            blockers.push(Blocker::OtherAccount { expected_by, expected, found });
        }
        if let Some(expected) = mode.filter(|expected| *expected != live.mode) {
            blockers.push(Blocker::OtherMode { expected_by, expected, found: live.mode });
        }
    }
    if let Some(lockfile) = lockfile.filter(|lockfile| lockfile.environment != policy.environment) {
        let (locked, expected) = (lockfile.environment.clone(), policy.environment.clone());
        blockers.push(Blocker::OtherEnvironment { locked, expected });
    }
    blockers
}

fn plan_role(role: &Role, desired: &DesiredRole, found: Match<'_>) -> RolePlan {
    let (action, is_default, changes) = match found {
        Match::Nothing => {
            // If another configuration is the default, that is a blocker.
            let changes = with_cause(diff::from_nothing(desired), Cause::New);
            (Action::Create, desired.default, changes)
        }
        Match::Unmarked(id, live) => {
            let changes = with_cause(diff(desired, &live.settings), Cause::New);
            (Action::Adopt(id.clone()), live.is_default, changes)
        }
        Match::Marked(id, live) => {
            let changes = with_cause(diff(desired, &live.settings), cause(desired, live));
            (action_for(id, live, &changes), live.is_default, changes)
        }
    };
    let live = match found {
        Match::Nothing => None,
        Match::Unmarked(_, live) | Match::Marked(_, live) => Some(live.settings.effective()),
    };
    RolePlan { role: role.clone(), action, is_default, changes, desired: desired.clone(), live }
}

fn action_for(id: &ConfigurationId, live: &LiveConfiguration, changes: &[FieldChange]) -> Action {
    match (live.active, changes.is_empty()) {
        (false, _) => Action::Reactivate(id.clone()),
        (true, false) => Action::Update(id.clone()),
        (true, true) => Action::None(id.clone()),
    }
}

/// Who changed since the last apply, the file or the account: by comparing both with the digest
/// that the last apply left on the configuration.
fn cause(desired: &DesiredRole, live: &LiveConfiguration) -> Cause {
    let Some(applied) = &live.applied else { return Cause::New };
    let managed = live.settings.filtered(|path| !desired.unmanaged.covers(path));
    let was_edited = settings_digest(&desired.settings) != *applied;
    let has_drifted = settings_digest(&managed) != *applied;
    match (was_edited, has_drifted) {
        (true, false) => Cause::Edited,
        (false, true) => Cause::Drifted,
        (true, true) => Cause::Both,
        // Both are what was applied, so they are equal and there is no change to explain.
        (false, false) => Cause::Drifted,
    }
}

fn with_cause(diffs: Vec<FieldDiff>, cause: Cause) -> Vec<FieldChange> {
    let change = |FieldDiff { path, before, after }| FieldChange { path, before, after, cause };
    diffs.into_iter().map(change).collect()
}

/// The first configuration of an account becomes its default for ever, and the default is what
/// customers see wherever an app names no configuration. Neither may happen by accident.
fn default_blockers(roles: &[RolePlan], live: &LiveState) -> Vec<Blocker> {
    let default = live.configurations.iter().find(|(_, configuration)| configuration.is_default);
    let mut blockers = Vec::new();
    for plan in roles {
        match default {
            Some((id, it)) if plan.desired.default && plan.action.id() != Some(id) => {
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
    let creates = |plan: &&RolePlan| matches!(plan.action, Action::Create);
    let is_unclaimed = !roles.iter().filter(creates).any(|plan| plan.desired.default);
    if default.is_none() && is_unclaimed && roles.iter().any(|plan| creates(&plan)) {
        let roles = roles.iter().filter(creates).map(|plan| plan.role.clone()).collect();
        blockers.push(Blocker::NoDefault { roles });
    }
    blockers
}

fn notes(desired: &DesiredState, live: &LiveState, roles: &[RolePlan]) -> Vec<Note> {
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
        if roles.iter().any(|role| role.action.id() == Some(id)) {
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
    for (role, wanted) in &desired.roles {
        let paths: Vec<String> = wanted.unmanaged.iter().map(str::to_owned).collect();
        if !paths.is_empty() {
            notes.push(Note::Unmanaged { role: role.clone(), paths });
        }
    }
    notes
}
