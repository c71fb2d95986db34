//! How often people are told that something doesn't go well yet.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Requests that are under way together fail together. One line says enough.
const PAUSE: Duration = Duration::from_secs(1);

/// When somebody was told last.
#[derive(Debug, Default)]
pub(super) struct Chatter(Mutex<Option<Instant>>);

impl Chatter {
    /// True if it is time to tell something, which is then told.
    pub(super) fn is_due(&self) -> bool {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| last + PAUSE <= now);
        if is_due {
            *last = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_line_a_second() {
        let chatter = Chatter::default();
        assert!(chatter.is_due() && !chatter.is_due());
        tokio::time::advance(PAUSE).await;
        assert!(chatter.is_due() && !chatter.is_due());
    }
}
