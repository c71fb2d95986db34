//! Which request is which endpoint.

use http::{Method, StatusCode};
use serde_json::Value;

use super::catalogue::{prices, products};
use super::error::ApiError;
use super::form::Table;
use super::state::Call;
use super::{account, configuration, customers, session};

/// Answers a request whose key is known to be good.
pub(super) fn route(
    call: &mut Call<'_>,
    method: &Method,
    path: &str,
    fields: Table,
) -> Result<Value, ApiError> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match (method.as_str(), segments.as_slice()) {
        ("POST", ["v1", "billing_portal", "configurations"]) => configuration::create(call, fields),
        ("GET", ["v1", "billing_portal", "configurations"]) => configuration::list(call, fields),
        ("GET", ["v1", "billing_portal", "configurations", id]) if !id.is_empty() => {
            configuration::retrieve(call, id, fields)
        }
        ("POST", ["v1", "billing_portal", "configurations", id]) if !id.is_empty() => {
            configuration::update(call, id, fields)
        }
        ("POST", ["v1", "billing_portal", "sessions"]) => session::create(call, fields),
        ("GET", ["v1", "account"]) => account::retrieve(call, fields),
        ("POST", ["v1", "products"]) => products::create(call, fields),
        ("GET", ["v1", "products"]) => products::list(call, fields),
        ("GET", ["v1", "products", id]) if !id.is_empty() => products::retrieve(call, id, fields),
        ("POST", ["v1", "products", id]) if !id.is_empty() => products::update(call, id, fields),
        ("POST", ["v1", "prices"]) => prices::create(call, fields),
        ("GET", ["v1", "prices"]) => prices::list(call, fields),
        ("GET", ["v1", "prices", id]) if !id.is_empty() => prices::retrieve(call, id, fields),
        ("POST", ["v1", "prices", id]) if !id.is_empty() => prices::update(call, id, fields),
        ("POST", ["v1", "customers"]) => customers::create(call, fields),
        ("GET", ["v1", "customers", id]) if !id.is_empty() => customers::retrieve(call, id, fields),
        _ => Err(unrecognized(method, path)),
    }
}

fn unrecognized(method: &Method, path: &str) -> ApiError {
    ApiError::invalid(format!(
        "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can \
         help at https://support.stripe.com/."
    ))
    .status(StatusCode::NOT_FOUND)
}
