//! The integration tests, as one binary. See `tests/README.md`.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that fails has failed")]

mod accounts;
mod apps;
mod crash;
mod emulator;
mod export;
mod faults;
mod fleet;
mod fuzz;
mod https;
mod idempotency;
mod ids;
mod interruption;
mod laws;
mod layering;
mod limits;
mod manual;
mod markdown;
mod model;
mod pages;
mod portal_sessions;
mod preview;
mod program;
mod readme;
mod real_clients;
mod reference;
mod repository;
mod server;
mod sessions;
mod shapes;
mod support;
mod tomorrow;
mod workflows;
