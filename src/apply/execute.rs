//! Carries out a plan, as many roles at once as Stripe takes.
//!
//! Nothing is decided here: what to write is in the plan. A role that fails doesn't stop the
//! others, unless they would fail for the same reason or do harm. The lockfile is written as soon
//! as an id is known, so that whenever the program dies, only ids of requests that were under way
//! are not in it, and those configurations carry their marker.

use std::collections::VecDeque;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::confirm;
use super::create::create;
use super::types::{ApplyReport, Event, Outcome, StepResult, WhyNot};
use crate::interruption::Interruption;
use crate::lockfile::LockStore;
use crate::model::{FieldPath, Lockfile};
use crate::plan::{Action, ApplicablePlan, Plan, RolePlan};
use crate::stripe::{Effort, Marker, Reader, StripeError, Update, Writer, Written};

/// Does what the plan says.
///
/// Once it is interrupted, nothing more is begun. What has begun is finished and recorded.
pub async fn execute(
    plan: &ApplicablePlan,
    account: Account<'_>,
    locks: &mut LockStore,
    interruption: Interruption,
    on_event: impl FnMut(Event<'_>),
) -> ApplyReport {
    let plan = plan.plan();
    let mut run = Run {
        plan,
        account,
        interruption,
        on_event,
        lockfile: plan.lockfile.clone(),
        locks,
        lock_error: None,
        why_not: None,
        outcomes: Vec::with_capacity(plan.roles.len()),
    };
    // The first configuration of an account becomes its default for ever.
    let (default, others) =
        plan.roles.iter().partition(|step| step.is_default && step.action == Action::Create);
    run.carry_out(default).await;
    run.carry_out(others).await;
    run.report()
}

/// The account that is written to, and looked at where Stripe's answer doesn't tell enough.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// The right to look.
    pub reader: &'a Reader,
    /// The right to write.
    pub writer: &'a Writer,
}

/// What has become of the run so far.
struct Run<'a, E> {
    plan: &'a Plan,
    account: Account<'a>,
    interruption: Interruption,
    on_event: E,
    lockfile: Lockfile,
    locks: &'a mut LockStore,
    lock_error: Option<String>,
    /// Why no more writes are begun, once none are.
    why_not: Option<WhyNot>,
    outcomes: Vec<Outcome>,
}

impl<'a, E: FnMut(Event<'_>)> Run<'a, E> {
    /// Does all of these steps, in any order.
    async fn carry_out(&mut self, steps: Vec<&'a RolePlan>) {
        let mut waiting = VecDeque::new();
        for step in steps {
            if step.action.is_change() {
                waiting.push_back(step);
            } else {
                self.conclude(step, StepResult::Unchanged, None, Effort::default());
            }
        }
        let (plan, account) = (self.plan, self.account);
        let mut running = FuturesUnordered::new();
        loop {
            let next = waiting.front().filter(|_| self.why_not.is_none());
            tokio::select! {
                // In this order: what is known by now decides about what is begun.
                biased;
                Some((step, written)) = running.next() => self.record(step, written),
                () = self.interruption.raised(), if next.is_some() => {
                    self.why_not = Some(WhyNot::Interrupted);
                }
                () = ready(account.writer, next), if next.is_some() => {
                    let Some(step) = waiting.pop_front() else { continue };
                    (self.on_event)(Event::Started(&step.role));
                    running.push(async move { (step, write(plan, account, step).await) });
                }
                else => break,
            }
        }
        for step in waiting {
            let why_not = self.why_not.unwrap_or(WhyNot::Interrupted);
            self.conclude(step, StepResult::NotAttempted(why_not), None, Effort::default());
        }
    }

    /// Takes note of what came of a step.
    fn record(&mut self, step: &RolePlan, written: Result<Written, StripeError>) {
        match written {
            Ok(written) => {
                let id = step.action.id().unwrap_or(&written.id).clone();
                self.lockfile.roles.insert(step.role.clone(), id.clone());
                self.save();
                if written.configuration.is_default && !step.is_default {
                    self.why_not.get_or_insert(WhyNot::OtherDefault);
                }
                let differences = confirm::differences(&self.plan.project, step, &written);
                let result = if differences.is_empty() {
                    StepResult::Done(id)
                } else {
                    StepResult::NotAsAsked { id, differences }
                };
                self.conclude(step, result, written.request_id, written.effort);
            }
            Err(error) => {
                if let Some(why_not) = stops_others(step, &error) {
                    self.why_not.get_or_insert(why_not);
                }
                let (request_id, effort) = (error.request_id.clone(), error.effort);
                self.conclude(step, StepResult::Failed(error), request_id, effort);
            }
        }
    }

    fn conclude(
        &mut self,
        step: &RolePlan,
        result: StepResult,
        request_id: Option<String>,
        effort: Effort,
    ) {
        let (role, action) = (step.role.clone(), step.action.clone());
        let outcome = Outcome { role, action, result, request_id, effort };
        (self.on_event)(Event::Finished(&outcome));
        self.outcomes.push(outcome);
    }

    fn save(&mut self) {
        if let Err(error) = self.locks.save(&self.lockfile) {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            self.lock_error = Some(format!("{error}{}", cause.unwrap_or_default()));
            self.why_not = Some(WhyNot::LockfileFailed);
        }
    }

    fn report(mut self) -> ApplyReport {
        self.save();
        self.outcomes.sort_by(|a, b| a.role.cmp(&b.role));
        let was_interrupted = self.why_not == Some(WhyNot::Interrupted);
        ApplyReport { outcomes: self.outcomes, lock_error: self.lock_error, was_interrupted }
    }
}

/// Waits until a step's request could leave, so that what hasn't begun can still be left undone.
async fn ready(writer: &Writer, step: Option<&&RolePlan>) {
    match step.map(|step| &step.action) {
        Some(Action::Create) => writer.ready_to_create().await,
        Some(_) => writer.ready_to_update().await,
        None => {}
    }
}

/// Does one step.
async fn write(plan: &Plan, account: Account<'_>, step: &RolePlan) -> Result<Written, StripeError> {
    let Account { reader, writer } = account;
    let marker = Marker {
        project: plan.project.clone(),
        role: step.role.clone(),
        digest: step.digest.clone(),
    };
    let Some(id) = step.action.id() else {
        return create(plan, step, &marker, reader, writer).await;
    };
    let changed: Vec<&FieldPath> = step.changes.iter().map(|change| &change.path).collect();
    let (desired, activate) = (&step.desired, step.activates);
    writer.update(id, &Update { desired, changed: &changed, activate, marker: &marker }).await
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
