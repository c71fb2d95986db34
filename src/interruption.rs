//! Somebody wants the program to stop.

use tokio::sync::watch;

/// Tells those who wait that they shouldn't any longer.
#[derive(Debug, Clone)]
pub struct Interruption(watch::Receiver<bool>);

/// The right to interrupt.
#[derive(Debug)]
pub struct Interrupter(watch::Sender<bool>);

impl Interruption {
    /// One that can be raised.
    pub fn new() -> (Interrupter, Self) {
        let (sender, receiver) = watch::channel(false);
        (Interrupter(sender), Self(receiver))
    }

    /// One that never comes.
    pub fn never() -> Self {
        Self::new().1
    }

    /// Waits for it. It is never over: whoever asks later gets the same answer at once.
    pub async fn raised(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|is_raised| *is_raised).await.is_err() {
            // Nobody is left who could raise it.
            std::future::pending().await
        }
    }
}

impl Interrupter {
    /// Interrupts whoever listens.
    pub fn raise(&self) {
        self.0.send_replace(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_heard_early_and_late() {
        let (interrupter, interruption) = Interruption::new();
        let early = tokio::spawn({
            let interruption = interruption.clone();
            async move { interruption.raised().await }
        });
        tokio::task::yield_now().await;
        interrupter.raise();
        early.await.unwrap();
        drop(interrupter);
        interruption.raised().await;
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_raises_it_by_going_away() {
        let (interrupter, gone) = Interruption::new();
        drop(interrupter);
        for interruption in [gone, Interruption::never()] {
            let raised = interruption.raised();
            let patience = std::time::Duration::from_secs(1);
            assert!(tokio::time::timeout(patience, raised).await.is_err());
        }
    }
}
