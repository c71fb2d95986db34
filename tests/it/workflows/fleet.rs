//! `fleet.yml`: many accounts are planned together and applied shard by shard, and their lockfiles get
//! to main. GitHub's repository is one of git's own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};

use super::runner::{Job, Runner};
use super::{KEY, Stripe};
use crate::real_clients::are_wanted;

const ACCOUNTS: [&str; 6] =
    ["acct_1Anna", "acct_1Bert", "acct_1Carl", "acct_1Dora", "acct_1Emil", "acct_1Fred"];

const VIEWER: &str = "default: true\nfeatures: { invoice_history: { enabled: true } }\n";

/// A merge to main of a platform, whose program has been built.
struct Platform {
    stripe: Stripe,
    runner: Runner,
    commit: String,
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments);
    let output = git.current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl Platform {
    fn new() -> Self {
        let mut runner = Runner::new("fleet.yml");
        let connected: Vec<Json> = ACCOUNTS.iter().map(|id| json!({ "id": id })).collect();
        let seed = json!({ "account": { "id": "acct_1Platform" }, "connected": connected });
        runner.write("seed.json", &seed.to_string());
        let seed = runner.path("seed.json");
        let stripe = Stripe::start_with(&["--seed", seed.to_str().unwrap()]);
        runner.variable("STRIPE_API_BASE", &stripe.emulate.base);
        let fleet = r#"{ "environment": "test", "shards": 3, "canary": "50%" }"#;
        runner.write("repository/.github/portal-fleet.json", fleet);
        let settings = "environments: { test: { accounts: all } }\n";
        runner.write("repository/portal-configs/reconcile.yaml", settings);
        runner.write("repository/portal-configs/viewer.yaml", VIEWER);
        let repository = runner.path("repository");
        git(&repository, &["init", "-q", "-b", "main"]);
        git(&repository, &["add", "."]);
        git(&repository, &["commit", "-qm", "portal"]);
        let commit = git(&repository, &["rev-parse", "HEAD"]);
        fs::create_dir_all(runner.path("server/acme")).unwrap();
        git(
            runner.path("server/acme").as_path(),
            &["clone", "-q", "--bare", "../../repository", "portal"],
        );
        let server = runner.path("server/acme/portal");
        git(&server, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
        for (expression, value) in [
            ("github.repository", "acme/portal"),
            ("github.sha", &commit),
            ("github.token", "token"),
            ("github.server_url", &format!("file://{}", runner.path("server").display())),
            ("secrets.STRIPE_API_KEY", KEY),
            ("vars.HAS_REVIEWERS", "true"),
        ] {
            runner.let_be(expression, value);
        }
        let known = json!({ "refs": { "main": commit }, "files": { &commit: {} }, "pulls": [] });
        runner.write("github/repository.json", &known.to_string());
        let mut platform = Self { stripe, runner, commit };
        let build = platform.run("build");
        assert!(build.succeeded, "{build:?}");
        for name in ["environment", "canary", "first", "others"] {
            platform.need("build", name, build.output("fleet", name));
        }
        platform
    }

    fn run(&self, job: &str) -> Job {
        let job = self.runner.run(job);
        assert!(!job.log.contains(KEY) && !job.summary.contains(KEY));
        job
    }

    /// What a job has put out for those that need it.
    fn need(&mut self, job: &str, name: &str, value: &str) {
        self.runner.let_be(&format!("needs.{job}.outputs.{name}"), value);
    }

    fn plan(&mut self) -> Job {
        let job = self.run("plan");
        assert!(job.succeeded, "{job:?}");
        self.need("plan", "pending", job.output("plan", "pending"));
        job
    }

    fn apply(&mut self, shard: &str) -> Job {
        self.runner.let_be("matrix.shard", shard);
        self.run("apply")
    }

    /// All of a run that somebody agreed to.
    fn apply_all(&mut self) {
        for job in ["gate", "canary"] {
            let job = self.run(job);
            assert!(job.succeeded, "{job:?}");
        }
        for shard in ["2/3", "3/3"] {
            let job = self.apply(shard);
            assert!(job.succeeded, "{job:?}");
        }
        let merge = self.run("merge");
        assert!(merge.succeeded && merge.output("merge", "has_news") == "true", "{merge:?}");
    }

    /// Somebody else's commit.
    fn push(&self, file: &str, text: &str) {
        let clone = self.runner.path("clone-to-push");
        if !clone.exists() {
            let server = self.runner.path("server");
            git(&server, &["clone", "-q", "acme/portal", clone.to_str().unwrap()]);
        }
        fs::create_dir_all(clone.join(file).parent().unwrap()).unwrap();
        fs::write(clone.join(file), text).unwrap();
        git(&clone, &["add", "."]);
        git(&clone, &["commit", "-qm", "newer"]);
        git(&clone, &["push", "-q"]);
    }

    fn server(&self, arguments: &[&str]) -> String {
        git(&self.runner.path("server/acme/portal"), arguments)
    }

    /// The lockfiles that a branch has.
    fn published(&self, branch: &str) -> Vec<String> {
        let list =
            self.server(&["ls-tree", "-r", "--name-only", branch, "portal-configs/test.lock"]);
        list.lines().map(str::to_owned).collect()
    }
}

#[test]
fn a_fleet_is_applied_shard_by_shard_and_main_gets_all_lockfiles() {
    if !are_wanted() {
        return;
    }
    let mut platform = Platform::new();
    let plan = platform.plan();
    assert!(plan.succeeded && plan.output("plan", "pending") == "6", "{plan:?}");
    assert!(plan.summary.contains("for test: 6 accounts to change"), "{plan:?}");
    platform.apply_all();
    let published = platform.run("publish");
    assert!(published.succeeded && published.log.contains("main has them"), "{published:?}");
    assert_eq!(platform.published("main").len(), ACCOUNTS.len());

    // Whoever clones main now has the ids, and nothing is left to do.
    let clone = platform.runner.path("clone");
    git(&platform.runner.path("server"), &["clone", "-q", "acme/portal", clone.to_str().unwrap()]);
    for account in ACCOUNTS {
        platform.stripe.reconcile(&["--account", account, "lock", "--check"], &clone);
    }
    platform.stripe.reconcile(&["--dry-run", "--detailed-exitcode"], &clone);
    assert!(platform.run("publish").log.contains("main has these lockfiles"));
}

#[test]
fn nothing_happens_where_there_is_no_fleet() {
    if !are_wanted() {
        return;
    }
    let platform = Platform::new();
    for (fleet, is_right) in [
        ("null", true),
        (r#"{ "environment": "live", "shards": 1, "canary": "1" }"#, true),
        (r#"{ "environment": "$(id)", "shards": 1, "canary": "1" }"#, false),
        (r#"{ "environment": "live", "shards": 300, "canary": "1" }"#, false),
        (r#"{ "environment": "live", "shards": 1.5, "canary": "1" }"#, false),
        (r#"{ "environment": "live", "shards": 2, "canary": "x\ny" }"#, false),
        (r#"{ "environment": "live", "shards": 2, "canary": "200%" }"#, false),
        ("{}", false),
    ] {
        platform.runner.write("repository/.github/portal-fleet.json", fleet);
        let build = platform.run("build");
        assert_eq!(build.succeeded, is_right, "{fleet}: {build:?}");
        if fleet == "null" {
            assert_eq!(build.output("fleet", "environment"), "");
        } else if is_right {
            assert_eq!(build.output("fleet", "others"), "[]");
        }
    }
}

#[test]
fn what_nobody_has_seen_is_left_and_a_surprise_stops_the_others() {
    if !are_wanted() {
        return;
    }
    let mut platform = Platform::new();
    platform.plan();
    // While somebody looks at the plan, an account gets another portal.
    let elsewhere = platform.runner.path("elsewhere");
    fs::create_dir_all(elsewhere.join("portal-configs")).unwrap();
    let of = |name: &str| elsewhere.join("portal-configs").join(name);
    fs::write(of("reconcile.yaml"), "environments: { test: { accounts: all } }\n").unwrap();
    fs::write(of("viewer.yaml"), VIEWER.replace("invoice_history", "payment_method_update"))
        .unwrap();
    platform.stripe.reconcile(&["--account", "acct_1Anna", "--yes"], &elsewhere);
    let shards: Vec<Job> = ["1/3", "2/3", "3/3"]
        .iter()
        .map(|shard| match *shard {
            "1/3" => platform.run("canary"),
            shard => platform.apply(shard),
        })
        .collect();
    let left = shards.iter().filter(|job| !job.succeeded).collect::<Vec<_>>();
    assert!(left.len() == 1 && left[0].summary.contains("acct_1Anna"), "{left:?}");
    assert!(left[0].summary.contains("nobody has reviewed their plan"), "{left:?}");
    assert_eq!(shards[0].output("judge", "is_as_planned"), "true", "{:?}", shards[0]);

    // The next thing that is to be done is refused by Stripe.
    platform.runner.write(
        "repository/portal-configs/viewer.yaml",
        &VIEWER
            .replace("invoice_history", "customer_update")
            .replace("true }", "true, allowed_updates: [email] }"),
    );
    platform.plan();
    let refusal = json!({
        "match": { "method": "POST" },
        "fault": { "status": 400, "body": { "error": { "type": "invalid_request_error", "message": "No." } } },
    });
    platform.stripe.post("/_emulator/faults", &refusal.to_string());
    let canary = platform.run("canary");
    assert!(!canary.succeeded, "{canary:?}");
    assert_eq!(canary.output("judge", "is_as_planned"), "false", "{canary:?}");

    // Nor is a run that could do nothing at all a reason to go on.
    platform.runner.variable("STRIPE_API_BASE", "http://127.0.0.1:9");
    let canary = platform.run("canary");
    assert!(!canary.succeeded, "{canary:?}");
    assert_eq!(canary.output("judge", "is_as_planned"), "false", "{canary:?}");
}

#[test]
fn nothing_is_agreed_to_where_nobody_is_asked() {
    if !are_wanted() {
        return;
    }
    let mut platform = Platform::new();
    platform.plan();
    platform.runner.let_be("vars.HAS_REVIEWERS", "");
    let gate = platform.run("gate");
    assert!(!gate.succeeded && gate.log.contains("has no variable HAS_REVIEWERS"), "{gate:?}");
}

#[test]
fn an_old_run_of_a_fleet_writes_nothing() {
    if !are_wanted() {
        return;
    }
    let mut platform = Platform::new();
    platform.plan();
    // Lockfiles alone are no news, files of roles are.
    platform.push("portal-configs/test.lock/na/acct_1Anna.json", "{}");
    assert_eq!(platform.apply("3/3").output("tip", "is_newest"), "true");
    platform.push("portal-configs/viewer.yaml", "default: true\n");
    let before = platform.plan();
    for job in [platform.run("canary"), platform.apply("2/3")] {
        assert!(job.succeeded && job.log.contains("::notice::Something newer"), "{job:?}");
        assert_eq!(job.output("tip", "is_newest"), "false");
    }
    assert_eq!(platform.plan().summary, before.summary);
}

#[test]
fn older_lockfiles_of_a_fleet_never_replace_newer_ones() {
    if !are_wanted() {
        return;
    }
    let mut platform = Platform::new();
    platform.plan();
    platform.apply_all();
    let file = |account: &str| {
        let end = account[account.len() - 2..].to_lowercase();
        format!("portal-configs/test.lock/{end}/{account}.json")
    };
    let (newer, older) = (file("acct_1Anna"), file("acct_1Bert"));
    platform.push(&newer, r#"{ "roles": { "viewer": "bpc_2" } }"#);
    platform.push(&older, r#"{ "roles": {} }"#);
    let published = platform.run("publish");
    assert!(published.succeeded, "{published:?}");
    assert!(platform.server(&["show", &format!("main:{newer}")]).contains("bpc_2"));
    assert!(platform.server(&["show", &format!("main:{older}")]).contains("acct_1Bert"));
    assert_eq!(platform.published("main").len(), ACCOUNTS.len(), "the others are published");
    assert_ne!(platform.server(&["rev-parse", "main"]), platform.commit);
}

#[test]
fn where_main_wants_a_pull_request_one_has_the_fleets_lockfiles() {
    if !are_wanted() {
        return;
    }
    let mut platform = Platform::new();
    platform.plan();
    platform.apply_all();
    let hook = "#!/bin/sh\n[ \"$1\" != refs/heads/main ]\n";
    platform.runner.write("server/acme/portal/hooks/update", hook);
    let hook = platform.runner.path("server/acme/portal/hooks/update");
    fs::set_permissions(hook, fs::Permissions::from_mode(0o755)).unwrap();
    for _ in 0..2 {
        let published = platform.run("publish");
        assert!(
            published.succeeded && published.log.contains("a pull request has"),
            "{published:?}"
        );
        assert_eq!(platform.server(&["rev-parse", "main"]), platform.commit);
        assert_eq!(platform.published("reconcile/lockfiles-test").len(), ACCOUNTS.len());
        let known = fs::read_to_string(platform.runner.path("github/repository.json")).unwrap();
        let known: Json = serde_json::from_str(&known).unwrap();
        assert_eq!(known["pulls"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn what_is_no_lockfile_of_the_fleet_is_never_published() {
    if !are_wanted() {
        return;
    }
    let mut platform = Platform::new();
    platform.plan();
    platform.apply_all();
    let folder = "artifacts/lockfiles-fleet/portal-configs/test.lock";
    let artifact = format!("{folder}/na/acct_1Anna.json");
    let good = fs::read_to_string(platform.runner.path(&artifact)).unwrap();
    for (is, was) in [
        ("\"bpc_$(id)", "\"bpc_"),
        ("\"../x\"", "\"viewer\""),
        ("\"live\"", "\"test\""),
        ("{ \"a\": 1,", "{"),
        ("acct_1Bert", "acct_1Anna"),
    ] {
        platform.runner.write(&artifact, &good.replacen(was, is, 1));
        let job = platform.run("publish");
        assert!(!job.succeeded && job.log.contains("is not a lockfile"), "{is}: {job:?}");
    }
    platform.runner.write(&artifact, &good);
    for odd in ["../../.github/x.json", "na/x.json", "na/acct_1$(id).json", "n/acct_1Anna.json"] {
        let path = format!("{folder}/{odd}");
        platform.runner.write(&path, &good);
        let job = platform.run("publish");
        assert!(!job.succeeded && job.log.contains("not the lockfiles of test"), "{odd}: {job:?}");
        fs::remove_file(platform.runner.path(&path)).unwrap();
    }
    assert_eq!(platform.server(&["rev-parse", "main"]), platform.commit);
}
