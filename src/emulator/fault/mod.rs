//! What goes wrong on request, for the tests of programs that have to bear it.

mod json;

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

pub(super) use json::{parse, pending};

use super::delivery::Delivery;
use super::error::ApiError;
use super::limits::LimitReason;
use super::quirks::Quirks;
use crate::transport::Response;

/// Something that goes wrong with requests.
///
/// Faults happen between the emulator and whoever talks to it as a
/// [`Transport`](crate::transport::Transport) or over loopback. [`Emulator::handle`] meets none.
///
/// [`Emulator::handle`]: super::Emulator::handle
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    mishap: Mishap,
    method: Option<Method>,
    path: Option<String>,
    after: u32,
    times: u32,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mishap {
    /// Stripe acts, and the connection is closed without an answer.
    LostAnswer,
    /// The connection is reset before Stripe has seen the request.
    Reset,
    /// Stripe acts, and the answer never comes. The connection stays open.
    Timeout,
    /// Stripe acts, and the connection is closed in the middle of the answer.
    Truncated,
    /// Something in front of Stripe answers.
    Status {
        /// The status.
        status: StatusCode,
        /// All headers that the answer has.
        headers: HeaderMap,
        /// The body, whatever it is.
        body: Vec<u8>,
    },
    /// Stripe fails before anything has changed, and repeats that failure for a day to whoever comes
    /// with the same idempotency key.
    Saved500,
    /// A rate limit was met.
    RateLimited(LimitReason),
    /// Another request is changing the object.
    LockTimeout,
    /// Another request with the same idempotency key is running. Requests without a key don't meet
    /// this.
    KeyInUse,
}

impl Mishap {
    /// Whether Stripe acts on the request, which its sender can't see.
    pub fn server_acts(&self) -> bool {
        match self {
            Self::LostAnswer | Self::Timeout | Self::Truncated => true,
            Self::Reset
            | Self::Status { .. }
            | Self::Saved500
            | Self::RateLimited(_)
            | Self::LockTimeout
            | Self::KeyInUse => false,
        }
    }

    /// What it is called in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::LostAnswer => "lost_answer",
            Self::Reset => "reset",
            Self::Timeout => "timeout",
            Self::Truncated => "truncated",
            Self::Status { .. } => "status",
            Self::Saved500 => "saved_500",
            Self::RateLimited(_) => "rate_limited",
            Self::LockTimeout => "lock_timeout",
            Self::KeyInUse => "key_in_use",
        }
    }

    /// What Stripe says instead of letting a request in.
    pub(super) fn refusal(
        &self,
        key: Option<&str>,
        livemode: bool,
        quirks: &Quirks,
    ) -> Option<ApiError> {
        match self {
            Self::RateLimited(reason) => {
                Some(reason.refusal(Duration::from_secs(1), livemode, quirks))
            }
            Self::LockTimeout => Some(ApiError::lock_timeout()),
            Self::KeyInUse => Some(ApiError::key_in_use(key.unwrap_or_default())),
            Self::LostAnswer
            | Self::Reset
            | Self::Timeout
            | Self::Truncated
            | Self::Saved500
            | Self::Status { .. } => None,
        }
    }

    /// What comes of a request that was let in, instead of what is asked.
    pub(super) fn failure(&self) -> Option<ApiError> {
        (*self == Self::Saved500).then(ApiError::failed)
    }

    /// What comes instead of anything of Stripe's, which isn't asked.
    pub(super) fn instead(&self) -> Option<Delivery> {
        match self {
            Self::Reset => Some(Delivery::Reset),
            Self::Status { status, headers, body } => {
                let mut response = Response::new(body.clone());
                *response.status_mut() = *status;
                headers.clone_into(response.headers_mut());
                Some(Delivery::Whole(response))
            }
            Self::LostAnswer
            | Self::Timeout
            | Self::Truncated
            | Self::Saved500
            | Self::RateLimited(_)
            | Self::LockTimeout
            | Self::KeyInUse => None,
        }
    }

    /// What becomes of Stripe's answer.
    pub(super) fn deliver(&self, response: Response) -> Delivery {
        match self {
            Self::LostAnswer => Delivery::Closed,
            Self::Timeout => Delivery::Silence,
            Self::Truncated => Delivery::Half(response),
            Self::Reset
            | Self::Status { .. }
            | Self::Saved500
            | Self::RateLimited(_)
            | Self::LockTimeout
            | Self::KeyInUse => Delivery::Whole(response),
        }
    }
}

impl Fault {
    /// Goes wrong once, with the next request.
    pub fn new(mishap: Mishap) -> Self {
        Self { mishap, method: None, path: None, after: 0, times: 1 }
    }

    /// Goes wrong with requests of this method only.
    #[must_use]
    pub fn method(self, method: Method) -> Self {
        Self { method: Some(method), ..self }
    }

    /// Goes wrong with requests for this path only, without the query. A path that ends in `*` is
    /// every path that begins so.
    #[must_use]
    pub fn path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// Lets so many requests pass first.
    #[must_use]
    pub fn after(self, n_requests: u32) -> Self {
        Self { after: n_requests, ..self }
    }

    /// Goes wrong so many times.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    fn concerns(&self, method: &Method, path: &str, has_key: bool) -> bool {
        let is_path = self.path.as_ref().is_none_or(|wanted| match wanted.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == wanted,
        });
        let needs_key = self.mishap == Mishap::KeyInUse;
        is_path
            && self.method.as_ref().is_none_or(|wanted| wanted == method)
            && (has_key || !needs_key)
    }
}

/// What goes wrong with a request, if anything does. The first fault that concerns it happens, and
/// all before it have let it pass.
pub(super) fn meet(
    faults: &mut Vec<Fault>,
    method: &Method,
    path: &str,
    has_key: bool,
) -> Option<Mishap> {
    let mut met = None;
    faults.retain_mut(|fault| {
        if met.is_some() || fault.times == 0 || !fault.concerns(method, path, has_key) {
            // It has nothing to do with the request.
        } else if fault.after > 0 {
            fault.after -= 1;
        } else {
            fault.times -= 1;
            met = Some(fault.mishap.clone());
        }
        fault.times > 0
    });
    met
}
