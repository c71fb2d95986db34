//! `reconcile` on an environment that is many accounts: each is planned and applied by itself, and
//! all are shown together.

mod accounts;
mod agreed;
mod apply;
mod lines;
mod look;
mod output;

use self::accounts::Meant;
use self::apply::Run;
use self::lines::Lines;
use self::look::{Looked, look};
use super::args::{Detail, GlobalArgs, RunArgs};
use super::consent::{self, Agreed};
use super::error::CliError;
use super::output::show;
use super::pipeline::Pipeline;
use super::setup::Setup;
use super::world::World;
use crate::desired::Accounts;
use crate::fleet::{Fleet, Outcome, Results, Shape, State, Survey};
use crate::render;
use crate::report::ReviewedFleet;
use crate::text::plural;

/// Runs the command and returns its exit code.
pub(super) async fn run(
    mut setup: Setup,
    accounts: Accounts,
    global: &GlobalArgs,
    run: &RunArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    refuse(run)?;
    let agreed = Agreed::of(run, ReviewedFleet::parse)?;
    let meant = Meant::of(accounts, &mut setup);
    let platform = Pipeline::prepare(setup, global, run, World::warn, world)?;
    let (account, accounts) = tokio::select! {
        found = async {
            let account = accounts::prove(&platform).await?;
            Ok::<_, CliError>((account, meant.find(&platform, run.shard).await?))
        } => found?,
        error = world.interrupted() => return Err(error),
    };
    let mut lines = Lines::new(run);
    let at_once = global.parallelism(world)? as usize;
    let Looked { survey, pending } = look(&platform, accounts, at_once, &mut lines, world).await?;
    let (environment, mode) = (&platform.environment.name, platform.environment.mode);
    let fleet = Fleet { environment, mode, platform: account.as_ref(), survey: &survey };
    show(run, world, |styles| render::fleet(&fleet, styles))?;
    let is_wanted = !run.dry_run && !pending.is_empty();
    // Lockfiles are brought up to date without being asked.
    let n_to_agree = pending.iter().filter(|(_, shape)| *shape != Shape::LOCKFILE).count();
    let pending = match &agreed {
        _ if n_to_agree == 0 => (pending, Vec::new()),
        Some(agreed) => agreed.divide(pending, &survey, run.dry_run)?,
        None if is_wanted => {
            let what = plural(n_to_agree, "account");
            consent::of_somebody(&what, (environment, mode), run.yes, world).await?;
            (pending, Vec::new())
        }
        None => (pending, Vec::new()),
    };
    let mut results = None;
    if is_wanted {
        let canary = run.canary;
        let mut apply = Run { platform: &platform, at_once, canary, lines: &mut lines };
        results = Some(apply.apply(pending, world).await);
    }
    let files = (&platform.warnings, &platform.files.sources);
    let is_written = output::report(&fleet, results.as_ref(), files, &lines, run, world);
    let code = exit_code(&survey, results.as_ref(), run);
    Ok(if is_written { code } else { code.max(1) })
}

/// Refuses options that only make sense for one account.
fn refuse(run: &RunArgs) -> Result<(), CliError> {
    let given = [
        ("`--state`", run.state.is_some()),
        ("`--base`", run.base.is_some()),
        ("`--like`", run.like.is_some()),
        ("`--keep`", !run.keep.is_empty()),
    ];
    let given: Vec<&str> = given.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    if given.is_empty() {
        return Ok(());
    }
    let error = format!("{} is for one account, and this environment is many", given.join(", "));
    Err(CliError::usage(error).help("`--account acct_…` chooses one"))
}

fn exit_code(survey: &Survey, results: Option<&Results>, run: &RunArgs) -> u8 {
    let is_problem = |state: &State| matches!(state, State::Blocked(_) | State::Failed(_));
    let n_problems = survey.count(is_problem);
    let Some(results) = results else {
        let is_detailed = match run.detailed_exitcode {
            None => false,
            Some(Detail::Changes) => survey.count(|state| matches!(state, State::Pending(_))) > 0,
            Some(Detail::Drift) => survey.has_drifted(),
        };
        return if n_problems > 0 {
            1
        } else if is_detailed {
            2
        } else {
            0
        };
    };
    if results.was_interrupted() {
        130
    } else if n_problems == 0 && results.count(Outcome::is_left) == 0 {
        0
    } else if results.has_written() {
        4
    } else {
        1
    }
}
