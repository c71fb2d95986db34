//! `reconcile preview`: what customers see of each role's portal, as a page.

use std::fs;
use std::path::PathBuf;

use super::args::{GlobalArgs, RunArgs};
use super::error::CliError;
use super::output;
use super::pipeline::{Pipeline, Seen};
use super::setup::Setup;
use super::shown;
use super::world::World;
use crate::model::Catalogue;
use crate::plan::Plan;
use crate::render::{self, Preview};
use crate::text::plural;

#[derive(Debug, clap::Args)]
pub(super) struct PreviewArgs {
    /// The folder for the page, `index.html`.
    #[arg(long, value_name = "DIR", default_value = "portal-preview")]
    out: PathBuf,
    /// Show beside it what there is now.
    #[arg(long, value_name = "WHAT")]
    against: Option<Against>,
    /// Take prices, names and what there is from what `reconcile snapshot` has saved. No key, no
    /// network.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

/// What a preview is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Against {
    /// What the account has.
    Live,
}

/// Makes the page.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &PreviewArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    let looking = RunArgs { state: args.state.clone(), ..RunArgs::looking() };
    let pipeline =
        Pipeline::prepare(Setup::read(global, world)?, global, &looking, World::warn, world)?;
    let against_live = args.against == Some(Against::Live);
    let (plan, catalogue) = tokio::select! {
        seen = see(&pipeline, against_live) => seen?,
        error = world.interrupted() => return Err(error),
    };
    let as_of = pipeline.as_of.as_deref();
    let (catalogue, plan) = (&catalogue, &plan);
    let page = render::preview(&Preview { plan, catalogue, against_live, as_of });
    let file = args.out.join("index.html");
    fs::create_dir_all(&args.out).map_err(|error| {
        CliError::new(format!("can't make the folder `{}`: {error}", shown(&args.out)))
    })?;
    if !output::write(&file, &page, world) {
        return Ok(1);
    }
    let n_roles = plural(plan.roles.len(), "role");
    world.print(&format!("{}: {n_roles} of {}\n", shown(&file), plan.environment));
    Ok(0)
}

/// Looks at the account, and at what it sells.
async fn see(pipeline: &Pipeline, against_live: bool) -> Result<(Plan, Catalogue), CliError> {
    let seen: Seen = pipeline.look().await?;
    let plan = pipeline.plan(&seen)?;
    let (prices, products) = Preview::offered(&plan, against_live);
    let catalogue = pipeline.reader.catalogue(&prices, &products).await?;
    Ok((plan, catalogue))
}
