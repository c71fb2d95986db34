//! Is what a run says, and what it does, what it may say and do?

use std::fs;

use portal_reconciler::apply::{Outcome, StepResult};
use portal_reconciler::lockfile;
use portal_reconciler::plan::{Action, Plan, Retirement};
use portal_reconciler::stripe::Effect;
use serde_json::Value as Json;

use super::case::Stage;
use super::ending::{Ending, role_of};
use super::network::Sent;
use super::run::Run;

const CONFIGURATIONS: &str = "/v1/billing_portal/configurations";

/// Says what a run did that its plan doesn't name.
pub(super) fn unnamed_writes(run: &Run) -> Vec<String> {
    let is_named = |write: &&Sent| run.plan.as_ref().is_some_and(|plan| names(plan, write));
    let unnamed = run.sent.iter().filter(|sent| sent.is_write && !is_named(sent));
    unnamed.map(|write| format!("a write that the plan doesn't name: {write:?}")).collect()
}

fn names(plan: &Plan, write: &Sent) -> bool {
    let marker = |name: &str| {
        let found = write.parameters.iter().find(|(key, _)| *key == format!("metadata[{name}]"));
        found.map(|(_, value)| value.as_str())
    };
    let is_retirement = |it: &Retirement| {
        write.path == format!("{CONFIGURATIONS}/{}", it.id)
            && write.parameters == [("active".to_owned(), "false".to_owned())]
    };
    if plan.blockers.is_empty() && plan.retired.iter().any(is_retirement) {
        return true;
    }
    plan.blockers.is_empty()
        && marker("reconcile_project") == Some(plan.project.as_str())
        && plan.pending().any(|step| {
            let path = match &step.action {
                Action::Create => CONFIGURATIONS.to_owned(),
                Action::Adopt(id) | Action::Update(id) | Action::Reactivate(id) => {
                    format!("{CONFIGURATIONS}/{id}")
                }
                Action::Deactivate(_) | Action::None(_) => return false,
            };
            write.path == path && marker("reconcile_role") == Some(step.role.as_str())
        })
}

/// Says where a run's report claims more, or less, than what happened to the account. `wanted` is
/// what it comes to without faults, unless the run was told lies and planned something else.
pub(super) fn false_claims(
    run: &Run,
    stage: &Stage,
    before: &[Json],
    wanted: Option<&Ending>,
) -> Vec<String> {
    let after = stage.emulator.configurations(false);
    let Some(report) = &run.report else { return Vec::new() };
    let mut claims = Vec::new();
    if before != after && !report.may_have_written() {
        claims.push("something was written, and the report says that nothing was".to_owned());
    }
    let ending = Ending::of(stage);
    if report.is_complete()
        && wanted.is_some_and(|wanted| ending.configurations != wanted.configurations)
    {
        claims.push("the report is complete, and the account isn't".to_owned());
    }
    for outcome in &report.outcomes {
        let (before, after) = (of_role(outcome, before), of_role(outcome, &after));
        let name = format!("role {}", outcome.role);
        let is_wanted = wanted.is_none_or(|wanted| {
            wanted.configurations.get(&name) == ending.configurations.get(&name)
        });
        let is_true = match &outcome.result {
            StepResult::Unchanged | StepResult::NotAttempted(_) => before == after,
            StepResult::Failed(error) => error.effect == Effect::Unknown || before == after,
            StepResult::NotAsAsked { id, .. } => after.iter().any(|it| it["id"] == id.as_str()),
            StepResult::Done(id) => {
                let is_active = !matches!(outcome.action, Action::Deactivate(_));
                let is_it = |it: &Json| {
                    it["id"] == id.as_str()
                        && it["active"] == is_active
                        && role_of(it) == Some(name)
                };
                is_wanted && matches!(after.as_slice(), [only] if is_it(only))
            }
        };
        if !is_true {
            claims.push(format!("it isn't true that {outcome:?}"));
        }
    }
    claims
}

/// What an account has of a role, by its marker or by what the plan says.
fn of_role(outcome: &Outcome, configurations: &[Json]) -> Vec<Json> {
    let name = format!("role {}", outcome.role);
    let id = outcome.action.id();
    let is_it = |it: &&Json| {
        role_of(it).as_ref() == Some(&name) || id.is_some_and(|id| it["id"] == id.as_str())
    };
    configurations.iter().filter(is_it).cloned().collect()
}

/// Says what is wrong with the lockfile that a run leaves: it is whole, has only ids that the
/// account has, and has what is done.
pub(super) fn bad_lines(run: &Run, stage: &Stage) -> Vec<String> {
    if !fs::exists(stage.lockfile()).unwrap() {
        let outcomes = run.report.iter().flat_map(|report| &report.outcomes);
        let done = outcomes.filter(|it| matches!(it.result, StepResult::Done(_)));
        return done.map(|it| format!("no lockfile, but {it:?}")).collect();
    }
    let lockfile = match lockfile::read(&stage.lockfile()) {
        Ok(lockfile) => lockfile.unwrap(),
        Err(error) => return vec![format!("{error:?}")],
    };
    let all = stage.emulator.configurations(false);
    let mut bad = Vec::new();
    for (role, id) in &lockfile.roles {
        if !all.iter().any(|it| it["id"] == id.as_str()) {
            bad.push(format!("the lockfile has {id} for {role}, and the account doesn't"));
        }
    }
    for outcome in run.report.iter().flat_map(|report| &report.outcomes) {
        if let StepResult::Done(id) | StepResult::NotAsAsked { id, .. } = &outcome.result {
            let is_there = lockfile.roles.get(&outcome.role) == Some(id);
            let is_gone = matches!(outcome.result, StepResult::Done(_))
                && matches!(outcome.action, Action::Deactivate(_));
            if is_there == is_gone {
                bad.push(format!("the lockfile is wrong about {outcome:?}"));
            }
        }
    }
    bad
}
