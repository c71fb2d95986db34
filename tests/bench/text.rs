//! How much there is to read where many roles change in the same way.

use portal_reconciler::render::{self, Styles};
use portal_reconciler::report::to_json;

use crate::folder;
use crate::table::{Bound, Table};
use crate::work::{planned, snapshot};

const N_ROLES: usize = 200;

/// One field changed in two hundred roles.
pub(crate) fn rows(table: &mut Table) {
    let change = |_, text: String| text.replace("acme.example/terms", "acme.example/conditions");
    let folder = folder::with_texts(N_ROLES, change);
    let snapshot = snapshot(&folder::seed(N_ROLES));
    // Lines that the lockfile lacks would be told, too.
    let lockfile = planned(folder.path(), &snapshot, None).1.plan.lockfile;
    let (sources, report) = planned(folder.path(), &snapshot, Some(&lockfile));
    assert_eq!(report.plan.pending().count(), N_ROLES);
    let text = render::plan(&report.plan, &Styles::new(false));
    let markdown = render::markdown(&report, &sources, "test.lock.json", 60_000);
    for (what, text) in [("text", text), ("Markdown", markdown)] {
        let what = format!("{what} of a plan, one field in {N_ROLES} roles");
        table.row(&what, (text.len() as f64 / 1e3, 2.0), "", "kB", Bound::AtMost(1.0));
    }
    let n_effects = to_json(&report, &sources).matches("\"sentences\"").count();
    let what = format!("effects in its JSON, one field in {N_ROLES} roles");
    table.row(
        &what,
        (n_effects as f64, 2.0),
        "one, and one for the default",
        "",
        Bound::AtMost(1.0),
    );
}
