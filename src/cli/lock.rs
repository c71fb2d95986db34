//! `reconcile lock`: the lockfile from the account alone.

use similar::TextDiff;

use super::args::{GlobalArgs, LockArgs};
use super::connect::{self, Target};
use super::error::CliError;
use super::world::World;
use crate::desired::{Files, ProjectFile};
use crate::lockfile::{self, LockStore};
use crate::model::Lockfile;
use crate::plan::{Blocker, LockProblem, lock_from};
use crate::stripe::Reader;
use crate::text::clean;

/// Rebuilds or compares.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &LockArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    let proven = prove(global, world).await?;
    let path = connect::lockfile_path(&global.configs, &proven.environment);
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
async fn prove(global: &GlobalArgs, world: &mut World) -> Result<Lockfile, CliError> {
    let files = Files::load(&global.configs);
    let (project, bag) = ProjectFile::read(&files);
    if bag.has_errors() {
        return Err(CliError::files(bag, files.sources));
    }
    let (name, environment) = connect::environment(global, &project)?;
    let Target { name, connection } = connect::connect(global, name, &environment, world)?;
    let live = Reader::new(connection).snapshot(&Default::default()).await?.live;
    let policy = connect::policy(&name, &environment, None, global);
    if let Some(blocker) = crate::plan::identity(&live, None, &policy).into_iter().next() {
        return Err(CliError::new(&blocker).help(blocker.help()));
    }
    let (proven, problems) = lock_from(&live, &project.project, &name);
    match problems.into_iter().next() {
        None => Ok(proven),
        Some(LockProblem { role, ids }) => {
            let blocker = Blocker::SeveralMarked { role, ids };
            Err(CliError::new(&blocker).help(blocker.help()))
        }
    }
}
