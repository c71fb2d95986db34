//! Requests that are sent again.

use super::{CONFIGURATIONS, Stripe};

const FORM: &str = "features[invoice_history][enabled]=true&name=A";
const DAY: i64 = 24 * 60 * 60;

#[test]
fn the_same_request_again_gets_the_same_answer_and_does_nothing() {
    let stripe = Stripe::empty();
    let first = stripe.post_once("key-1", CONFIGURATIONS, FORM);
    let reordered = "name=A&features%5Binvoice_history%5D%5Benabled%5D=true";
    stripe.wait(DAY - 1);
    let again = stripe.post_once("key-1", CONFIGURATIONS, reordered);

    assert_eq!(first.body, again.body);
    assert_eq!(again.status, 200);
    assert_eq!(first.header("Idempotent-Replayed"), None);
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    assert_eq!(again.header("Idempotency-Key"), Some("key-1"));
    assert_eq!(again.header("Original-Request"), first.header("Request-Id"));
    assert_ne!(again.header("Request-Id"), first.header("Request-Id"));
    assert_eq!(stripe.emulator.configurations(false).len(), 1);

    let replayed: Vec<bool> = stripe.emulator.exchanges().iter().map(|one| one.replayed).collect();
    assert_eq!(replayed, [false, true]);
}

#[test]
fn a_key_is_forgotten_after_a_day() {
    let stripe = Stripe::empty();
    stripe.post_once("key-1", CONFIGURATIONS, FORM).ok();
    stripe.wait(DAY);
    let anew = stripe.post_once("key-1", CONFIGURATIONS, FORM);
    assert_eq!(anew.header("Idempotent-Replayed"), None);
    assert_eq!(stripe.emulator.configurations(false).len(), 2);
}

#[test]
fn a_key_stands_for_one_request_only() {
    let stripe = Stripe::empty();
    let configuration = stripe.post_once("key-1", CONFIGURATIONS, FORM).ok();
    let path = format!("{CONFIGURATIONS}/{}", super::id(&configuration));
    for (path, form) in [(CONFIGURATIONS, "name=B"), (path.as_str(), FORM)] {
        let refused = stripe.post_once("key-1", path, form);
        assert_eq!(
            refused.refusal(),
            (
                400,
                "",
                "",
                "Keys for idempotent requests can only be used with the same parameters they were \
                 first used with. Try using a key other than 'key-1' if you meant to execute a \
                 different request."
            )
        );
        assert_eq!(refused.body["error"]["type"], "idempotency_error");
    }
}

#[test]
fn a_refusal_by_the_endpoint_is_kept() {
    let stripe = Stripe::shop();
    let form = "features[subscription_update][enabled]=false\
                &features[subscription_update][products][0][product]=prod_new\
                &features[subscription_update][products][0][prices][]=price_month";
    let refused = stripe.post_once("key-1", CONFIGURATIONS, form);
    assert_eq!(refused.refusal().3, "No such product: 'prod_new'");
    stripe.post("/v1/products", "id=prod_new&name=New").ok();
    let again = stripe.post_once("key-1", CONFIGURATIONS, form);
    assert_eq!((again.status, &again.body), (400, &refused.body));
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
}

#[test]
fn a_refusal_before_the_endpoint_ran_is_not_kept() {
    let mut stripe = Stripe::empty();
    stripe.post_once("key-1", CONFIGURATIONS, "nonsense=1").refusal();
    stripe.key = "nonsense";
    assert_eq!(stripe.post_once("key-1", CONFIGURATIONS, FORM).status, 401);
    stripe.key = "sk_test_51Abc";
    stripe.post_once("key-1", CONFIGURATIONS, FORM).ok();
}

#[test]
fn each_side_has_its_own_keys() {
    let mut stripe = Stripe::empty();
    stripe.post_once("key-1", CONFIGURATIONS, FORM).ok();
    stripe.key = "sk_live_51Abc";
    let live = stripe.post_once("key-1", CONFIGURATIONS, FORM).ok();
    assert_eq!(live["livemode"], true);
}

#[test]
fn a_key_has_at_most_255_characters() {
    let stripe = Stripe::empty();
    stripe.post_once(&"k".repeat(255), CONFIGURATIONS, FORM).ok();
    assert_eq!(stripe.post_once(&"k".repeat(256), CONFIGURATIONS, FORM).status, 400);
}

#[test]
fn a_key_means_nothing_to_a_get() {
    let stripe = Stripe::empty();
    let get = || stripe.request("GET", CONFIGURATIONS).header("Idempotency-Key", "key-1");
    stripe.send(get(), "").ok();
    stripe.create(FORM);
    let again = stripe.send(get(), "").ok();
    assert_eq!(again["data"].as_array().unwrap().len(), 1);
}
