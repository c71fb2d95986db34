//! Rate limits, concurrency limits, and requests that run at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use portal_reconciler::emulator::{Emulator, Limits, Quirks, Seed};
use portal_reconciler::transport::Transport;
use serde_json::{Value, json};

use super::{CONFIGURATIONS, Reply, Stripe};

const NOTHING: &str = "features[invoice_history][enabled]=false";

/// An account with limits and a clock that counts milliseconds.
fn limited(limits: Limits, quirks: Quirks) -> (Stripe, Arc<AtomicU64>) {
    let millis = Arc::new(AtomicU64::new(1_790_000_000_000));
    let clock = Arc::clone(&millis);
    let stripe = Stripe::new(Seed::default(), quirks);
    let emulator = stripe
        .emulator
        .with_limits(limits)
        .with_fine_clock(move || Duration::from_millis(clock.load(Ordering::SeqCst)));
    (Stripe { emulator, ..stripe }, millis)
}

/// How many of so many requests are answered.
fn n_answered(stripe: &Stripe, n_requests: usize, path: &str) -> usize {
    (0..n_requests).filter(|_| stripe.get(path).status != 429).count()
}

fn reason(reply: &Reply) -> Option<&str> {
    reply.header("Stripe-Rate-Limited-Reason")
}

#[test]
fn without_a_switch_nothing_is_limited() {
    assert_eq!(n_answered(&Stripe::empty(), 300, "/v1/account"), 300);
}

/// The text of test mode is as recorded in a public issue; the type isn't one of its own.
#[test]
fn what_exceeds_a_limit_is_refused_and_says_which_one() {
    let (stripe, _) = limited(Limits::per_second(1), Quirks::default());
    stripe.get("/v1/account").ok();
    let refused = stripe.get("/v1/account");
    assert_eq!(
        refused.refusal(),
        (
            429,
            "rate_limit",
            "",
            "Testmode request rate limit exceeded, the rate limits in testmode are lower than \
             livemode. You can learn more about rate limits here \
             https://stripe.com/docs/rate-limits."
        )
    );
    assert_eq!(refused.body["error"]["type"], "invalid_request_error");
    assert_eq!(reason(&refused), Some("global-rate"));
    assert_eq!(refused.header("Retry-After"), None);
}

#[test]
fn stripes_documented_limits_are_a_hundred_live_and_a_quarter_of_it_in_test_and_by_endpoint() {
    let (mut stripe, millis) = limited(Limits::default(), Quirks::default());
    assert_eq!(n_answered(&stripe, 30, "/v1/account"), 25);
    assert_eq!(reason(&stripe.get("/v1/account")), Some("global-rate"));
    stripe.key = "sk_live_51Abc";
    let paths = ["/v1/account", "/v1/products", "/v1/prices", CONFIGURATIONS];
    for path in paths {
        assert_eq!(n_answered(&stripe, 30, path), 25, "{path}");
    }
    assert_eq!(reason(&stripe.get("/v1/accounts")), Some("global-rate"));
    millis.fetch_add(1000, Ordering::SeqCst);
    assert_eq!(n_answered(&stripe, 26, "/v1/account"), 25);
    assert_eq!(reason(&stripe.get("/v1/account")), Some("endpoint-rate"));
    // Whatever the id is, it is one endpoint.
    let ids = (0..30).map(|n| stripe.get(&format!("/v1/products/prod_{n}")).status);
    assert_eq!(ids.filter(|status| *status == 404).count(), 25);
}

#[test]
fn buckets_fill_by_fractions_of_a_second_and_a_refusal_takes_nothing() {
    let (stripe, millis) = limited(Limits::per_second(10), Quirks::default());
    assert_eq!(n_answered(&stripe, 20, "/v1/account"), 10);
    millis.fetch_add(99, Ordering::SeqCst);
    assert_eq!(n_answered(&stripe, 5, "/v1/account"), 0);
    millis.fetch_add(1, Ordering::SeqCst);
    assert_eq!(n_answered(&stripe, 5, "/v1/account"), 1);
    millis.fetch_add(250, Ordering::SeqCst);
    assert_eq!(n_answered(&stripe, 5, "/v1/account"), 2);
    millis.fetch_add(60_000, Ordering::SeqCst);
    assert_eq!(n_answered(&stripe, 20, "/v1/account"), 10, "no more than a second's worth");
}

#[test]
fn a_key_that_is_refused_for_its_limit_can_be_used_again() {
    let (stripe, millis) = limited(Limits::per_second(1), Quirks::default());
    stripe.get("/v1/account").ok();
    assert_eq!(stripe.post_once("key-1", CONFIGURATIONS, NOTHING).status, 429);
    millis.fetch_add(1000, Ordering::SeqCst);
    let created = stripe.post_once("key-1", CONFIGURATIONS, NOTHING);
    assert_eq!(created.header("Idempotent-Replayed"), None);
    created.ok();
}

#[test]
fn a_refusal_of_the_key_counts_for_nothing() {
    let (mut stripe, _) = limited(Limits::per_second(1), Quirks::default());
    stripe.key = "nonsense";
    assert_eq!(stripe.get("/v1/account").status, 401);
    stripe.key = "sk_test_51Abc";
    stripe.get("/v1/account").ok();
}

#[test]
fn what_the_headers_say_can_be_switched() {
    let headers = |set: fn(&mut Quirks)| {
        let mut quirks = Quirks::default();
        set(&mut quirks);
        let (stripe, millis) = limited(Limits::per_second(1), quirks);
        stripe.get("/v1/account").ok();
        millis.fetch_add(1, Ordering::SeqCst);
        let refused = stripe.get("/v1/account");
        (reason(&refused).is_some(), refused.header("Retry-After").map(str::to_owned))
    };
    assert_eq!(headers(|_| {}), (true, None));
    let retry_after = headers(|quirks| quirks.rate_limits_say_retry_after = true);
    assert_eq!(retry_after, (true, Some("1".to_owned())));
    assert_eq!(headers(|quirks| quirks.rate_limits_have_no_reason = true), (false, None));
}

#[test]
fn a_seed_switches_limits_on() {
    let stripe = |limits: Value| {
        let seed = json!({ "limits": limits });
        Stripe::new(Seed::parse(&seed.to_string()).unwrap(), Quirks::default())
    };
    assert_eq!(n_answered(&stripe(json!({})), 30, "/v1/account"), 25);
    assert_eq!(n_answered(&stripe(json!({ "per_second": 3 })), 30, "/v1/account"), 3);
    let by_endpoint = stripe(json!({ "per_endpoint_per_second": 2 }));
    assert_eq!(n_answered(&by_endpoint, 30, "/v1/account"), 2);
    assert_eq!(n_answered(&by_endpoint, 30, "/v1/prices"), 2);
    for number in [json!(0), json!(10_001), json!("5"), json!(2.5)] {
        let seed = json!({ "limits": { "concurrent": number } });
        assert_eq!(
            Seed::parse(&seed.to_string()).unwrap_err().to_string(),
            "limits.concurrent: must be a number from 1 to 10000"
        );
    }
}

/// An account where every request takes 100 ms. Time passes only when everybody waits.
fn slow(emulator: Emulator) -> Arc<Emulator> {
    Arc::new(emulator.with_latency(Duration::from_millis(100)))
}

fn request(method: &str, path: &str, key: &str, form: &str) -> http::Request<Vec<u8>> {
    http::Request::builder()
        .method(method)
        .uri(path)
        .header("Authorization", "Bearer sk_test_51Abc")
        .header("Idempotency-Key", key)
        .body(form.as_bytes().to_vec())
        .unwrap()
}

/// Status and error code of an answer.
async fn send(emulator: &Emulator, request: http::Request<Vec<u8>>) -> (u16, Value) {
    let response = emulator.send(request).await.unwrap();
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), body["error"].clone())
}

#[tokio::test(start_paused = true)]
async fn the_same_key_while_the_first_request_runs_is_a_conflict_and_then_a_replay() {
    let emulator = slow(Emulator::in_memory(Seed::default()));
    let create = || send(&emulator, request("POST", CONFIGURATIONS, "key-1", NOTHING));
    let (first, second) = tokio::join!(create(), create());
    assert_eq!(first.0, 200);
    let (status, error) = second;
    assert_eq!((status, &error["code"]), (409, &json!("idempotency_key_in_use")));
    assert_eq!(error["type"], "invalid_request_error");
    // As users have measured it.
    assert_eq!(
        error["message"],
        "There is currently another in-progress request using this Idempotent Key (that probably \
         means you submitted twice, and the other request is still going through): key-1. Please \
         try again later."
    );
    assert_eq!(create().await.0, 200);
    assert_eq!(emulator.configurations(false).len(), 1);
    let replayed: Vec<_> = emulator.exchanges().iter().map(|one| one.replayed).collect();
    assert_eq!(replayed, [false, false, true]);
}

#[tokio::test(start_paused = true)]
async fn while_a_request_runs_others_are_served() {
    let emulator = slow(Emulator::in_memory(Seed::default()));
    let began = tokio::time::Instant::now();
    let create = |key| send(&emulator, request("POST", CONFIGURATIONS, key, NOTHING));
    let answers = tokio::join!(create("key-1"), create("key-2"), create("key-3"));
    assert_eq!((answers.0.0, answers.1.0, answers.2.0), (200, 200, 200));
    assert_eq!(began.elapsed(), Duration::from_millis(100));
    assert_eq!(emulator.configurations(false).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn requests_at_the_same_time_are_limited_by_side_and_by_endpoint() {
    let one_each = Limits { concurrent_per_endpoint: Some(1), ..Limits::default() };
    let one = Limits { concurrent: Some(1), ..Limits::default() };
    for (limits, same, other) in [(one_each, 429, 200), (one, 429, 429)] {
        let emulator = slow(Emulator::in_memory(Seed::default()).with_limits(limits.clone()));
        let get = |path| send(&emulator, request("GET", path, "", ""));
        let answers = tokio::join!(get("/v1/prices"), get("/v1/prices"), get("/v1/products"));
        assert_eq!((answers.0.0, answers.1.0, answers.2.0), (200, same, other), "{limits:?}");
        assert_eq!(get("/v1/prices").await.0, 200, "the others are over");
    }
}

#[test]
fn which_concurrency_limit_was_met_is_said() {
    for (limits, expected) in [
        (Limits { concurrent_per_endpoint: Some(1), ..Limits::default() }, "endpoint-concurrency"),
        (Limits { concurrent: Some(1), ..Limits::default() }, "global-concurrency"),
    ] {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let emulator = slow(Emulator::in_memory(Seed::default()).with_limits(limits));
        let get = || emulator.send(request("GET", "/v1/prices", "", ""));
        let (_, second) = runtime.block_on(async { tokio::join!(get(), get()) });
        let reason = second.unwrap().headers()["stripe-rate-limited-reason"].clone();
        assert_eq!(reason, expected);
    }
}

/// A client that gives up doesn't hold its key or its place: Stripe has acted already.
#[tokio::test(start_paused = true)]
async fn a_client_that_gives_up_leaves_nothing_behind_but_what_was_done() {
    let limits = Limits { concurrent: Some(1), ..Limits::default() };
    let emulator = slow(Emulator::in_memory(Seed::default()).with_limits(limits));
    let create = || send(&emulator, request("POST", CONFIGURATIONS, "key-1", NOTHING));
    let gave_up = tokio::time::timeout(Duration::from_millis(50), create()).await;
    assert!(gave_up.is_err());
    assert_eq!(emulator.configurations(false).len(), 1);
    assert_eq!(create().await.0, 200);
    assert!(emulator.exchanges()[1].replayed);
    assert_eq!(emulator.configurations(false).len(), 1);
}
