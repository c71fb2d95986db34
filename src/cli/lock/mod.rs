//! `reconcile lock`: the lockfile from the account alone.

mod merge;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::args::GlobalArgs;
use crate::cli::connect;
use crate::cli::difference;
use crate::cli::error::CliError;
use crate::cli::setup::{Setup, check_identity};
use crate::cli::shown;
use crate::cli::world::World;
use crate::lockfile::{self, FormatError, LockError, LockStore};
use crate::model::{LiveState, Lockfile};
use crate::plan::{Policy, lines_of_unmarked, lock_from};
use crate::stripe::Reader;
use crate::text::plural;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct LockArgs {
    /// Only compare, and exit with 1 if it differs.
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    command: Option<LockCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum LockCommand {
    /// Put together the lockfiles of many accounts that shards have written on other machines. No
    /// key, no network.
    Merge {
        /// Folders with lockfiles named after their accounts, at any depth.
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
}

/// Rebuilds, compares or puts together.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &LockArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    if let Some(LockCommand::Merge { folders }) = &args.command {
        return merge::run(global, folders, world);
    }
    let setup = Setup::read(global, world)?;
    if setup.bag.has_errors() {
        return Err(CliError::files(setup.bag, setup.files.sources));
    }
    let path = setup.lockfile(global);
    if args.check {
        let (_, proven) = prove(setup, global, world).await?;
        return check(&path, &proven, world);
    }
    // Before the account is asked: what somebody else writes meanwhile is not to be replaced.
    let store = LockStore::open(&path)?;
    let (live, proven) = prove(setup, global, world).await?;
    rebuild(store, &path, &live, &proven, world)
}

fn check(path: &Path, proven: &Lockfile, world: &mut World) -> Result<u8, CliError> {
    let shown = shown(path);
    let found = lockfile::read_text(path)?;
    let text = lockfile::to_text(proven);
    if found.as_ref() == Some(&text) {
        world.print(&format!("{shown} is what the account says\n"));
        return Ok(0);
    }
    let names = [shown.as_str(), "the account"];
    world.print(&difference::shown(names, &found.unwrap_or_default(), &text));
    let error = CliError::new(format!("{shown} is not what the account says"));
    Err(error.help("`reconcile lock` rebuilds it"))
}

fn rebuild(
    mut store: LockStore,
    path: &Path,
    live: &LiveState,
    proven: &Lockfile,
    world: &mut World,
) -> Result<u8, CliError> {
    let shown = shown(path);
    let found = match lockfile::read(path) {
        Ok(found) => found,
        // Its lines may be all that is known of some configurations.
        Err(
            error @ LockError::Format {
                source: FormatError::Shared(_) | FormatError::Version(_),
                ..
            },
        ) => return Err(error.into()),
        // Any other text that is no lockfile is nothing to lose.
        Err(_) => None,
    };
    if let Some((role, id)) = lines_of_unmarked(live, found.as_ref()).into_iter().next() {
        let error = format!(
            "{shown} says that `{role}` is {id}, and nothing else does: it has no marker yet"
        );
        let help = "`reconcile` adopts it; remove the line if that isn't meant";
        return Err(CliError::new(error).help(help));
    }
    let has_changed = store.save(proven)?;
    let what = if has_changed { "now says" } else { "already says" };
    let roles = plural(proven.roles.len(), "role");
    world.print(&format!("{shown} {what} what the account says: {roles}\n"));
    Ok(0)
}

/// The lockfile that the account proves.
async fn prove(
    setup: Setup,
    global: &GlobalArgs,
    world: &World,
) -> Result<(LiveState, Lockfile), CliError> {
    let Setup { project, environment, .. } = setup;
    let connection = connect::connect(global, &environment, true, world)?;
    let reader = Reader::new(connection);
    let no_keys = BTreeSet::new();
    let live = tokio::select! {
        snapshot = reader.snapshot(&no_keys) => snapshot?.live,
        error = world.interrupted() => return Err(error),
    };
    let policy = Policy::new(environment.name, environment.account);
    let (proven, problems) = lock_from(&live, &project.project, &policy.environment);
    check_identity(&live, None, &policy)?;
    match problems.first() {
        None => Ok((live, proven)),
        Some(blocker) => Err(blocker.into()),
    }
}
