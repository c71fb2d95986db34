//! The lockfile: its canonical text, how it gets onto the disk, and what apps ask it.
//!
//! An app that is written in Rust takes the ids from the lockfile with this module:
//!
//! ```
//! use portal_reconciler::lockfile::Lockfile;
//!
//! # let folder = tempfile::tempdir()?;
//! # std::env::set_current_dir(&folder)?;
//! # std::fs::create_dir("portal-configs")?;
//! # let text = r#"{
//! #   "lockfile_version": 1,
//! #   "environment": "live",
//! #   "account": "acct_1ABC",
//! #   "livemode": true,
//! #   "roles": { "admin": "bpc_1ABC", "viewer": "bpc_1DEF" }
//! # }"#;
//! # std::fs::write("portal-configs/live.lock.json", text)?;
//! let lockfile = Lockfile::read("portal-configs/live.lock.json")?;
//! assert_eq!(lockfile.id("admin")?.as_str(), "bpc_1ABC");
//!
//! let error = lockfile.id("veiwer").unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "the lockfile of `live` has no role `veiwer`; did you mean `viewer`?"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`parse`] takes a text instead, such as `include_str!("../portal-configs/live.lock.json")`.

mod format;
mod lookup;
mod store;

pub use crate::model::Lockfile;
pub use format::{FormatError, parse, to_text};
pub use lookup::UnknownRole;
pub use store::{LockError, LockStore, read, read_text};
