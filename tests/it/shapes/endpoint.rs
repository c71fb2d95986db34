//! The requests that bodies are made for, and an account that they are sent to.

use std::sync::LazyLock;

use http::Method;
use portal_reconciler::emulator::{Emulator, Quirks, Seed};
use portal_reconciler::transport::Response;
use serde_json::{Value as Json, json};

use super::CONFIGURATIONS;
use super::shape::{Shape, object, request};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Create,
    Update,
    Session,
}

impl Endpoint {
    /// The shape of the parameters.
    pub(super) fn shape(self) -> &'static Shape {
        request(match self {
            Self::Create => "configuration_create",
            Self::Update => "configuration_update",
            Self::Session => "session_create",
        })
    }

    /// The shape of the answer.
    pub(super) fn answer(self) -> &'static Shape {
        object(match self {
            Self::Create | Self::Update => "configuration",
            Self::Session => "session",
        })
    }
}

/// What the catalogue of [`Account`] has: prices of as many intervals for every product.
pub(super) const PRODUCTS: [&str; 3] = ["prod_a", "prod_b", "prod_c"];
pub(super) const INTERVALS: [&str; 3] = ["month", "week", "year"];
pub(super) const CUSTOMER: &str = "cus_ada";

/// A price of a product, as [`Account`] has it.
pub(super) fn price(product: &str, interval: &str) -> String {
    format!("price_{}_{interval}", product.trim_start_matches("prod_"))
}

/// A shop's account with two configurations, of which the second isn't the default.
pub(super) struct Account {
    pub(super) emulator: Emulator,
    pub(super) configurations: [String; 2],
}

impl Account {
    pub(super) fn new(quirks: Quirks) -> Self {
        let emulator = Emulator::in_memory(seed()).with_quirks(quirks);
        let all = emulator.configurations(false);
        let id = |n: usize| all[n]["id"].as_str().unwrap().to_owned();
        Self { configurations: [id(0), id(1)], emulator }
    }

    /// Sends a body to where it belongs; an update is of the configuration that isn't the default.
    pub(super) fn post(&self, endpoint: Endpoint, body: &str) -> Response {
        let [_, other] = &self.configurations;
        let path = match endpoint {
            Endpoint::Create => CONFIGURATIONS.to_owned(),
            Endpoint::Update => format!("{CONFIGURATIONS}/{other}"),
            Endpoint::Session => "/v1/billing_portal/sessions".to_owned(),
        };
        self.send(Method::POST, &path, body)
    }

    pub(super) fn get(&self, path_and_query: &str) -> Response {
        self.send(Method::GET, path_and_query, "")
    }

    fn send(&self, method: Method, path: &str, body: &str) -> Response {
        let request = http::Request::builder().method(method).uri(path);
        let request = request.header("authorization", "Bearer sk_test_1");
        self.emulator.handle(request.body(body.as_bytes().to_vec()).unwrap())
    }
}

/// The default has every feature on, so that every session is possible.
fn seed() -> Seed {
    static SEED: LazyLock<Seed> = LazyLock::new(|| {
        let catalogue = PRODUCTS.map(|product| json!({ "id": product, "name": product }));
        let prices: Vec<Json> = PRODUCTS
            .iter()
            .flat_map(|product| INTERVALS.map(|interval| (product, interval)))
            .map(|(product, interval)| {
                json!({
                    "id": price(product, interval), "product": product, "currency": "usd",
                    "unit_amount": 100, "recurring": { "interval": interval },
                })
            })
            .collect();
        let listed =
            json!([{ "product": PRODUCTS[0], "prices": [price(PRODUCTS[0], INTERVALS[0])] }]);
        let features = json!({
            "customer_update": { "enabled": true, "allowed_updates": ["name"] },
            "invoice_history": { "enabled": true },
            "payment_method_update": { "enabled": true },
            "subscription_cancel": { "enabled": true },
            "subscription_pause": { "enabled": true },
            "subscription_update": {
                "enabled": true, "default_allowed_updates": ["price"], "products": listed,
            },
        });
        let little = json!({ "invoice_history": { "enabled": false } });
        let seed = json!({
            "products": catalogue, "prices": prices, "customers": [{ "id": CUSTOMER }],
            "configurations": [{ "features": features }, { "features": little }],
        });
        Seed::parse(&seed.to_string()).unwrap()
    });
    SEED.clone()
}
