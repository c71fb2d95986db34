//! What a file has to say of a live configuration, as a change of what it says already.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::desired::{self, ProductEntry};
use crate::import::{field_value, product_entry, quantity_value};
use crate::model::{
    FieldPath, Kind, LookupKey, PriceBook, ProductId, ProductPart, Settings, Value,
};

/// How a file can want something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By not speaking of it.
    LeaveOut,
    /// By saying it.
    Say,
}

/// A file's tree, and what is to be said in it.
#[derive(Clone, Copy)]
pub(super) struct Saying<'a> {
    pub(super) original: &'a Json,
    pub(super) live: &'a Settings,
    pub(super) prices: &'a PriceBook,
}

impl Saying<'_> {
    /// Says something, or says it more clearly.
    ///
    /// Returns false if that isn't possible.
    pub(super) fn say(&self, path: &FieldPath, said: &mut BTreeMap<FieldPath, Way>) -> bool {
        let way = match said.get(path) {
            Some(Way::Say) => return false,
            Some(Way::LeaveOut) => Way::Say,
            None if self.can_be_left_out(path) => Way::LeaveOut,
            None => Way::Say,
        };
        said.insert(path.clone(), way);
        // Whoever reads a detail wants to see that it counts.
        if let Some((gate, _)) = path.gate()
            && way == Way::Say
            && !matches!(path, FieldPath::Product(..))
        {
            let is_there = at(self.original, &keys(&gate.into())).is_some();
            let gate = FieldPath::from(gate);
            if !is_there && !said.contains_key(&gate) {
                said.insert(gate, Way::Say);
            }
        }
        true
    }

    /// Says all products.
    ///
    /// Returns false if there are none.
    pub(super) fn say_all_products(&self, said: &mut BTreeMap<FieldPath, Way>) -> bool {
        let products = self.live.products();
        let path = |product: &ProductId| FieldPath::Product(product.clone(), ProductPart::Prices);
        said.extend(products.iter().map(|product| (path(product), Way::Say)));
        !products.is_empty()
    }

    /// True if the file has the key, and the others around it mean something without it.
    fn can_be_left_out(&self, path: &FieldPath) -> bool {
        let is_vital = match path {
            FieldPath::Field(field) => {
                let is_known =
                    self.live.get(path).is_none_or(|it| field.spec().kind.known(it).is_some());
                is_known
                    && field
                        .path()
                        .rsplit('.')
                        .next()
                        .is_some_and(|key| ["enabled", "type"].contains(&key))
            }
            FieldPath::Product(..) => true,
            FieldPath::Metadata(_) => false,
        };
        !is_vital && at(self.original, &keys(path)).is_some()
    }

    /// The tree in which all of it is said. `entries` are the products that the file lists.
    pub(super) fn tree(&self, said: &BTreeMap<FieldPath, Way>, entries: &[ProductEntry]) -> Json {
        let mut tree = self.original.clone();
        let mut products = BTreeSet::new();
        for (path, way) in said {
            match (path, way) {
                (FieldPath::Product(..), _) => {
                    products.insert(path.clone());
                }
                (FieldPath::Field(_) | FieldPath::Metadata(_), Way::LeaveOut) => {
                    remove(&mut tree, &keys(path));
                }
                (FieldPath::Field(_) | FieldPath::Metadata(_), Way::Say) => {
                    put(&mut tree, &keys(path), self.value(path));
                }
            }
        }
        if !products.is_empty() {
            let keys: Vec<&str> = FieldPath::PRODUCTS.split('.').collect();
            put(&mut tree, &keys, self.products(&products, entries));
        }
        tree
    }

    fn value(&self, path: &FieldPath) -> Json {
        match path {
            FieldPath::Field(field) => {
                let value = field_value(*field, self.live);
                if value == json!("") && is_list(field.spec().kind) { json!([]) } else { value }
            }
            FieldPath::Metadata(_) | FieldPath::Product(..) => match self.live.get(path) {
                Some(Value::Text(text)) => json!(desired::escaped(text)),
                _ => json!(""),
            },
        }
    }

    /// The list of products: entries that are right as they are, those that are changed, and new
    /// ones.
    fn products(&self, said: &BTreeSet<FieldPath>, entries: &[ProductEntry]) -> Json {
        let path: Vec<&str> = FieldPath::PRODUCTS.split('.').collect();
        let written = match at(self.original, &path) {
            Some(Json::Array(items)) if items.len() == entries.len() => items.as_slice(),
            _ => &[],
        };
        let live = self.live.products();
        let mut listed = BTreeSet::new();
        let mut items = Vec::new();
        for (item, entry) in written.iter().zip(entries) {
            let Some(product) = entry.product_in(self.prices) else { continue };
            if live.contains(&product) && listed.insert(product.clone()) {
                items.push(self.entry(item, entry, &product, said));
            }
        }
        let keys = self.lookup_keys();
        let new = live.into_iter().filter(|product| !listed.contains(product));
        items.extend(new.map(|product| product_entry(product, said, self.live, &keys)));
        Json::Array(items)
    }

    /// An entry that speaks as it did, by ids or by lookup keys. What is new has its lookup key.
    fn entry(
        &self,
        item: &Json,
        entry: &ProductEntry,
        product: &ProductId,
        said: &BTreeSet<FieldPath>,
    ) -> Json {
        let path = |part| FieldPath::Product(product.clone(), part);
        let mut item = item.clone();
        if said.contains(&path(ProductPart::Prices)) {
            self.revise_prices(&mut item, entry, product);
        }
        if said.contains(&path(ProductPart::Quantity))
            && let Some(Value::Quantity(quantity)) = self.live.get(&path(ProductPart::Quantity))
        {
            item["adjustable_quantity"] = quantity_value(*quantity);
        }
        item
    }

    fn revise_prices(&self, item: &mut Json, entry: &ProductEntry, product: &ProductId) {
        let path = FieldPath::Product(product.clone(), ProductPart::Prices);
        let mut left = match self.live.get(&path) {
            Some(Value::Set(ids)) => ids.clone(),
            _ => BTreeSet::new(),
        };
        // Where one is written twice, no text is known to be that of a price.
        let written = |key: &str, n_read: usize| match item[key].as_array() {
            Some(texts) if texts.len() == n_read => texts.clone(),
            _ => Vec::new(),
        };
        let (mut lookup_keys, mut prices) = (Vec::new(), Vec::new());
        let texts = written("lookup_keys", entry.lookup_keys.len());
        for (text, key) in texts.into_iter().zip(&entry.lookup_keys) {
            if self.prices.get(&key.value).is_some_and(|price| left.remove(price.id.as_str())) {
                lookup_keys.push(text);
            }
        }
        let texts = written("prices", entry.prices.len());
        for (text, id) in texts.into_iter().zip(&entry.prices) {
            if left.remove(id.value.as_str()) {
                prices.push(text);
            }
        }
        let known = self.lookup_keys();
        for id in left {
            match known.get(id.as_str()) {
                Some(key) => lookup_keys.push(json!(key.as_str())),
                None => prices.push(json!(id)),
            }
        }
        if lookup_keys.is_empty() && item.get("product").is_none() {
            item["product"] = json!(product.as_str());
        }
        for (key, list) in [("lookup_keys", lookup_keys), ("prices", prices)] {
            if list.is_empty() {
                item.as_object_mut().map(|entries| entries.shift_remove(key));
            } else {
                item[key] = Json::Array(list);
            }
        }
    }

    fn lookup_keys(&self) -> BTreeMap<&str, &LookupKey> {
        self.prices.iter().map(|(key, price)| (price.id.as_str(), key)).collect()
    }
}

fn is_list(kind: Kind) -> bool {
    match kind {
        Kind::Set(_) | Kind::TypedSet(_) | Kind::IdSet | Kind::Intervals => true,
        Kind::Flag | Kind::Text(_) | Kind::Url | Kind::Choice(_) => false,
    }
}

/// The keys of a path, from the outside in.
fn keys(path: &FieldPath) -> Vec<&str> {
    match path {
        FieldPath::Field(field) => field.path().split('.').collect(),
        FieldPath::Product(..) => FieldPath::PRODUCTS.split('.').collect(),
        FieldPath::Metadata(key) => vec![FieldPath::METADATA, key],
    }
}

/// What is at a path, if anything.
fn at<'j>(tree: &'j Json, keys: &[&str]) -> Option<&'j Json> {
    keys.iter().try_fold(tree, |tree, key| tree.get(key)).filter(|found| !found.is_null())
}

/// Puts a value at a path.
fn put(tree: &mut Json, keys: &[&str], value: Json) {
    let Some((key, below)) = keys.split_first() else {
        *tree = value;
        return;
    };
    if !tree.is_object() {
        *tree = Json::Object(Map::new());
    }
    put(&mut tree[*key], below, value);
}

/// Takes away what is at a path, and every mapping around it in which nothing else is.
fn remove(tree: &mut Json, keys: &[&str]) {
    let (Some((key, below)), Some(entries)) = (keys.split_first(), tree.as_object_mut()) else {
        return;
    };
    let Some(child) = entries.get_mut(*key) else { return };
    remove(child, below);
    if below.is_empty() || child.as_object().is_some_and(Map::is_empty) {
        entries.shift_remove(*key);
    }
}
