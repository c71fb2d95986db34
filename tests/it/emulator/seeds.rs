//! Accounts to start with.

use portal_reconciler::emulator::{Quirks, Seed};

use super::{Stripe, id};

#[track_caller]
fn refused(json: &str) -> String {
    Seed::parse(json).unwrap_err().to_string()
}

#[test]
fn a_seed_may_be_empty() {
    assert_eq!(Seed::parse("{}").unwrap(), Seed::default());
}

#[test]
fn a_seed_sets_what_no_request_can() {
    let seed = r#"{
      "account": {"id": "acct_1AbCdEfGhIjKlMnO"},
      "configurations": [
        {"id": "bpc_old", "created": 1600000000, "active": false, "is_default": false,
         "features": {"invoice_history": {"enabled": true}}},
        {"id": "bpc_app", "application": "ca_1",
         "features": {"invoice_history": {"enabled": true}}},
        {"id": "bpc_new", "name": "New", "metadata": {"role": "admin"},
         "features": {"customer_update": {"enabled": true, "allowed_updates": ["email", "name"]}}},
        {"id": "bpc_live", "livemode": true, "features": {"invoice_history": {"enabled": true}}}
      ]
    }"#;
    let stripe = Stripe::new(Seed::parse(seed).unwrap(), Quirks::default());
    assert_eq!(id(&stripe.get("/v1/account").ok()), "acct_1AbCdEfGhIjKlMnO");
    let all = stripe.emulator.configurations(false);
    let seen: Vec<_> =
        all.iter().map(|one| (id(one), one["active"] == true, one["is_default"] == true)).collect();
    assert_eq!(
        seen,
        [
            ("bpc_old".to_owned(), false, false),
            ("bpc_app".to_owned(), true, false),
            ("bpc_new".to_owned(), true, true),
        ]
    );
    assert_eq!(all[0]["created"], 1_600_000_000);
    assert_eq!(all[1]["application"], "ca_1");
    assert_eq!(all[2]["metadata"]["role"], "admin");
    assert_eq!(all[2]["features"]["customer_update"]["allowed_updates"][1], "name");
    assert_eq!(stripe.emulator.configurations(true)[0]["is_default"], true);
}

#[test]
fn ids_that_a_seed_has_used_up_are_not_given_again() {
    const NOTHING: &str = "features[invoice_history][enabled]=false";
    let empty = Stripe::empty();
    let next = [(); 2].map(|()| empty.create(NOTHING));
    let features = serde_json::json!({ "invoice_history": { "enabled": true } });
    let seed = serde_json::json!({ "configurations": [{ "id": next[1], "features": features }] });
    let stripe = Stripe::new(Seed::parse(&seed.to_string()).unwrap(), Quirks::default());
    let added = [(); 2].map(|()| stripe.create(NOTHING));
    assert!(!added.contains(&next[1]), "{added:?}");
    let all = stripe.emulator.configurations(false);
    assert_eq!(all.iter().map(id).collect::<Vec<_>>(), [&next[1..], &added].concat());
    assert_eq!(all[0]["is_default"], true);
}

#[test]
fn mistakes_in_a_seed_are_named() {
    for (seed, message) in [
        ("[]", "seed: must be an object"),
        (r#"{"price": []}"#, "seed: unknown field `price`"),
        (r#"{"account": {"name": "x"}}"#, "account: unknown field `name`"),
        (r#"{"prices": {}}"#, "prices: must be a list"),
        (r#"{"prices": [1]}"#, "prices[0]: must be an object"),
        (
            r#"{"products": [{"name": "x", "livemode": 1}]}"#,
            "products[0].livemode: must be true or false",
        ),
        (r#"{"products": [{}]}"#, "products[0].name: Missing required param: name."),
        (
            r#"{"products": [{"name": "x", "colour": "red"}]}"#,
            "products[0].colour: Received unknown parameter: colour",
        ),
        (
            r#"{"configurations": [{"features": {"subscription_cancel": {"enabled": true, "mode": "now"}}}]}"#,
            "configurations[0].features.subscription_cancel.mode: Invalid \
             features[subscription_cancel][mode]: must be one of at_period_end or immediately",
        ),
        (
            r#"{"customers": [{"id": "cus_1"}, {"id": "cus_1"}]}"#,
            "customers[1].id: another customer has `cus_1`",
        ),
        (
            r#"{"configurations": [
                {"features": {"invoice_history": {"enabled": true}}},
                {"features": {"invoice_history": {"enabled": true}}, "is_default": true}
            ]}"#,
            "configurations[1].is_default: another configuration is the default already",
        ),
        (
            r#"{"keys": [{"permissions": []}]}"#,
            "keys[0].key: must begin with `sk_test_`, `rk_test_`, `sk_live_` or `rk_live_` \
             and go on with letters and digits",
        ),
        (
            r#"{"keys": [{"key": "sk_test_1", "permissions": []}]}"#,
            "keys[0].permissions: only a restricted key (`rk_`) has some",
        ),
        (
            r#"{"keys": [{"key": "rk_test_1", "permissions": ["rak_product_raed"]}]}"#,
            "keys[0].permissions: `rak_product_raed` isn't one, such as `rak_product_read`",
        ),
        (
            r#"{"keys": [{"key": "rk_test_1", "permissions": [1]}]}"#,
            "keys[0].permissions: must be a list of strings",
        ),
        (
            r#"{"keys": [{"key": "rk_test_1", "account": "acct_x"}]}"#,
            "keys[0].account: there is no account `acct_x`",
        ),
        (r#"{"customers": [{"id": ""}]}"#, "customers[0].id: must not be empty"),
        (r#"{"keys": [{"key": "rk_test_1", "only": 1}]}"#, "keys[0]: unknown field `only`"),
    ] {
        assert_eq!(refused(seed), message);
    }
    assert!(refused("{").starts_with("JSON: "));
}

#[test]
fn mistakes_in_connected_accounts_are_named() {
    for (seed, message) in [
        (r#"{"connected": [{}]}"#, "connected[0].id: is required"),
        (
            r#"{"account": {"id": "acct_a"}, "connected": [{"id": "acct_a"}]}"#,
            "connected[0].id: another account has `acct_a`",
        ),
        (
            r#"{"connected": [{"id": "acct_a", "prices": [{"currency": "x"}]}]}"#,
            "connected[0].prices[0].product: You must pass either `product` or \
             `product_data`.",
        ),
        (
            r#"{"connected": [{"id": "acct_a", "connected": []}]}"#,
            "connected[0]: unknown field `connected`",
        ),
    ] {
        assert_eq!(refused(seed), message);
    }
}
