//! Writes what a release has beside the program: `cargo run --example manual -- FOLDER`.

#![expect(clippy::unwrap_used, reason = "who builds a release sees the panic")]

mod files;

use std::path::PathBuf;

fn main() {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).unwrap();
    files::write(&folder);
}
