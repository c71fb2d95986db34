//! For scripts, and for languages that have no format of their own.

use std::collections::BTreeMap;

use super::Ids;

pub(super) fn render(ids: &Ids) -> String {
    let by_environment: BTreeMap<&str, BTreeMap<&str, &str>> = ids
        .iter()
        .map(|(environment, roles)| {
            let roles = roles.iter().map(|(role, id)| (role.as_str(), id.as_str())).collect();
            (environment.as_str(), roles)
        })
        .collect();
    let text = serde_json::to_string_pretty(&by_environment);
    text.expect("strings and maps are JSON") + "\n"
}
