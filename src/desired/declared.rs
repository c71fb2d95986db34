//! What a file says, with the place of everything it says.

use std::collections::{BTreeMap, BTreeSet};

use super::date::Date;
use crate::diagnostic::Code;
use crate::model::{
    Field, FieldPath, LookupKey, Open, PriceBook, PriceId, ProductId, Quantity, Settings, Value,
};
use crate::source::{Located, Span};

/// What one file says of a configuration, nothing filled in yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declared {
    /// The fields. Nothing inside means written as empty, which is not the same as not written:
    /// Stripe fills in lists that it isn't given.
    pub(crate) values: BTreeMap<Field, Located<Option<Value>>>,
    /// Where each mapping's key is, by path.
    pub(crate) sections: BTreeMap<String, Span>,
    /// The products that customers may switch to.
    pub(crate) products: Option<Located<Vec<ProductEntry>>>,
    /// The metadata. An empty text is a key that is not wanted.
    pub(crate) metadata: BTreeMap<String, Located<String>>,
    /// Whether this role manages the account's default configuration.
    pub(crate) default: Option<Located<bool>>,
    /// What is left to the Dashboard.
    pub(crate) unmanaged: Vec<Located<String>>,
    /// The lints that are meant to be so.
    pub(crate) waivers: Vec<Waiver>,
    /// The paths of values that could not be read.
    pub(crate) broken: BTreeSet<String>,
    /// The paths of mappings with keys that mean nothing: what is missing in them may only be
    /// misspelt.
    pub(crate) misread: BTreeSet<String>,
}

/// A lint that is meant to be so.
#[derive(Debug, Clone)]
pub(crate) struct Waiver {
    /// The lint.
    pub(crate) code: Located<Code>,
    /// Why it is meant. For those who read the file.
    #[expect(dead_code, reason = "people read it, and whoever doesn't give one is told to")]
    pub(crate) reason: String,
    /// The last day on which it is.
    pub(crate) until: Located<Date>,
}

/// One entry of the list of products.
#[derive(Debug, Clone)]
pub(crate) struct ProductEntry {
    /// Where it is.
    pub(crate) span: Span,
    /// The product, where the file names it. Else it follows from the prices.
    pub(crate) product: Option<Located<ProductId>>,
    /// Prices by id.
    pub(crate) prices: Vec<Located<PriceId>>,
    /// Prices by lookup key.
    pub(crate) lookup_keys: Vec<Located<LookupKey>>,
    /// How far the quantity can be changed, where the file says so.
    pub(crate) quantity: Option<Quantity>,
}

impl ProductEntry {
    /// How many prices customers can switch to.
    pub(crate) fn n_prices(&self) -> usize {
        self.prices.len() + self.lookup_keys.len()
    }

    /// The product, by its id or by the first price that is known.
    pub(crate) fn product_in(&self, prices: &PriceBook) -> Option<ProductId> {
        let by_key = || {
            let mut known = self.lookup_keys.iter().filter_map(|key| prices.get(&key.value));
            known.next().map(|price| price.product.clone())
        };
        self.product.as_ref().map(|product| product.value.clone()).or_else(by_key)
    }
}

impl Declared {
    /// True if the file switches this flag on.
    pub(crate) fn is_on(&self, flag: Field) -> bool {
        self.values.get(&flag).is_some_and(|value| value.value == Some(Value::Flag(true)))
    }

    /// True if it is known what the file says at this path, be it nothing.
    pub(crate) fn is_sound(&self, path: &str) -> bool {
        let is_there = Field::at(path).is_some_and(|field| self.values.contains_key(&field))
            || path == FieldPath::PRODUCTS && self.products.is_some();
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        !self.broken.contains(path) && (is_there || !self.misread.contains(parent))
    }

    /// True if the field counts: the file opens every gate before it.
    pub(crate) fn counts(&self, field: Field) -> bool {
        let Some((gate, open)) = field.spec().gate else { return true };
        let is_open = match open {
            Open::On => self.is_on(gate),
            Open::Is(choice) => match self.values.get(&gate) {
                Some(written) => written.value == Value::text(choice),
                None => Settings::stripe_default(gate) == Value::text(choice),
            },
        };
        is_open && self.counts(gate)
    }

    /// The choice that the file makes, if it does.
    pub(crate) fn choice(&self, field: Field) -> Option<(&str, Span)> {
        let located = self.values.get(&field)?;
        match &located.value {
            Some(Value::Text(text)) => Some((text, located.span)),
            _ => None,
        }
    }

    /// Fills in what this file doesn't say and `defaults` does.
    pub(super) fn fill_from(&mut self, defaults: &Self) {
        for (field, value) in &defaults.values {
            self.values.entry(*field).or_insert_with(|| value.clone());
        }
        for (path, span) in &defaults.sections {
            self.sections.entry(path.clone()).or_insert(*span);
        }
        for (key, value) in &defaults.metadata {
            self.metadata.entry(key.clone()).or_insert_with(|| value.clone());
        }
        if self.products.is_none() {
            self.products = defaults.products.clone();
        }
        self.unmanaged.extend(defaults.unmanaged.iter().cloned());
        self.broken.extend(defaults.broken.iter().cloned());
        self.misread.extend(defaults.misread.iter().cloned());
    }
}
