use serde_json::Value as Json;

use super::{tree, with_dialect};
use crate::reference::key::Home;

/// `reconcile.yaml`.
pub(super) fn schema() -> Json {
    let mut schema = tree::of(Home::Settings);
    tree::describe(
        &mut schema,
        "The project, its environments, and what all roles have in common.",
    );
    let mut defaults = tree::of(Home::Role);
    if let Some(properties) = defaults["properties"].as_object_mut() {
        for of_one_role in ["default", "waive"] {
            properties.shift_remove(of_one_role);
        }
    }
    let about = schema["properties"]["defaults"]["description"].clone();
    tree::describe(&mut defaults, about.as_str().unwrap_or_default());
    schema["properties"]["defaults"] = defaults;
    with_dialect(schema)
}
