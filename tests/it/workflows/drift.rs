//! `drift.yml`: what was changed outside of the files becomes an issue, and one only.

use std::fs;

use serde_json::Value as Json;

use super::runner::Runner;
use super::{KEY, Stripe};
use crate::real_clients::are_wanted;

const VIEWER: &str = "default: true\nfeatures: { invoice_history: { enabled: true } }\n";

fn night(stripe: &Stripe) -> Runner {
    let mut runner = Runner::new("drift.yml");
    for (expression, value) in [
        ("github.repository", "acme/portal"),
        ("github.run_id", "1"),
        ("github.server_url", "https://github.example"),
        ("github.token", "token"),
        ("matrix.environment", "test"),
        ("secrets.STRIPE_API_KEY", KEY),
    ] {
        runner.let_be(expression, value);
    }
    runner.variable("STRIPE_API_BASE", &stripe.emulate.base);
    runner.write("repository/portal-configs/viewer.yaml", VIEWER);
    assert!(runner.run("build").succeeded);
    runner
}

/// One night, and the issues that there are then.
fn issues(runner: &Runner) -> Vec<Json> {
    for name in ["look", "issue"] {
        let job = runner.run(name);
        assert!(job.succeeded, "{job:?}");
    }
    let text = fs::read_to_string(runner.path("github/issues.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Somebody edits the one configuration in the Dashboard.
fn edit(stripe: &Stripe, runner: &Runner, what: &str) {
    let lockfile = fs::read_to_string(runner.path("repository/portal-configs/test.lock.json"));
    let lockfile: Json = serde_json::from_str(&lockfile.unwrap()).unwrap();
    let id = lockfile["roles"]["viewer"].as_str().unwrap();
    stripe.post(&format!("/v1/billing_portal/configurations/{id}"), what);
}

#[test]
fn drift_is_one_issue_that_follows_it_and_closes_itself() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = night(&stripe);
    stripe.reconcile(&["--yes"], &runner.path("repository"));
    assert!(issues(&runner).is_empty());
    // What a file changes is no drift.
    runner.write("repository/portal-configs/viewer.yaml", &format!("{VIEWER}name: Viewers\n"));
    assert!(issues(&runner).is_empty());
    runner.write("repository/portal-configs/viewer.yaml", VIEWER);

    edit(&stripe, &runner, "features[invoice_history][enabled]=false");
    let found = issues(&runner);
    let body = found[0]["body"].as_str().unwrap();
    assert!(found.len() == 1 && body.contains("Changed outside of the files"), "{found:?}");

    let n_writes = || {
        let calls = fs::read_to_string(runner.path("github/calls")).unwrap();
        calls.lines().filter(|call| call.contains("-X")).count()
    };
    let n_before = n_writes();
    assert_eq!(issues(&runner), found);
    assert_eq!(n_writes(), n_before, "the same is not said twice");

    edit(&stripe, &runner, "business_profile[headline]=Hello");
    let refreshed = issues(&runner);
    assert!(refreshed.len() == 1 && refreshed[0]["body"].as_str().unwrap().contains("Hello"));

    stripe.reconcile(&["--yes"], &runner.path("repository"));
    let closed = issues(&runner);
    assert_eq!(
        (&closed[0]["state"], closed[0]["comments"].as_array().unwrap().len()),
        (&"closed".into(), 1)
    );
    assert_eq!(issues(&runner), closed);

    edit(&stripe, &runner, "features[invoice_history][enabled]=false");
    let again = issues(&runner);
    assert_eq!((again.len(), &again[0]["state"]), (1, &"open".into()));
}

#[test]
fn a_night_without_a_plan_is_a_failure_and_no_news() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let mut runner = night(&stripe);
    runner.let_be("secrets.STRIPE_API_KEY", "");
    assert!(!runner.run("look").succeeded);
    for hostile in ["{}", r#"{ "summary": { "drifted": "1; id" }, "digest": "x" }"#] {
        runner.write("artifacts/drift-test/test.json", hostile);
        assert!(!runner.run("issue").succeeded, "{hostile}");
    }
    assert_eq!(fs::read_to_string(runner.path("github/issues.json")).unwrap(), "[]");
}

#[test]
fn drift_in_one_of_many_accounts_is_an_issue() {
    if !are_wanted() {
        return;
    }
    let seed = r#"{ "connected": [{ "id": "acct_1Anna" }, { "id": "acct_1Bert" }] }"#;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seed.json");
    fs::write(&file, seed).unwrap();
    let stripe = Stripe::start_with(&["--seed", file.to_str().unwrap()]);
    let runner = night(&stripe);
    runner.write("repository/.github/portal-environments.json", "[]");
    runner.write("repository/.github/portal-fleet.json", r#"{ "environment": "test" }"#);
    assert_eq!(runner.run("build").output("environments", "names"), "[\"test\"]");
    let settings = "environments: { test: { accounts: all } }\n";
    runner.write("repository/portal-configs/reconcile.yaml", settings);
    stripe.reconcile(&["--yes"], &runner.path("repository"));
    assert!(issues(&runner).is_empty());
    assert!(!runner.path("artifacts/portal-state-test").exists());
    let lockfile = runner.path("repository/portal-configs/test.lock/rt/acct_1Bert.json");
    let lockfile: Json = serde_json::from_str(&fs::read_to_string(lockfile).unwrap()).unwrap();
    let path = format!(
        "/v1/billing_portal/configurations/{}",
        lockfile["roles"]["viewer"].as_str().unwrap()
    );
    stripe.post_on(Some("acct_1Bert"), &path, "features[invoice_history][enabled]=false");
    let found = issues(&runner);
    let body = found[0]["body"].as_str().unwrap();
    assert!(found.len() == 1 && body.contains("`acct_1Bert`"), "{found:?}");
    stripe.reconcile(&["--yes"], &runner.path("repository"));
    assert_eq!(issues(&runner)[0]["state"], "closed");
}
