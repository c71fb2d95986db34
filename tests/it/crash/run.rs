//! One run of the program, as far as it goes.

use std::sync::Arc;
use std::time::Duration;

use portal_reconciler::apply::ApplyReport;
use portal_reconciler::plan::Plan;
use portal_reconciler::stripe::{Connection, Reader};

use super::case::{Case, Stage};
use super::network::{Network, Sent};
use crate::support::{carry_out, connection};

/// What came of a run.
pub(crate) struct Run {
    /// What was to be done, if the account could be looked at.
    pub(crate) plan: Option<Plan>,
    /// What came of it, if anything was begun and the process lived.
    pub(crate) report: Option<ApplyReport>,
    /// What is left to do, as far as the run itself can tell.
    pub(crate) remaining: Option<Plan>,
    pub(crate) sent: Vec<Sent>,
}

impl Run {
    /// True if all was well, and nothing is left to do.
    pub(crate) fn is_converged(&self) -> bool {
        let is_complete = self.report.as_ref().is_none_or(ApplyReport::is_complete);
        let left = self.remaining.as_ref().or(self.plan.as_ref());
        is_complete && left.is_some_and(Plan::is_empty)
    }
}

/// Runs over a network on which nothing happens.
pub(crate) fn run_well(case: &Case, stage: &Arc<Stage>) -> Run {
    run(case, stage, Network::new(stage, None))
}

/// Runs over this network.
pub(crate) fn run(case: &Case, stage: &Arc<Stage>, network: Network) -> Run {
    runtime().block_on(live(case, stage, network))
}

/// Runs twice at the same time.
pub(crate) fn run_both(one: (&Case, &Arc<Stage>), other: (&Case, &Arc<Stage>)) -> [Run; 2] {
    run_both_with_delay(one, other, Duration::ZERO)
}

/// The same, and the other one begins so much later.
pub(crate) fn run_both_with_delay(
    one: (&Case, &Arc<Stage>),
    other: (&Case, &Arc<Stage>),
    delay: Duration,
) -> [Run; 2] {
    let [one, other] =
        [one, other].map(|(case, stage)| live(case, stage, Network::new(stage, None)));
    let late = async {
        tokio::time::sleep(delay).await;
        other.await
    };
    runtime().block_on(async { tokio::join!(one, late) }).into()
}

/// What a run would do that writes nothing, if the account can be looked at.
pub(crate) fn look(case: &Case, stage: &Stage) -> Option<Plan> {
    let reader = Reader::new(connection(stage.emulator.clone()));
    let snapshot = block_on(reader.snapshot(&case.lookup_keys())).ok()?;
    case.plan(&snapshot, &stage.lockfile())
}

/// Waits without time passing.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    runtime().block_on(future)
}

/// Runs until the end or the death of the process.
async fn live(case: &Case, stage: &Stage, network: Network) -> Run {
    let network = Arc::new(network);
    let mut run = Run { plan: None, report: None, remaining: None, sent: Vec::new() };
    let connection = connection(network.clone());
    tokio::select! {
        biased;
        () = network.death() => {}
        () = go(case, stage, connection, &mut run) => {}
    }
    Run { sent: network.sent(), ..run }
}

async fn go(case: &Case, stage: &Stage, connection: Connection, run: &mut Run) {
    let reader = Reader::new(connection.clone());
    let look = async || {
        let snapshot = reader.snapshot(&case.lookup_keys()).await.ok()?;
        case.plan(&snapshot, &stage.lockfile())
    };
    run.plan = look().await;
    let Some(plan) = run.plan.clone().filter(|plan| !plan.is_empty()) else { return };
    let Ok(plan) = plan.into_applicable() else { return };
    run.report = Some(carry_out(&plan, connection, &stage.lockfile()).await);
    run.remaining = look().await;
}

/// One in which time passes when everybody waits.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}
