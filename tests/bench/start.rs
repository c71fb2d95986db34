//! How long it takes until something can be read, and how large the program is.

use std::fs;

use crate::folder;
use crate::program::{PROGRAM, run, run_other};
use crate::table::{Bound, Table, median};

/// Twenty are noisy, two hundred take seconds.
const N_RUNS: usize = 61;

/// `reconcile --help`, and `reconcile validate` of one role.
pub(crate) fn rows(table: &mut Table) {
    let folder = folder::with_roles(1);
    let nothing = median((0..N_RUNS).map(|_| run_other("true").wall * 1e3).collect());
    let against = format!("(a program that does nothing: {nothing:.1} ms)");
    for command in ["--help", "validate"] {
        let first_output = |_| run(&[command], folder.path(), None).first_output * 1e3;
        let measured = median((0..N_RUNS).map(first_output).collect());
        let what = format!("start to first output, `{command}`");
        table.row(&what, (measured, 5.0), &against, "ms", Bound::AtMost(1.0));
    }
}

/// The size of the program.
pub(crate) fn size(table: &mut Table) {
    let size = fs::metadata(PROGRAM).expect("the program is there").len() as f64 / 1e6;
    table.row("size of the program", (size, 8.0), "", "MB", Bound::AtMost(1.0));
}
