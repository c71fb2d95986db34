//! What a body of the right shape must also fulfil to be accepted: Stripe's rules, which no type
//! tells. With them most bodies are accepted, and without them a test of agreement would only see
//! refusals.

use super::endpoint::{CUSTOMER, Endpoint, INTERVALS, PRODUCTS, price};
use super::form::Node;

/// Lets a body name only what there is, as far as its outermost parameters go.
pub(super) fn name_what_exists(endpoint: Endpoint, body: &mut Node) {
    let expandable = match endpoint {
        Endpoint::Create | Endpoint::Update => "features.subscription_update.products",
        Endpoint::Session => "configuration",
    };
    if body.get("expand").is_some() {
        body.set("expand", Node::list([Node::text(expandable)]));
    }
    if endpoint == Endpoint::Session {
        body.set("customer", Node::text(CUSTOMER));
        body.remove("customer_account");
        // The default has every feature on.
        body.remove("configuration");
    }
}

/// Changes as little of a body as it then takes to be accepted.
pub(super) fn make_sense(body: &mut Node) {
    if let Some(flow) = body.get_mut("flow_data") {
        deep_link(flow);
    }
    let Some(features) = body.get_mut("features") else { return };
    if let Some(cancel) = features.get_mut("subscription_cancel") {
        prorations(cancel);
    }
    if let Some(duration) =
        features.get_mut("subscription_pause").and_then(|it| it.get_mut("duration"))
    {
        lengths(duration);
    }
    if let Some(update) = features.get_mut("subscription_update") {
        switching(update);
    }
}

/// What is left of a period can be credited only if the cancellation takes effect at once.
fn prorations(cancel: &mut Node) {
    let is = |name: &str, text: &str| cancel.get(name).is_some_and(|held| held.is(text));
    if is("proration_behavior", "create_prorations") {
        cancel.set("mode", Node::text("immediately"));
    } else if is("proration_behavior", "always_invoice") || is("mode", "at_period_end") {
        cancel.set("proration_behavior", Node::text("none"));
    }
}

/// Whoever may choose a length needs some to choose from.
fn lengths(duration: &mut Node) {
    let has_some = duration.get("interval_options").is_some_and(|options| !options.is(""));
    if !has_some {
        let month = Node::Table(vec![("interval".to_owned(), Node::text("month"))]);
        duration.set("interval_options", Node::list([month]));
    }
}

/// Switching needs products and a list of what may be changed. The products must exist, each with
/// prices of its own.
fn switching(update: &mut Node) {
    let is_on = update.get("enabled").is_some_and(|enabled| enabled.is("true"));
    let is_cleared = update.get("products").is_some_and(|products| products.is(""));
    let n_products = update.get("products").and_then(Node::items).map_or(0, |items| items.len());
    if is_on && update.get("default_allowed_updates").is_none() {
        update.set("default_allowed_updates", Node::text(""));
    }
    if is_on && n_products == 0 {
        let entry = [("product", Node::text("a")), ("prices", Node::list([Node::text("a")]))];
        let entry = entry.map(|(name, node)| (name.to_owned(), node));
        update.set("products", Node::list([Node::Table(entry.into())]));
    } else if is_cleared {
        update.remove("products");
    }
    if let Some(Node::Table(products)) = update.get_mut("products") {
        for ((_, entry), product) in products.iter_mut().zip(PRODUCTS) {
            existing(entry, product);
        }
    }
}

fn existing(entry: &mut Node, product: &str) {
    entry.set("product", Node::text(product));
    if let Some(Node::Table(prices)) = entry.get_mut("prices") {
        for ((_, held), interval) in prices.iter_mut().zip(INTERVALS) {
            *held = Node::Text(price(product, interval));
        }
    }
    if let Some(quantity) = entry.get_mut("adjustable_quantity")
        && quantity.get("maximum").is_some()
    {
        quantity.set("maximum", Node::text("3"));
    }
}

/// What a link is about must be said, and where to after it.
fn deep_link(flow: &mut Node) {
    if let Some(Node::Text(kind)) = flow.get("type").cloned()
        && kind.starts_with("subscription_")
        && flow.get(&kind).is_none()
    {
        let subscription = ("subscription".to_owned(), Node::text("sub_1"));
        flow.set(&kind, Node::Table(vec![subscription]));
    }
    if let Some(completion) = flow.get_mut("after_completion")
        && completion.get("redirect").is_none()
    {
        completion.set("type", Node::text("portal_homepage"));
    }
    if let Some(confirm) = flow.get_mut("subscription_update_confirm") {
        let price = price(PRODUCTS[0], INTERVALS[0]);
        // The quantity only because the emulator answers wrongly without it: see `answers`.
        let item = [("id", "si_1"), ("price", &price), ("quantity", "1")];
        let item = item.map(|(name, text)| (name.to_owned(), Node::text(text)));
        confirm.set("items", Node::list([Node::Table(item.into())]));
        if let Some(Node::Table(discounts)) = confirm.get_mut("discounts") {
            discounts.truncate(1);
        }
    }
}
