//! `reconcile lock`: the lockfile from the account alone.

use std::collections::BTreeSet;

use similar::TextDiff;

use super::args::{GlobalArgs, LockArgs};
use super::connect;
use super::error::CliError;
use super::setup::{self, Setup};
use super::world::World;
use crate::lockfile::{self, LockStore};
use crate::model::Lockfile;
use crate::plan::{Blocker, LockProblem, Policy, identity, lock_from};
use crate::stripe::Reader;
use crate::text::clean;

/// Rebuilds or compares.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &LockArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    let proven = prove(global, world).await?;
    let path = setup::lockfile(global, &proven.environment);
    let shown = super::shown(&path);
    if args.check {
        let text = lockfile::to_text(&proven);
        let found = LockStore::open(&path).map_err(|error| CliError::chain(&error))?;
        if found.text() == Some(text.as_str()) {
            world.print(&format!("{shown} is what the account says\n"));
            return Ok(0);
        }
        let before = found.text().unwrap_or_default();
        let diff = TextDiff::from_lines(before, &text)
            .unified_diff()
            .header(&shown, "the account")
            .to_string();
        let diff: String = diff.lines().map(|line| clean(line) + "\n").collect();
        world.print(&diff);
        let error = CliError::new(format!("{shown} is not what the account says"));
        return Err(error.help("`reconcile lock` rebuilds it"));
    }
    let mut store = LockStore::open(&path).map_err(|error| CliError::chain(&error))?;
    let has_changed = store.save(&proven).map_err(|error| CliError::chain(&error))?;
    let what = if has_changed { "now says" } else { "says already" };
    let roles = crate::text::plural(proven.roles.len(), "role");
    world.print(&format!("{shown} {what} what the account says: {roles}\n"));
    Ok(0)
}

/// The lockfile that the account proves.
async fn prove(global: &GlobalArgs, world: &World) -> Result<Lockfile, CliError> {
    let Setup { files, project, environment, bag } = Setup::read(global, world)?;
    if bag.has_errors() {
        return Err(CliError::files(bag, files.sources));
    }
    let connection = connect::connect(global, &environment, true, world)?;
    let reader = Reader::new(connection);
    let no_keys = BTreeSet::new();
    let live = tokio::select! {
        snapshot = reader.snapshot(&no_keys) => snapshot?.live,
        error = world.interrupted() => return Err(error),
    };
    let policy =
        Policy { environment: environment.name, account: environment.account, max_changes: None };
    let (proven, problems) = lock_from(&live, &project.project, &policy.environment);
    let blockers = identity(&live, None, &policy);
    let several =
        problems.into_iter().map(|LockProblem { role, ids }| Blocker::SeveralMarked { role, ids });
    match blockers.into_iter().chain(several).next() {
        None => Ok(proven),
        Some(blocker) => Err(CliError::new(&blocker).help(blocker.help())),
    }
}
