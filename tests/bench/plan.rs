//! How long a plan takes whose floor is the network.

use std::path::Path;

use crate::emulated::Emulated;
use crate::folder;
use crate::program::run;
use crate::table::{Bound, Table, median};

const LATENCY: &str = "--latency=100ms";

/// Plans of accounts in which everything is as it should be. Pages can't be asked for at once, as
/// each names the last configuration of the one before.
pub(crate) fn rows(table: &mut Table) {
    for (n_roles, n_runs) in [(1, 7), (100, 7), (1_000, 5)] {
        let folder = folder::with_roles(n_roles);
        let stripe = Emulated::start(&folder::seed(n_roles), &[LATENCY]);
        let round_trip = median((0..5).map(|_| stripe.round_trip()).collect());
        run(&["lock"], folder.path(), Some(&stripe));
        // Fails if there is anything to do.
        let arguments = ["--dry-run", "--detailed-exitcode"];
        stripe.forget();
        let mut plans = vec![run(&arguments, folder.path(), Some(&stripe)).wall];
        let requests = stripe.requests();
        plans.extend((1..n_runs).map(|_| run(&arguments, folder.path(), Some(&stripe)).wall));

        let n_pages = n_roles.div_ceil(100);
        // The account, and all prices at once: the files name four.
        let n_expected = n_pages + 1 + usize::from(n_roles >= 3);
        assert_eq!(requests.n, requests.n_pages + requests.n_prices + 1, "of {n_roles}");
        let what = format!("plan of {n_roles}, list requests");
        let pages = (requests.n_pages as f64, n_pages as f64);
        table.row(&what, pages, "pages of a hundred", "", Bound::AtMost(1.0));
        let what = format!("plan of {n_roles}, all requests");
        let all = (requests.n as f64, n_expected as f64);
        table.row(&what, all, "pages, the account, the prices", "", Bound::AtMost(1.0));

        let floor = n_pages as f64 * round_trip * 1e3;
        let what = format!("plan of {n_roles}, 100 ms away");
        let against = format!("for {n_pages} round trips, one by one");
        let measured = (median(plans) * 1e3, floor);
        table.row(&what, measured, &against, "ms", Bound::AtMost(1.15));
        if n_roles == 100 {
            // Some of it can be done while Stripe is waited for.
            let what = "everything of that but the network";
            let measured = (without_network(folder.path(), &stripe) * 1e3, floor);
            table.row(what, measured, "for the round trip", "ms", Bound::AtMost(0.25));
        }
    }
}

/// Seconds of the same plan where the account is a file.
fn without_network(folder: &Path, stripe: &Emulated) -> f64 {
    let saved = folder.join("saved");
    let saved = saved.to_str().expect("a name in Unicode");
    run(&["snapshot", saved], folder, Some(stripe));
    let arguments = ["--dry-run", "--detailed-exitcode", "--state", saved];
    median((0..15).map(|_| run(&arguments, folder, None).wall).collect())
}
