//! Settings without anything that is one account's own.

use std::collections::BTreeMap;

use crate::model::{FieldPath, PriceBook, ProductPart, Settings, Value};

/// What counts of these settings, by path. Each price that customers can switch to is at its lookup
/// key, or at its id where it has none, and has its product's quantity.
pub(super) fn portable(settings: &Settings, prices: &PriceBook) -> BTreeMap<String, Value> {
    let keys: BTreeMap<&str, &str> =
        prices.iter().map(|(key, price)| (price.id.as_str(), key.as_str())).collect();
    let mut portable = BTreeMap::new();
    let settings = settings.effective();
    for (path, value) in settings.iter() {
        match (path, value) {
            (FieldPath::Product(product, ProductPart::Prices), Value::Set(ids)) => {
                let quantity = FieldPath::Product(product.clone(), ProductPart::Quantity);
                let quantity = settings.get(&quantity).cloned().unwrap_or(Value::Flag(true));
                for id in ids {
                    let key = keys.get(id.as_str()).unwrap_or(&id.as_str()).to_owned();
                    let path = format!("{}[{key}].adjustable_quantity", FieldPath::PRODUCTS);
                    portable.insert(path, quantity.clone());
                }
            }
            (FieldPath::Product(..), _) => {}
            (FieldPath::Field(_) | FieldPath::Metadata(_), _) => {
                portable.insert(path.to_string(), value.clone());
            }
        }
    }
    portable
}
