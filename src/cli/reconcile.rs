//! `reconcile` itself: plan, show, ask, apply, look again, report.

use std::convert::Infallible;

use super::applying::{carry_out, look_again, open_lock};
use super::args::{Detail, GlobalArgs, RunArgs};
use super::consent::{self, Agreed, Consent};
use super::error::CliError;
use super::fleet;
use super::like;
use super::output;
use super::pipeline::{Pipeline, Seen};
use super::progress::Progress;
use super::setup::Setup;
use super::world::World;
use crate::apply::ApplyReport;
use crate::lockfile::LockStore;
use crate::plan::{ApplicablePlan, plan_digest};
use crate::render;
use crate::report::{Reviewed, RunReport};

/// Runs the command and returns its exit code.
pub(super) async fn run(
    global: &GlobalArgs,
    run: &RunArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    let setup = Setup::read_any(global, world)?;
    if let Some(accounts) = setup.environment.accounts.clone() {
        return fleet::run(setup, accounts, global, run, world).await;
    }
    // What is wrong with the settings may be why it isn't many.
    if !setup.bag.has_errors() && (run.shard.is_some() || run.canary.is_some()) {
        let name = &setup.environment.name;
        let error = format!("`--shard` and `--canary` are for many accounts, and `{name}` is one");
        return Err(CliError::usage(error).help("`accounts:` in `reconcile.yaml` makes it many"));
    }
    let agreed = Agreed::of(run, Reviewed::parse)?;
    let pipeline = Pipeline::prepare(setup, global, run, World::warn, world)?;
    // Before anything is asked: what somebody else writes meanwhile is not to be replaced.
    let locks = (!run.dry_run).then(|| open_lock(&pipeline)).transpose()?;
    let seen = look(&pipeline, world).await?;
    let plan = pipeline.plan(&seen)?;
    if let Some(name) = &run.like {
        like::check(name, &pipeline, &seen, global, world).await?;
    }
    output::show(run, world, |styles| render::plan(&plan, styles))?;
    let mut report = RunReport::planned(plan, pipeline.warnings.clone());
    report.as_of = pipeline.as_of.clone();
    report.base = pipeline.base_plan(&seen);
    if run.dry_run
        && let Some(agreed) = &agreed
        && !report.plan.is_empty()
    {
        agreed.check(&report.plan)?;
    }
    if !report.plan.is_empty()
        && let Some(mut locks) = locks
        && let Ok(applicable) = report.plan.clone().into_applicable()
    {
        let plan = agree(applicable, agreed.as_ref(), &pipeline, run, world).await?;
        let applied = apply(&plan, &pipeline, &mut locks, world).await?;
        let may_have_written = applied.may_have_written();
        report.apply = Some(applied);
        if may_have_written && let Err(error) = look_again(&pipeline, &mut report).await {
            world.complain(&error);
        }
    }
    let is_written = output::report(&report, &pipeline, run, world);
    let is_detailed = match run.detailed_exitcode {
        None => false,
        Some(Detail::Changes) => true,
        Some(Detail::Drift) => report.plan.summary().drifted > 0,
    };
    let code = report.verdict().exit_code(is_detailed);
    Ok(if is_written { code } else { code.max(1) })
}

/// Looks at the account, unless somebody wants to stop: nothing has begun yet that would have to be
/// finished.
async fn look(pipeline: &Pipeline, world: &mut World) -> Result<Seen, CliError> {
    tokio::select! {
        looked = pipeline.look_to_write() => looked,
        error = world.interrupted() => Err(error),
    }
}

/// Gets somebody's consent to exactly this plan. Whoever was asked may have read it over lunch, so
/// the account is looked at once more, and what is seen then is what is applied.
async fn agree(
    plan: ApplicablePlan,
    agreed: Option<&Agreed<Reviewed>>,
    pipeline: &Pipeline,
    run: &RunArgs,
    world: &mut World,
) -> Result<ApplicablePlan, CliError> {
    if consent::ask(plan.plan(), agreed, run, world).await? == Consent::Given {
        return Ok(plan);
    }
    let digest = plan_digest(plan.plan());
    let now = pipeline.plan(&look(pipeline, world).await?)?;
    let now_digest = plan_digest(&now);
    match now.into_applicable() {
        Ok(plan) if now_digest == digest => Ok(plan),
        _ => Err(consent::stale(&digest, &now_digest)),
    }
}

/// Does what the plan says, and shows how far it has come.
async fn apply(
    plan: &ApplicablePlan,
    pipeline: &Pipeline,
    locks: &mut LockStore,
    world: &mut World,
) -> Result<ApplyReport, CliError> {
    let n_steps = plan.plan().n_pending();
    let progress = Progress::new(n_steps, world.stderr_is_terminal, &world.bars);
    let interruption = world.interruption();
    let applied = carry_out(plan, pipeline, locks, interruption, |event| progress.on(event));
    let applied = tokio::select! {
        applied = applied => applied,
        never = acknowledge(world) => match never {},
    };
    progress.finish();
    applied
}

/// Tells whoever wants to stop that they were heard, and nothing else.
async fn acknowledge(world: &mut World) -> Infallible {
    world.interrupted().await;
    world.eprint("\nfinishing the request that is under way; Ctrl-C again ends at once\n");
    std::future::pending().await
}
