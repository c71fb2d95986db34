//! Makes a Stripe account's customer-portal configurations equal to YAML files.

pub mod apply;
pub mod desired;
pub mod diagnostic;
pub mod emulator;
pub mod lockfile;
pub mod model;
pub mod plan;
pub mod render;
pub mod report;
pub mod source;
pub mod stripe;
pub mod transport;
