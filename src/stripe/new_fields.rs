//! Parameters that Stripe has and this program doesn't know.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value as Json;

use crate::model::{Field, FieldPath};

/// What an object has beside parameters.
const OTHERS: [&str; 10] = [
    "id",
    "object",
    "active",
    "application",
    "created",
    "updated",
    "is_default",
    "livemode",
    "login_page.url",
    FieldPath::METADATA,
];

/// The paths of parameters that this program doesn't know and that have a value.
pub(super) fn new_fields(json: &Json) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(json, "", &mut found);
    found
}

fn walk(json: &Json, around: &str, found: &mut BTreeSet<String>) {
    // Most parameters are scalars that aren't set.
    let may_count = |value: &Json| value.is_object() || !is_idle(value);
    let members = json.as_object().into_iter().flatten().filter(|(_, value)| may_count(value));
    for (key, value) in members {
        let path = if around.is_empty() { key.clone() } else { format!("{around}.{key}") };
        if path == FieldPath::PRODUCTS {
            value.as_array().into_iter().flatten().for_each(|product| in_product(product, found));
        } else if value.is_object() && is_around_a_field(&path) {
            walk(value, &path, found);
        } else if !is_idle(value) && !is_known(&path) {
            found.insert(path);
        }
    }
}

fn in_product(product: &Json, found: &mut BTreeSet<String>) {
    for (key, value) in product.as_object().into_iter().flatten() {
        let path = format!("{}[].{key}", FieldPath::PRODUCTS);
        if key == "adjustable_quantity" {
            let known = ["enabled", "minimum", "maximum"];
            let quantity = value.as_object().into_iter().flatten();
            let new =
                quantity.filter(|(key, value)| !known.contains(&key.as_str()) && !is_idle(value));
            found.extend(new.map(|(key, _)| format!("{path}.{key}")));
        } else if !["product", "prices"].contains(&key.as_str()) && !is_idle(value) {
            found.insert(path);
        }
    }
}

fn is_known(path: &str) -> bool {
    Field::at(path).is_some() || OTHERS.contains(&path) || is_around_a_field(path)
}

fn is_around_a_field(path: &str) -> bool {
    static AROUND: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let paths = Field::ALL.map(Field::path).into_iter().chain([FieldPath::PRODUCTS]);
        paths.flat_map(|path| path.match_indices('.').map(|(dot, _)| &path[..dot])).collect()
    });
    AROUND.contains(path)
}

/// True if there is nothing to keep: nothing is set, or it is switched off.
pub(super) fn is_idle(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(false) => true,
        Json::Bool(true) | Json::Number(_) => false,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(object) => {
            object.get("enabled") == Some(&Json::Bool(false)) || object.values().all(is_idle)
        }
    }
}
