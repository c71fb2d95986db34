//! What an emulator is told rather than asked: everything below `/_emulator`. Stripe has no such
//! path, and no key is needed.

use http::StatusCode;
use serde_json::{Value, json};

use super::answer::json_response;
use super::exchange::Exchange;
use super::fault;
use super::handle::Emulator;
use crate::transport::{Request, Response};

const ROOT: &str = "/_emulator";

/// What can be done, for whoever asks for something else.
const USAGE: &str = "there are GET and DELETE /_emulator/requests, GET, POST and DELETE \
                     /_emulator/faults, GET /_emulator/state and POST /_emulator/reset";

/// Answers a request that isn't for Stripe.
pub(super) fn answer(emulator: &Emulator, request: &Request) -> Option<Response> {
    let below = request.uri().path().strip_prefix(ROOT)?;
    if !below.is_empty() && !below.starts_with('/') {
        return None;
    }
    let done = match (request.method().as_str(), below) {
        ("GET", "/requests") => {
            Ok(json!({ "requests": emulator.exchanges().iter().map(exchange).collect::<Vec<_>>() }))
        }
        ("DELETE", "/requests") => {
            emulator.forget_exchanges();
            Ok(json!({}))
        }
        ("GET", "/faults") => Ok(faults(emulator)),
        ("POST", "/faults") => fault::parse(request.body())
            .map(|fault| {
                emulator.inject(fault);
                faults(emulator)
            })
            .map_err(|problem| (StatusCode::BAD_REQUEST, problem)),
        ("DELETE", "/faults") => {
            emulator.clear_faults();
            Ok(json!({}))
        }
        ("GET", "/state") => emulator.state().map_err(failed),
        ("POST", "/reset") => emulator.reset().map(|()| json!({})).map_err(failed),
        _ => Err((StatusCode::NOT_FOUND, USAGE.to_owned())),
    };
    Some(match done {
        Ok(body) => json_response(StatusCode::OK, &body),
        Err((status, message)) => {
            json_response(status, &json!({ "error": { "message": message } }))
        }
    })
}

fn failed(error: super::EmulatorError) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, super::handle::with_cause(&error))
}

fn faults(emulator: &Emulator) -> Value {
    json!({ "faults": emulator.faults().iter().map(fault::pending).collect::<Vec<_>>() })
}

fn exchange(exchange: &Exchange) -> Value {
    let Exchange { method, path, parameters, account, idempotency_key, status, replayed, fault } =
        exchange;
    json!({
        "method": method,
        "path": path,
        "parameters": parameters,
        "account": account,
        "idempotency_key": idempotency_key,
        "status": status,
        "replayed": replayed,
        "fault": fault,
    })
}
