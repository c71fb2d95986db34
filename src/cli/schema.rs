//! `reconcile schema`: JSON Schemas for editors and programs.

use super::args::{SchemaArgs, SchemaName};
use super::error::CliError;
use super::world::World;
use crate::reference::schema::Document;

/// Prints a schema.
pub(super) fn run(schema: &SchemaArgs, world: &mut World) -> Result<u8, CliError> {
    let document = match schema.name {
        SchemaName::Config => Document::Config,
        SchemaName::Settings => Document::Settings,
        SchemaName::Lockfile => Document::Lockfile,
        SchemaName::Plan => Document::Plan,
        SchemaName::Fleet => Document::Fleet,
    };
    world.print(&document.schema());
    Ok(0)
}
