//! An answer and its way into an HTTP response.

use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::error::ApiError;
use super::idempotency::SavedAnswer;
use crate::transport::Response;

/// The version that is answered where the request names none.
const API_VERSION: &str = "2026-10-28.endive";

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const ORIGINAL_REQUEST: HeaderName = HeaderName::from_static("original-request");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

pub(super) const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
pub(super) const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What a request is answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Value,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The id of the request whose answer this is again.
    pub(super) original_request: Option<String>,
}

impl Answer {
    pub(super) fn success(body: Value) -> Self {
        Self { status: StatusCode::OK, body, headers: Vec::new(), original_request: None }
    }

    pub(super) fn refusal(error: &ApiError, request_id: &str, livemode: bool) -> Self {
        Self {
            status: error.status,
            body: error.envelope(request_id, livemode),
            headers: error.headers.clone(),
            original_request: None,
        }
    }

    pub(super) fn replay(saved: &SavedAnswer) -> Self {
        Self {
            status: saved.status(),
            body: saved.body.clone(),
            headers: Vec::new(),
            original_request: Some(saved.request_id.clone()),
        }
    }

    /// The response, with Stripe's headers. `asked` are the headers of the request.
    pub(super) fn to_response(&self, asked: &HeaderMap, request_id: &str) -> Response {
        let mut response = json_response(self.status, &self.body);
        let headers = response.headers_mut();
        headers.insert(STRIPE_VERSION, HeaderValue::from_static(API_VERSION));
        for echoed in [STRIPE_VERSION, STRIPE_ACCOUNT, IDEMPOTENCY_KEY] {
            if let Some(value) = asked.get(&echoed) {
                headers.insert(echoed, value.clone());
            }
        }
        headers.extend(self.headers.iter().cloned());
        if let Ok(request_id) = HeaderValue::from_str(request_id) {
            headers.insert(REQUEST_ID, request_id);
        }
        if let Some(original) = &self.original_request {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
            if let Ok(original) = HeaderValue::from_str(original) {
                headers.insert(ORIGINAL_REQUEST, original);
            }
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"Stripe\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

pub(super) fn json_response(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(format!("{body:#}\n").into_bytes());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
