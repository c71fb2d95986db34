//! Puts an account's prices where the files have lookup keys.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::ProductEntry;
use super::resolve::{Wanted, WantedRole};
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{
    DesiredRole, DesiredState, LookupKey, Offer, Price, PriceBook, PriceHints, PriceId, ProductId,
    Quantity, Role,
};
use crate::source::Span;
use crate::text::suggest;

/// What is wanted of the account that has these prices. The hints say more about those that it
/// hasn't.
///
/// Returns all problems if a key has no price there, or not one that can be switched to.
pub fn bind(wanted: &Wanted, prices: &PriceBook, hints: &PriceHints) -> Result<DesiredState, Bag> {
    let mut bag = Bag::default();
    let known = Known { prices, hints };
    let bind =
        |(role, wanted): (&Role, &WantedRole)| (role.clone(), bind_role(wanted, known, &mut bag));
    let roles = wanted.roles.iter().map(bind).collect();
    if bag.has_errors() {
        Err(bag)
    } else {
        Ok(DesiredState { project: wanted.project.clone(), roles })
    }
}

/// What is known of an account's prices.
#[derive(Clone, Copy)]
struct Known<'p> {
    prices: &'p PriceBook,
    hints: &'p PriceHints,
}

fn bind_role(wanted: &WantedRole, known: Known<'_>, bag: &mut Bag) -> DesiredRole {
    let mut settings = wanted.settings.clone();
    let mut seen: BTreeMap<ProductId, Span> = BTreeMap::new();
    let has_keys = wanted.products.iter().any(|entry| !entry.lookup_keys.is_empty());
    let mut offers = BTreeMap::new();
    for entry in &wanted.products {
        let Some((product, ids)) = bind_entry(entry, known, bag) else { continue };
        if let Some(first) = seen.insert(product.clone(), entry.span) {
            let message = format!("`{product}` has an entry already");
            let diagnostic = Diagnostic::new(Code::RepeatedProduct, entry.span, message);
            bag.push(
                diagnostic
                    .related(first, "first here")
                    .help("put all prices of a product into one entry"),
            );
        }
        let offer = offer(entry);
        settings.add_product(product.clone(), ids, offer.quantity);
        if has_keys {
            offers.insert(product, offer);
        }
    }
    let settings = settings.filtered(|path| !wanted.unmanaged.covers(path));
    DesiredRole {
        settings,
        written: wanted.written.clone(),
        default: wanted.default,
        unmanaged: wanted.unmanaged.clone(),
        left: wanted.left.clone(),
        offers,
    }
}

/// What an entry says.
fn offer(entry: &ProductEntry) -> Offer {
    let product = entry.product.iter().map(|product| product.value.as_str());
    let prices: BTreeSet<&str> = entry.prices.iter().map(|id| id.value.as_str()).collect();
    let keys: BTreeSet<&str> = entry.lookup_keys.iter().map(|key| key.value.as_str()).collect();
    let words = product.chain(prices).chain(keys).map(|word| word.escape_default().to_string());
    Offer {
        names: words.collect::<Vec<_>>().join(" "),
        quantity: entry.quantity.unwrap_or(Quantity::Fixed),
    }
}

/// The entry's product and the ids of its prices.
fn bind_entry(
    entry: &ProductEntry,
    known: Known<'_>,
    bag: &mut Bag,
) -> Option<(ProductId, BTreeSet<String>)> {
    let mut product = entry.product.as_ref().map(|product| (product.value.clone(), product.span));
    let mut ids = BTreeSet::new();
    let mut intervals = Intervals::new();
    let mut is_sound = true;
    for (price, span) in named(entry, known, bag, &mut is_sound) {
        ids.insert(price.id.to_string());
        match &product {
            Some((expected, place)) if *expected != price.product => {
                bag.push(mixed(price, expected, span, *place));
                is_sound = false;
                continue;
            }
            Some(_) => {}
            None => product = Some((price.product.clone(), span)),
        }
        is_sound &= check_price(price, span, &mut intervals, bag);
    }
    // Those that nobody has looked up are in use already.
    ids.extend(entry.prices.iter().map(|price| price.value.to_string()));
    product.filter(|_| is_sound).map(|(product, _)| (product, ids))
}

/// The entry's prices, as far as they were looked up, and where they are named.
fn named<'p>(
    entry: &ProductEntry,
    known: Known<'p>,
    bag: &mut Bag,
    is_sound: &mut bool,
) -> Vec<(&'p Price, Span)> {
    let mut named = Vec::new();
    for id in &entry.prices {
        match known.hints.by_id.get(&id.value) {
            Some(Some(price)) => named.push((price, id.span)),
            Some(None) => {
                let message = format!("this account has no price `{}`", id.value);
                let help =
                    "ids differ between accounts, and between test and live; lookup keys don't";
                bag.push(Diagnostic::new(Code::UnknownPrice, id.span, message).help(help));
                *is_sound = false;
            }
            None => {}
        }
    }
    for key in &entry.lookup_keys {
        match known.prices.get(&key.value) {
            Some(price) => named.push((price, key.span)),
            None => {
                bag.push(unknown(&key.value, key.span, known.hints));
                *is_sound = false;
            }
        }
    }
    named
}

fn unknown(key: &LookupKey, at: Span, hints: &PriceHints) -> Diagnostic {
    if let Some(ids) = hints.shared.get(key) {
        let ids = suggest::list(&ids.iter().map(PriceId::as_str).collect::<Vec<_>>());
        let message = format!("several active prices have the lookup key `{key}`: {ids}");
        return Diagnostic::new(Code::UnknownPrice, at, message)
            .help("leave the key to one of them, or name the price by its id in `prices`");
    }
    if hints.archived.contains(key) {
        let message = format!("the price with the lookup key `{key}` is archived");
        return Diagnostic::new(Code::UnknownPrice, at, message)
            .help("make it active again, or let another price take over its lookup key");
    }
    let message = format!("no active price of this account has the lookup key `{key}`");
    let others: Vec<&str> = hints.others.iter().map(LookupKey::as_str).collect();
    let otherwise = "give a price of this account the key, or name another one";
    let help = suggest::help_or(key.as_str(), &others, otherwise);
    Diagnostic::new(Code::UnknownPrice, at, message).help(help)
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
    if !price.active {
        let message = format!("the price `{}` is archived", price.id);
        let help = "make it active again, or take it out of the file";
        bag.push(Diagnostic::new(Code::UnknownPrice, at, message).help(help));
        return false;
    }
    let Some(interval) = &price.billed_every else {
        let message = "this price is paid once: there is nothing to switch to";
        let help = "name a recurring price of this product, or take it out of the file";
        bag.push(Diagnostic::new(Code::OneTimePrice, at, message).help(help));
        return false;
    };
    if let Some(first) = intervals.insert((interval, &price.currency), at) {
        let message = format!("a product can have only one price that is billed every {interval}");
        let diagnostic = Diagnostic::new(Code::SameInterval, at, message);
        let diagnostic = diagnostic.related(first, "and this one is, too");
        bag.push(diagnostic.help("take one of the two out of the file"));
        return false;
    }
    true
}
