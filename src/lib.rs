//! Makes a Stripe account's customer-portal configurations equal to YAML files.

pub mod transport;
