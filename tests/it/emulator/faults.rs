//! What goes wrong on request.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use portal_reconciler::emulator::{Emulator, Fault, LimitReason, Mishap, Seed};
use portal_reconciler::transport::{Response, Transport, TransportError};
use serde_json::Value;

use super::CONFIGURATIONS;

const NOTHING: &str = "features[invoice_history][enabled]=false";

/// All kinds.
fn mishaps() -> Vec<Mishap> {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    vec![
        Mishap::LostAnswer,
        Mishap::Reset,
        Mishap::Timeout,
        Mishap::Truncated,
        Mishap::Status { status, headers: HeaderMap::new(), body: b"<html>".to_vec() },
        Mishap::Saved500,
        Mishap::RateLimited(LimitReason::GlobalRate),
        Mishap::LockTimeout,
        Mishap::KeyInUse,
    ]
}

async fn create(emulator: &Emulator, key: &str) -> Result<Response, TransportError> {
    let request = http::Request::post(CONFIGURATIONS)
        .header("Authorization", "Bearer sk_test_51Abc")
        .header("Idempotency-Key", key);
    emulator.send(request.body(NOTHING.as_bytes().to_vec()).unwrap()).await
}

fn error(response: &Response) -> Value {
    serde_json::from_slice::<Value>(response.body()).unwrap()["error"].clone()
}

#[tokio::test(start_paused = true)]
async fn every_fault_says_whether_stripe_acts_and_the_same_key_finds_out() {
    for mishap in mishaps() {
        let emulator = Emulator::in_memory(Seed::default());
        emulator.inject(Fault::new(mishap.clone()));
        let met = create(&emulator, "key-1").await;
        let n_made = emulator.configurations(false).len();
        assert_eq!(n_made == 1, mishap.server_acts(), "{mishap:?}");
        if mishap.server_acts() {
            assert!(matches!(met, Err(TransportError::Lost(_))), "{mishap:?}");
        }
        let again = create(&emulator, "key-1").await.unwrap();
        assert_eq!(emulator.exchanges()[0].fault, Some(mishap.name()));
        assert_eq!(emulator.exchanges()[1].fault, None);
        if mishap == Mishap::Saved500 {
            assert_eq!(again.status(), 500, "a failure that was saved comes back");
            assert_eq!(again.headers()["idempotent-replayed"], "true");
            assert_eq!(create(&emulator, "key-2").await.unwrap().status(), 200);
        } else {
            assert_eq!(again.status(), 200, "{mishap:?}");
            assert_eq!(emulator.exchanges()[1].replayed, mishap.server_acts());
        }
        assert_eq!(emulator.configurations(false).len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn the_answers_of_faults_are_stripes() {
    let emulator = Emulator::in_memory(Seed::default());
    let mut answers = Vec::new();
    for mishap in mishaps() {
        let key = mishap.name();
        emulator.inject(Fault::new(mishap));
        if let Ok(response) = create(&emulator, key).await {
            let error = serde_json::from_slice::<Value>(response.body()).unwrap_or_default();
            let code = error["error"]["code"].as_str().unwrap_or_default().to_owned();
            let reason = response.headers().get("stripe-rate-limited-reason").cloned();
            let reason = reason.map(|reason| reason.to_str().unwrap().to_owned());
            answers.push((response.status().as_u16(), code, reason.unwrap_or_default()));
        }
    }
    let answer = |status, code: &str, reason: &str| (status, code.to_owned(), reason.to_owned());
    assert_eq!(
        answers,
        [
            answer(503, "", ""),
            answer(500, "", ""),
            answer(429, "rate_limit", "global-rate"),
            answer(429, "lock_timeout", ""),
            answer(409, "idempotency_key_in_use", ""),
        ][..]
    );
}

#[tokio::test(start_paused = true)]
async fn a_lock_timeout_is_a_429_without_a_reason() {
    let emulator = Emulator::in_memory(Seed::default());
    emulator.inject(Fault::new(Mishap::LockTimeout));
    let refused = create(&emulator, "key-1").await.unwrap();
    assert_eq!(refused.status(), 429);
    assert!(!refused.headers().contains_key("stripe-rate-limited-reason"));
    // As recorded in a public issue.
    assert_eq!(
        error(&refused)["message"],
        "This object cannot be accessed right now because another API request or Stripe process is \
         currently accessing it. If you see this error intermittently, retry the request. If you \
         see this error frequently and are making multiple concurrent requests to a single object, \
         make your requests serially or at a lower rate."
    );
}

#[tokio::test(start_paused = true)]
async fn a_fault_concerns_what_it_matches_so_many_times_and_after_so_many() {
    let emulator = Emulator::in_memory(Seed::default());
    let get = async |path: &str| {
        let request = http::Request::get(path).header("Authorization", "Bearer sk_test_51Abc");
        emulator.send(request.body(Vec::new()).unwrap()).await.is_ok()
    };
    let fault = Fault::new(Mishap::Reset).method(Method::GET).path("/v1/prices*");
    emulator.inject(fault.clone().times(2).after(1));
    assert!(create(&emulator, "key-1").await.is_ok(), "another method");
    assert!(get("/v1/products").await, "another path");
    let mut seen = Vec::new();
    for path in ["/v1/prices?limit=1", "/v1/prices", "/v1/prices/price_x", "/v1/prices"] {
        seen.push(get(path).await);
    }
    assert_eq!(seen, [true, false, false, true]);
    emulator.inject(fault.path("/v1/prices"));
    assert!(get("/v1/prices/price_x").await, "without a star it is one path");
    emulator.clear_faults();
    assert!(get("/v1/prices").await);
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_left_after_eighty_seconds() {
    let emulator = Emulator::in_memory(Seed::default());
    emulator.inject(Fault::new(Mishap::Timeout));
    let began = tokio::time::Instant::now();
    assert!(create(&emulator, "key-1").await.is_err());
    assert_eq!(began.elapsed(), Duration::from_secs(80));
}

#[test]
fn handling_a_request_meets_no_fault() {
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    emulator.inject(Fault::new(Mishap::Reset));
    let request = http::Request::get("/v1/account").header("Authorization", "Bearer sk_test_1");
    assert_eq!(emulator.handle(request.body(Vec::new()).unwrap()).status(), 200);
}
