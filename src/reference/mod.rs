//! What every key of a file and every code of a problem means, in words, for people who ask
//! (`reconcile explain`), for editors (`reconcile schema`) and for the reference page.
//!
//! [`keys()`] and [`codes()`] are the two tables; the rest shows them.

mod codes;
mod examples;
mod explain;
mod fields;
mod key;
mod ours;
mod page;
pub mod schema;
mod settings;
mod shape;

pub use codes::{Entry, codes};
pub use examples::{Example, example};
pub use explain::{explain, index};
pub use key::{Home, Key, keys};
pub use page::page;
