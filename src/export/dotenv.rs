//! For apps that take what differs between environments from variables.

use super::names::spelled;
use super::{CantExport, Format, Ids, notice};
use crate::model::Role;

pub(super) fn render(ids: &Ids) -> Result<String, CantExport> {
    let format = Format::Dotenv;
    let mut environments = ids.iter();
    let (Some((environment, ids)), None) = (environments.next(), environments.next()) else {
        return Err(CantExport::SeveralEnvironments);
    };
    let roles: Vec<&str> = ids.keys().map(Role::as_str).collect();
    let variables = spelled(&roles, format, variable)?;
    let mut text =
        format!("# {}\n# The customer-portal configurations of `{environment}`.\n", notice(format));
    for (role, id) in ids {
        // Some readers of such files take all behind `=` for the value, comments included.
        if role.as_str().contains('-') {
            text.push_str(&format!("# `{role}`:\n"));
        }
        text.push_str(&format!("{}={id}\n", variables[role.as_str()]));
    }
    Ok(text)
}

fn variable(role: &str) -> String {
    format!("PORTAL_CONFIGURATION_{}", role.to_ascii_uppercase().replace('-', "_"))
}
