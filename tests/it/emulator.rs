//! Conversations with the emulator, in forms written by hand.

#![expect(clippy::unwrap_used, reason = "the lint's exception for tests misses their helpers")]

mod catalogue;
mod configurations;
mod connected;
mod control;
mod dashboard;
mod faults;
mod headers;
mod idempotency;
mod keys;
mod limits;
mod lists;
mod page;
mod portal;
mod program;
mod quirks;
mod refusals;
mod robust;
mod rules;
mod seeds;
mod server;
mod sessions;
mod shapes;
mod state_file;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use portal_reconciler::emulator::{Emulator, Quirks, Seed};
use serde_json::Value;

const CONFIGURATIONS: &str = "/v1/billing_portal/configurations";

/// Two products with prices on the test side, one of each on the live side, and a customer.
const SHOP: &str = r#"{
  "products": [
    {"id": "prod_pro", "name": "Pro"},
    {"id": "prod_team", "name": "Team"},
    {"id": "prod_old", "name": "Old", "active": false},
    {"id": "prod_live", "name": "Live", "livemode": true}
  ],
  "prices": [
    {"id": "price_month", "product": "prod_pro", "currency": "usd", "unit_amount": 1000,
     "recurring": {"interval": "month"}, "lookup_key": "pro_monthly"},
    {"id": "price_month_eur", "product": "prod_pro", "currency": "eur", "unit_amount": 900,
     "recurring": {"interval": "month"}},
    {"id": "price_quarter", "product": "prod_pro", "currency": "usd", "unit_amount": 2700,
     "recurring": {"interval": "month", "interval_count": 3}},
    {"id": "price_year", "product": "prod_pro", "currency": "usd", "unit_amount": 10000,
     "recurring": {"interval": "year"}, "lookup_key": "pro_yearly"},
    {"id": "price_archived", "product": "prod_pro", "currency": "usd", "unit_amount": 1,
     "recurring": {"interval": "week"}, "active": false},
    {"id": "price_once", "product": "prod_pro", "currency": "usd", "unit_amount": 5000},
    {"id": "price_team", "product": "prod_team", "currency": "usd", "unit_amount": 3000,
     "recurring": {"interval": "month"}},
    {"id": "price_old", "product": "prod_old", "currency": "usd", "unit_amount": 1,
     "recurring": {"interval": "month"}},
    {"id": "price_live", "product": "prod_live", "currency": "usd", "unit_amount": 1,
     "recurring": {"interval": "month"}, "livemode": true}
  ],
  "customers": [{"id": "cus_ada", "email": "ada@example.com"}]
}"#;

/// `features[subscription_update]` that is on, with one product.
const SWITCHING: &str = "features[subscription_update][enabled]=true\
    &features[subscription_update][default_allowed_updates][]=price\
    &features[subscription_update][products][0][product]=prod_pro\
    &features[subscription_update][products][0][prices][]=price_month";

/// An emulated account, a key to it and a clock that stands still.
struct Stripe {
    emulator: Emulator,
    now: Arc<AtomicI64>,
    key: &'static str,
}

impl Stripe {
    /// An account with nothing in it.
    fn empty() -> Self {
        Self::new(Seed::default(), Quirks::default())
    }

    /// An account with a catalogue and without configurations.
    fn shop() -> Self {
        Self::shop_with(Quirks::default())
    }

    fn shop_with(quirks: Quirks) -> Self {
        Self::new(Seed::parse(SHOP).unwrap(), quirks)
    }

    fn new(seed: Seed, quirks: Quirks) -> Self {
        Self::around(Emulator::in_memory(seed).with_quirks(quirks))
    }

    fn around(emulator: Emulator) -> Self {
        let now = Arc::new(AtomicI64::new(1_790_000_000));
        let clock = Arc::clone(&now);
        Self {
            emulator: emulator.with_clock(move || clock.load(Ordering::SeqCst)),
            now,
            key: "sk_test_51Abc",
        }
    }

    fn wait(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    fn post(&self, path: &str, form: &str) -> Reply {
        self.send(self.request("POST", path), form)
    }

    fn get(&self, path_and_query: &str) -> Reply {
        self.send(self.request("GET", path_and_query), "")
    }

    /// A POST with an idempotency key.
    fn post_once(&self, key: &str, path: &str, form: &str) -> Reply {
        let request = self.request("POST", path).header("Idempotency-Key", key);
        self.send(request, form)
    }

    /// Creates a configuration and returns its id.
    fn create(&self, form: &str) -> String {
        id(&self.post(CONFIGURATIONS, form).ok())
    }

    fn update(&self, id: &str, form: &str) -> Reply {
        self.post(&format!("{CONFIGURATIONS}/{id}"), form)
    }

    /// A configuration with its products.
    fn read(&self, id: &str) -> Value {
        let expand = "expand[]=features.subscription_update.products";
        self.get(&format!("{CONFIGURATIONS}/{id}?{expand}")).ok()
    }

    fn request(&self, method: &str, path_and_query: &str) -> http::request::Builder {
        http::Request::builder()
            .method(method)
            .uri(path_and_query)
            .header("Authorization", format!("Bearer {}", self.key))
    }

    fn send(&self, request: http::request::Builder, form: &str) -> Reply {
        let request = request.body(form.as_bytes().to_vec()).unwrap();
        let response = self.emulator.handle(request);
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: serde_json::from_slice(response.body()).unwrap(),
        }
    }
}

/// An answer.
struct Reply {
    status: u16,
    headers: http::HeaderMap,
    body: Value,
}

impl Reply {
    /// The object, if there is one.
    #[track_caller]
    fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{:#}", self.body);
        self.body
    }

    /// Status, code, parameter and message of a refusal; empty where there is none.
    #[track_caller]
    fn refusal(&self) -> (u16, &str, &str, &str) {
        let error = &self.body["error"];
        let text = |name: &str| error[name].as_str().unwrap_or_default();
        assert!(error.is_object(), "{:#}", self.body);
        (self.status, text("code"), text("param"), text("message"))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

fn id(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}

/// The ids of a list, in its order.
fn ids(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(id).collect()
}
