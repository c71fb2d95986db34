//! What an account had at a moment, in a file: for those who review a plan without a key.
//!
//! It is taken by listening to what Stripe answers to the reader, and used by giving the reader the
//! same answers again. So nothing of how an account is read is written twice, and what Stripe will
//! have learned by then is in it.

mod format;
mod record;
mod replay;

pub use format::{Saved, SavedError};
pub use record::Recorder;
pub use replay::Replay;
