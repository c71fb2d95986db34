//! How long it takes to create a hundred configurations.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value as Json;

use crate::emulated::{Emulated, Requests};
use crate::folder;
use crate::program::{KEY, run};
use crate::table::{Bound, Table, median};

const N_ROLES: usize = 100;

const LATENCY: &str = "--latency=100ms";

/// As many as Stripe takes in test mode.
const PER_SECOND: usize = 25;

/// Under Stripe's limit, against the limit; without one, against Stripe's own library.
pub(crate) fn rows(table: &mut Table) {
    limited(table);
    let (ours, _) =
        applied(&[LATENCY], "environments: { test: { max_requests_per_second: 100000 } }\n", 3);
    let what = format!("apply of {N_ROLES} creates, 100 ms away, no limit");
    match rival() {
        Ok(theirs) => {
            let against = "for Stripe's library, one by one";
            table.row(&what, (ours, theirs), against, "s", Bound::AtLeast(10.0));
        }
        Err(why) => table.missing(&what, &why),
    }
}

fn limited(table: &mut Table) {
    let limit = format!("--rate-limit={PER_SECOND}");
    let (seconds, requests) = applied(&[LATENCY, &limit], "", 3);
    // The first leaves at once, the last one's answer takes a round trip.
    let floor = (requests.n - requests.n_refused - 1) as f64 / PER_SECOND as f64 + 0.1;
    let what = format!("apply of {N_ROLES} creates, 100 ms away, {PER_SECOND} a second");
    let against = format!("for {} requests at the limit", requests.n - requests.n_refused);
    table.row(&what, (seconds, floor), &against, "s", Bound::AtMost(1.1));
    let refused = (requests.n_refused as f64, requests.n as f64);
    table.row("requests refused by the limit", refused, "requests", "", Bound::AtMost(0.01));
}

/// Creates everything in several new accounts, and returns the seconds that it takes, and the
/// requests of the last one.
fn applied(options: &[&str], settings: &str, n_runs: usize) -> (f64, Requests) {
    let mut seconds = Vec::new();
    let mut last = None;
    for _ in 0..n_runs {
        let folder = folder::with_roles(N_ROLES);
        if !settings.is_empty() {
            folder::write(folder.path(), "reconcile.yaml", settings);
        }
        let stripe = Emulated::start(&folder::seed(0), options);
        seconds.push(run(&["--yes"], folder.path(), Some(&stripe)).wall);
        last = Some(stripe.requests());
    }
    (median(seconds), last.expect("there was a run"))
}

/// The seconds that a script with Stripe's library takes for the same configurations, one by one and
/// without looking at anything.
fn rival() -> Result<f64, String> {
    let client = installed()?;
    let stripe = Emulated::start(&folder::seed(0), &[LATENCY]);
    let file = client.join("configurations.json");
    let configurations: Vec<Json> = (0..N_ROLES).map(folder::configuration).collect();
    fs::write(&file, Json::from(configurations).to_string()).map_err(|error| error.to_string())?;
    let mut node = Command::new("node");
    node.arg(client.join("create.mjs")).arg(file);
    node.env("STRIPE_URL", stripe.base()).env("STRIPE_KEY", KEY);
    let began = Instant::now();
    succeed(node)?;
    let seconds = began.elapsed().as_secs_f64();
    assert_eq!(stripe.requests().n, N_ROLES);
    Ok(seconds)
}

/// Installs the library that the tests use, unless that has been done before.
fn installed() -> Result<PathBuf, String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rival");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for file in ["clients/node/package.json", "bench/rival/create.mjs"] {
        let name = Path::new(file).file_name().expect("a file has a name");
        fs::copy(tests.join(file), folder.join(name)).map_err(|error| error.to_string())?;
    }
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--prefer-offline", "--prefix"]).arg(&folder);
    succeed(npm)?;
    Ok(folder)
}

fn succeed(mut command: Command) -> Result<(), String> {
    let program = command.get_program().display().to_string();
    let output = command.output().map_err(|error| format!("`{program}`: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("`{program}` failed: {}", said.lines().next().unwrap_or_default()))
    }
}
