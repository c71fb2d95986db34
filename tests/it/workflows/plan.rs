//! `plan.yml`: a pull request is planned, shown and judged.

use std::fs;

use super::runner::{Job, Runner};
use super::{KEY, Stripe};
use crate::real_clients::are_wanted;

const VIEWER: &str = "default: true\nfeatures: { invoice_history: { enabled: true } }\n";
const ADMIN: &str = "features:\n  invoice_history: { enabled: true }\n  \
                     subscription_cancel: { enabled: true, mode: at_period_end }\n";

/// A pull request of somebody who may push branches, whose base has been built.
fn pull_request(stripe: &Stripe) -> Runner {
    let mut runner = Runner::new("plan.yml");
    for (expression, value) in [
        ("github.event.pull_request.base.sha || github.event.merge_group.base_sha", "main"),
        ("github.event.pull_request.number", "7"),
        ("github.repository", "acme/portal"),
        ("github.token", "token"),
        ("matrix.environment", "test"),
        ("needs.plan.result", "success"),
        ("needs.validate.result", "success"),
        ("secrets.STRIPE_API_KEY", KEY),
        ("needs.build.outputs.environments", "[\"test\"]"),
        ("needs.build.outputs.fleet", ""),
    ] {
        runner.let_be(expression, value);
    }
    runner.variable("STRIPE_API_BASE", &stripe.emulate.base);
    runner.write("repository/portal-configs/viewer.yaml", VIEWER);
    let built = runner.run("build");
    assert_eq!(built.output("environments", "names"), "[\"test\"]", "{built:?}");
    runner
}

fn planned(runner: &Runner) -> Job {
    let validated = runner.run("validate");
    assert!(validated.succeeded, "{validated:?}");
    runner.run("plan")
}

#[test]
fn a_pull_request_has_one_comment_that_says_what_it_would_do() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = pull_request(&stripe);
    let job = planned(&runner);
    assert!(job.succeeded && job.summary.contains("for test: 1 to create"), "{job:?}");
    let page = runner.path("artifacts/portal-preview-test/index.html");
    assert!(fs::read_to_string(page).unwrap().contains("Invoice history"));
    let somebody =
        r#"[{ "id": 1, "user": { "login": "mallory" }, "body": "<!-- reconcile:plan:test -->" }]"#;
    runner.write("github/comments.json", somebody);
    assert!(runner.run("comment").succeeded);
    let comments = runner.comments();
    let body = comments[1]["body"].as_str().unwrap();
    assert_eq!((comments.len(), body), (2, job.summary.as_str()), "{comments:?}");

    runner.write("repository/portal-configs/admin.yaml", ADMIN);
    let job = planned(&runner);
    assert!(job.succeeded && runner.run("comment").succeeded, "{job:?}");
    assert!(job.summary.contains("What the files change"), "main has no files: {job:?}");
    let comments = runner.comments();
    let body = comments[1]["body"].as_str().unwrap();
    assert!(comments.len() == 2 && body.contains("for test: 2 to create"), "{comments:?}");
    assert!(runner.run("gate").succeeded);

    runner.write("base/portal-configs/viewer.yaml", VIEWER);
    let job = planned(&runner);
    assert!(job.summary.contains("What this change of the files does"), "{job:?}");
    assert!(job.summary.contains("Waiting to be applied, also without this change"), "{job:?}");
}

#[test]
fn where_there_is_nothing_to_do_nothing_is_said() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = pull_request(&stripe);
    stripe.reconcile(&["--yes"], &runner.path("repository"));
    assert!(planned(&runner).succeeded && runner.run("comment").succeeded);
    assert!(runner.comments().is_empty());

    // What was said before is not left to stand.
    let before = r#"[{ "id": 1, "user": { "login": "github-actions[bot]" }, "body": "<!-- reconcile:plan:test -->\nold" }]"#;
    runner.write("github/comments.json", before);
    assert!(runner.run("comment").succeeded);
    let comments = runner.comments();
    assert!(comments[0]["body"].as_str().unwrap().contains("nothing to do"), "{comments:?}");
}

#[test]
fn a_fork_has_no_key_and_plans_against_what_main_has_seen() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let mut runner = pull_request(&stripe);
    runner.let_be("secrets.STRIPE_API_KEY", "");
    let job = planned(&runner);
    assert!(!job.succeeded && job.log.contains("::error::There is no key here"), "{job:?}");

    stripe.reconcile(&["snapshot", "../github/state.json"], &runner.path("repository"));
    let zipped = std::process::Command::new("zip")
        .args(["-q", "state.zip", "state.json"])
        .current_dir(runner.path("github"))
        .status();
    assert!(zipped.unwrap().success());
    let artifact = |head: u32| {
        format!(
            r#"{{ "artifacts": [{{ "id": 5, "expired": false, "workflow_run": {{
                "head_branch": "main", "head_repository_id": {head}, "repository_id": 1 }} }}] }}"#
        )
    };
    // A fork's own main could have put anything into one.
    runner.write("github/artifacts.json", &artifact(2));
    assert!(!planned(&runner).succeeded);
    runner.write("github/artifacts.json", &artifact(1));
    let job = planned(&runner);
    assert!(job.succeeded && job.summary.contains("as it was at"), "{job:?}");
    assert!(!job.log.contains(KEY));
}

#[test]
fn files_that_are_wrong_and_plans_that_are_blocked_close_the_gate() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let mut runner = pull_request(&stripe);
    runner.write("repository/portal-configs/viewer.yaml", &VIEWER.replace("features", "feature"));
    let job = runner.run("validate");
    let at_line = "::error file=portal-configs/viewer.yaml,line=2,col=1,title=unknown-key::";
    assert!(!job.succeeded && job.log.contains(at_line), "{job:?}");
    runner.let_be("needs.validate.result", "failure");
    runner.let_be("needs.plan.result", "skipped");
    assert!(!runner.run("gate").succeeded);

    // Without a default nothing may be created.
    runner.let_be("needs.validate.result", "success");
    runner.let_be("needs.plan.result", "failure");
    runner.write("repository/portal-configs/viewer.yaml", &VIEWER.replace("true\nf", "false\nf"));
    let job = planned(&runner);
    assert!(!job.succeeded && job.log.contains("::error::"), "{job:?}");
    assert!(!runner.run("gate").succeeded && runner.run("comment").succeeded);
    let comments = runner.comments();
    assert!(comments[0]["body"].as_str().unwrap().contains("blocked for 1 reason"), "{comments:?}");
}

#[test]
fn a_comment_is_made_of_nothing_but_a_plan() {
    if !are_wanted() {
        return;
    }
    let stripe = Stripe::start();
    let runner = pull_request(&stripe);
    for hostile in ["hello\n", "<!-- reconcile:plan:$(id) -->\n", "<!-- reconcile:plan:a --> b\n"] {
        runner.write("artifacts/portal-plan-test/test.md", hostile);
        runner.write("artifacts/portal-plan-test/test.json", "{}");
        let job = runner.run("comment");
        assert!(!job.succeeded && runner.comments().is_empty(), "{hostile}: {job:?}");
    }
    let calls = fs::read_to_string(runner.path("github/calls")).unwrap_or_default();
    assert_eq!(calls, "");
}

#[test]
fn many_accounts_are_planned_as_one_and_only_with_a_key() {
    if !are_wanted() {
        return;
    }
    let seed = r#"{ "connected": [{ "id": "acct_1Anna" }, { "id": "acct_1Bert" }] }"#;
    let mut runner = Runner::new("plan.yml");
    runner.write("seed.json", seed);
    let seed = runner.path("seed.json");
    let stripe = Stripe::start_with(&["--seed", seed.to_str().unwrap()]);
    runner = pull_request(&stripe);
    runner.write("base/.github/portal-environments.json", "[]");
    runner.write("base/.github/portal-fleet.json", r#"{ "environment": "test" }"#);
    let built = runner.run("build");
    let put_out = ["names", "fleet"].map(|name| built.output("environments", name));
    assert_eq!(put_out, ["[\"test\"]", "test"], "{built:?}");
    runner.let_be("needs.build.outputs.fleet", "test");
    let settings = "environments: { test: { accounts: all } }\n";
    runner.write("repository/portal-configs/reconcile.yaml", settings);
    let job = planned(&runner);
    assert!(job.succeeded && job.summary.contains("for test: 2 accounts to change"), "{job:?}");
    assert!(runner.run("comment").succeeded);
    assert_eq!(runner.comments()[0]["body"], job.summary.as_str());

    runner.let_be("secrets.STRIPE_API_KEY", "");
    let job = planned(&runner);
    assert!(!job.succeeded && job.log.contains("There is no key here"), "{job:?}");
}
