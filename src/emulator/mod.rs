//! A Stripe of one's own: the customer-portal part of its API, stateful, without a network.
//!
//! Users try things out against it, in this process or with any official SDK over loopback; tests
//! take it as the oracle. It therefore shares nothing with the code that talks to Stripe, apart
//! from the messages of [`crate::transport`]: a mistake made in one can't hide in the other.
//!
//! It does what Stripe is known to do and refuses what Stripe is known to refuse, in Stripe's words
//! where somebody has recorded them. Where nobody knows, [`Quirks`] has a switch. It speaks one API
//! version, whichever is asked for, and answers requests one after the other.
//!
//! `README.md` beside this file is for its users: how tests in other languages start it and what they
//! can tell it.
//!
//! ```
//! use portal_reconciler::emulator::{Emulator, Seed};
//!
//! let stripe = Emulator::in_memory(Seed::default());
//! let request = http::Request::post("/v1/billing_portal/configurations")
//!     .header("Authorization", "Bearer sk_test_123")
//!     .body(b"features[invoice_history][enabled]=true".to_vec())?;
//! assert_eq!(stripe.handle(request).status(), 200);
//! assert_eq!(stripe.configurations(false)[0]["is_default"], true);
//! # Ok::<(), http::Error>(())
//! ```

mod account;
mod answer;
mod answering;
mod asked;
mod auth;
mod caller;
mod catalogue;
mod configuration;
mod control;
mod customers;
mod dashboard;
mod delivery;
mod endpoint;
mod error;
mod exchange;
mod expand;
mod fault;
mod form;
mod handle;
mod idempotency;
mod ids;
mod keys;
mod limits;
mod list;
mod metadata;
mod parameter;
mod params;
mod quirks;
mod resource;
mod seed;
mod server;
mod session;
mod state;
mod store;
mod version;
mod vocabulary;
mod world;

pub use dashboard::Dashboard;
pub use exchange::Exchange;
pub use fault::{Fault, Mishap};
pub use handle::Emulator;
pub use limits::{LimitReason, Limits};
pub use quirks::{QuirkError, Quirks, SameInterval};
pub use seed::Seed;
pub use server::serve;
pub use store::EmulatorError;
