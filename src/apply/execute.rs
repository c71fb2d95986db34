//! Carries out a plan, one role after the other.
//!
//! Nothing is decided here: what to write is in the plan. A role that fails doesn't stop the
//! others, unless they would fail for the same reason or do harm. The lockfile is written after
//! each new id and before the next request, so that whenever the program dies, at most one id is
//! not in it, and that one carries its marker.

use super::confirm;
use super::create::create;
use super::types::{ApplyReport, Event, Outcome, StepResult, WhyNot};
use crate::lockfile::LockStore;
use crate::model::{ConfigurationId, FieldPath, Lockfile};
use crate::plan::{Action, ApplicablePlan, Plan, RolePlan};
use crate::stripe::{Marker, Reader, StripeError, Update, Writer, Written};

/// Does what the plan says.
///
/// `is_interrupted` is asked before each write: what has begun is finished and recorded.
pub async fn execute(
    plan: &ApplicablePlan,
    account: Account<'_>,
    locks: &mut LockStore,
    is_interrupted: impl Fn() -> bool,
    mut on_event: impl FnMut(Event<'_>),
) -> ApplyReport {
    let plan = plan.plan();
    let lockfile = plan.lockfile.clone();
    let mut run = Run { plan, account, lockfile, locks, lock_error: None, why_not: None };
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(plan.roles.len());
    for step in in_order(plan) {
        on_event(Event::Started(&step.role));
        if step.action.is_change() && is_interrupted() {
            run.why_not.get_or_insert(WhyNot::Interrupted);
        }
        let (result, request_id) = run.step(step).await;
        let (role, action) = (step.role.clone(), step.action.clone());
        let outcome = Outcome { role, action, result, request_id };
        on_event(Event::Finished(&outcome));
        outcomes.push(outcome);
    }
    run.save();
    outcomes.sort_by(|a, b| a.role.cmp(&b.role));
    let was_interrupted = run.why_not == Some(WhyNot::Interrupted);
    ApplyReport { outcomes, lock_error: run.lock_error, was_interrupted }
}

/// The account that is written to, and looked at where Stripe's answer doesn't tell enough.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// The right to look.
    pub reader: &'a Reader,
    /// The right to write.
    pub writer: &'a Writer,
}

/// The default first: the first configuration of an account becomes its default for ever.
fn in_order(plan: &Plan) -> Vec<&RolePlan> {
    let mut steps: Vec<&RolePlan> = plan.roles.iter().collect();
    steps.sort_by_key(|step| !(step.is_default && step.action == Action::Create));
    steps
}

/// What has become of the run so far.
struct Run<'a> {
    plan: &'a Plan,
    account: Account<'a>,
    lockfile: Lockfile,
    locks: &'a mut LockStore,
    lock_error: Option<String>,
    /// Why no more writes are made, once none are.
    why_not: Option<WhyNot>,
}

impl Run<'_> {
    /// What came of a step, and Stripe's id of the request.
    async fn step(&mut self, step: &RolePlan) -> (StepResult, Option<String>) {
        let written = match (&step.action, self.why_not) {
            (Action::None(_), _) => return (StepResult::Unchanged, None),
            (_, Some(why_not)) => return (StepResult::NotAttempted(why_not), None),
            (Action::Create, None) => {
                let Account { reader, writer } = self.account;
                create(self.plan, step, &self.marker(step), reader, writer).await
            }
            (Action::Adopt(id) | Action::Update(id) | Action::Reactivate(id), None) => {
                self.update(step, id).await
            }
        };
        match written {
            Ok(written) => self.record(step, written),
            Err(error) => {
                self.why_not = stops_others(step, &error);
                let request_id = error.request_id.clone();
                (StepResult::Failed(error), request_id)
            }
        }
    }

    async fn update(&self, step: &RolePlan, id: &ConfigurationId) -> Result<Written, StripeError> {
        let changed: Vec<&FieldPath> = step.changes.iter().map(|change| &change.path).collect();
        let (desired, activate) = (&step.desired, step.activates);
        let marker = &self.marker(step);
        self.account
            .writer
            .update(id, &Update { desired, changed: &changed, activate, marker })
            .await
    }

    fn marker(&self, step: &RolePlan) -> Marker {
        Marker {
            project: self.plan.project.clone(),
            role: step.role.clone(),
            digest: step.digest.clone(),
        }
    }

    fn record(&mut self, step: &RolePlan, written: Written) -> (StepResult, Option<String>) {
        let id = step.action.id().unwrap_or(&written.id).clone();
        self.lockfile.roles.insert(step.role.clone(), id.clone());
        self.save();
        let differences = confirm::differences(&self.plan.project, step, &written);
        if written.configuration.is_default && !step.is_default {
            self.why_not.get_or_insert(WhyNot::OtherDefault);
        }
        let result = if differences.is_empty() {
            StepResult::Done(id)
        } else {
            StepResult::NotAsAsked { id, differences }
        };
        (result, written.request_id)
    }

    fn save(&mut self) {
        if let Err(error) = self.locks.save(&self.lockfile) {
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
