//! Keys that may not do everything.

use portal_reconciler::emulator::{Quirks, Seed};
use serde_json::json;

use super::{CONFIGURATIONS, Reply, Stripe};

const NOTHING: &str = "features[invoice_history][enabled]=false";

fn stripe_with(seed: &serde_json::Value) -> Stripe {
    Stripe::new(Seed::parse(&seed.to_string()).unwrap(), Quirks::default())
}

/// An account of which one key has these permissions only.
fn restricted(permissions: &[&str]) -> Stripe {
    let key = json!({ "key": "rk_test_narrow1234", "permissions": permissions });
    let account = json!({ "id": "acct_1AbCdEfGhIjKlMnO" });
    let mut stripe = stripe_with(&json!({ "account": account, "keys": [key] }));
    stripe.key = "rk_test_narrow1234";
    stripe
}

fn status_of(stripe: &Stripe, method: &str, path: &str) -> u16 {
    stripe.send(stripe.request(method, path), "").status
}

/// The text is one that users of restricted keys have reported.
#[test]
fn a_missing_permission_is_named_with_the_key_and_the_account() {
    let stripe = restricted(&["rak_customer_portal_read"]);
    stripe.get(CONFIGURATIONS).ok();
    let refused = stripe.post(CONFIGURATIONS, NOTHING);
    assert_eq!(
        refused.refusal(),
        (
            403,
            "",
            "",
            "The provided key 'rk_test_******1234' does not have the required permissions for this \
             endpoint on account 'acct_1AbCdEfGhIjKlMnO'. Having the 'rak_customer_portal_write' \
             permission would allow this request to continue."
        )
    );
    assert_eq!(refused.body["error"]["type"], "invalid_request_error");
    assert!(stripe.emulator.configurations(false).is_empty());
}

#[test]
fn every_endpoint_needs_its_permission_and_no_other() {
    for (method, path, permission) in [
        ("GET", CONFIGURATIONS, "rak_customer_portal_read"),
        ("GET", "/v1/billing_portal/configurations/bpc_x", "rak_customer_portal_read"),
        ("POST", CONFIGURATIONS, "rak_customer_portal_write"),
        ("POST", "/v1/billing_portal/configurations/bpc_x", "rak_customer_portal_write"),
        ("POST", "/v1/billing_portal/sessions", "rak_customer_portal_write"),
        ("GET", "/v1/products", "rak_product_read"),
        ("POST", "/v1/products/prod_x", "rak_product_write"),
        ("GET", "/v1/prices", "rak_plan_read"),
        ("POST", "/v1/prices", "rak_plan_write"),
        ("GET", "/v1/customers/cus_x", "rak_customer_read"),
        ("POST", "/v1/customers", "rak_customer_write"),
        ("GET", "/v1/account", "rak_accounts_kyc_basic_read"),
        ("GET", "/v1/accounts", "rak_connected_account_read"),
    ] {
        let refused = restricted(&["rak_webhook_write"]);
        let refused = refused.send(refused.request(method, path), "");
        assert_eq!(refused.status, 403);
        assert!(refused.refusal().3.contains(&format!("'{permission}'")), "{:#}", refused.body);
        assert_ne!(status_of(&restricted(&[permission]), method, path), 403, "{method} {path}");
    }
}

#[test]
fn who_may_write_may_read() {
    let stripe = restricted(&["rak_customer_portal_write"]);
    let configuration = stripe.create(NOTHING);
    stripe.read(&configuration);
    stripe.get("/v1/products").refusal();
}

#[test]
fn a_restricted_key_that_is_not_listed_may_do_everything() {
    let mut stripe = restricted(&[]);
    stripe.key = "rk_test_other";
    stripe.create(NOTHING);
    stripe.get("/v1/account").ok();
}

/// As recorded by users and in the tests of official clients.
#[test]
fn an_expired_key_opens_nothing() {
    let mut stripe =
        stripe_with(&json!({ "keys": [{ "key": "sk_test_old12345678", "expired": true }] }));
    stripe.key = "sk_test_old12345678";
    let refused = stripe.get(CONFIGURATIONS);
    assert_eq!(
        refused.refusal(),
        (401, "api_key_expired", "", "Expired API Key provided: sk_test_*******5678")
    );
}

#[test]
fn where_only_listed_keys_open_others_are_unknown() {
    let seed = json!({ "keys": [{ "key": "sk_test_known" }], "only_listed_keys": true });
    let mut stripe = stripe_with(&seed);
    stripe.key = "sk_test_known";
    stripe.create(NOTHING);
    for key in ["sk_test_other", "sk_live_known"] {
        stripe.key = key;
        let refused: Reply = stripe.get(CONFIGURATIONS);
        assert_eq!(refused.status, 401);
        assert!(refused.refusal().3.starts_with("Invalid API Key provided: sk_"));
    }
}

/// A refusal for want of permission isn't kept: with the permission the same request succeeds.
#[test]
fn a_missing_permission_spoils_no_idempotency_key() {
    let mut stripe = restricted(&["rak_customer_portal_read"]);
    assert_eq!(stripe.post_once("key-1", CONFIGURATIONS, NOTHING).status, 403);
    stripe.key = "sk_test_owner";
    stripe.post_once("key-1", CONFIGURATIONS, NOTHING).ok();
    stripe.key = "rk_test_narrow1234";
    assert_eq!(stripe.post_once("key-1", CONFIGURATIONS, NOTHING).status, 403, "no replay");
}
