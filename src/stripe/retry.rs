//! When a request is worth another attempt, and after how long. Pure: it decides, others wait.

use std::time::Duration;

use crate::transport::{Response, TransportError};

/// Enough for a passing fault; more only hides an outage.
pub(super) const MOST_ATTEMPTS: u32 = 6;

/// A server that can't be reached at all is more often a mistake than a passing fault.
const MOST_CONNECTS: u32 = 3;

/// Stripe documents no header for how long to wait, but some of its limiters send one. A longer
/// wait than this is an outage.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long to wait before attempt number `attempt + 1`, or nothing if the outcome is final.
/// `jitter` is between 0 and 1, so that clients that failed together don't come back together.
///
/// The classes are the official libraries', and 429 as well: nobody limited here gains by failing.
/// See <https://docs.stripe.com/error-low-level#idempotency>, read 2026-11-22.
pub(super) fn wait_before_next(
    attempt: u32,
    outcome: &Result<Response, TransportError>,
    jitter: f64,
) -> Option<Duration> {
    let most = match outcome {
        Err(TransportError::Unreachable(_)) => MOST_CONNECTS,
        Err(TransportError::Lost(_)) | Ok(_) => MOST_ATTEMPTS,
    };
    if attempt >= most || !is_worth_another(outcome) {
        return None;
    }
    let asked = outcome.as_ref().ok().and_then(retry_after);
    // 0.5 s, 1 s, 2 s, 4 s, 8 s, each between half of that and all of it.
    let base = Duration::from_millis(500) * 2u32.pow(attempt - 1);
    let backoff = base.mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0));
    Some(asked.map_or(backoff, |asked| asked.max(backoff)).min(LONGEST_WAIT))
}

/// True if the server may have done what it was asked although it didn't say so.
pub(super) fn may_have_acted(outcome: &Result<Response, TransportError>) -> bool {
    match outcome {
        Ok(response) => match response.status().as_u16() {
            // A success that can't be read is a success. A conflict means that an earlier attempt
            // is still under way.
            200..=299 | 409 | 500.. => true,
            _ => false,
        },
        Err(TransportError::Lost(_)) => true,
        Err(TransportError::Unreachable(_)) => false,
    }
}

fn is_worth_another(outcome: &Result<Response, TransportError>) -> bool {
    let response = match outcome {
        Ok(response) => response,
        Err(TransportError::Unreachable(_) | TransportError::Lost(_)) => return true,
    };
    if is_replay(response) {
        return false;
    }
    match header(response, "stripe-should-retry") {
        Some("true") => true,
        Some("false") => false,
        _ => matches!(response.status().as_u16(), 409 | 429 | 500..),
    }
}

/// True if the server only repeats what it once answered to a request with this idempotency key.
/// It is going to repeat that for a day.
pub(super) fn is_replay(response: &Response) -> bool {
    header(response, "idempotent-replayed") == Some("true")
}

fn retry_after(response: &Response) -> Option<Duration> {
    header(response, "retry-after")?.parse().ok().map(Duration::from_secs)
}

pub(super) fn header<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    response.headers().get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)]) -> Result<Response, TransportError> {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Ok(response.body(Vec::new()).unwrap())
    }

    #[test]
    fn what_passes_is_tried_again_and_what_does_not_is_not() {
        let waits = |outcome| wait_before_next(1, &outcome, 1.0).is_some();
        for status in [409, 429, 500, 503] {
            assert!(waits(answer(status, &[])), "{status}");
        }
        for status in [200, 400, 401, 402, 403, 404] {
            assert!(!waits(answer(status, &[])), "{status}");
        }
        assert!(waits(Err(TransportError::Lost("reset".into()))));
        assert!(!waits(answer(500, &[("stripe-should-retry", "false")])), "Stripe knows better");
        assert!(waits(answer(400, &[("stripe-should-retry", "true")])), "Stripe knows better");
        assert!(!waits(answer(500, &[("idempotent-replayed", "true")])), "it is going to stay so");
    }

    #[test]
    fn waiting_grows_and_ends() {
        let wait = |attempt| wait_before_next(attempt, &answer(503, &[]), 1.0);
        let waits: Vec<_> =
            (1..=MOST_ATTEMPTS).filter_map(wait).map(|wait| wait.as_millis()).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000]);
    }

    #[test]
    fn a_server_may_ask_for_more_patience_but_not_for_any_amount() {
        let wait = |seconds| wait_before_next(1, &answer(429, &[("retry-after", seconds)]), 0.0);
        assert_eq!(wait("3"), Some(Duration::from_secs(3)));
        assert_eq!(wait("86400"), Some(LONGEST_WAIT));
        assert_eq!(wait("nonsense"), Some(Duration::from_millis(250)));
    }
}
