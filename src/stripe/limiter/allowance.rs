//! How much of something Stripe allows at present, as far as its refusals tell.

use tokio::time::Instant;

/// As much as is documented, until Stripe refuses. Then half of it, and with each second a tenth of
/// the whole comes back.
#[derive(Debug)]
pub(super) struct Allowance {
    most: u32,
    /// What was left after the last refusal, and when that was.
    cut: Option<(u32, Instant)>,
}

impl Allowance {
    pub(super) fn new(most: u32) -> Self {
        Self { most: most.max(1), cut: None }
    }

    /// How much is allowed.
    pub(super) fn at(&self, now: Instant) -> u32 {
        let Some((left, since)) = self.cut else { return self.most };
        let n_seconds = u32::try_from(now.duration_since(since).as_secs()).unwrap_or(u32::MAX);
        let regained = (self.most / 10).max(1).saturating_mul(n_seconds);
        left.saturating_add(regained).min(self.most)
    }

    /// True if less is allowed than is documented.
    pub(super) fn is_cut(&self, now: Instant) -> bool {
        self.at(now) < self.most
    }

    /// A request was refused that was sent at `sent_at`. Returns what is allowed from now on, if
    /// that is less than before: many requests that are refused together are one piece of news.
    pub(super) fn cut(&mut self, sent_at: Instant, now: Instant) -> Option<u32> {
        if self.cut.is_some_and(|(_, since)| sent_at <= since) {
            return None;
        }
        let left = (self.at(now) / 2).max(1);
        self.cut = Some((left, now));
        Some(left)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_refusal_halves_it_and_it_comes_back() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut allowance = Allowance::new(25);
        assert_eq!(allowance.cut(start, start), Some(12));
        assert_eq!([0, 1, 6, 7, 1_000_000].map(|n| allowance.at(after(n))), [12, 14, 24, 25, 25]);
        assert!(allowance.is_cut(after(6)) && !allowance.is_cut(after(7)));
    }

    #[test]
    fn refusals_of_one_moment_count_once() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut allowance = Allowance::new(100);
        assert_eq!(allowance.cut(start, after(1)), Some(50));
        assert_eq!(allowance.cut(start, after(2)), None, "it was sent before the first was known");
        assert_eq!(allowance.cut(after(2), after(2)), Some(30));
    }

    #[test]
    fn something_is_always_allowed() {
        let mut now = Instant::now();
        let mut allowance = Allowance::new(2);
        for _ in 0..10 {
            allowance.cut(now, now);
            assert_eq!(allowance.at(now), 1);
            now += Duration::from_millis(1);
        }
    }
}
