//! Which lockfiles are meant by a command that reads nothing else.

use std::fs;

use super::args::GlobalArgs;
use super::error::CliError;
use super::setup;
use crate::lockfile::{FormatError, LockError, Lockfile};
use crate::model::EnvironmentName;
use crate::text::suggest;

/// The lockfile of the environment that is named, or of the only one that a real account has.
///
/// Returns an error if there are several: a guess could be the live one.
pub(super) fn one(global: &GlobalArgs) -> Result<Lockfile, CliError> {
    match named(global)? {
        Some(name) => read(global, &name),
        None => match real(global)?.as_slice() {
            [only] => read(global, only),
            several => Err(too_many(global, several)),
        },
    }
}

/// The lockfile of the environment that is named, or those of all that a real account has.
pub(super) fn all(global: &GlobalArgs) -> Result<Vec<Lockfile>, CliError> {
    match named(global)? {
        Some(name) => Ok(vec![read(global, &name)?]),
        None => real(global)?.iter().map(|name| read(global, name)).collect(),
    }
}

/// One is needed, and there are these.
pub(super) fn too_many<'a>(
    global: &GlobalArgs,
    names: impl IntoIterator<Item = &'a EnvironmentName>,
) -> CliError {
    let names: Vec<String> = names.into_iter().map(|name| format!("`-e {name}`")).collect();
    let folder = super::shown(&global.configs);
    let error = CliError::usage(format!("there are several lockfiles in `{folder}`"));
    error.help(format!("say which: {}", names.join(", ")))
}

fn named(global: &GlobalArgs) -> Result<Option<EnvironmentName>, CliError> {
    match global.emulator {
        Some(_) => Ok(Some(EnvironmentName::emulator())),
        None => setup::named(global),
    }
}

/// The environments with a lockfile in the folder: at least one, sorted.
///
/// An id of the embedded Stripe is no use to an app, so it is never taken for a real one.
fn real(global: &GlobalArgs) -> Result<Vec<EnvironmentName>, CliError> {
    let folder = super::shown(&global.configs);
    let entries = fs::read_dir(&global.configs)
        .map_err(|error| CliError::new(format!("can't read the folder `{folder}`: {error}")))?;
    let names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    // One that is many accounts has a folder of lockfiles.
    let end = if global.account.is_some() { ".lock" } else { ".lock.json" };
    let mut environments: Vec<EnvironmentName> = names
        .iter()
        .filter_map(|name| EnvironmentName::parse(name.strip_suffix(end)?).ok())
        .filter(|name| global.account.is_none() || setup::lockfile(global, name).exists())
        .collect();
    let n_found = environments.len();
    environments.retain(|name| *name != EnvironmentName::emulator());
    environments.sort_unstable();
    if environments.is_empty() {
        let error = CliError::new(format!("there is no lockfile in `{folder}`"));
        let is_fleet = names.iter().any(|name| name.ends_with(".lock"));
        return Err(error.help(match n_found {
            0 if is_fleet => "many accounts have one each: `--account acct_…` says whose",
            0 => "`reconcile` writes it",
            _ => "there is only the embedded Stripe's, which `--emulator` reads",
        }));
    }
    Ok(environments)
}

fn read(global: &GlobalArgs, name: &EnvironmentName) -> Result<Lockfile, CliError> {
    let path = setup::lockfile(global, name);
    let lockfile = Lockfile::read(&path).map_err(|error| match &error {
        LockError::Missing { .. } => CliError::chain(&error).help(missing(global, name)),
        LockError::Format { source: FormatError::Shared(_), .. }
        | LockError::Io { .. }
        | LockError::NotAFile { .. }
        | LockError::Changed { .. } => error.into(),
        LockError::Format { .. } => CliError::chain(&error).help(rebuild(global, name)),
    })?;
    if lockfile.environment != *name {
        let (shown, other) = (super::shown(&path), &lockfile.environment);
        let error = CliError::new(format!("`{shown}` says that it is of `{other}`"));
        return Err(error.help(rebuild(global, name)));
    }
    Ok(lockfile)
}

fn missing(global: &GlobalArgs, name: &EnvironmentName) -> String {
    let others = real(global).unwrap_or_default();
    let others: Vec<&str> = others.iter().map(EnvironmentName::as_str).collect();
    match suggest::nearest(name.as_str(), &others) {
        Some(near) => format!("did you mean `-e {near}`?"),
        None => "`reconcile` writes it; `reconcile lock` rebuilds it".to_owned(),
    }
}

fn rebuild(global: &GlobalArgs, name: &EnvironmentName) -> String {
    format!("`reconcile lock{}` rebuilds it from the account", option(global, name))
}

/// What a command has to say of an environment that was found, not named.
fn option(global: &GlobalArgs, name: &EnvironmentName) -> String {
    let is_named = global.environment.is_some() || global.emulator.is_some();
    if is_named { String::new() } else { format!(" -e {name}") }
}
