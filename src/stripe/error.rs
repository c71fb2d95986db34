//! What can go wrong with a request, and what is known of its effect.

use std::fmt;

use super::permission;
use super::retry::Effort;

/// A request that failed for good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("can't {operation}: {kind}")]
pub struct StripeError {
    /// What was tried, such as `list the configurations`.
    pub operation: String,
    /// What went wrong.
    pub kind: ErrorKind,
    /// Stripe's id of the request, by which its support and its Dashboard find it.
    pub request_id: Option<String>,
    /// Whether something may have changed.
    pub effect: Effect,
    /// How often it was tried, and for how long.
    pub effort: Effort,
    /// True if this is what Stripe answered to an earlier request with the same idempotency key.
    pub is_replay: bool,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// Stripe was never reached.
    Unreachable(String),
    /// Stripe was reached, but there was no complete answer.
    Lost(String),
    /// The key is no good.
    Authentication(String),
    /// The key may not do this.
    Permission(String),
    /// Too many requests, for longer than this program waits.
    RateLimited(String),
    /// Stripe understood and refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Stripe's code, such as `parameter_missing`.
        code: Option<String>,
        /// The parameter that it is about.
        param: Option<String>,
        /// Stripe's words.
        message: String,
    },
    /// Stripe has a problem of its own.
    Server(u16),
    /// The answer is not what Stripe documents.
    Malformed(String),
}

/// Whether a failed request changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing has changed.
    None,
    /// It isn't known. The next run will see.
    Unknown,
}

/// The code with which Stripe refuses to act on an account that isn't connected.
pub(super) const ACCOUNT_INVALID: &str = "account_invalid";

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(reason) => write!(f, "no connection ({reason})"),
            Self::Lost(reason) => write!(f, "no complete answer ({reason})"),
            Self::Authentication(message) => write!(f, "the key is refused: {message}"),
            Self::Permission(message) => write!(f, "the key may not do this: {message}"),
            Self::RateLimited(message) => write!(f, "too many requests: {message}"),
            Self::Refused { message, param, .. } => {
                write!(f, "Stripe refuses: {message}")?;
                match param {
                    Some(param) if !message.contains(param.as_str()) => {
                        write!(f, " (parameter `{param}`)")
                    }
                    _ => Ok(()),
                }
            }
            Self::Server(status) => write!(f, "Stripe answers with status {status}"),
            Self::Malformed(problem) => {
                write!(f, "the answer is not what Stripe documents: {problem}")
            }
        }
    }
}

impl StripeError {
    /// What to do about it, where something can be done.
    pub fn help(&self) -> Option<String> {
        if let ErrorKind::Permission(message) = &self.kind {
            return Some(permission::help(message));
        }
        self.advice().map(str::to_owned)
    }

    fn advice(&self) -> Option<&'static str> {
        match &self.kind {
            ErrorKind::Unreachable(_) | ErrorKind::Lost(_) => Some(
                "check the network and https://status.stripe.com, then run again: nothing is done twice",
            ),
            ErrorKind::Authentication(_) => Some(
                "check the key in the Dashboard under Developers, API keys; it may be expired or rolled",
            ),
            ErrorKind::RateLimited(_) | ErrorKind::Server(_) => {
                Some("run again later: nothing is done twice")
            }
            ErrorKind::Refused { code: Some(code), .. } if code == ACCOUNT_INVALID => Some(
                "the key has no right to this account: connect it again, or take it out of `accounts`",
            ),
            ErrorKind::Permission(_) | ErrorKind::Refused { .. } => None,
            ErrorKind::Malformed(_) => Some(
                "is this Stripe? if so, please report it: this program may be older than Stripe's API",
            ),
        }
    }

    /// The parameter that names something that the account doesn't have, if that is why Stripe
    /// refused.
    pub fn missing(&self) -> Option<&str> {
        let ErrorKind::Refused { code, param, .. } = &self.kind else { return None };
        param.as_deref().filter(|_| code.as_deref() == Some("resource_missing"))
    }

    /// True if no other request of this run can succeed either.
    pub fn is_fatal(&self) -> bool {
        match &self.kind {
            ErrorKind::Authentication(_) | ErrorKind::Permission(_) => true,
            ErrorKind::Refused { code, .. } => code.as_deref() == Some(ACCOUNT_INVALID),
            ErrorKind::Unreachable(_)
            | ErrorKind::Lost(_)
            | ErrorKind::RateLimited(_)
            | ErrorKind::Server(_)
            | ErrorKind::Malformed(_) => false,
        }
    }
}
