//! A disk on which the lockfile can't be written.

#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;

use super::program::{Program, said};

/// Somebody who may write nowhere.
const NOBODY: u32 = 65534;

#[test]
fn when_the_disk_is_full_one_id_at_most_is_left_to_the_next_run() {
    let program = Program::new();
    let reference = Program::new().end();
    let mut full = program.command("/bin/sh");
    // Files can be made, and nothing can be written to them.
    full.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" --yes"]);
    let output = full.arg(env!("CARGO_BIN_EXE_reconcile")).output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("can't write the lockfile"), "{said}");
    assert!(said.contains("File too large"), "{said}");
    assert!(!said.contains("is recorded"), "{said}");
    assert!(said.contains("`reconcile` finds it by its marker, writes the lockfile"), "{said}");
    assert_eq!(program.n_writes(), 1, "the default; its id is in the marker alone\n{said}");
    let files = fs::read_dir(program.configs()).unwrap().count();
    assert_eq!(files, 6, "neither a lockfile nor a part of one");
    assert_eq!(program.end(), reference);
    assert_eq!(program.n_writes(), 6);
}

#[test]
fn where_the_folder_is_read_only_nothing_is_written_at_stripe_either() {
    let program = Program::new();
    let reference = Program::new().end();
    let reconcile = program.folder().join("reconcile");
    fs::copy(env!("CARGO_BIN_EXE_reconcile"), &reconcile).unwrap();
    fs::set_permissions(program.folder(), Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(program.configs(), Permissions::from_mode(0o555)).unwrap();
    let mut command = program.command(&reconcile);
    command.arg("--yes");
    // Root may write whatever permissions say.
    if fs::metadata(program.configs()).unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("can't write the lockfile"), "{said}");
    assert_eq!(program.n_writes(), 0, "{said}");
    fs::set_permissions(program.configs(), Permissions::from_mode(0o755)).unwrap();
    assert_eq!(program.end(), reference);
}
