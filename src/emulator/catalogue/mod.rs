//! What is sold: products and their prices.

mod new_price;
mod price;
mod product;

pub(super) use price::{Price, Recurring};
pub(super) use product::Product;

pub(super) mod prices {
    //! The requests about prices.
    pub(in crate::emulator) use super::price::{create, list, make, update};
}

pub(super) mod products {
    //! The requests about products.
    pub(in crate::emulator) use super::product::{create, list, make, update};
}
