//! What can happen to a request.

use http::{HeaderMap, HeaderValue, StatusCode};
use portal_reconciler::emulator::{LimitReason, Mishap};
use serde_json::{Value as Json, json};

use super::network::Sent;

/// What happens to a request.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// One of the emulator's own.
    Emulated(Mishap),
    /// There is no connection.
    Unreachable,
    /// Stripe never sees the request, and the client waits for as long as it waits.
    TimeoutBefore,
    /// Stripe acts, and half of its answer arrives as if it were the whole.
    Cut,
    /// Stripe acts, and a proxy that has waited for too long answers with a page of its own.
    GatewayTimeout,
    /// Stripe acts, fails after that, and repeats that for a day.
    Saved500Acted,
    /// Stripe acts, and what it tells has another value wherever there is a field of this name.
    Told(&'static str, Json),
    /// Stripe acts, and tells something that isn't an object.
    NotAnObject,
    /// The process dies before the request is sent.
    DeathBefore,
    /// Stripe acts, and the process dies before the answer arrives.
    DeathAfter,
    /// Stripe acts, and the process dies while it writes the new id into the lockfile.
    DeathAtLockfile,
}

impl Fault {
    /// True if what it tells is well-formed and may be believed.
    pub(super) fn is_a_lie(&self) -> bool {
        match self {
            Self::Told(..) => true,
            Self::Emulated(_)
            | Self::Unreachable
            | Self::TimeoutBefore
            | Self::Cut
            | Self::GatewayTimeout
            | Self::Saved500Acted
            | Self::NotAnObject
            | Self::DeathBefore
            | Self::DeathAfter
            | Self::DeathAtLockfile => false,
        }
    }

    /// True if nothing comes after it.
    pub(crate) fn is_death(&self) -> bool {
        matches!(self, Self::DeathBefore | Self::DeathAfter | Self::DeathAtLockfile)
    }

    /// True if it makes a difference to a request that was answered so.
    pub(super) fn concerns(&self, sent: &Sent) -> bool {
        match self {
            Self::Emulated(Mishap::KeyInUse) | Self::DeathAtLockfile => sent.has_key,
            Self::Told(name, _) => {
                let name = format!("\"{name}\":");
                sent.answer.windows(name.len()).any(|text| text == name.as_bytes())
            }
            Self::Emulated(_)
            | Self::Unreachable
            | Self::TimeoutBefore
            | Self::Cut
            | Self::GatewayTimeout
            | Self::Saved500Acted
            | Self::NotAnObject
            | Self::DeathBefore
            | Self::DeathAfter => true,
        }
    }
}

/// A network, and a Stripe, that aren't well.
pub(crate) fn disturbances() -> Vec<Fault> {
    let page = |status, headers: &[(&'static str, &'static str)]| {
        let pairs = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), HeaderValue::from_static(value))
        });
        let headers: HeaderMap = pairs.collect();
        Fault::Emulated(Mishap::Status { status, headers, body: b"<html>Busy</html>".to_vec() })
    };
    vec![
        Fault::Emulated(Mishap::LostAnswer),
        Fault::Emulated(Mishap::Timeout),
        Fault::TimeoutBefore,
        Fault::Unreachable,
        Fault::Emulated(Mishap::Reset),
        Fault::Emulated(Mishap::Truncated),
        Fault::Cut,
        page(StatusCode::SERVICE_UNAVAILABLE, &[("content-type", "text/html")]),
        Fault::GatewayTimeout,
        Fault::Emulated(Mishap::Saved500),
        Fault::Saved500Acted,
        Fault::Emulated(Mishap::KeyInUse),
        Fault::Emulated(Mishap::RateLimited(LimitReason::EndpointConcurrency)),
        page(StatusCode::TOO_MANY_REQUESTS, &[]),
        page(StatusCode::TOO_MANY_REQUESTS, &[("retry-after", "7")]),
        Fault::Emulated(Mishap::LockTimeout),
        Fault::NotAnObject,
    ]
}

/// Answers with wrong types, and with ids of another kind.
pub(super) fn lies() -> Vec<Fault> {
    let told = [
        ("id", json!(7)),
        ("id", json!("cus_1")),
        ("product", json!("price_1")),
        ("livemode", json!("test")),
        ("active", json!(1)),
        ("is_default", json!("no")),
        ("metadata", json!(7)),
        ("reconcile_role", json!(7)),
        ("application", json!(7)),
        ("features", json!([])),
        ("enabled", json!("yes")),
        ("products", json!(7)),
        ("prices", json!(7)),
        ("allowed_updates", json!(7)),
        ("data", json!({})),
        ("has_more", json!(0)),
    ];
    told.into_iter().map(|(name, value)| Fault::Told(name, value)).collect()
}
