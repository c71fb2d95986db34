//! Doing what a plan says, and looking at what came of it. This is the only place that makes something
//! that can write to Stripe.

use std::time::Duration;

use super::error::CliError;
use super::pipeline::Pipeline;
use crate::apply::{Account, ApplyReport, Event, execute};
use crate::interruption::Interruption;
use crate::lockfile::LockStore;
use crate::plan::{ApplicablePlan, Plan};
use crate::report::RunReport;
use crate::stripe::Writer;

/// The right to write the lockfile, unless somebody else changes it from now on.
pub(super) fn open_lock(pipeline: &Pipeline) -> Result<LockStore, CliError> {
    Ok(LockStore::open(&pipeline.lockfile)?)
}

/// Applies a plan that somebody agreed to.
///
/// Returns an error, and begins nothing, if the lockfile could not be written afterwards.
pub(super) async fn carry_out(
    plan: &ApplicablePlan,
    pipeline: &Pipeline,
    locks: &mut LockStore,
    interruption: Interruption,
    on_event: impl FnMut(Event<'_>),
) -> Result<ApplyReport, CliError> {
    locks.check()?;
    let writer = Writer::new(pipeline.connection.clone(), plan.plan().account.clone());
    let account = Account { reader: &pipeline.reader, writer: &writer };
    Ok(execute(plan, account, locks, interruption, on_event).await)
}

/// A second look at the account must find nothing to do.
///
/// Stripe's lists are said to show what was just written, but nobody promises it, so a look that
/// finds something is followed by another one.
///
/// Returns an error, which is in the report as well, if nobody could look.
pub(super) async fn look_again(
    pipeline: &Pipeline,
    report: &mut RunReport,
) -> Result<(), CliError> {
    for pause in [Duration::from_secs(1), Duration::from_secs(3), Duration::ZERO] {
        let plan = match pipeline.look().await {
            Ok(snapshot) => pipeline.plan(&snapshot),
            Err(error) => Err(error),
        };
        match plan {
            Ok(plan) => report.remaining = Some(plan),
            Err(error) => {
                report.could_not_look_again = true;
                return Err(error);
            }
        }
        // What wasn't done is still to be done, however often one looks.
        let is_complete = report.apply.as_ref().is_none_or(ApplyReport::is_complete);
        if !is_complete || report.remaining.as_ref().is_none_or(Plan::is_empty) {
            return Ok(());
        }
        tokio::time::sleep(pause).await;
    }
    Ok(())
}
