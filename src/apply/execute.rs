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
use crate::model::{ConfigurationId, FieldPath, Lockfile, Role};
use crate::plan::{Action, ApplicablePlan, Plan, Retirement, RolePlan};
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
    let (default, others): (Vec<_>, Vec<_>) =
        plan.roles.iter().partition(|step| step.becomes_default);
    run.carry_out(default.into_iter().map(Step::Role).collect()).await;
    run.carry_out(others.into_iter().map(Step::Role).collect()).await;
    // What is deactivated may be replaced by what was to be created or changed.
    if !run.outcomes.iter().all(|outcome| outcome.result.is_fine()) {
        run.why_not.get_or_insert(WhyNot::OthersFailed);
    }
    run.carry_out(plan.retired.iter().map(Step::Retirement).collect()).await;
    run.report()
}

/// Something to do, or not to do.
#[derive(Clone, Copy)]
enum Step<'a> {
    /// What a file wants.
    Role(&'a RolePlan),
    /// What no file wants any more.
    Retirement(&'a Retirement),
}

impl<'a> Step<'a> {
    fn role(self) -> &'a Role {
        match self {
            Self::Role(step) => &step.role,
            Self::Retirement(step) => &step.role,
        }
    }

    fn action(self) -> Action {
        match self {
            Self::Role(step) => step.action.clone(),
            Self::Retirement(step) => step.action(),
        }
    }

    /// True if this must be the first that is created.
    fn creates_default(self) -> bool {
        match self {
            Self::Role(step) => step.becomes_default,
            Self::Retirement(_) => false,
        }
    }
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
    async fn carry_out(&mut self, steps: Vec<Step<'a>>) {
        let mut waiting = VecDeque::new();
        for step in steps {
            if step.action().is_change() {
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
                    (self.on_event)(Event::Started(step.role()));
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
    fn record(&mut self, step: Step<'_>, written: Result<Written, StripeError>) {
        match written {
            Ok(written) => {
                let (id, differences) = match step {
                    Step::Role(step) => self.record_role(step, &written),
                    Step::Retirement(step) => self.record_retirement(step, &written),
                };
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

    /// Returns the configuration, and where it isn't what was asked for.
    fn record_role(
        &mut self,
        step: &RolePlan,
        written: &Written,
    ) -> (ConfigurationId, Vec<String>) {
        let id = step.action.id().unwrap_or(&written.id).clone();
        // Of what is adopted, the line of a role that is gone may have been all that was known.
        self.lockfile.roles.retain(|_, locked| *locked != id);
        self.lockfile.roles.insert(step.role.clone(), id.clone());
        self.save();
        let may_be_default = step.is_default || step.becomes_default;
        if written.configuration.is_default && !may_be_default {
            self.why_not.get_or_insert(WhyNot::OtherDefault);
        }
        (id, confirm::differences(self.plan, step, written))
    }

    /// Returns the configuration, and where it isn't what was asked for. Only once Stripe has confirmed
    /// that it is inactive, apps don't get its id any more.
    fn record_retirement(
        &mut self,
        step: &Retirement,
        written: &Written,
    ) -> (ConfigurationId, Vec<String>) {
        let differences = confirm::differences_of_retired(&self.plan.project, step, written);
        if differences.is_empty() && self.lockfile.roles.get(&step.role) == Some(&step.id) {
            self.lockfile.roles.remove(&step.role);
            self.save();
        }
        (step.id.clone(), differences)
    }

    fn conclude(
        &mut self,
        step: Step<'_>,
        result: StepResult,
        request_id: Option<String>,
        effort: Effort,
    ) {
        let (role, action) = (step.role().clone(), step.action());
        let outcome = Outcome { role, action, result, request_id, effort };
        (self.on_event)(Event::Finished(&outcome));
        self.outcomes.push(outcome);
    }

    /// Each time the whole lockfile, so that what couldn't be saved before is saved as well.
    fn save(&mut self) {
        let saved = self.locks.save(&self.lockfile);
        self.lock_error = saved.err().map(|error| {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            format!("{error}{}", cause.unwrap_or_default())
        });
        if self.lock_error.is_some() {
            self.why_not = Some(WhyNot::LockfileFailed);
        }
    }

    fn report(mut self) -> ApplyReport {
        self.save();
        // A role has several if duplicates of its own are deactivated.
        let key = |outcome: &Outcome| (outcome.role.clone(), outcome.action.id().cloned());
        self.outcomes.sort_by_cached_key(key);
        let was_interrupted = self.outcomes.iter().any(was_interrupted);
        ApplyReport { outcomes: self.outcomes, lock_error: self.lock_error, was_interrupted }
    }
}

/// True if this would be done, or would have been tried again, had nobody wanted to stop.
fn was_interrupted(outcome: &Outcome) -> bool {
    match outcome.result {
        StepResult::NotAttempted(why_not) => why_not == WhyNot::Interrupted,
        StepResult::Failed(_) => outcome.effort.was_cut_short,
        StepResult::Unchanged | StepResult::Done(_) | StepResult::NotAsAsked { .. } => false,
    }
}

/// Waits until a step's request could leave, so that what hasn't begun can still be left undone.
async fn ready(writer: &Writer, step: Option<&Step<'_>>) {
    match step.map(|step| step.action()) {
        Some(Action::Create) => writer.ready_to_create().await,
        Some(_) => writer.ready_to_update().await,
        None => {}
    }
}

/// Does one step.
async fn write(plan: &Plan, account: Account<'_>, step: Step<'_>) -> Result<Written, StripeError> {
    let Account { reader, writer } = account;
    let step = match step {
        Step::Role(step) => step,
        Step::Retirement(step) => return writer.deactivate(&step.id, &step.role).await,
    };
    let marker =
        Marker { project: plan.project.clone(), role: step.role.clone(), digest: step.digest() };
    let Some(id) = step.action.id() else {
        return create(plan, step, &marker, reader, writer).await;
    };
    let changed: Vec<&FieldPath> = step.changes.iter().map(|change| &change.path).collect();
    let (desired, activate) = (&step.desired, step.activates);
    writer.update(id, &Update { desired, changed: &changed, activate, marker: &marker }).await
}

/// Why the failure of this step must keep the others from being tried, if it must.
fn stops_others(step: Step<'_>, error: &StripeError) -> Option<WhyNot> {
    if error.is_fatal() {
        Some(WhyNot::KeyRefused)
    } else if step.creates_default() {
        Some(WhyNot::DefaultFailed)
    } else {
        None
    }
}
