//! From configurations that exist to files that want exactly them.

mod choose;
mod draft;
mod names;
mod tree;

pub use choose::{WhyNot, why_not};
pub use draft::{Place, Unsayable, draft};
pub use names::name;
pub(crate) use tree::{field_value, product_entry, quantity_value};
