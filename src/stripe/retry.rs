//! When a request is worth another attempt, and after how long. Pure: it decides, others wait.

use std::time::Duration;

use super::limiter::Met;
use crate::transport::{Response, TransportError};

/// Enough for a passing fault; more only hides an outage.
const MOST_ATTEMPTS: u32 = 6;

/// A server that can't be reached at all is more often a mistake than a passing fault.
const MOST_CONNECTS: u32 = 3;

/// Nobody who is limited gains by failing, so this only ends what would never end.
const MOST_REFUSALS: u32 = 30;

/// No attempt begins later than this after the first one: an attempt may take more than a minute
/// until it is given up.
const PATIENCE: Duration = Duration::from_secs(180);

/// The same for requests that Stripe refuses because of a limit.
const PATIENCE_WITH_LIMITS: Duration = Duration::from_secs(300);

/// Stripe documents no header for how long to wait, but some of its limiters send one. A longer
/// wait than this is an outage.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Whoever waits longer than this for a lock is told, so that it doesn't look as if nothing went on
/// any more. Shorter ones are ordinary.
const LONG_LOCK: Duration = Duration::from_secs(3);

/// What one request has been through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// How often it was tried.
    pub attempts: u32,
    /// How many of the attempts Stripe refused because of a limit.
    pub limited: u32,
    /// How long it took from the first attempt on.
    pub took: Duration,
    /// True if it would have been tried again, but somebody wanted to stop.
    pub was_cut_short: bool,
}

impl Effort {
    /// How long to wait before the next attempt, or nothing if the outcome is final. `jitter` is
    /// between 0 and 1, so that clients that failed together don't come back together.
    ///
    /// The classes are the official libraries', and 429 as well.
    /// See <https://docs.stripe.com/error-low-level#idempotency>, read 2026-11-22.
    pub(super) fn wait_before_next(
        &self,
        outcome: &Result<Response, TransportError>,
        jitter: f64,
    ) -> Option<Duration> {
        let (n, most, patience) = if is_limited(outcome) {
            (self.limited, MOST_REFUSALS, PATIENCE_WITH_LIMITS)
        } else if matches!(outcome, Err(TransportError::Unreachable(_))) {
            (self.attempts - self.limited, MOST_CONNECTS, PATIENCE)
        } else {
            (self.attempts - self.limited, MOST_ATTEMPTS, PATIENCE)
        };
        if n >= most || !is_worth_another(outcome) {
            return None;
        }
        let asked = outcome.as_ref().ok().and_then(retry_after);
        // 0.5 s, and twice as long each time, of which between half and all.
        let base = Duration::from_millis(500) * 2u32.pow(n.saturating_sub(1).min(6));
        let backoff = base.mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0));
        let wait = asked.map_or(backoff, |asked| asked.max(backoff)).min(LONGEST_WAIT);
        (self.took + wait <= patience).then_some(wait)
    }
}

/// True if somebody else has worked on the same object for so long that people should be told.
pub(super) fn is_long_locked(
    effort: Effort,
    outcome: &Result<Response, TransportError>,
    wait: Duration,
) -> bool {
    let is_locked = outcome.as_ref().is_ok_and(|it| limit_met(it) == Some(Met::Object));
    is_locked && effort.took + wait >= LONG_LOCK
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

/// Which limit a request has met, if it has met one.
///
/// The reasons are those of <https://docs.stripe.com/rate-limits>, read 2026-11-22. A lock on an
/// object has the same status, and no reason.
pub(super) fn limit_met(response: &Response) -> Option<Met> {
    if response.status() != http::StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    Some(match header(response, "stripe-rate-limited-reason") {
        Some("endpoint-rate") => Met::EndpointRate,
        Some("global-concurrency") => Met::Concurrency,
        Some("endpoint-concurrency") => Met::EndpointConcurrency,
        Some("resource-specific") => Met::Object,
        None if is_lock_timeout(response) => Met::Object,
        Some(_) | None => Met::Rate,
    })
}

fn is_lock_timeout(response: &Response) -> bool {
    let body: Option<serde_json::Value> = serde_json::from_slice(response.body()).ok();
    body.is_some_and(|body| body["error"]["code"] == "lock_timeout")
}

/// True if the request was refused because of a limit.
pub(super) fn is_limited(outcome: &Result<Response, TransportError>) -> bool {
    outcome.as_ref().is_ok_and(|response| limit_met(response).is_some())
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

    fn first() -> Effort {
        Effort { attempts: 1, ..Effort::default() }
    }

    /// All the waits, in milliseconds, until the request is given up.
    fn waits(outcome: &Result<Response, TransportError>) -> Vec<u128> {
        let mut effort = Effort::default();
        let mut waits = Vec::new();
        loop {
            effort.attempts += 1;
            effort.limited += u32::from(is_limited(outcome));
            let Some(wait) = effort.wait_before_next(outcome, 1.0) else { return waits };
            waits.push(wait.as_millis());
            effort.took += wait;
        }
    }

    #[test]
    fn what_passes_is_tried_again_and_what_does_not_is_not() {
        let waits = |outcome| first().wait_before_next(&outcome, 1.0).is_some();
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
        assert_eq!(waits(&answer(503, &[])), [500, 1000, 2000, 4000, 8000]);
        assert_eq!(waits(&Err(TransportError::Unreachable("refused".into()))), [500, 1000]);
    }

    #[test]
    fn limits_are_waited_for_much_longer_but_not_for_ever() {
        let waits = waits(&answer(429, &[]));
        assert_eq!(waits[..8], [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
        let total: u128 = waits.iter().sum();
        assert!((270_000..=300_000).contains(&total), "{total}");
        // Every refusal that is over at once ends, too.
        let effort = Effort { attempts: 30, limited: 30, ..first() };
        assert_eq!(effort.wait_before_next(&answer(429, &[]), 1.0), None);
    }

    #[test]
    fn attempts_that_take_long_are_fewer() {
        let effort = Effort { took: PATIENCE, ..first() };
        assert_eq!(effort.wait_before_next(&answer(503, &[]), 1.0), None);
    }

    #[test]
    fn refusals_because_of_limits_do_not_use_up_the_attempts() {
        let effort = Effort { attempts: 21, limited: 20, ..first() };
        assert_eq!(
            effort.wait_before_next(&answer(503, &[]), 1.0),
            Some(Duration::from_millis(500))
        );
    }

    #[test]
    fn a_lock_is_told_of_once_it_takes_long() {
        let seconds = Duration::from_secs;
        let after = |took| Effort { took: seconds(took), ..first() };
        let locked = answer(429, &[("stripe-rate-limited-reason", "resource-specific")]);
        assert!(!is_long_locked(after(0), &locked, seconds(2)));
        assert!(is_long_locked(after(1), &locked, seconds(2)));
        assert!(!is_long_locked(after(9), &answer(429, &[]), seconds(9)), "no lock");
    }

    #[test]
    fn a_server_may_ask_for_more_patience_but_not_for_any_amount() {
        let wait =
            |seconds| first().wait_before_next(&answer(429, &[("retry-after", seconds)]), 0.0);
        assert_eq!(wait("3"), Some(Duration::from_secs(3)));
        assert_eq!(wait("86400"), Some(LONGEST_WAIT));
        assert_eq!(wait("nonsense"), Some(Duration::from_millis(250)));
    }

    #[test]
    fn the_reason_of_a_limit_says_what_to_slow_down() {
        let met =
            |reason| limit_met(&answer(429, &[("stripe-rate-limited-reason", reason)]).unwrap());
        assert_eq!(met("global-rate"), Some(Met::Rate));
        assert_eq!(met("endpoint-rate"), Some(Met::EndpointRate));
        assert_eq!(met("global-concurrency"), Some(Met::Concurrency));
        assert_eq!(met("endpoint-concurrency"), Some(Met::EndpointConcurrency));
        assert_eq!(met("resource-specific"), Some(Met::Object));
        assert_eq!(met("of-tomorrow"), Some(Met::Rate));
        assert_eq!(limit_met(&answer(429, &[]).unwrap()), Some(Met::Rate));
        let locked = br#"{"error": {"code": "lock_timeout"}}"#.to_vec();
        let locked = http::Response::builder().status(429).body(locked).unwrap();
        assert_eq!(limit_met(&locked), Some(Met::Object));
        assert_eq!(limit_met(&answer(503, &[]).unwrap()), None);
    }
}
