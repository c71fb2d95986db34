//! Answers as the account did when its snapshot was taken.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use super::format::Saved;
use crate::transport::{Request, Response, Sending, Transport, TransportError};

/// An account that can only be read.
pub struct Replay(Saved);

impl Replay {
    /// The account of a snapshot.
    pub fn new(snapshot: Saved) -> Self {
        Self(snapshot)
    }

    fn answer(&self, request: &Request) -> (StatusCode, Json) {
        let path = request.uri().path();
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let parameter =
            |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        if request.method() != Method::GET {
            return refusal(StatusCode::METHOD_NOT_ALLOWED, "a snapshot can't be changed");
        }
        match path {
            "/v1/account" => match &self.0.account {
                Some(id) => (StatusCode::OK, json!({ "id": id, "object": "account" })),
                None => refusal(StatusCode::FORBIDDEN, "the snapshot doesn't say which account"),
            },
            "/v1/billing_portal/configurations" => {
                page(self.0.configurations.iter().collect(), parameter)
            }
            "/v1/prices" => {
                let keys: BTreeSet<&str> = query
                    .iter()
                    .filter(|(name, _)| name.starts_with("lookup_keys["))
                    .map(|(_, key)| key.as_str())
                    .collect();
                let is_active = parameter("active").map(|active| json!(active == "true"));
                let is_meant = |price: &&Json| {
                    let key = price["lookup_key"].as_str();
                    (keys.is_empty() || key.is_some_and(|key| keys.contains(key)))
                        && is_active.as_ref().is_none_or(|active| price["active"] == *active)
                };
                page(self.0.prices.iter().filter(is_meant).collect(), parameter)
            }
            _ => {
                let id = path.strip_prefix("/v1/prices/");
                let found = self.0.prices.iter().find(|it| it["id"].as_str() == id && id.is_some());
                found.map_or_else(
                    || refusal(StatusCode::NOT_FOUND, "the snapshot doesn't have this"),
                    |price| (StatusCode::OK, price.clone()),
                )
            }
        }
    }
}

/// So many as were asked for, behind the one that was named.
fn page<'q>(items: Vec<&Json>, parameter: impl Fn(&str) -> Option<&'q str>) -> (StatusCode, Json) {
    let limit = parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(10);
    let after = parameter("starting_after");
    let start = after.map_or(0, |id| {
        items.iter().position(|it| it["id"].as_str() == Some(id)).map_or(items.len(), |at| at + 1)
    });
    let data: Vec<&Json> = items[start..].iter().take(limit).copied().collect();
    let has_more = start + data.len() < items.len();
    (StatusCode::OK, json!({ "object": "list", "has_more": has_more, "data": data }))
}

fn refusal(status: StatusCode, message: &str) -> (StatusCode, Json) {
    (status, json!({ "error": { "type": "invalid_request_error", "message": message } }))
}

impl Transport for Replay {
    fn send(&self, request: Request) -> Sending<'_> {
        let (status, body) = self.answer(&request);
        let response = http::Response::builder()
            .status(status)
            .header("content-type", "application/json")
            .body(body.to_string().into_bytes())
            .map_err(|error| TransportError::Unreachable(error.to_string()));
        Box::pin(async move { response as Result<Response, TransportError> })
    }
}
