//! Reads the products that customers may switch to.

use super::declared::ProductEntry;
use super::reader::Reader;
use super::yaml::Node;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{LookupKey, PriceId, ProductId, Quantity};
use crate::source::{Located, Span};

/// The list, unless it is not one.
pub(super) fn read(
    reader: &mut Reader<'_>,
    node: &Node,
    key_span: Span,
) -> Option<Located<Vec<ProductEntry>>> {
    let items = reader.list(node, "products")?;
    let entries = items.iter().filter_map(|item| entry(reader, item)).collect();
    Some(Located::new(entries, key_span))
}

fn entry(reader: &mut Reader<'_>, node: &Node) -> Option<ProductEntry> {
    let keys = ["product", "prices", "lookup_keys", "adjustable_quantity"];
    let entries = reader.mapping(node, "products", &keys);
    if entries.is_empty() {
        reader.missing(node.span, "products", "lookup_keys");
        return None;
    }
    let span = entries.values().map(|(key, _)| *key).min().unwrap_or(node.span);
    let product =
        entries.get("product").and_then(|(_, value)| reader.id(value, "product", ProductId::parse));
    let prices =
        entries.get("prices").map(|(_, value)| ids(reader, value, "prices", PriceId::parse));
    let lookup_keys = entries
        .get("lookup_keys")
        .map(|(_, value)| ids(reader, value, "lookup_keys", LookupKey::parse));
    let quantity = match entries.get("adjustable_quantity") {
        Some((key_span, value)) => Some(quantity(reader, value, *key_span)?),
        None => None,
    };
    let prices = prices.unwrap_or_default();
    let lookup_keys = lookup_keys.unwrap_or_default();
    if prices.is_empty() && lookup_keys.is_empty() {
        let diagnostic =
            Diagnostic::new(Code::MissingKey, span, "this product has no price to switch to");
        reader.report(diagnostic.help("add `lookup_keys: […]`, or `prices: […]` with ids"), node);
        return None;
    }
    if product.is_none() && lookup_keys.is_empty() {
        reader.missing(span, "products", "product");
        return None;
    }
    Some(ProductEntry { span, product, prices, lookup_keys, quantity })
}

/// A list of ids, each at most once.
fn ids<T: PartialEq>(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    parse: fn(&str) -> Result<T, crate::model::IdError>,
) -> Vec<Located<T>> {
    let mut ids: Vec<Located<T>> = Vec::new();
    for item in reader.list(node, what).unwrap_or_default() {
        let Some(id) = reader.id(item, what, parse) else { continue };
        match ids.iter().find(|first| first.value == id.value) {
            Some(first) => {
                let diagnostic = Diagnostic::new(
                    Code::RepeatedValue,
                    item.span,
                    format!("it is in `{what}` twice"),
                );
                reader.report(diagnostic.related(first.span, "first here"), item);
            }
            None => ids.push(id),
        }
    }
    ids
}

fn quantity(reader: &mut Reader<'_>, node: &Node, key_span: Span) -> Option<Quantity> {
    let keys = ["enabled", "minimum", "maximum"];
    let entries = reader.mapping(node, "adjustable_quantity", &keys);
    let Some((_, enabled)) = entries.get("enabled") else {
        reader.missing(key_span, "adjustable_quantity", "enabled");
        return None;
    };
    let enabled = reader.flag(enabled, "adjustable_quantity.enabled")?;
    let minimum = match entries.get("minimum") {
        Some((_, value)) => reader.count(value, "minimum", 0)?,
        None => Quantity::DEFAULT_MINIMUM,
    };
    let maximum = match entries.get("maximum") {
        Some((_, value)) => Some((reader.count(value, "maximum", 0)?, value)),
        None => None,
    };
    if let Some((most, value)) = maximum
        && most < minimum
    {
        let message = format!("`maximum` is {most}, but `minimum` is {minimum}");
        reader.report(Diagnostic::new(Code::OutOfRange, value.span, message), value);
        return None;
    }
    let maximum = maximum.map(|(most, _)| most);
    Some(if enabled { Quantity::Adjustable { minimum, maximum } } else { Quantity::Fixed })
}
