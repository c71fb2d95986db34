//! From `portal-configs/*.yaml` to a [`DesiredState`](crate::model::DesiredState).
//!
//! In three steps: [`Files::load`] reads texts, [`resolve()`] understands and checks them for an
//! environment, and [`bind()`] puts an account's prices where the files have lookup keys. None of
//! them stops at the first problem.

mod accounts;
mod bind;
mod configuration;
mod date;
mod declared;
mod lints;
mod load;
mod origin;
mod products;
mod project;
mod reader;
mod resolve;
pub(crate) mod rules;
mod variables;
mod waivers;
mod yaml;

pub use accounts::{Accounts, Filter, ListedAccount, listed};
pub use bind::bind;
pub use date::Date;
pub(crate) use declared::ProductEntry;
pub use lints::codes as lints;
pub use load::Files;
pub use origin::{Origin, Traced};
pub use project::{Environment, ProjectFile};
pub use resolve::{Wanted, resolve, trace};
pub(crate) use variables::{escaped, has_variable};
pub(crate) use yaml::{Node, NodeKind, parse};
