//! Answers as the account did when its snapshot was taken.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
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
                page(listed(&self.0.prices, "lookup_key", "lookup_keys[", &query), parameter)
            }
            "/v1/products" => page(listed(&self.0.products, "id", "ids[", &query), parameter),
            _ => {
                let id = path.strip_prefix("/v1/prices/");
                let id = id.map(|id| percent_decode_str(id).decode_utf8_lossy());
                let is_meant =
                    |it: &&Json| id.as_ref().is_some_and(|id| it["id"].as_str() == Some(id));
                let found = self.0.prices.iter().find(is_meant);
                found.map_or_else(
                    || refusal(StatusCode::NOT_FOUND, "the snapshot doesn't have this"),
                    |price| (StatusCode::OK, price.clone()),
                )
            }
        }
    }
}

/// Those that are meant: active or not, and of certain names where a list of them was sent.
fn listed<'j>(
    objects: &'j [Json],
    name: &str,
    list: &str,
    query: &[(String, String)],
) -> Vec<&'j Json> {
    let names: BTreeSet<&str> = query
        .iter()
        .filter(|(key, _)| key.starts_with(list))
        .map(|(_, name)| name.as_str())
        .collect();
    let active = query.iter().find(|(key, _)| key == "active");
    let is_active = active.map(|(_, value)| json!(value == "true"));
    let is_meant = |object: &&Json| {
        let named = object[name].as_str();
        (names.is_empty() || named.is_some_and(|named| names.contains(named)))
            && is_active.as_ref().is_none_or(|active| object["active"] == *active)
    };
    objects.iter().filter(is_meant).collect()
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
