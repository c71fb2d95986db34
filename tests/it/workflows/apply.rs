//! `apply.yml`: what was merged is applied, and the lockfiles get to where apps read them.

use std::fs;

use serde_json::Value as Json;

use super::runner::Runner;
use super::{KEY, Stripe};
use crate::real_clients::are_wanted;

const VIEWER: &str = "default: true\nfeatures: { invoice_history: { enabled: true } }\n";
const ADMIN: &str = "features: { payment_method_update: { enabled: true } }\n";

/// A merge to main, whose program has been built. Its two environments are the same account, so that
/// one emulator can be both.
fn merge(stripe: &Stripe) -> Runner {
    let mut runner = Runner::new("apply.yml");
    for (expression, value) in [
        ("github.repository", "acme/portal"),
        ("github.sha", "commit1"),
        ("github.token", "token"),
        ("secrets.STRIPE_API_KEY", KEY),
    ] {
        runner.let_be(expression, value);
    }
    runner.variable("STRIPE_API_BASE", &stripe.emulate.base);
    runner.write(
        "github/repository.json",
        r#"{ "refs": { "main": "commit1" }, "has_rules": false, "pulls": [], "files": {
            "commit0": { "portal-configs/viewer.yaml": "b2xk" },
            "commit1": { "portal-configs/viewer.yaml": "bmV3" } } }"#,
    );
    runner.write(
        "repository/portal-configs/reconcile.yaml",
        "environments: { test: {}, live: {} }\n",
    );
    runner.write("repository/portal-configs/viewer.yaml", VIEWER);
    assert!(runner.run("build").succeeded);
    runner
}

fn repository(runner: &Runner) -> Json {
    serde_json::from_str(&fs::read_to_string(runner.path("github/repository.json")).unwrap())
        .unwrap()
}

fn calls(runner: &Runner) -> String {
    fs::read_to_string(runner.path("github/calls")).unwrap_or_default()
}

/// A file as a branch has it.
fn file(runner: &Runner, branch: &str, path: &str) -> Option<Vec<u8>> {
    let repository = repository(runner);
    let commit = repository["refs"][branch].as_str()?;
    let content = repository["files"][commit][path].as_str()?.to_owned();
    let decode = std::process::Command::new("sh")
        .args(["-c", "printf %s \"$0\" | base64 -d", &content])
        .output();
    Some(decode.unwrap().stdout)
}

const LOCKFILE: &str = "portal-configs/test.lock.json";

#[test]
fn what_was_merged_is_applied_and_main_gets_the_lockfile() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = merge(&stripe);
    let job = runner.run("apply-test");
    assert!(job.succeeded && job.summary.contains(", applied: 1 to create"), "{job:?}");
    assert!(runner.path("artifacts/portal-state-test/state.json").exists());
    let published = runner.run("publish-test");
    assert!(published.succeeded, "{published:?}");
    let lockfile = fs::read(runner.path("artifacts/lockfile-test/test.lock.json")).unwrap();
    assert_eq!(file(&runner, "main", LOCKFILE), Some(lockfile));

    // The commit with the lockfile is no news, so a run that has waited meanwhile goes on.
    let waited = runner.run("apply-test");
    assert!(waited.succeeded && !waited.log.contains("Something newer"), "{waited:?}");
    // Once more, there is nothing to say.
    let before = repository(&runner);
    assert!(runner.run("publish-test").log.contains("what main has"));
    assert_eq!(repository(&runner), before);
    assert!(!job.log.contains(KEY) && !published.log.contains(KEY));
}

#[test]
fn an_old_run_writes_nothing() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let mut runner = merge(&stripe);
    runner.let_be("github.sha", "commit0");
    for job in ["apply-test", "apply-live"] {
        let job = runner.run(job);
        assert!(job.succeeded && job.log.contains("::notice::Something newer"), "{job:?}");
    }
    assert!(!runner.path("artifacts/lockfile-test").exists());
    stripe.reconcile(
        &["-e", "test", "--dry-run", "--plan-out", "plan.json"],
        &runner.path("repository"),
    );
    let plan = fs::read_to_string(runner.path("repository/plan.json")).unwrap();
    assert!(plan.contains("\"create\": 1"), "{plan}");
}

#[test]
fn an_older_lockfile_never_replaces_a_newer_one() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = merge(&stripe);
    assert!(runner.run("apply-test").succeeded);
    let older = fs::read_to_string(runner.path("artifacts/lockfile-test/test.lock.json")).unwrap();
    runner.write("repository/portal-configs/admin.yaml", ADMIN);
    assert!(runner.run("apply-test").succeeded && runner.run("publish-test").succeeded);
    let newer = file(&runner, "main", LOCKFILE);
    runner.write("artifacts/lockfile-test/test.lock.json", &older);
    let job = runner.run("publish-test");
    assert!(job.succeeded && job.log.contains("by a newer run"), "{job:?}");
    assert_eq!(file(&runner, "main", LOCKFILE), newer);
}

#[test]
fn what_a_run_knows_besides_what_main_has_learned_is_published() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = merge(&stripe);
    assert!(runner.run("apply-test").succeeded && runner.run("publish-test").succeeded);
    // The same commit once more: main has a lockfile since, and this run knows a role besides.
    runner.write("repository/portal-configs/admin.yaml", ADMIN);
    assert!(runner.run("apply-test").succeeded);
    let job = runner.run("publish-test");
    assert!(job.succeeded && job.log.contains("main has it"), "{job:?}");
    let lockfile: Json = serde_json::from_slice(&file(&runner, "main", LOCKFILE).unwrap()).unwrap();
    let roles: Vec<&String> = lockfile["roles"].as_object().unwrap().keys().collect();
    assert_eq!(roles, ["admin", "viewer"]);
}

#[test]
fn a_push_at_the_same_time_makes_no_pull_request() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = merge(&stripe);
    assert!(runner.run("apply-test").succeeded);
    let busy = fs::read_to_string(runner.path("github/repository.json")).unwrap();
    let busy = busy.replace("\"has_rules\"", "\"n_pushes\": 2, \"has_rules\"");
    runner.write("github/repository.json", &busy);
    let job = runner.run("publish-test");
    assert!(job.succeeded && job.log.contains("main has it"), "{job:?}");
    assert!(file(&runner, "main", LOCKFILE).is_some());
    assert_eq!(repository(&runner)["pulls"], serde_json::json!([]));
}

#[test]
fn where_main_wants_a_pull_request_one_has_the_lockfiles() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = merge(&stripe);
    let ruled = fs::read_to_string(runner.path("github/repository.json")).unwrap();
    runner.write("github/repository.json", &ruled.replace("false", "true"));
    for n_roles in 1..=2 {
        let job = runner.run("apply-test");
        assert!(job.succeeded && runner.run("publish-test").succeeded, "{job:?}");
        let there = repository(&runner);
        assert_eq!(
            (&there["refs"]["main"], there["pulls"].as_array().unwrap().len()),
            (&"commit1".into(), 1)
        );
        assert!(there["refs"].get("reconcile/lockfile-test-next").is_none(), "{there}");
        let lockfile = file(&runner, "reconcile/lockfile-test", LOCKFILE).unwrap();
        let lockfile: Json = serde_json::from_slice(&lockfile).unwrap();
        assert_eq!(lockfile["roles"].as_object().unwrap().len(), n_roles);
        runner.write("repository/portal-configs/admin.yaml", ADMIN);
    }
}

#[test]
fn a_lockfile_that_is_none_is_never_published() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = merge(&stripe);
    assert!(runner.run("apply-test").succeeded);
    let artifact = "artifacts/lockfile-test/test.lock.json";
    let good = fs::read_to_string(runner.path(artifact)).unwrap();
    let before = repository(&runner);
    for (is, was) in [
        ("\"bpc_$(id)", "\"bpc_"),
        ("\"../x\"", "\"viewer\""),
        ("\"live\"", "\"test\""),
        ("{ \"a\": 1,", "{"),
        ("\"acct_1; x\"", "\"acct_1Em0Lt7Kq2Vx9RbN\""),
    ] {
        runner.write(artifact, &good.replacen(was, is, 1));
        let job = runner.run("publish-test");
        assert!(!job.succeeded && job.log.contains("is not a lockfile"), "{is}: {job:?}");
    }
    fs::remove_file(runner.path(artifact)).unwrap();
    runner.write("artifacts/lockfile-test/$(id).lock.json", &good);
    assert!(!runner.run("publish-test").succeeded);
    assert_eq!(repository(&runner), before);
    assert!(!calls(&runner).contains("graphql"));
}

#[test]
fn live_gets_the_plan_that_was_approved_or_nothing() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = merge(&stripe);
    stripe.reconcile(&["-e", "live", "--yes"], &runner.path("repository"));
    let nothing = runner.run("plan-live");
    assert_eq!(nothing.output("plan", "verdict"), "clean", "{nothing:?}");

    runner.write("repository/portal-configs/admin.yaml", ADMIN);
    let planned = runner.run("plan-live");
    assert_eq!(planned.output("plan", "verdict"), "pending", "{planned:?}");
    assert!(planned.summary.contains("for live: 1 to create"), "{planned:?}");

    // Before somebody approves it, somebody else changes the account.
    let viewer = runner.path("repository/portal-configs/viewer.yaml");
    fs::write(&viewer, VIEWER.replace("true }", "false }")).unwrap();
    fs::rename(runner.path("repository/portal-configs/admin.yaml"), runner.path("admin.yaml"))
        .unwrap();
    stripe.reconcile(&["-e", "live", "--yes"], &runner.path("repository"));
    fs::write(&viewer, VIEWER).unwrap();
    fs::rename(runner.path("admin.yaml"), runner.path("repository/portal-configs/admin.yaml"))
        .unwrap();
    let stale = runner.run("apply-live");
    assert!(!stale.succeeded && stale.log.contains("not the plan that was reviewed"), "{stale:?}");
    assert!(stale.summary.contains("viewer"), "{stale:?}");
    let lockfile =
        fs::read_to_string(runner.path("artifacts/lockfile-live/live.lock.json")).unwrap();
    assert!(!lockfile.contains("admin"), "{lockfile}");

    assert!(runner.run("plan-live").succeeded);
    let applied = runner.run("apply-live");
    assert!(applied.succeeded && applied.summary.contains(", applied:"), "{applied:?}");
    assert!(runner.run("publish-live").succeeded);
    assert!(file(&runner, "main", "portal-configs/live.lock.json").is_some());
}
