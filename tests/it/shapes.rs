//! Stripe's official shapes, and that everything here agrees with them: what the client sends, what
//! the emulator takes and refuses, what it answers, and what this project models.
//!
//! `tests/shapes/portal.json` has the shapes; `tests/shapes/extract.mjs` takes them from the type
//! definitions of Stripe's own SDK. Nothing here is written by hand about a single parameter, apart
//! from what the types can't say and the names tell.

mod agreement;
mod answers;
mod bodies;
mod breaks;
mod check;
mod endpoint;
mod form;
mod model;
mod sense;
mod shape;
mod surface;
mod traffic;
mod verdicts;
pub(crate) mod watch;

const CONFIGURATIONS: &str = "/v1/billing_portal/configurations";
