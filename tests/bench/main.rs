//! How fast the program is, as ratios to what can't be avoided or to what others do, all taken in the
//! same run: `cargo bench`. Fails if a bound is broken.
//!
//! `cargo bench -- counts` leaves out everything that a clock or a busy machine has a say in.

#![expect(clippy::disallowed_methods, reason = "a measurement that fails has failed")]

mod apply;
mod emulated;
mod fleet;
mod folder;
mod instructions;
mod memory;
mod plan;
mod program;
mod start;
mod table;
mod text;
mod work;

use std::io::{Write, stdout};
use std::process::ExitCode;

use table::Table;

fn main() -> ExitCode {
    // Cargo says `--bench`, too.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [program::MEASURE, command @ ..] => program::measure(command),
        ["counts"] => judge(&counts()),
        ["fleet"] => {
            let mut table = Table::default();
            fleet::rows(&mut table);
            judge(&table)
        }
        [] => {
            let mut table = counts();
            for measurement in [start::rows, memory::rows, work::rows, plan::rows, apply::rows] {
                measurement(&mut table);
            }
            judge(&table)
        }
        _ => {
            say("usage: cargo bench [-- counts | -- fleet]\n");
            ExitCode::from(64)
        }
    }
}

/// What is the same on every machine, however busy.
fn counts() -> Table {
    let mut table = Table::default();
    for measurement in [start::size, text::rows, instructions::rows] {
        measurement(&mut table);
    }
    table
}

fn judge(table: &Table) -> ExitCode {
    say(&format!("\n{}", table.end()));
    if table.is_kept() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints at once: some measurements take a while.
fn say(text: &str) {
    let mut stdout = stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).expect("somebody reads this");
}
