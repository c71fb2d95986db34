//! A module of Python, from 3.10 on.

use super::table::Table;
use super::{Format, notice};

pub(super) fn render(table: &Table<'_>) -> String {
    let notice = notice(Format::Python);
    let mut ids = String::new();
    for (environment, roles) in table.rows() {
        ids.push_str(&format!("    \"{environment}\": {{\n"));
        ids.extend(roles.map(|(role, id)| format!("        \"{role}\": \"{id}\",\n")));
        ids.push_str("    },\n");
    }
    let (environments, roles) = (list(&table.environments), list(&table.roles));
    format!(
        r#"# {notice}
"""The ids of the customer-portal configurations."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, TypeGuard

# The environments with a lockfile.
Environment: TypeAlias = Literal[
{environments}]

# The roles that every environment has.
Role: TypeAlias = Literal[
{roles}]

ENVIRONMENTS: Final[tuple[Environment, ...]] = (
{environments})

ROLES: Final[tuple[Role, ...]] = (
{roles})

CONFIGURATIONS: Final[Mapping[Environment, Mapping[Role, str]]] = {{
{ids}}}


def is_environment(value: object) -> TypeGuard[Environment]:
    """Tells whether a value, such as one of a variable, is an environment."""
    return value in ENVIRONMENTS


def is_role(value: object) -> TypeGuard[Role]:
    """Tells whether a value, such as one of a database, is a role."""
    return value in ROLES


def configuration(environment: Environment, role: Role) -> str:
    """Returns the id of a role's configuration, for a portal session."""
    return CONFIGURATIONS[environment][role]
"#
    )
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("    \"{name}\",\n")).collect()
}
