//! Keys, versions, accounts and addresses.

use super::{CONFIGURATIONS, Stripe};

fn authorised(authorization: &str) -> super::Reply {
    let stripe = Stripe::empty();
    let request =
        http::Request::builder().uri("/v1/account").header("Authorization", authorization);
    stripe.send(request, "")
}

#[test]
fn secret_and_restricted_keys_open_their_side() {
    for (key, livemode) in [
        ("sk_test_51Abc", false),
        ("rk_test_51Abc", false),
        ("sk_live_51Abc", true),
        ("rk_live_51Abc", true),
    ] {
        let mut stripe = Stripe::empty();
        stripe.key = key;
        let created = stripe.post(CONFIGURATIONS, "features[invoice_history][enabled]=true");
        assert_eq!(created.ok()["livemode"], livemode);
    }
}

#[test]
fn a_key_comes_as_bearer_or_as_a_user_without_password() {
    assert_eq!(authorised("Bearer sk_test_123").status, 200);
    assert_eq!(authorised("bearer sk_test_123").status, 200);
    // `sk_test_123:` and `sk_test_123:x` in base64.
    assert_eq!(authorised("Basic c2tfdGVzdF8xMjM6").status, 200);
    assert_eq!(authorised("Basic c2tfdGVzdF8xMjM6eA==").status, 401);
}

#[test]
fn without_a_key_there_is_no_answer() {
    let stripe = Stripe::empty();
    let refused = stripe.send(http::Request::builder().uri("/v1/account"), "");
    assert_eq!(refused.status, 401);
    let message = refused.refusal().3;
    assert!(message.starts_with("You did not provide an API key."), "{message}");
    assert_eq!(refused.header("WWW-Authenticate"), Some("Basic realm=\"Stripe\""));
    assert!(refused.header("Request-Id").unwrap().starts_with("req_"));
}

#[test]
fn a_wrong_key_is_repeated_masked() {
    for (key, masked) in [
        ("sk_prod_secret1234", "sk_prod_******1234"),
        ("pk_test_secret1234", "pk_test_******1234"),
        ("sk_test_", "********"),
        ("sk_test_with-dash", "sk_test_*****dash"),
    ] {
        let refused = authorised(&format!("Bearer {key}"));
        assert_eq!(refused.status, 401);
        assert_eq!(refused.refusal().3, format!("Invalid API Key provided: {masked}"));
    }
}

#[test]
fn the_version_is_echoed_and_must_look_like_one() {
    let stripe = Stripe::empty();
    let ask = |version: &str| {
        let request = stripe.request("GET", "/v1/account");
        stripe.send(request.header("Stripe-Version", version), "")
    };
    let plain = stripe.get("/v1/account");
    assert_eq!(plain.header("Stripe-Version"), Some("2026-10-28.endive"));
    for version in ["2020-08-27", "2024-09-30.acacia"] {
        assert_eq!(ask(version).header("Stripe-Version"), Some(version));
    }
    for version in ["latest", "2024-09-30.", "2024/09/30", "2024-09-30.acacia2"] {
        assert_eq!(
            ask(version).refusal(),
            (400, "", "", format!("Invalid Stripe API version: {version}").as_str())
        );
    }
}

#[test]
fn another_account_is_out_of_reach() {
    let stripe = Stripe::empty();
    let own = super::id(&stripe.get("/v1/account").ok());
    let ask = |account: &str| {
        let request = stripe.request("GET", "/v1/account");
        stripe.send(request.header("Stripe-Account", account), "")
    };
    assert_eq!(ask(&own).status, 200);
    assert_eq!(ask("acct_other").refusal().0, 403);
    assert_eq!(ask("acct_other").refusal().1, "account_invalid");
}

#[test]
fn what_stripe_does_not_serve_is_unrecognised() {
    let stripe = Stripe::empty();
    for (method, path) in
        [("GET", "/v1/x"), ("DELETE", "/v1/account"), ("GET", "/"), ("GET", "/v1/prices/")]
    {
        let refused = stripe.send(stripe.request(method, path), "");
        assert_eq!(
            refused.refusal(),
            (
                404,
                "",
                "",
                format!(
                    "Unrecognized request URL ({method}: {path}). Please see \
                     https://stripe.com/docs or we can help at https://support.stripe.com/."
                )
                .as_str()
            )
        );
    }
}

#[test]
fn a_body_that_is_no_form_is_refused() {
    let stripe = Stripe::empty();
    let request = stripe.request("POST", CONFIGURATIONS);
    let refused = stripe.send(request.header("Content-Type", "application/json"), "{}");
    assert_eq!(refused.status, 400);
    let message = refused.refusal().3;
    assert!(message.contains("application/x-www-form-urlencoded"), "{message}");
}

#[test]
fn exchanges_hold_what_was_asked_and_never_the_key() {
    let stripe = Stripe::empty();
    stripe.post_once("key-1", CONFIGURATIONS, "name=A+b&features%5Bx%5D=1");
    stripe.get(&format!("{CONFIGURATIONS}?limit=3"));
    let exchanges = stripe.emulator.exchanges();
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    assert_eq!(exchanges[0].method, "POST");
    assert_eq!(exchanges[0].path, CONFIGURATIONS);
    assert_eq!(exchanges[0].parameters, [pair("name", "A b"), pair("features[x]", "1")]);
    assert_eq!(exchanges[0].idempotency_key.as_deref(), Some("key-1"));
    assert_eq!((exchanges[0].status, exchanges[0].replayed), (400, false));
    assert_eq!(exchanges[1].parameters, [pair("limit", "3")]);
    assert_eq!(exchanges[1].status, 200);
    assert!(!format!("{exchanges:?}").contains("sk_test"));
}
