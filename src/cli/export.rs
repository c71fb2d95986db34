//! `reconcile export`: the ids of the lockfiles as code of the app's language.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::GlobalArgs;
use super::difference;
use super::error::CliError;
use super::lockfiles;
use super::output;
use super::world::World;
use super::{quoted, shown};
use crate::export::{CantExport, Format, Ids, LeftOut, export};
use crate::model::EnvironmentName;

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// The language.
    #[arg(long, value_name = "FORMAT")]
    format: ExportFormat,
    /// Write into this file, in one step, unless it says the same already.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only compare, and exit with 1 if the file says something else.
    #[arg(long, requires = "out")]
    check: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ExportFormat {
    /// All ids by environment and role.
    Json,
    /// A variable for each role of one environment, such as `PORTAL_CONFIGURATION_ADMIN`.
    Dotenv,
    /// A module for Node and browsers.
    Typescript,
    /// A module, for Python 3.10 or later.
    Python,
    /// A module.
    Rust,
    /// A package.
    Go,
}

/// Prints, writes or compares.
pub(super) fn run(
    global: &GlobalArgs,
    args: &ExportArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    let format = format(args.format);
    let lockfiles = lockfiles::all(global)?;
    let ids: Ids = lockfiles.into_iter().map(|it| (it.environment, it.roles)).collect();
    let exported = export(format, &ids).map_err(|error| failure(error, &ids, global))?;
    for left_out in &exported.left_out {
        warn(left_out, world);
    }
    let text = exported.text;
    let names: Vec<&str> = ids.keys().map(EnvironmentName::as_str).collect();
    let what = format!("the ids of {}", names.join(", "));
    match &args.out {
        None => world.print(&text),
        Some(path) if args.check => check(path, &text, &what, format, world)?,
        Some(path) => return write(path, &text, &what, world),
    }
    Ok(0)
}

fn format(format: ExportFormat) -> Format {
    match format {
        ExportFormat::Json => Format::Json,
        ExportFormat::Dotenv => Format::Dotenv,
        ExportFormat::Typescript => Format::Typescript,
        ExportFormat::Python => Format::Python,
        ExportFormat::Rust => Format::Rust,
        ExportFormat::Go => Format::Go,
    }
}

fn failure(error: CantExport, ids: &Ids, global: &GlobalArgs) -> CliError {
    match error {
        CantExport::SeveralEnvironments => lockfiles::too_many(global, ids.keys()),
        CantExport::NoRole => CliError::new(error).help(match ids.len() {
            1 => "`reconcile` puts roles into it",
            _ => "apply the same files to all environments, or name one with `-e`",
        }),
        CantExport::Collision { .. } => CliError::new(error).help(
            "rename one of them; `reconcile export --format json` takes all names as they are",
        ),
    }
}

/// Says why a role that somebody may look for isn't there.
fn warn(left_out: &LeftOut, world: &mut World) {
    let LeftOut { role, has_it, lacks_it } = left_out;
    let commands: Vec<String> =
        lacks_it.iter().map(|name| format!("`reconcile -e {name}`")).collect();
    let text = format!(
        "warning: `{role}` is left out: it is in {}, but not in {}\n  \
         help: {} makes it there; `-e` with one environment exports all of its roles\n",
        names(has_it),
        names(lacks_it),
        commands.join(", "),
    );
    world.eprint(&world.exact(&text));
}

/// `` `staging`, `test` ``
fn names(environments: &[EnvironmentName]) -> String {
    let quoted: Vec<String> = environments.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn check(
    path: &Path,
    text: &str,
    what: &str,
    format: Format,
    world: &mut World,
) -> Result<(), CliError> {
    let file = shown(path);
    let found = found(path)?.unwrap_or_default();
    if found == text {
        world.print(&format!("{file} has {what}\n"));
        return Ok(());
    }
    world.print(&difference::shown([&file, what], &found, text));
    let error = CliError::new(format!("{file} does not have {what}"));
    let out = quoted(&file);
    Err(error.help(format!("`reconcile export --format {format} --out {out}` writes it")))
}

fn write(path: &Path, text: &str, what: &str, world: &mut World) -> Result<u8, CliError> {
    let file = shown(path);
    if found(path)?.as_deref() == Some(text) {
        world.eprint(&format!("{file} already has {what}\n"));
        return Ok(0);
    }
    if !output::write(path, text, world) {
        return Ok(1);
    }
    // The file may be stdout.
    world.eprint(&format!("{file} now has {what}\n"));
    Ok(0)
}

/// What is in a file now, if it is one.
fn found(path: &Path) -> Result<Option<String>, CliError> {
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = fs::read(path).map_err(|error| {
        CliError::new(format!("can't read `{}`: {}", shown(path), error.kind()))
    })?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
