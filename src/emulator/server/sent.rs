//! The body of an answer on its way, which may break off.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// Why there is no answer, or no whole one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Undelivered {
    #[error("the connection is closed on request")]
    Closed,
    #[error("the connection is reset on request")]
    Reset,
}

/// A body that is sent whole or in part.
pub(super) struct Sent {
    /// What is still to be sent.
    bytes: Bytes,
    /// How long the body says it is.
    length: usize,
    /// Whether what was sent has been given time to leave.
    is_flushed: bool,
}

impl Sent {
    pub(super) fn whole(bytes: Vec<u8>) -> Self {
        Self { length: bytes.len(), bytes: Bytes::from(bytes), is_flushed: false }
    }

    pub(super) fn half(bytes: Vec<u8>) -> Self {
        let mut sent = Self::whole(bytes);
        sent.bytes.truncate(sent.length / 2);
        // A body this short has no half, so it claims one byte that never comes.
        sent.length = sent.length.max(1);
        sent
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Undelivered;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Undelivered>>> {
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            self.length -= bytes.len();
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if self.length == 0 {
            return Poll::Ready(None);
        }
        if !self.is_flushed {
            // Breaking off at once would take along what is still in the buffer.
            self.is_flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(Undelivered::Closed)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length as u64)
    }
}
