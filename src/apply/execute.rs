//! Carries out a plan, one role after the other.
//!
//! Nothing is decided here: what to write is in the plan. A role that fails doesn't stop the
//! others, unless they would fail for the same reason or do harm. The lockfile is written after
//! each new id and before the next request, so that whenever the program dies, at most one id is
//! not in it, and that one carries its marker.

use super::confirm;
use super::types::{ApplyReport, Event, Outcome, StepResult, WhyNot};
use crate::lockfile::LockStore;
use crate::model::{FieldPath, Lockfile};
use crate::plan::{Action, ApplicablePlan, Plan, RolePlan, settings_digest};
use crate::stripe::{Marker, StripeError, Update, Writer, Written};

/// Does what the plan says.
///
/// `is_interrupted` is asked before each write: what has begun is finished and recorded.
pub async fn execute(
    plan: &ApplicablePlan,
    writer: &Writer,
    locks: &mut LockStore,
    is_interrupted: impl Fn() -> bool,
    mut on_event: impl FnMut(Event<'_>),
) -> ApplyReport {
    let plan = plan.plan();
    let mut run = Run { lockfile: plan.lockfile.clone(), lock_error: None, why_not: None };
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(plan.roles.len());
    for step in in_order(plan) {
        on_event(Event::Started(&step.role));
        if is_interrupted() {
            run.why_not.get_or_insert(WhyNot::Interrupted);
        }
        let outcome = run.step(plan, step, writer, locks).await;
        on_event(Event::Finished(&outcome));
        outcomes.push(outcome);
    }
    run.save(locks);
    outcomes.sort_by(|a, b| a.role.cmp(&b.role));
    let was_interrupted = run.why_not == Some(WhyNot::Interrupted);
    ApplyReport { outcomes, lock_error: run.lock_error, was_interrupted }
}

/// The default first: the first configuration of an account becomes its default for ever.
fn in_order(plan: &Plan) -> Vec<&RolePlan> {
    let mut steps: Vec<&RolePlan> = plan.roles.iter().collect();
    steps.sort_by_key(|step| !(step.is_default && step.action == Action::Create));
    steps
}

/// What has become of the run so far.
struct Run {
    lockfile: Lockfile,
    lock_error: Option<String>,
    /// Why no more writes are made, once none are.
    why_not: Option<WhyNot>,
}

impl Run {
    async fn step(
        &mut self,
        plan: &Plan,
        step: &RolePlan,
        writer: &Writer,
        locks: &mut LockStore,
    ) -> Outcome {
        let outcome = |result, request_id| Outcome {
            role: step.role.clone(),
            action: step.action.clone(),
            result,
            request_id,
        };
        if !step.action.is_change() {
            return outcome(StepResult::Unchanged, None);
        }
        if let Some(why_not) = self.why_not {
            return outcome(StepResult::NotAttempted(why_not), None);
        }
        match write(plan, step, writer).await {
            Ok(written) => {
                self.record(step, &written, locks);
                let paths = confirm::differences(&step.desired, step.action.id(), &written);
                let result = if paths.is_empty() {
                    StepResult::Done(written.id)
                } else {
                    StepResult::NotAsAsked { id: written.id, paths }
                };
                outcome(result, written.request_id)
            }
            Err(error) => {
                self.why_not = stops_others(step, &error);
                let request_id = error.request_id.clone();
                outcome(StepResult::Failed(error), request_id)
            }
        }
    }

    fn record(&mut self, step: &RolePlan, written: &Written, locks: &mut LockStore) {
        let id = step.action.id().unwrap_or(&written.id);
        self.lockfile.roles.insert(step.role.clone(), id.clone());
        self.save(locks);
    }

    fn save(&mut self, locks: &mut LockStore) {
        if let Err(error) = locks.save(&self.lockfile) {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            self.lock_error = Some(format!("{error}{}", cause.unwrap_or_default()));
            self.why_not = Some(WhyNot::LockfileFailed);
        }
    }
}

/// Why the failure of this step must keep the others from being tried, if it must.
fn stops_others(step: &RolePlan, error: &StripeError) -> Option<WhyNot> {
    if error.is_fatal() {
        Some(WhyNot::KeyRefused)
    } else if step.is_default && step.action == Action::Create {
        Some(WhyNot::DefaultFailed)
    } else {
        None
    }
}

async fn write(plan: &Plan, step: &RolePlan, writer: &Writer) -> Result<Written, StripeError> {
    let desired = &step.desired;
    let marker = Marker {
        project: plan.project.clone(),
        role: step.role.clone(),
        digest: settings_digest(&desired.settings),
    };
    let changed: Vec<&FieldPath> = step.changes.iter().map(|change| &change.path).collect();
    let update = Update { desired, changed: &changed, activate: step.activates, marker: &marker };
    match &step.action {
        Action::Create => writer.create(desired, &marker).await,
        Action::Adopt(id) | Action::Update(id) | Action::Reactivate(id) | Action::None(id) => {
            writer.update(id, &update).await
        }
    }
}
