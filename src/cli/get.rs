//! `reconcile get`: what an app or a script reads.

use std::path::Path;

use super::args::{GetArgs, GlobalArgs};
use super::error::CliError;
use super::lockfiles;
use super::setup;
use super::world::World;
use crate::lockfile::Lockfile;
use crate::model::{ConfigurationId, Role};

/// Prints the id of a role's configuration, and nothing else.
pub(super) fn run(global: &GlobalArgs, get: &GetArgs, world: &mut World) -> Result<u8, CliError> {
    let lockfile = lockfiles::one(global)?;
    let path = setup::lockfile(global, &lockfile.environment);
    let (_, id) = find(&get.role, &path, &lockfile)?;
    world.print(&format!("{id}\n"));
    Ok(0)
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
