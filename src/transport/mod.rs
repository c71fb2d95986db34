//! The one seam between this program and Stripe: a request goes in, a response comes out.
//!
//! Everything above it (paging, form encoding, retries, what an error means) is the same whether
//! the other side is Stripe over HTTPS, an emulator on loopback or the emulator in this process.
//! The messages are the `http` crate's. Whoever puts a key into a header marks that value as
//! sensitive, so that printing a request can't print the key.

mod network;

use std::pin::Pin;

pub use network::{Network, NetworkError, is_anonymous, is_loopback};

/// An HTTP request with its whole body. The URI holds only path and query: where it goes is the
/// transport's business.
pub type Request = http::Request<Vec<u8>>;

/// An HTTP response with its whole body.
pub type Response = http::Response<Vec<u8>>;

/// What [`Transport::send`] returns.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

/// Something that answers requests.
pub trait Transport: Send + Sync {
    /// Sends one request, once, and waits for the whole answer.
    ///
    /// Returns an error if there was no complete answer. A refusal by the server, of whatever
    /// status, is an answer.
    fn send(&self, request: Request) -> Sending<'_>;
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The server was never reached: it can't have acted.
    #[error("can't connect: {0}")]
    Unreachable(String),
    /// The request left, the answer didn't arrive: the server may have acted.
    #[error("no complete answer: {0}")]
    Lost(String),
}
