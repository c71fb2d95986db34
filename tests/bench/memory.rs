//! How much memory a plan takes.

use crate::emulated::Emulated;
use crate::folder;
use crate::program::run;
use crate::table::{Bound, Table};

const N_ROLES: usize = 1_000;

/// A plan of a thousand roles: to create them all, and with all of them in the account.
pub(crate) fn rows(table: &mut Table) {
    let folder = folder::with_roles(N_ROLES);
    for (n_there, what) in [(0, "none there yet"), (N_ROLES, "all there")] {
        let stripe = Emulated::start(&folder::seed(n_there), &[]);
        run(&["lock"], folder.path(), Some(&stripe));
        for format in ["human", "json"] {
            let arguments = ["--dry-run", "--format", format];
            let memory = run(&arguments, folder.path(), Some(&stripe)).memory / 1e6;
            let what = format!("peak memory, plan of {N_ROLES} roles, {what}, {format}");
            table.row(&what, (memory, 30.0), "", "MB", Bound::AtMost(1.0));
        }
    }
}
