//! `reconcile explain`: what a code or a key means.

use super::args::ExplainArgs;
use super::error::CliError;
use super::world::World;
use crate::reference;

/// Explains one thing, or lists what there is.
pub(super) fn run(explain: &ExplainArgs, world: &mut World) -> Result<u8, CliError> {
    let text = match &explain.name {
        None => reference::index(),
        Some(name) => reference::explain(name).map_err(|help| {
            CliError::usage(format!("there is no key and no code `{name}`")).help(help)
        })?,
    };
    world.print(&text);
    Ok(0)
}
