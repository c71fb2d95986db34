//! `reconcile show`: what a role's file and `defaults` come to, value by value.

use super::args::{GlobalArgs, ShowArgs};
use super::error::CliError;
use super::setup::Setup;
use super::world::World;
use crate::desired::trace;
use crate::model::Role;
use crate::render;
use crate::text::suggest;

/// Shows the roles that are named, or all.
pub(super) fn run(global: &GlobalArgs, args: &ShowArgs, world: &mut World) -> Result<u8, CliError> {
    let Setup { files, project, environment, mut bag } = Setup::read_any(global, world)?;
    let roles = trace(&files, &project, &environment, world.today()).unwrap_or_else(|problems| {
        bag.extend(problems);
        Default::default()
    });
    if bag.has_errors() {
        return Err(CliError::files(bag, files.sources));
    }
    let known: Vec<&str> = roles.keys().map(Role::as_str).collect();
    if let Some(unknown) = args.roles.iter().find(|name| !known.contains(&name.as_str())) {
        let error = CliError::usage(format!("no file is called `{unknown}.yaml`"));
        return Err(error.help(suggest::help(unknown, &known)));
    }
    let is_meant =
        |role: &Role| args.roles.is_empty() || args.roles.iter().any(|name| name == role.as_str());
    let shown = roles.iter().filter(|(role, _)| is_meant(role)).map(|(role, values)| {
        render::origins(role, &environment.name, values, &files.sources, &world.styles)
    });
    let text = shown.collect::<Vec<_>>().join("\n");
    world.print(&world.exact(&text));
    Ok(0)
}
