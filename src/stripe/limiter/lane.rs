//! What goes to one endpoint, or to the whole account.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::allowance::Allowance;

/// A bit more than the second that Stripe counts by: requests that leave a second apart may arrive
/// closer together.
const WINDOW: Duration = Duration::from_millis(1_020);

/// Requests that share a rate limit and a concurrency limit.
#[derive(Debug)]
pub(super) struct Lane {
    per_second: Allowance,
    at_once: Allowance,
    /// When the requests of the last window were sent, oldest first.
    sent: VecDeque<Instant>,
    n_running: u32,
    /// When Stripe wants to be asked again.
    resume_at: Option<Instant>,
}

/// Why a request can't leave yet. What is to be waited for longer is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wait {
    /// Too many have left within a second.
    Until(Instant),
    /// Too many are under way.
    ForOthers,
}

impl Lane {
    pub(super) fn new(per_second: u32, at_once: u32) -> Self {
        Self {
            per_second: Allowance::new(per_second),
            at_once: Allowance::new(at_once),
            sent: VecDeque::new(),
            n_running: 0,
            resume_at: None,
        }
    }

    /// Why a request can't leave now, if so.
    ///
    /// In no window more leave than are allowed. That keeps to a limit of whole seconds as well as
    /// to one that refills little by little. Once Stripe has refused, they also leave evenly: it
    /// may not like them all at the window's beginning.
    pub(super) fn wait(&self, now: Instant) -> Option<Wait> {
        if self.n_running >= self.at_once.at(now) {
            return Some(Wait::ForOthers);
        }
        let allowed = self.per_second.at(now);
        let nth_last = |n: u32| {
            let index = self.sent.len().checked_sub(usize::try_from(n).unwrap_or(usize::MAX))?;
            self.sent.get(index).copied()
        };
        let window_has_room = nth_last(allowed).map(|sent| sent + WINDOW);
        let last = nth_last(1).filter(|_| self.per_second.is_cut(now));
        let is_its_turn = last.map(|last| last + WINDOW / allowed);
        let at = window_has_room.max(is_its_turn).max(self.resume_at)?;
        (at > now).then_some(Wait::Until(at))
    }

    /// A request leaves.
    pub(super) fn send(&mut self, now: Instant) {
        while self.sent.front().is_some_and(|sent| *sent + WINDOW <= now) {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
        self.n_running += 1;
    }

    /// A request is over.
    pub(super) fn finish(&mut self) {
        self.n_running -= 1;
    }

    /// A request was too many within a second, and Stripe wants a pause. Returns how many a second
    /// it is from now on, if fewer than before.
    pub(super) fn slow_down(
        &mut self,
        sent_at: Instant,
        now: Instant,
        pause: Duration,
    ) -> Option<u32> {
        self.resume_at = self.resume_at.max(Some(now + pause));
        self.per_second.cut(sent_at, now)
    }

    /// A request was too many at once. Returns how many at once it is from now on, if fewer than
    /// before.
    pub(super) fn thin_out(&mut self, sent_at: Instant, now: Instant) -> Option<u32> {
        self.at_once.cut(sent_at, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When each of many requests leaves, in milliseconds, if each is over at once.
    fn departures(lane: &mut Lane, n_requests: usize) -> Vec<u128> {
        let start = Instant::now();
        let mut now = start;
        let mut departures = Vec::new();
        while departures.len() < n_requests {
            match lane.wait(now) {
                Some(Wait::Until(at)) => now = at,
                Some(Wait::ForOthers) => panic!("all are over"),
                None => {
                    lane.send(now);
                    lane.finish();
                    departures.push((now - start).as_millis());
                }
            }
        }
        departures
    }

    #[test]
    fn no_second_has_more_than_are_allowed() {
        let departures = departures(&mut Lane::new(25, 1), 100);
        for (first, beyond) in departures.iter().zip(&departures[25..]) {
            assert!(beyond - first > 1_000, "{departures:?}");
        }
        assert_eq!(departures[24], 0, "those that are allowed leave at once");
        assert_eq!(departures[99], 3 * WINDOW.as_millis());
    }

    #[test]
    fn after_a_refusal_they_leave_evenly() {
        let mut lane = Lane::new(25, 1);
        let now = Instant::now();
        lane.slow_down(now, now, Duration::ZERO);
        let departures = departures(&mut lane, 13);
        let gaps: Vec<u128> = departures.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.iter().all(|gap| (70..=90).contains(gap)), "{gaps:?}");
    }

    #[test]
    fn a_pause_is_kept() {
        let mut lane = Lane::new(25, 1);
        let now = Instant::now();
        lane.slow_down(now, now, Duration::from_secs(7));
        lane.slow_down(now, now, Duration::from_secs(3));
        assert_eq!(lane.wait(now), Some(Wait::Until(now + Duration::from_secs(7))));
    }

    #[test]
    fn no_more_are_under_way_than_are_allowed() {
        let mut lane = Lane::new(25, 2);
        let now = Instant::now();
        lane.send(now);
        lane.send(now);
        assert_eq!(lane.wait(now), Some(Wait::ForOthers));
        lane.finish();
        assert_eq!(lane.wait(now), None);
        lane.thin_out(now, now);
        assert_eq!(lane.wait(now), Some(Wait::ForOthers));
    }
}
