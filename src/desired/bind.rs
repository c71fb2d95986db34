//! Puts an account's prices where the files have lookup keys.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::ProductEntry;
use super::resolve::{Wanted, WantedRole};
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{DesiredRole, DesiredState, Price, PriceBook, ProductId, Quantity, Role};
use crate::source::Span;

/// What is wanted of the account that has these prices.
///
/// Returns all problems if a key has no price there, or not one that can be switched to.
pub fn bind(wanted: &Wanted, prices: &PriceBook) -> Result<DesiredState, Bag> {
    let mut bag = Bag::default();
    let bind =
        |(role, wanted): (&Role, &WantedRole)| (role.clone(), bind_role(wanted, prices, &mut bag));
    let roles = wanted.roles.iter().map(bind).collect();
    if bag.has_errors() {
        Err(bag)
    } else {
        Ok(DesiredState { project: wanted.project.clone(), roles })
    }
}

fn bind_role(wanted: &WantedRole, prices: &PriceBook, bag: &mut Bag) -> DesiredRole {
    let mut settings = wanted.settings.clone();
    let mut seen: BTreeMap<ProductId, Span> = BTreeMap::new();
    for entry in &wanted.products {
        let Some((product, ids)) = bind_entry(entry, prices, bag) else { continue };
        if let Some(first) = seen.insert(product.clone(), entry.span) {
            let message = format!("`{product}` has an entry already");
            let diagnostic = Diagnostic::new(Code::RepeatedProduct, entry.span, message);
            bag.push(
                diagnostic
                    .related(first, "first here")
                    .help("put all prices of a product into one entry"),
            );
        }
        settings.add_product(product, ids, entry.quantity.unwrap_or(Quantity::Fixed));
    }
    let settings = settings.filtered(|path| !wanted.unmanaged.covers(path));
    DesiredRole {
        settings,
        written: wanted.written.clone(),
        default: wanted.default,
        unmanaged: wanted.unmanaged.clone(),
    }
}

/// The entry's product and the ids of its prices.
fn bind_entry(
    entry: &ProductEntry,
    prices: &PriceBook,
    bag: &mut Bag,
) -> Option<(ProductId, BTreeSet<String>)> {
    let mut product = entry.product.as_ref().map(|product| (product.value.clone(), product.span));
    let mut ids: BTreeSet<String> =
        entry.prices.iter().map(|price| price.value.to_string()).collect();
    let mut intervals = Intervals::new();
    let mut is_sound = true;
    for key in &entry.lookup_keys {
        let Some(price) = prices.get(&key.value) else {
            let message =
                format!("no active price of this account has the lookup key `{}`", key.value);
            bag.push(
                Diagnostic::new(Code::UnknownPrice, key.span, message)
                    .help("a price that is archived doesn't count"),
            );
            is_sound = false;
            continue;
        };
        match &product {
            Some((expected, place)) if *expected != price.product => {
                bag.push(mixed(price, expected, key.span, *place));
                is_sound = false;
                continue;
            }
            Some(_) => {}
            None => product = Some((price.product.clone(), key.span)),
        }
        is_sound &= check_price(price, key.span, &mut intervals, bag);
        ids.insert(price.id.to_string());
    }
    product.filter(|_| is_sound).map(|(product, _)| (product, ids))
}

/// Where a price with this interval and currency is. Whether two currencies make two intervals is
/// not established, so that is left to Stripe.
type Intervals<'p> = BTreeMap<(&'p str, &'p str), Span>;

fn mixed(price: &Price, expected: &ProductId, at: Span, place: Span) -> Diagnostic {
    let message = format!("this is a price of `{}`, not of `{expected}`", price.product);
    let diagnostic = Diagnostic::new(Code::MixedProducts, at, message);
    diagnostic.related(place, "from here").help("make an entry for each product")
}

fn check_price<'p>(
    price: &'p Price,
    at: Span,
    intervals: &mut Intervals<'p>,
    bag: &mut Bag,
) -> bool {
    let Some(interval) = &price.billed_every else {
        let message = "this price is paid once: there is nothing to switch to";
        bag.push(Diagnostic::new(Code::OneTimePrice, at, message));
        return false;
    };
    if let Some(first) = intervals.insert((interval, &price.currency), at) {
        let message = format!("a product can have only one price that is billed every {interval}");
        bag.push(
            Diagnostic::new(Code::SameInterval, at, message).related(first, "and this one is, too"),
        );
        return false;
    }
    true
}
