//! Whatever happens to a run, wherever it happens: the next one ends in the same account and the
//! same lockfile as if nothing had.
//!
//! `matrix` goes through all cases, all requests and all faults in this process, where time is
//! free. `killed`, `disk` and `machines` do to the program itself what only an operating system can.

pub(crate) mod case;
mod disk;
mod ending;
pub(crate) mod fault;
mod honesty;
mod killed;
mod machines;
mod matrix;
pub(crate) mod network;
mod program;
pub(crate) mod run;
pub(crate) mod scenes;
mod time;
