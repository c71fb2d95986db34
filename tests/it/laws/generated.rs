//! Files, behaviours of Stripe and news of it, for laws that are to hold for all of them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};

use portal_reconciler::emulator::{Emulator, Quirks, SameInterval, Seed};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{TestCaseResult, TestRunner};
use serde_json::{Value as Json, json};

use crate::support::Project;

/// Three products with prices of several intervals.
fn seed() -> Seed {
    let mut prices = Vec::new();
    for product in ["prod_a", "prod_b", "prod_c"] {
        for (interval, count) in [("month", 1), ("month", 3), ("year", 1), ("week", 1)] {
            prices.push(json!({
                "id": format!("price_{}_{interval}{count}", &product[5..]), "product": product, "currency": "usd",
                "unit_amount": 500, "lookup_key": format!("{}_{interval}{count}", &product[5..]),
                "recurring": { "interval": interval, "interval_count": count },
            }));
        }
    }
    let products = ["prod_a", "prod_b", "prod_c"].map(|id| json!({ "id": id, "name": id }));
    Seed::parse(&json!({ "products": products, "prices": prices }).to_string()).unwrap()
}

fn subset(of: &'static [&'static str], at_least: usize) -> impl Strategy<Value = Json> {
    subsequence(of, at_least..=of.len()).prop_map(|words| json!(words))
}

/// A key with a value, or not.
fn maybe(
    key: &'static str,
    value: impl Strategy<Value = Json> + 'static,
) -> BoxedStrategy<Option<(&'static str, Json)>> {
    proptest::option::of(value.prop_map(move |value| (key, value))).boxed()
}

fn always(
    key: &'static str,
    value: impl Strategy<Value = Json> + 'static,
) -> BoxedStrategy<Option<(&'static str, Json)>> {
    value.prop_map(move |value| Some((key, value))).boxed()
}

fn object(
    entries: Vec<BoxedStrategy<Option<(&'static str, Json)>>>,
) -> impl Strategy<Value = Json> {
    entries.prop_map(|entries| {
        Json::Object(
            entries.into_iter().flatten().map(|(key, value)| (key.to_owned(), value)).collect(),
        )
    })
}

fn switch() -> impl Strategy<Value = Json> {
    any::<bool>().prop_map(Json::from)
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Json> {
    select(words).prop_map(Json::from)
}

fn cancel() -> impl Strategy<Value = Json> {
    const REASONS: &[&str] = &[
        "customer_service",
        "low_quality",
        "missing_features",
        "other",
        "switched_service",
        "too_complex",
        "too_expensive",
        "unused",
    ];
    let reason = object(vec![always("enabled", switch()), maybe("options", subset(REASONS, 1))]);
    let immediate = object(vec![
        always("enabled", switch()),
        always("mode", Just(json!("immediately"))),
        maybe("proration_behavior", word(&["none", "create_prorations"])),
    ]);
    let at_period_end = object(vec![
        always("enabled", switch()),
        maybe("mode", Just(json!("at_period_end"))),
        maybe("proration_behavior", Just(json!("none"))),
        maybe("cancellation_reason", reason),
    ]);
    prop_oneof![immediate, at_period_end]
}

fn pause() -> impl Strategy<Value = Json> {
    let interval = (select(&["day", "week", "month", "year"][..]), 1..=3)
        .prop_map(|(unit, count)| json!({ "interval": unit, "interval_count": count }));
    let intervals = proptest::collection::vec(interval, 1..3).prop_map(Json::Array);
    let lengths = object(vec![
        always("type", Just(json!("interval_options"))),
        always("interval_options", intervals),
    ]);
    let duration = prop_oneof![Just(json!({ "type": "indefinite" })), lengths];
    object(vec![always("enabled", switch()), maybe("duration", duration)])
}

fn product(id: &'static str) -> impl Strategy<Value = Json> {
    let prices = subsequence(&["month1", "month3", "year1", "week1"][..], 1..=3);
    let quantity = prop_oneof![
        Just(json!({ "enabled": false })),
        Just(json!({ "enabled": true })),
        (0..5u32, 5..99u32).prop_map(
            |(minimum, maximum)| json!({ "enabled": true, "minimum": minimum, "maximum": maximum })
        ),
    ];
    (prices, any::<bool>(), proptest::option::of(quantity)).prop_map(
        move |(prices, by_key, quantity)| {
            let names = |prefix: &str| {
                prices.iter().map(|price| format!("{prefix}{id}_{price}")).collect::<Vec<_>>()
            };
            let mut entry = if by_key {
                json!({ "lookup_keys": names("") })
            } else {
                json!({ "product": format!("prod_{id}"), "prices": names("price_") })
            };
            if let Some(quantity) = quantity {
                entry["adjustable_quantity"] = quantity;
            }
            entry
        },
    )
}

fn update() -> impl Strategy<Value = Json> {
    const PRORATIONS: &[&str] = &["none", "create_prorations", "always_invoice"];
    let products = (product("a"), product("b"), product("c"), 1..=3usize)
        .prop_map(|(a, b, c, n)| Json::Array([b, a, c].into_iter().take(n).collect()));
    let conditions = subsequence(&["decreasing_item_amount", "shortening_interval"][..], 0..=2)
        .prop_map(|types| json!({ "conditions": types.iter().map(|it| json!({ "type": it })).collect::<Vec<_>>() }));
    object(vec![
        always("enabled", switch()),
        always("default_allowed_updates", subset(&["price", "promotion_code", "quantity"], 1)),
        always("products", products),
        maybe("proration_behavior", word(PRORATIONS)),
        maybe("billing_cycle_anchor", word(&["now", "unchanged"])),
        maybe("trial_update_behavior", word(&["end_trial", "continue_trial"])),
        maybe("schedule_at_period_end", conditions),
    ])
}

fn features() -> impl Strategy<Value = Json> {
    let enabled = || object(vec![always("enabled", switch())]);
    let customer = object(vec![
        always("enabled", switch()),
        always(
            "allowed_updates",
            subset(&["address", "email", "name", "phone", "shipping", "tax_id"], 1),
        ),
    ]);
    let payment = object(vec![
        always("enabled", switch()),
        maybe("payment_method_configuration", Just(json!("pmc_1"))),
    ]);
    object(vec![
        maybe("customer_update", customer),
        maybe("invoice_history", enabled()),
        maybe("payment_method_update", payment),
        maybe("subscription_cancel", cancel()),
        maybe("subscription_pause", pause()),
        maybe("subscription_update", update()),
    ])
}

/// A role's file that has no error.
pub(super) fn role() -> impl Strategy<Value = Json> {
    let url = || {
        select(&["https://a.example", "https://A.example/x?y=1", "http://b.example/"][..])
            .prop_map(Json::from)
    };
    let text = || "[a-zA-Z 🔑é&=%+\"'\\[\\]]{1,12}".prop_map(|text| json!(format!("x{text}")));
    // Space around a value is an error.
    let value = text().prop_map(|text| json!(format!("{}x", text.as_str().unwrap_or_default())));
    let metadata =
        proptest::collection::btree_map("[a-z]{1,3}", value, 0..3).prop_map(|map| json!(map));
    let profile = object(vec![
        maybe("headline", text()),
        maybe("privacy_policy_url", url()),
        maybe("terms_of_service_url", url()),
    ]);
    object(vec![
        always("features", features()),
        maybe("business_profile", profile),
        maybe("default_return_url", url()),
        maybe("login_page", object(vec![always("enabled", switch())])),
        maybe("metadata", metadata),
        maybe("name", text()),
    ])
}

/// A folder of up to three roles; `base` is always there and is the account's default.
pub(crate) fn files(
    behaviour: &Behaviour,
) -> impl Strategy<Value = BTreeMap<String, Json>> + use<> {
    let behaviour = behaviour.clone();
    (role(), proptest::option::of(role()), proptest::option::of(role())).prop_map(
        move |(mut base, other, third)| {
            base["default"] = json!(true);
            let roles = [("base", Some(base)), ("other", other), ("third", third)];
            let mut files: BTreeMap<String, Json> = roles
                .into_iter()
                .filter_map(|(name, role)| Some((name.to_owned(), role?)))
                .collect();
            behaviour.leave_what_is_accepted(&mut files);
            files
        },
    )
}

/// One of Stripe's possible behaviours, where nobody has written down how it behaves.
#[derive(Clone)]
pub(crate) struct Behaviour {
    name: &'static str,
    quirks: Quirks,
}

impl Behaviour {
    fn likeliest() -> Self {
        Self { name: "the likeliest behaviour", quirks: Quirks::default() }
    }

    /// An account with a catalogue. Where lists lag behind, so much time passes with every request
    /// that they have caught up; that the program waits for them is for `accounts.rs` to show.
    pub(crate) fn account(&self) -> Project {
        let now = AtomicI64::new(1_790_000_000);
        let step = i64::from(self.quirks.list_delay);
        let emulator = Emulator::in_memory(seed()).with_quirks(self.quirks.clone());
        Project::new(emulator.with_clock(move || now.fetch_add(step, Ordering::SeqCst)))
    }

    /// Takes out of valid files what this behaviour refuses: then there would be nothing to converge
    /// to.
    pub(super) fn leave_what_is_accepted(&self, files: &mut BTreeMap<String, Json>) {
        for (name, role) in files {
            if self.quirks.login_page_needs_default && name != "base" {
                role["login_page"] = Json::Null;
            }
            let products = role.pointer_mut("/features/subscription_update/products");
            let products = products.and_then(Json::as_array_mut).into_iter().flatten();
            for list in products.flat_map(|it| it.as_object_mut().unwrap().values_mut()) {
                let Some(prices) = list.as_array_mut() else { continue };
                let is = |price: &Json, what: &str| price.as_str().unwrap().ends_with(what);
                let has_month = prices.iter().any(|price| is(price, "month1"));
                if self.quirks.same_interval == SameInterval::Unit && has_month {
                    prices.retain(|price| !is(price, "month3"));
                }
            }
        }
    }
}

/// Tries a law on whatever is generated, under the likeliest behaviour and under every other one.
pub(crate) fn under_every_behaviour<S: Strategy>(
    given: impl Fn(&Behaviour) -> S,
    law: impl Fn(&Behaviour, S::Value) -> TestCaseResult,
) {
    let others = Quirks::each_flipped().into_iter();
    let others = others.map(|(name, quirks)| (Behaviour { name, quirks }, 4));
    for (behaviour, cases) in others.chain([(Behaviour::likeliest(), 48)]) {
        let config =
            ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
        let tried = TestRunner::new(config).run(&given(&behaviour), |value| law(&behaviour, value));
        tried.unwrap_or_else(|error| panic!("{}: {error}", behaviour.name));
    }
}

/// What Stripe may have tomorrow.
pub(super) fn news() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
    let news = [
        ("features.customer_update.allowed_updates", json!("new_member_of_customer")),
        (
            "features.subscription_cancel.cancellation_reason.options",
            json!("new_member_of_reasons"),
        ),
        ("features.subscription_update.default_allowed_updates", json!("new_member_of_updates")),
        (
            "features.subscription_update.schedule_at_period_end.conditions",
            json!("new_member_of_conditions"),
        ),
        ("features.subscription_cancel.mode", json!("after_notice")),
        ("features.subscription_update.proration_behavior", json!("by_the_hour")),
        ("features.subscription_pause.duration.type", json!("until_a_date")),
        (
            "features.subscription_pause.duration.interval_options",
            json!([{ "interval": "quarter", "interval_count": 1 }]),
        ),
        ("features.gift", json!({ "enabled": true, "kinds": ["card"] })),
        ("business_profile.support_phone", json!("+1 555 0100")),
    ];
    (0..=news.len()).prop_flat_map(move |n| subsequence(news.to_vec(), n))
}
