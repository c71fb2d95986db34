use std::collections::BTreeMap;

use crate::desired::resolve::RoleFile;
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::Field;
use crate::source::Span;

/// "Up to 10 products".
pub(crate) const MOST: usize = 10;

/// There are not too many products, and none twice.
pub(super) fn products(file: &RoleFile, bag: &mut Bag) {
    if !file.declared.is_on(Field::SubscriptionUpdate) {
        return;
    }
    let Some(products) = &file.declared.products else { return };
    if products.value.len() > MOST {
        let message = format!(
            "a configuration can have at most {MOST} products, this has {}",
            products.value.len()
        );
        bag.push(Diagnostic::new(Code::TooManyProducts, products.value[MOST].span, message));
    }
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for product in products.value.iter().filter_map(|entry| entry.product.as_ref()) {
        if let Some(first) = seen.insert(product.value.as_str(), product.span) {
            let message = format!("`{}` has an entry already", product.value);
            let diagnostic = Diagnostic::new(Code::RepeatedProduct, product.span, message);
            bag.push(
                diagnostic
                    .related(first, "first here")
                    .help("put all prices of a product into one entry"),
            );
        }
    }
}
