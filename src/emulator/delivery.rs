//! How an answer gets to the client, or doesn't.

use std::time::Duration;

use super::limits::Permit;
use crate::transport::{Response, TransportError};

/// After so much time Stripe's own clients give up.
const PATIENCE: Duration = Duration::from_secs(80);

/// What a client gets.
#[derive(Debug)]
pub(super) enum Delivery {
    /// The whole answer.
    Whole(Response),
    /// The head and half of the body; then the connection is closed.
    Half(Response),
    /// Nothing: the connection is closed.
    Closed,
    /// Nothing: the connection is reset.
    Reset,
    /// Nothing, on a connection that stays open.
    Silence,
}

impl Delivery {
    /// What a client in this process gets.
    pub(super) async fn arrive(self) -> Result<Response, TransportError> {
        let lost = |why: &str| Err(TransportError::Lost(why.to_owned()));
        match self {
            Self::Whole(response) => Ok(response),
            Self::Half(_) => lost("the connection was closed in the middle of it"),
            Self::Closed => lost("the connection was closed"),
            Self::Reset => lost("the connection was reset"),
            Self::Silence => {
                tokio::time::sleep(PATIENCE).await;
                lost("nothing came within 80 s")
            }
        }
    }
}

/// A request that was acted on, and whose answer isn't out yet.
pub(super) struct Begun {
    pub(super) delivery: Delivery,
    pub(super) latency: Duration,
    /// For other requests this one runs as long as this is held.
    pub(super) permit: Permit,
}

impl Begun {
    /// A request that is over.
    pub(super) fn over(delivery: Delivery) -> Self {
        Self { delivery, latency: Duration::ZERO, permit: Permit::default() }
    }

    /// Waits for the request to end.
    pub(super) async fn end(self) -> Delivery {
        let Self { delivery, latency, permit } = self;
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        drop(permit);
        delivery
    }
}
