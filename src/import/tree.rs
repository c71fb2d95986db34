//! What a file says, as the tree that is written as YAML.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::desired::escaped;
use crate::model::{
    Field, FieldPath, Kind, LookupKey, PriceBook, ProductId, ProductPart, Quantity, Settings, Value,
};

/// The keys of a file that says what is at these paths.
pub(super) fn tree(
    paths: &BTreeSet<FieldPath>,
    live: &Settings,
    is_default: bool,
    prices: &PriceBook,
) -> Json {
    let mut root = Map::new();
    if is_default {
        root.insert("default".to_owned(), json!(true));
    }
    for path in paths {
        match path {
            FieldPath::Field(field) => put(&mut root, field.path(), field_value(*field, live)),
            // All of them together, at their place among the fields.
            FieldPath::Product(..) => {}
            FieldPath::Metadata(key) => {
                let value = live.get(path).map(value).unwrap_or(json!(""));
                below(&mut root, FieldPath::METADATA).insert(key.clone(), value);
            }
        }
    }
    if paths.iter().any(|path| matches!(path, FieldPath::Product(..))) {
        put(&mut root, FieldPath::PRODUCTS, products(paths, live, prices));
    }
    // A file that forgets its features is refused.
    below(&mut root, "features");
    Json::Object(root)
}

/// Puts a value at a path of names that are joined by dots.
fn put(root: &mut Map<String, Json>, path: &str, value: Json) {
    match path.rsplit_once('.') {
        Some((around, name)) => below(root, around).insert(name.to_owned(), value),
        None => root.insert(path.to_owned(), value),
    };
}

/// The mapping at a path, which is made if it isn't there.
fn below<'m>(root: &'m mut Map<String, Json>, path: &str) -> &'m mut Map<String, Json> {
    path.split('.').fold(root, |map, name| {
        let entry = map.entry(name).or_insert_with(|| Json::Object(Map::new()));
        entry.as_object_mut().expect("no path of the schema goes through a value")
    })
}

/// What a file says of a field.
pub(crate) fn field_value(field: Field, live: &Settings) -> Json {
    let kind = field.spec().kind;
    // What this program doesn't know is kept without a word.
    let known = live.get(&field.into()).and_then(|value| kind.known(value));
    match (kind, known) {
        (_, None) => json!(""),
        (Kind::TypedSet(_), Some(Value::Set(members))) => {
            members.iter().map(|member| json!({ "type": member })).collect()
        }
        (_, Some(known)) => value(&known),
    }
}

fn value(value: &Value) -> Json {
    match value {
        Value::Flag(flag) => json!(flag),
        Value::Text(text) => json!(escaped(text)),
        Value::Set(members) => members.iter().map(|member| escaped(member)).collect(),
        Value::Intervals(intervals) => intervals
            .iter()
            .map(|it| json!({ "interval": it.unit.as_str(), "interval_count": it.count }))
            .collect(),
        Value::Quantity(quantity) => quantity_value(*quantity),
        // No file can want it.
        Value::Unknown(_) => Json::Null,
    }
}

/// What a file says of a quantity.
pub(crate) fn quantity_value(quantity: Quantity) -> Json {
    match quantity {
        Quantity::Fixed => json!({ "enabled": false }),
        Quantity::Adjustable { minimum, maximum: None } => {
            json!({ "enabled": true, "minimum": minimum })
        }
        Quantity::Adjustable { minimum, maximum: Some(maximum) } => {
            json!({ "enabled": true, "minimum": minimum, "maximum": maximum })
        }
    }
}

/// The products, by lookup keys where all prices of a product have one: keys are the same in all
/// accounts, ids aren't.
fn products(paths: &BTreeSet<FieldPath>, live: &Settings, prices: &PriceBook) -> Json {
    let keys: BTreeMap<&str, &LookupKey> =
        prices.iter().map(|(key, price)| (price.id.as_str(), key)).collect();
    live.products().into_iter().map(|product| product_entry(product, paths, live, &keys)).collect()
}

/// What a file says of a product that it doesn't list yet.
pub(crate) fn product_entry(
    product: &ProductId,
    paths: &BTreeSet<FieldPath>,
    live: &Settings,
    keys: &BTreeMap<&str, &LookupKey>,
) -> Json {
    let path = |part| FieldPath::Product(product.clone(), part);
    let at = |part| live.get(&path(part));
    let ids = match at(ProductPart::Prices) {
        Some(Value::Set(ids)) => ids.clone(),
        _ => BTreeSet::new(),
    };
    let lookup_keys: Option<Vec<&str>> =
        ids.iter().map(|id| keys.get(id.as_str()).map(|key| key.as_str())).collect();
    let mut entry = match lookup_keys {
        Some(lookup_keys) => json!({ "lookup_keys": lookup_keys }),
        None => json!({ "product": product.as_str(), "prices": ids }),
    };
    if let Some(quantity) = at(ProductPart::Quantity)
        && paths.contains(&path(ProductPart::Quantity))
    {
        entry["adjustable_quantity"] = value(quantity);
    }
    entry
}
