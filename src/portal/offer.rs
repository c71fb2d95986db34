//! How a subscription can be changed.

use maud::{Markup, html};

use super::words::{self, Words};
use super::{Price, Product, Switch, money};

/// What is behind `Update subscription`.
pub(super) fn switch(switch: &Switch) -> Markup {
    let may = |what: &str| switch.allowed.iter().any(|it| it == what);
    html! {
        @if may("price") {
            ul.offers { @for product in &switch.products { (offer(product)) } }
        } @else {
            p { (Words::new("The plan stays what it is.", "プランは変更できません。")) }
        }
        @if may("quantity") { (quantities(&switch.products)) }
        @if may("promotion_code") {
            p { (Words::new("Promotion code", "プロモーションコード")) ": " span.field {} }
        }
        (terms(switch))
    }
}

fn offer(product: &Product) -> Markup {
    html! {
        li {
            bdi.name { (product.name) }
            ul { @for price in prices(product) { li { (costs(price)) } } }
        }
    }
}

/// What is paid more often first.
pub(super) fn prices(product: &Product) -> Vec<&Price> {
    let mut prices: Vec<&Price> = product.prices.iter().collect();
    prices.sort_by_key(|price| (price.every.as_ref().map(roughly_days), &price.id));
    prices
}

fn roughly_days((count, unit): &(u64, String)) -> u64 {
    let days = match unit.as_str() {
        "day" => 1,
        "week" => 7,
        "month" => 30,
        _ => 365,
    };
    count.saturating_mul(days)
}

fn costs(price: &Price) -> Markup {
    match money::price(price) {
        Some(words) => html! { (words) },
        None => html! { code { (price.id) } },
    }
}

fn quantities(products: &[Product]) -> Markup {
    let limits = |product: &Product| {
        let (minimum, maximum) = product.quantity?;
        Some(match maximum {
            Some(maximum) => {
                Words::new(format!("{minimum} to {maximum}"), format!("{minimum}〜{maximum}"))
            }
            None => Words::new(format!("{minimum} or more"), format!("{minimum}以上")),
        })
    };
    html! {
        p { (Words::new("How many:", "数量:")) }
        ul {
            @for product in products {
                li {
                    bdi { (product.name) } ": "
                    @match limits(product) {
                        Some(words) => (words),
                        None => (Words::new("can't be changed", "変更できません")),
                    }
                }
            }
        }
    }
}

/// What a change leads to.
fn terms(switch: &Switch) -> Markup {
    let Switch { allowed: _, products: _, proration, billing_cycle_anchor, trial, at_period_end } =
        switch;
    let mut terms = vec![words::of(words::SWITCH_PRORATIONS, proration)];
    // That the next period begins as before is nothing to say.
    if billing_cycle_anchor != "unchanged" {
        terms.push(words::of(words::ANCHORS, billing_cycle_anchor));
    }
    terms.push(words::of(words::TRIALS, trial));
    terms.extend(at_period_end.iter().map(|it| words::of(words::AT_PERIOD_END, it)));
    html! { ul.terms { @for words in terms { li { (words) } } } }
}
