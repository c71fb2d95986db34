//! What an emulator is told rather than asked.

use portal_reconciler::emulator::{Quirks, Seed};
use portal_reconciler::transport::Transport;
use serde_json::{Value, json};

use super::{CONFIGURATIONS, SHOP, Stripe};

const NOTHING: &str = "features[invoice_history][enabled]=false";

/// A request without a key, as none is needed.
fn tell(stripe: &Stripe, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = http::Request::builder().method(method).uri(path);
    let reply = stripe.send(request, &body.to_string());
    (reply.status, reply.body)
}

fn told(stripe: &Stripe, method: &str, path: &str) -> Value {
    let (status, body) = tell(stripe, method, path, &Value::Null);
    assert_eq!(status, 200, "{body:#}");
    body
}

#[test]
fn the_log_holds_what_was_asked_and_never_the_key() {
    let stripe = Stripe::empty();
    stripe.post_once("key-1", CONFIGURATIONS, NOTHING).ok();
    stripe.get("/v1/prices/price_x").refusal();
    let log = told(&stripe, "GET", "/_emulator/requests");
    assert_eq!(
        log,
        json!({ "requests": [
            {
                "method": "POST",
                "path": CONFIGURATIONS,
                "parameters": [["features[invoice_history][enabled]", "false"]],
                "account": null,
                "idempotency_key": "key-1",
                "status": 200,
                "replayed": false,
                "fault": null,
            },
            {
                "method": "GET",
                "path": "/v1/prices/price_x",
                "parameters": [],
                "account": null,
                "idempotency_key": null,
                "status": 404,
                "replayed": false,
                "fault": null,
            },
        ] })
    );
    told(&stripe, "DELETE", "/_emulator/requests");
    assert_eq!(told(&stripe, "GET", "/_emulator/requests"), json!({ "requests": [] }));
}

#[test]
fn a_reset_leads_back_to_the_seed() {
    let stripe = Stripe::shop();
    stripe.create(NOTHING);
    stripe.post("/v1/products/prod_pro", "name=Changed").ok();
    tell(&stripe, "POST", "/_emulator/faults", &json!({ "fault": "reset" }));
    told(&stripe, "POST", "/_emulator/reset");
    assert_eq!(told(&stripe, "GET", "/_emulator/requests"), json!({ "requests": [] }));
    assert_eq!(told(&stripe, "GET", "/_emulator/faults"), json!({ "faults": [] }));
    assert!(stripe.emulator.configurations(false).is_empty());
    assert_eq!(stripe.get("/v1/products/prod_pro").ok()["name"], "Pro");
}

#[test]
fn the_state_is_everything_but_the_keys() {
    let seed = json!({ "keys": [{ "key": "sk_test_listed" }], "connected": [{ "id": "acct_a" }] });
    let stripe = Stripe::new(Seed::parse(&seed.to_string()).unwrap(), Quirks::default());
    let configuration = stripe.create(NOTHING);
    let state = told(&stripe, "GET", "/_emulator/state");
    assert_eq!(state["platform"]["test"]["configurations"][0]["id"], configuration);
    assert_eq!(state["connected"][0]["account"]["id"], "acct_a");
    let names: Vec<_> = state.as_object().unwrap().keys().collect();
    assert_eq!(names, ["platform", "application", "connected", "limits"]);
}

#[test]
fn faults_are_posted_listed_and_cleared() {
    let stripe = Stripe::new(Seed::parse(SHOP).unwrap(), Quirks::default());
    let fault = json!({
        "match": { "method": "POST", "path": "/v1/prices*" },
        "times": 2,
        "after": 1,
        "fault": { "status": 503, "body": { "a": 1 }, "headers": { "retry-after": "1" } },
    });
    let pending = json!({
        "match": { "method": "POST", "path": "/v1/prices*" },
        "times": 2,
        "after": 1,
        "fault": "status",
        "server_acts": false,
    });
    let posted = tell(&stripe, "POST", "/_emulator/faults", &fault);
    assert_eq!(posted, (200, json!({ "faults": [pending] })));
    let simple = [
        ("lost_answer", true),
        ("reset", false),
        ("timeout", true),
        ("truncated", true),
        ("saved_500", false),
        ("rate_limited", false),
        ("lock_timeout", false),
        ("key_in_use", false),
    ];
    for (name, server_acts) in simple {
        let (_, all) = tell(&stripe, "POST", "/_emulator/faults", &json!({ "fault": name }));
        let last = all["faults"].as_array().unwrap().last().unwrap().clone();
        let nothing = json!({ "method": null, "path": null });
        assert_eq!(
            last,
            json!({
                "match": nothing, "times": 1, "after": 0, "fault": name, "server_acts": server_acts
            })
        );
    }
    told(&stripe, "DELETE", "/_emulator/faults");
    assert_eq!(told(&stripe, "GET", "/_emulator/faults"), json!({ "faults": [] }));
}

#[tokio::test]
async fn what_has_gone_wrong_is_not_listed_any_more() {
    let stripe = Stripe::empty();
    let fault = json!({ "fault": { "status": 503 }, "times": 2, "after": 1 });
    tell(&stripe, "POST", "/_emulator/faults", &fault);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let request = http::Request::get("/v1/prices").body(Vec::new()).unwrap();
        stripe.emulator.send(request).await.unwrap();
        let faults = told(&stripe, "GET", "/_emulator/faults")["faults"].take();
        seen.push(faults.as_array().unwrap().first().map(|fault| fault["times"].clone()));
    }
    assert_eq!(seen, [Some(json!(2)), Some(json!(1)), None]);
}

#[test]
fn mistakes_in_a_fault_are_explained() {
    let stripe = Stripe::empty();
    for (fault, message) in [
        (json!({}), "missing field `fault`"),
        (json!({ "fault": "reset", "time": 2 }), "unknown field `time`"),
        (json!({ "fault": "reset", "match": { "body": "" } }), "unknown field `body`"),
        (
            json!({ "fault": "reset", "times": 0 }),
            "invalid value: integer `0`, expected a nonzero u32",
        ),
        (
            json!({ "fault": { "rate_limited": "global-rate", "headers": { "a": "b" } } }),
            "unknown field `headers`",
        ),
        (
            json!({ "fault": "reset", "match": { "method": "A B" } }),
            "`match.method` isn't a method",
        ),
        (
            json!({ "fault": "explosion" }),
            "there is no fault `explosion`; there are lost_answer, reset, timeout, truncated, \
             saved_500, rate_limited, lock_timeout, key_in_use, and answers: {\"status\": 503}",
        ),
        (json!({ "fault": { "status": 42 } }), "`status` can't be 42"),
        (
            json!({ "fault": { "status": 503, "headers": { "a b": "c" } } }),
            "`headers` must be texts by name",
        ),
        (
            json!({ "fault": { "rate_limited": "never" } }),
            "`rate_limited` must be one of global-rate, endpoint-rate, global-concurrency, \
             endpoint-concurrency, resource-specific",
        ),
    ] {
        let (status, body) = tell(&stripe, "POST", "/_emulator/faults", &fault);
        assert_eq!(status, 400);
        let seen = body["error"]["message"].as_str().unwrap();
        assert!(seen.starts_with(message), "{seen}");
    }
}

#[test]
fn anything_else_says_what_there_is() {
    let stripe = Stripe::empty();
    for (method, path) in
        [("GET", "/_emulator"), ("PUT", "/_emulator/requests"), ("GET", "/_emulator/reset")]
    {
        let (status, body) = tell(&stripe, method, path, &Value::Null);
        assert_eq!(status, 404);
        let message = body["error"]["message"].as_str().unwrap();
        assert!(message.contains("POST /_emulator/reset"), "{message}");
    }
    // Anything that only looks like it is Stripe's not to know, and needs a key to be told so.
    assert_eq!(tell(&stripe, "GET", "/_emulators", &Value::Null).0, 401);
}
