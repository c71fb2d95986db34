//! Faults as the control endpoint takes and shows them.

use std::num::NonZeroU32;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Fault, Mishap};
use crate::emulator::limits::LimitReason;

/// `{"match": {"method": "POST", "path": "/v1/prices"}, "after": 0, "times": 1, "fault": …}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    #[serde(rename = "match", default)]
    concerns: Concerns,
    #[serde(default)]
    after: u32,
    #[serde(default = "once")]
    times: NonZeroU32,
    fault: Value,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Concerns {
    method: Option<String>,
    path: Option<String>,
}

/// `{"status": 503, "body": "<html>", "headers": {"retry-after": "1"}}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    status: u16,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    headers: Map<String, Value>,
}

/// `{"rate_limited": "global-rate"}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateLimited {
    rate_limited: Value,
}

fn once() -> NonZeroU32 {
    NonZeroU32::MIN
}

/// Reads a fault, or says what is wrong with it.
pub(in crate::emulator) fn parse(body: &[u8]) -> Result<Fault, String> {
    let posted: Posted = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let method = posted.concerns.method.map(|method| Method::from_bytes(method.as_bytes()));
    Ok(Fault {
        mishap: mishap(posted.fault)?,
        method: method.transpose().map_err(|_| "`match.method` isn't a method".to_owned())?,
        path: posted.concerns.path,
        after: posted.after,
        times: posted.times.get(),
    })
}

fn mishap(value: Value) -> Result<Mishap, String> {
    if let Value::String(name) = &value {
        return named(name);
    }
    if value.get("rate_limited").is_some() {
        let posted: RateLimited =
            serde_json::from_value(value).map_err(|error| error.to_string())?;
        let is_meant = |reason: &LimitReason| posted.rate_limited == reason.as_str();
        let reason = LimitReason::ALL.into_iter().find(is_meant);
        return reason.map(Mishap::RateLimited).ok_or_else(|| {
            let reasons = LimitReason::ALL.map(LimitReason::as_str).join(", ");
            format!("`rate_limited` must be one of {reasons}")
        });
    }
    let answered: Answered = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let status = StatusCode::from_u16(answered.status)
        .map_err(|_| format!("`status` can't be {}", answered.status))?;
    let body = match answered.body {
        Value::Null => Vec::new(),
        Value::String(text) => text.into_bytes(),
        json @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            json.to_string().into_bytes()
        }
    };
    Ok(Mishap::Status { status, headers: headers(&answered.headers)?, body })
}

fn named(name: &str) -> Result<Mishap, String> {
    let simple = [
        Mishap::LostAnswer,
        Mishap::Reset,
        Mishap::Timeout,
        Mishap::Truncated,
        Mishap::Saved500,
        Mishap::RateLimited(LimitReason::GlobalRate),
        Mishap::LockTimeout,
        Mishap::KeyInUse,
    ];
    let names = simple.each_ref().map(Mishap::name).join(", ");
    simple.into_iter().find(|mishap| mishap.name() == name).ok_or_else(|| {
        format!("there is no fault `{name}`; there are {names}, and answers: {{\"status\": 503}}")
    })
}

fn headers(fields: &Map<String, Value>) -> Result<HeaderMap, String> {
    let header = |(name, value): (&String, &Value)| {
        let value = HeaderValue::from_str(value.as_str()?).ok()?;
        Some((HeaderName::try_from(name).ok()?, value))
    };
    let pairs: Option<Vec<_>> = fields.iter().map(header).collect();
    Ok(pairs.ok_or("`headers` must be texts by name")?.into_iter().collect())
}

/// A fault that is still to happen.
pub(in crate::emulator) fn pending(fault: &Fault) -> Value {
    let Fault { mishap, method, path, after, times } = fault;
    json!({
        "match": { "method": method.as_ref().map(Method::as_str), "path": path },
        "after": after,
        "times": times,
        "fault": mishap.name(),
        "server_acts": mishap.server_acts(),
    })
}
