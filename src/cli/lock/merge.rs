//! `reconcile lock merge`: what shards have written on other machines, put together.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::args::GlobalArgs;
use crate::cli::error::CliError;
use crate::cli::setup::{self, Setup};
use crate::cli::world::World;
use crate::cli::{quoted, shown};
use crate::desired::Environment;
use crate::lockfile::{LockStore, Lockfile};
use crate::model::AccountId;
use crate::text::plural;

/// More problems than this are counted.
const MOST_PROBLEMS: usize = 20;

/// Takes over the lockfiles in the folders. What is here of other accounts stays.
///
/// Each account's is written by one shard, so two folders that differ are a mistake: a lockfile that a
/// shard never touched would put back what another one has replaced. If anything is wrong with one,
/// nothing is written.
pub(super) fn run(
    global: &GlobalArgs,
    folders: &[PathBuf],
    world: &mut World,
) -> Result<u8, CliError> {
    let setup = Setup::read_any(global, world)?;
    if setup.bag.has_errors() {
        return Err(CliError::files(setup.bag, setup.files.sources));
    }
    let name = &setup.environment.name;
    if setup.environment.accounts.is_none() {
        let error = format!("`{name}` is one account, and its lockfile is written by one run");
        return Err(CliError::usage(error));
    }
    let here = setup.lockfile(global);
    let shown_here = shown(&here.with_extension(""));
    let mut merge = Merge::default();
    for folder in folders {
        for path in files_below(folder)? {
            merge.take(path, &setup.environment);
        }
    }
    let Merge { lockfiles, problems } = merge;
    if !problems.is_empty() {
        return Err(cant_merge(problems, &shown_here));
    }
    let mut n_changed = 0;
    for (account, (_, lockfile)) in &lockfiles {
        let path = setup::lockfile_of_account(&here, account);
        let saved = LockStore::open(&path).and_then(|mut store| store.save(lockfile));
        n_changed += usize::from(saved.map_err(|error| {
            let written = format!("{} written before that", plural(n_changed, "lockfile"));
            CliError { details: vec![written], ..error.into() }
        })?);
    }
    let (n_found, n_changed) = (plural(lockfiles.len(), "lockfile"), plural(n_changed, "change"));
    world.print(&format!("{shown_here} now has {n_found} of the shards: {n_changed}\n"));
    Ok(0)
}

fn cant_merge(mut problems: Vec<String>, here: &str) -> CliError {
    let n_left_out = problems.len().saturating_sub(MOST_PROBLEMS);
    problems.truncate(MOST_PROBLEMS);
    if n_left_out > 0 {
        problems.push(format!("… and {}", plural(n_left_out, "more problem")));
    }
    let error = CliError::new("the lockfiles can't be put together; nothing was written");
    let help = format!(
        "give it only what each shard has written; in a checkout, \
         `git ls-files --modified --others {}` lists that",
        quoted(here)
    );
    CliError { details: problems, ..error.help(help) }
}

/// What the folders have.
#[derive(Default)]
struct Merge {
    /// Each account's, and where it was found.
    lockfiles: BTreeMap<AccountId, (PathBuf, Lockfile)>,
    problems: Vec<String>,
}

impl Merge {
    /// Takes note of a file, which may be anything.
    fn take(&mut self, path: PathBuf, environment: &Environment) {
        let (account, found) = match read(&path, environment) {
            Ok(found) => found,
            Err(problem) => return self.problems.push(problem),
        };
        match self.lockfiles.get(&account) {
            Some((other, lockfile)) if *lockfile != found => {
                let (one, other) = (shown(other), shown(&path));
                self.problems.push(format!("{account} has other ids in {one} than in {other}"));
            }
            Some(_) => {}
            None => {
                self.lockfiles.insert(account, (path, found));
            }
        }
    }
}

/// The account that a file is about, by its name and by what it says.
fn read(path: &Path, environment: &Environment) -> Result<(AccountId, Lockfile), String> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let account = AccountId::parse(stem)
        .map_err(|_| format!("{} isn't named after an account", shown(path)))?;
    let lockfile = Lockfile::read(path).map_err(|error| CliError::chain(&error).message)?;
    let is_of = |what: &str| format!("{} is of {what}", shown(path));
    if lockfile.account.as_ref() != Some(&account) {
        return Err(is_of("another account than its name says"));
    }
    if lockfile.environment != environment.name {
        return Err(is_of(&format!("the environment `{}`", lockfile.environment)));
    }
    if lockfile.mode != environment.mode {
        return Err(is_of(&format!("{} mode", lockfile.mode)));
    }
    Ok((account, lockfile))
}

/// All files of a folder and of those in it, sorted. Hidden ones are nobody's lockfiles.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let unreadable = |error| CliError::new(format!("can't read `{}`: {error}", shown(folder)));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type().map_err(unreadable)?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    files.sort_unstable();
    Ok(files)
}
