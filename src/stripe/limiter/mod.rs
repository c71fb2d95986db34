//! How fast requests may leave: by what Stripe documents, and by what its refusals tell.
//!
//! Stripe limits the requests a second of a whole account and of each endpoint, and how many of them
//! it works on at once: <https://docs.stripe.com/rate-limits>, read 2026-11-22. Whoever keeps to it is
//! still refused where others use the same account, so each refusal makes this program slower for
//! some seconds, and no refusal ends a run by itself.

mod allowance;
mod lane;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use self::lane::{Lane, Wait};
use super::endpoint::Endpoint;
use crate::model::Mode;

/// How fast an account may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests a second to the account.
    pub per_second: u32,
    /// Requests a second to each endpoint.
    pub per_endpoint: u32,
    /// Requests at the same time.
    pub at_once: u32,
}

impl Limits {
    /// Stripe doesn't document how many requests it works on at once; 20 is the number by which
    /// its engineers have explained such limits: <https://stripe.com/blog/rate-limiters>.
    pub const AT_ONCE: u32 = 20;

    /// What Stripe documents.
    pub fn documented(mode: Mode) -> Self {
        let per_second = if mode.livemode() { 100 } else { 25 };
        Self { per_second, per_endpoint: 25, at_once: Self::AT_ONCE }
    }

    /// No limit but that of requests at the same time, for a Stripe that has none.
    pub fn none() -> Self {
        Self { per_second: u32::MAX, per_endpoint: u32::MAX, at_once: Self::AT_ONCE }
    }

    /// This many requests a second, to the account as well as to each endpoint.
    pub fn with_rate(self, per_second: u32) -> Self {
        Self { per_second, per_endpoint: per_second, ..self }
    }

    /// This many requests at the same time.
    pub fn with_at_once(self, at_once: u32) -> Self {
        Self { at_once, ..self }
    }
}

/// Which limit a request has met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// The account's requests a second. It stands for refusals that give no reason, as well.
    Rate,
    /// An endpoint's requests a second.
    EndpointRate,
    /// The account's requests at once.
    Concurrency,
    /// An endpoint's requests at once.
    EndpointConcurrency,
    /// Somebody else works on the same object: no limit of requests at all.
    Object,
}

/// Lets requests leave at the right moment.
#[derive(Debug)]
pub(super) struct Limiter {
    limits: Limits,
    lanes: Mutex<Lanes>,
    /// Somebody's request is over.
    finished: Notify,
}

#[derive(Debug)]
struct Lanes {
    account: Lane,
    endpoints: HashMap<Endpoint, Lane>,
}

impl Limiter {
    pub(super) fn new(limits: Limits) -> Self {
        let account = Lane::new(limits.per_second, limits.at_once);
        let lanes = Mutex::new(Lanes { account, endpoints: HashMap::new() });
        Self { limits, lanes, finished: Notify::new() }
    }

    /// Waits until a request may leave, and takes its place. Whoever stops waiting has taken none.
    pub(super) async fn turn(&self, endpoint: Endpoint) -> Turn<'_> {
        let take = |account: &mut Lane, lane: &mut Lane, now| {
            account.send(now);
            lane.send(now);
            now
        };
        let sent_at = self.when_free(endpoint, take).await;
        Turn { limiter: self, endpoint, sent_at }
    }

    /// Waits until a request could leave.
    pub(super) async fn ready(&self, endpoint: Endpoint) {
        self.when_free(endpoint, |_, _, _| ()).await;
    }

    async fn when_free<T>(
        &self,
        endpoint: Endpoint,
        act: impl Fn(&mut Lane, &mut Lane, Instant) -> T,
    ) -> T {
        loop {
            // Before the look, so that no end of another request is missed.
            let finished = self.finished.notified();
            let wait = {
                let (now, mut lanes) = (Instant::now(), self.lanes());
                let (account, lane) = lanes.of(endpoint, self.limits);
                match account.wait(now).max(lane.wait(now)) {
                    None => return act(account, lane, now),
                    Some(wait) => wait,
                }
            };
            match wait {
                Wait::Until(at) => sleep_until(at).await,
                Wait::ForOthers => finished.await,
            }
        }
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        // Nothing in here panics half-way.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lanes {
    fn of(&mut self, endpoint: Endpoint, limits: Limits) -> (&mut Lane, &mut Lane) {
        let new = || Lane::new(limits.per_endpoint, limits.at_once);
        (&mut self.account, self.endpoints.entry(endpoint).or_insert_with(new))
    }
}

/// A request that is under way. It is over when this is dropped.
pub(super) struct Turn<'a> {
    limiter: &'a Limiter,
    endpoint: Endpoint,
    sent_at: Instant,
}

impl Turn<'_> {
    /// The request was refused because of a limit, and Stripe wants to be left alone for so long.
    /// Returns what is allowed from now on, for people, if that is less than before.
    pub(super) fn was_refused(&self, met: Met, pause: Duration) -> Option<String> {
        let (now, sent_at) = (Instant::now(), self.sent_at);
        let mut lanes = self.limiter.lanes();
        let (account, lane) = lanes.of(self.endpoint, self.limiter.limits);
        let a_second = |n: u32| format!("{n} a second");
        let at_once = |n: u32| format!("{n} at once");
        match met {
            Met::Rate => account.slow_down(sent_at, now, pause).map(a_second),
            Met::EndpointRate => lane.slow_down(sent_at, now, pause).map(a_second),
            Met::Concurrency => account.thin_out(sent_at, now).map(at_once),
            Met::EndpointConcurrency => lane.thin_out(sent_at, now).map(at_once),
            Met::Object => None,
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut lanes = self.limiter.lanes();
        let (account, lane) = lanes.of(self.endpoint, self.limiter.limits);
        account.finish();
        lane.finish();
        drop(lanes);
        self.limiter.finished.notify_waiters();
    }
}
