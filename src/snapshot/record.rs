//! Listens to what an account answers.

use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use serde_json::Value as Json;

use super::format::Saved;
use crate::transport::{Request, Sending, Transport};

/// What is kept of a price: what a plan needs, and nothing that a catalogue says to staff only.
const OF_A_PRICE: [&str; 13] = [
    "id",
    "object",
    "active",
    "billing_scheme",
    "currency",
    "livemode",
    "lookup_key",
    "product",
    "recurring",
    "tiers_mode",
    "type",
    "unit_amount",
    "unit_amount_decimal",
];

/// The same of a product.
const OF_A_PRODUCT: [&str; 5] = ["id", "object", "active", "livemode", "name"];

/// Another transport, and what came over it.
pub struct Recorder {
    inner: Arc<dyn Transport>,
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    account: Option<String>,
    configurations: Vec<Json>,
    prices: Vec<Json>,
    products: Vec<Json>,
}

impl Recorder {
    /// Listens to this one.
    pub fn new(inner: Arc<dyn Transport>) -> Self {
        Self { inner, heard: Mutex::default() }
    }

    /// Takes what was heard so far.
    pub fn take(&self, taken_at: String, environment: String, livemode: bool) -> Saved {
        let heard = std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner));
        let Heard { account, configurations, prices, products } = heard;
        Saved::new(taken_at, environment, livemode, account, configurations, prices, products)
    }

    fn hear(&self, body: &[u8]) {
        // Whoever asked makes more of what isn't JSON.
        let Ok(body) = serde_json::from_slice::<Json>(body) else { return };
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let items = body.get("data").and_then(Json::as_array).cloned();
        for object in items.unwrap_or_else(|| vec![body]) {
            match object.get("object").and_then(Json::as_str) {
                Some("account") => {
                    heard.account = object.get("id").and_then(Json::as_str).map(str::to_owned);
                }
                Some("billing_portal.configuration") => heard.configurations.push(object),
                Some("price") => heard.prices.push(only(object, &OF_A_PRICE)),
                Some("product") => heard.products.push(only(object, &OF_A_PRODUCT)),
                _ => {}
            }
        }
    }
}

fn only(mut object: Json, names: &[&str]) -> Json {
    if let Some(fields) = object.as_object_mut() {
        fields.retain(|name, _| names.contains(&name.as_str()));
    }
    object
}

impl Transport for Recorder {
    fn send(&self, request: Request) -> Sending<'_> {
        let is_read = request.method() == Method::GET;
        Box::pin(async move {
            let response = self.inner.send(request).await?;
            if is_read && response.status().is_success() {
                self.hear(response.body());
            }
            Ok(response)
        })
    }
}
