//! The integration tests, as one binary.

mod emulator;
mod real_clients;
