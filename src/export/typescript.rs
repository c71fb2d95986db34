//! A module of TypeScript. It has no imports, and nothing that is more than types and plain
//! JavaScript, so that Node's own type stripping can read it as well.

use super::names::noun;
use super::table::Table;
use super::{Format, notice};

pub(super) fn render(table: &Table<'_>) -> String {
    let notice = notice(Format::Typescript);
    let mut ids = String::new();
    for (environment, roles) in table.rows() {
        ids.push_str(&format!("  '{environment}': {{\n"));
        ids.extend(roles.map(|(role, id)| format!("    '{role}': '{id}',\n")));
        ids.push_str("  },\n");
    }
    let environments = names("Environment", "An environment with a lockfile", &table.environments);
    let roles = names("Role", "A role that every environment has", &table.roles);
    format!(
        "\
// {notice}

/** The id of each role's customer-portal configuration, by environment. */
export const portalConfigurations = {{
{ids}}} as const;

{environments}
{roles}
/** The id of a role's configuration, for `configuration` of a portal session. */
export function portalConfiguration(environment: PortalEnvironment, role: PortalRole): string {{
  return portalConfigurations[environment][role];
}}
"
    )
}

/// A type of these names, a list of them, and the question whether a text is one.
fn names(of: &str, what: &str, names: &[&str]) -> String {
    let (lower, a_lower) = noun(of);
    let union: String = names.iter().map(|name| format!("\n  | '{name}'")).collect();
    let list: String = names.iter().map(|name| format!("  '{name}',\n")).collect();
    format!(
        "\
/** {what}. */
export type Portal{of} ={union};

/** All of them. */
export const portal{of}s: readonly Portal{of}[] = [
{list}];

/** Whether a value, such as one of a database, is {a_lower}. */
export function isPortal{of}(value: unknown): value is Portal{of} {{
  return portal{of}s.some(({lower}) => {lower} === value);
}}
"
    )
}
