//! The lockfile: its canonical text, and how it gets onto the disk.

mod format;
mod store;

pub use format::{FormatError, parse, to_text};
pub use store::{LockError, LockStore, read, read_text};
