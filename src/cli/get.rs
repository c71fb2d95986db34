//! `reconcile get`: what an app or a script reads.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::{GetArgs, GlobalArgs};
use super::error::CliError;
use super::setup;
use super::world::World;
use crate::lockfile::{LockError, Lockfile};
use crate::model::{ConfigurationId, EnvironmentName, Role};

/// Prints the id of a role's configuration, and nothing else.
pub(super) fn run(global: &GlobalArgs, get: &GetArgs, world: &mut World) -> Result<u8, CliError> {
    let (path, lockfile) = read(global)?;
    let (_, id) = find(&get.role, &path, &lockfile)?;
    world.print(&format!("{id}\n"));
    Ok(0)
}

/// The lockfile of the environment that is meant, and where it is.
pub(super) fn read(global: &GlobalArgs) -> Result<(PathBuf, Lockfile), CliError> {
    let (environment, path) = lockfile(global)?;
    let shown = super::shown(&path);
    let lockfile = Lockfile::read(&path).map_err(|error| {
        let complaint = CliError::chain(&error);
        match error {
            LockError::Missing { .. } => {
                complaint.help("`reconcile` writes it; `reconcile lock` rebuilds it")
            }
            LockError::Io { .. }
            | LockError::Format { .. }
            | LockError::NotAFile { .. }
            | LockError::Changed { .. } => complaint,
        }
    })?;
    if lockfile.environment != environment {
        let error =
            CliError::new(format!("`{shown}` says that it is of `{}`", lockfile.environment));
        return Err(error.help("`reconcile lock` rebuilds it from the account"));
    }
    Ok((path, lockfile))
}

/// The role that has this name in a lockfile, and its configuration.
pub(super) fn find<'l>(
    name: &str,
    path: &Path,
    lockfile: &'l Lockfile,
) -> Result<(&'l Role, &'l ConfigurationId), CliError> {
    let id = lockfile.id(name).map_err(|unknown| {
        let error = format!("`{}` has no role `{}`", super::shown(path), unknown.role);
        CliError::new(error).help(unknown.help)
    })?;
    let (role, _) = lockfile.roles.iter().find(|(_, of)| *of == id).expect("it is one of them");
    Ok((role, id))
}

/// The environment that is meant, and its lockfile: the one that is named, the embedded account's,
/// or the only one that a real account has.
fn lockfile(global: &GlobalArgs) -> Result<(EnvironmentName, PathBuf), CliError> {
    let name = match (&global.emulator, setup::named(global)?) {
        (Some(_), _) => EnvironmentName::emulator(),
        (None, Some(name)) => name,
        (None, None) => only_environment(global)?,
    };
    let path = setup::lockfile(global, &name);
    Ok((name, path))
}

fn only_environment(global: &GlobalArgs) -> Result<EnvironmentName, CliError> {
    let folder = super::shown(&global.configs);
    let entries = fs::read_dir(&global.configs)
        .map_err(|error| CliError::new(format!("can't read the folder `{folder}`: {error}")))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut environments: Vec<EnvironmentName> = names
        .filter_map(|name| EnvironmentName::parse(name.strip_suffix(".lock.json")?).ok())
        .collect();
    environments.sort();
    // An id of the embedded Stripe is no use to an app, so it is never taken for a real one.
    let real: Vec<&EnvironmentName> =
        environments.iter().filter(|name| **name != EnvironmentName::emulator()).collect();
    match real.as_slice() {
        [only] => Ok((*only).clone()),
        [] => {
            let error = CliError::new(format!("there is no lockfile in `{folder}`"));
            Err(error.help(if environments.is_empty() {
                "`reconcile` writes it"
            } else {
                "there is only the embedded Stripe's, which `--emulator` reads"
            }))
        }
        several => {
            let names: Vec<String> = several.iter().map(|name| format!("`-e {name}`")).collect();
            let error = CliError::usage(format!("there are several lockfiles in `{folder}`"));
            Err(error.help(format!("say which: {}", names.join(", "))))
        }
    }
}
