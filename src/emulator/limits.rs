//! How much may be asked at once: Stripe's rate limits and concurrency limits. They are off unless a
//! seed, a switch or a test turns them on.
//!
//! They count for the account that the key belongs to, each side for itself.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::endpoint::Endpoint;
use super::error::ApiError;
use super::quirks::Quirks;
use super::world::Place;

const REASON: HeaderName = HeaderName::from_static("stripe-rate-limited-reason");
const RETRY_AFTER: HeaderName = HeaderName::from_static("retry-after");

/// How much one side of an account may be asked. By default that is what Stripe documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests a second. Nothing stands for Stripe's numbers: 100 live, 25 in a sandbox.
    pub per_second: Option<u32>,
    /// Requests a second to each endpoint, which is a method and a path without its id.
    pub per_endpoint_per_second: u32,
    /// Requests at the same time. Stripe doesn't say how many it takes.
    pub concurrent: Option<u32>,
    /// Requests at the same time to each endpoint.
    pub concurrent_per_endpoint: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_second: None,
            per_endpoint_per_second: 25,
            concurrent: None,
            concurrent_per_endpoint: None,
        }
    }
}

impl Limits {
    /// This many requests a second, to all endpoints together and to each.
    pub fn per_second(n_requests: u32) -> Self {
        let (per_second, per_endpoint_per_second) = (Some(n_requests), n_requests);
        Self { per_second, per_endpoint_per_second, ..Self::default() }
    }
}

/// Which limit was met, as the header `Stripe-Rate-Limited-Reason` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitReason {
    /// Too many requests a second.
    GlobalRate,
    /// Too many requests a second to one endpoint.
    EndpointRate,
    /// Too many requests at the same time.
    GlobalConcurrency,
    /// Too many requests to one endpoint at the same time.
    EndpointConcurrency,
    /// A limit of the object itself.
    ResourceSpecific,
}

impl LimitReason {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::GlobalRate,
        Self::EndpointRate,
        Self::GlobalConcurrency,
        Self::EndpointConcurrency,
        Self::ResourceSpecific,
    ];

    /// The header's value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GlobalRate => "global-rate",
            Self::EndpointRate => "endpoint-rate",
            Self::GlobalConcurrency => "global-concurrency",
            Self::EndpointConcurrency => "endpoint-concurrency",
            Self::ResourceSpecific => "resource-specific",
        }
    }

    /// The refusal. Its text was recorded in test mode; that of live mode is made in its likeness.
    pub(super) fn refusal(self, wait: Duration, livemode: bool, quirks: &Quirks) -> ApiError {
        let message = if livemode {
            "Request rate limit exceeded. You can learn more about rate limits here \
             https://stripe.com/docs/rate-limits."
        } else {
            "Testmode request rate limit exceeded, the rate limits in testmode are lower than \
             livemode. You can learn more about rate limits here \
             https://stripe.com/docs/rate-limits."
        };
        let mut refusal =
            ApiError::invalid(message).status(StatusCode::TOO_MANY_REQUESTS).code("rate_limit");
        if !quirks.rate_limits_have_no_reason {
            refusal = refusal.header(REASON, HeaderValue::from_static(self.as_str()));
        }
        if quirks.rate_limits_say_retry_after {
            let whole_seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            refusal = refusal.header(RETRY_AFTER, HeaderValue::from(whole_seconds.max(1)));
        }
        refusal
    }
}

/// What is asked of one side of an account, or of one endpoint there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    pub(super) place: Place,
    pub(super) livemode: bool,
    pub(super) endpoint: Option<(&'static str, &'static str)>,
}

impl Lane {
    pub(super) fn new(place: Place, livemode: bool, endpoint: Option<&Endpoint>) -> Self {
        let endpoint = endpoint.map(|endpoint| (endpoint.method, endpoint.path));
        Self { place, livemode, endpoint }
    }

    fn whole_side(self) -> Self {
        Self { endpoint: None, ..self }
    }
}

/// An idempotency key, and where it counts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HeldKey {
    place: Place,
    livemode: bool,
    key: String,
}

impl HeldKey {
    pub(super) fn new(caller: &Caller, key: &str, quirks: &Quirks) -> Self {
        let key = key.to_owned();
        if quirks.idempotency_keys_span_accounts {
            return Self { place: Place::Platform, livemode: false, key };
        }
        Self { place: caller.place, livemode: caller.livemode, key }
    }
}

/// A request that is running.
#[derive(Debug)]
struct Running {
    lane: Lane,
    /// Unknown until it is clear which account the request is about.
    key: OnceLock<HeldKey>,
}

/// Lasts as long as a request runs.
#[derive(Debug, Default)]
pub(super) struct Permit(Option<Arc<Running>>);

/// What is going on and what was going on within the last second.
#[derive(Default)]
pub(super) struct Traffic {
    /// For each lane, when its bucket will be full again.
    full_at: HashMap<Lane, Duration>,
    running: Vec<Weak<Running>>,
}

/// A limit that was met, and when to come back.
type Excess = (LimitReason, Duration);

impl Traffic {
    /// Lets a request begin, or says why it can't.
    pub(super) fn admit(
        &mut self,
        limits: Option<&Limits>,
        lane: Lane,
        now: Duration,
    ) -> Result<Permit, Excess> {
        self.running.retain(|running| running.strong_count() > 0);
        if let Some(limits) = limits {
            self.check_concurrency(limits, lane)?;
            self.check_rates(limits, lane, now)?;
        }
        let running = Arc::new(Running { lane, key: OnceLock::new() });
        self.running.push(Arc::downgrade(&running));
        Ok(Permit(Some(running)))
    }

    /// Marks a key as that of a running request. Returns whether it was free.
    pub(super) fn hold(&self, permit: &Permit, key: HeldKey) -> bool {
        let is_held = self.running().any(|running| running.key.get() == Some(&key));
        match &permit.0 {
            Some(running) if !is_held => running.key.set(key).is_ok(),
            Some(_) | None => !is_held,
        }
    }

    fn running(&self) -> impl Iterator<Item = Arc<Running>> {
        self.running.iter().filter_map(Weak::upgrade)
    }

    fn check_concurrency(&self, limits: &Limits, lane: Lane) -> Result<(), Excess> {
        let count = |is_counted: fn(Lane, Lane) -> bool| {
            self.running().filter(|running| is_counted(running.lane, lane)).count()
        };
        let n_running = count(|one, other| one.whole_side() == other.whole_side());
        let n_at_endpoint = count(|one, other| one == other);
        for (n_running, limit, reason) in [
            (n_running, limits.concurrent, LimitReason::GlobalConcurrency),
            (n_at_endpoint, limits.concurrent_per_endpoint, LimitReason::EndpointConcurrency),
        ] {
            if limit.is_some_and(|limit| n_running >= limit as usize) {
                return Err((reason, Duration::from_secs(1)));
            }
        }
        Ok(())
    }

    /// A request that is refused takes nothing from the buckets.
    fn check_rates(&mut self, limits: &Limits, lane: Lane, now: Duration) -> Result<(), Excess> {
        let documented = if lane.livemode { 100 } else { 25 };
        let per_second = limits.per_second.unwrap_or(documented);
        let side = lane.whole_side();
        let side_full_at = self.take(side, per_second, now);
        let side_full_at = side_full_at.map_err(|wait| (LimitReason::GlobalRate, wait))?;
        if lane != side {
            let full_at = self.take(lane, limits.per_endpoint_per_second, now);
            let full_at = full_at.map_err(|wait| (LimitReason::EndpointRate, wait))?;
            self.full_at.insert(lane, full_at);
        }
        self.full_at.insert(side, side_full_at);
        Ok(())
    }

    /// When a lane's bucket would be full again if one more request were taken from it, or how long
    /// it takes until there is one. A bucket holds the requests of a second.
    fn take(&self, lane: Lane, per_second: u32, now: Duration) -> Result<Duration, Duration> {
        const SECOND: Duration = Duration::from_secs(1);
        let full_at = self.full_at.get(&lane).copied().unwrap_or_default().max(now);
        let next = full_at + SECOND / per_second.max(1);
        match next.checked_sub(now + SECOND) {
            Some(wait) if !wait.is_zero() => Err(wait),
            Some(_) | None => Ok(next),
        }
    }
}
