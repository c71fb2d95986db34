//! Stripe's dialect over any [`Transport`](crate::transport::Transport): how it wants to be asked,
//! what it answers, and what its refusals mean.

mod accounts;
mod catalogue;
mod chatter;
mod connection;
mod decode;
mod encode;
mod endpoint;
mod error;
mod form;
mod key;
mod limiter;
mod new_fields;
mod permission;
mod prices;
mod reader;
mod retry;
mod sessions;
mod writer;

pub use accounts::ConnectedAccount;
pub use connection::Connection;
pub use encode::Marker;
pub use error::{Effect, ErrorKind, StripeError};
pub use key::{KeyError, SecretKey};
pub use limiter::Limits;
pub use reader::{Reader, Snapshot};
pub use retry::Effort;
pub use sessions::{Flow, NewSession, SessionUrl, Sessions};
pub use writer::{Update, Writer, Written};

/// Where the products of a configuration are. Stripe leaves them out of every answer that doesn't
/// ask for them, which looks exactly like having none.
const EXPAND_PRODUCTS: &str = crate::model::FieldPath::PRODUCTS;

const CONFIGURATIONS: &str = "/v1/billing_portal/configurations";
