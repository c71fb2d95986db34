//! Many connected accounts: whatever ends a run, the next one goes on from what the accounts say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use portal_reconciler::emulator::{Emulator, Quirks, Seed};
use portal_reconciler::lockfile;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::program::{reconcile, wait_until};
use crate::server::Server;

const N_ACCOUNTS: usize = 12;
const ROLES: [&str; 2] = ["admin", "viewer"];

/// A platform's folder, and its account.
struct Platform {
    folder: TempDir,
    emulator: Arc<Emulator>,
    server: Server,
}

fn account(n: usize) -> String {
    format!("acct_1Shop{n:04}")
}

impl Platform {
    fn new(quirks: Quirks) -> Self {
        let price = |id: &str, interval: &str| {
            json!({ "id": id, "product": "prod_1", "currency": "usd", "unit_amount": 900,
                    "recurring": { "interval": interval }, "lookup_key": interval })
        };
        let shop = |n: usize| {
            json!({ "id": account(n), "products": [{ "id": "prod_1", "name": "Plan" }],
                    "prices": [price("price_1", "month"), price("price_2", "year")] })
        };
        let connected: Vec<Json> = (0..N_ACCOUNTS).map(shop).collect();
        let seed = json!({
            "account": { "id": "acct_1Platform" },
            "connected": connected,
            "keys": [{ "key": "sk_test_old", "expired": true }],
        });
        let seed = Seed::parse(&seed.to_string()).unwrap();
        let emulator = Arc::new(Emulator::in_memory(seed).with_quirks(quirks));
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("reconcile.yaml", "environments: { test: { accounts: all } }\n");
        write("viewer.yaml", "default: true\nfeatures: { invoice_history: { enabled: true } }\n");
        write("admin.yaml", "features: { payment_method_update: { enabled: true } }\n");
        Self { folder, server: Server::start(emulator.clone()), emulator }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = reconcile(self.folder.path(), &self.server.base);
        command.args(["--parallelism=3", "-C", "."]).args(arguments);
        command
    }

    fn reconcile(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// What a dry run says of all accounts together.
    fn fleet(&self, arguments: &[&str]) -> Json {
        let arguments = [&["--dry-run", "--format=json"], arguments].concat();
        let output = self.command(&arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let last: Json = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        last["fleet"].clone()
    }

    fn finish(&self, arguments: &[&str]) -> ExitStatus {
        self.reconcile(arguments).wait().unwrap()
    }

    fn n_configurations(&self) -> usize {
        (0..N_ACCOUNTS).map(|n| self.emulator.configurations_of(&account(n), false).len()).sum()
    }

    /// Waits until so many configurations were made.
    fn wait_for(&self, n_configurations: usize) {
        wait_until("so many configurations", || self.n_configurations() >= n_configurations);
    }

    /// Every account has one configuration a role, which its lockfile names, and no other.
    fn assert_is_done(&self) {
        for n in 0..N_ACCOUNTS {
            let has: BTreeSet<(String, String)> = self
                .emulator
                .configurations_of(&account(n), false)
                .iter()
                .map(|it| (word(&it["metadata"]["reconcile_role"]), word(&it["id"])))
                .collect();
            assert_eq!(has.iter().map(|(role, _)| role.as_str()).collect::<Vec<_>>(), ROLES);
            let path = format!("test.lock/{:02}/{}.json", n % 100, account(n));
            let locked = lockfile::read(&self.folder.path().join(path)).unwrap().unwrap();
            let locked = locked.roles.iter().map(|(role, id)| (role.to_string(), id.to_string()));
            assert_eq!(has, locked.collect());
        }
    }
}

fn word(json: &Json) -> String {
    json.as_str().unwrap().to_owned()
}

fn n_files(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 1 };
    entries.map(|entry| n_files(&entry.unwrap().path())).sum()
}

#[test]
fn every_account_gets_its_own_configurations_whatever_stripe_makes_of_platforms() {
    for applications_make_the_default in [false, true] {
        let quirks = Quirks { applications_make_the_default, ..Quirks::default() };
        let platform = Platform::new(quirks);
        assert_eq!(platform.finish(&["--yes"]).code(), Some(0));
        platform.assert_is_done();
        assert_eq!(platform.finish(&["--dry-run", "--detailed-exitcode"]).code(), Some(0));
        assert!(platform.emulator.configurations(false).is_empty(), "the platform's own");

        // A role that comes later is no default of anything.
        let another = platform.folder.path().join("guest.yaml");
        fs::write(&another, "features: {}\n").unwrap();
        assert_eq!(platform.finish(&["--yes"]).code(), Some(0));
        assert_eq!(platform.n_configurations(), N_ACCOUNTS * 3);
        fs::remove_file(another).unwrap();
    }
}

/// What customers may switch to, by ids or by lookup keys.
fn seller(prices: &str) -> String {
    format!(
        "default: true\nfeatures:\n  subscription_update:\n    enabled: true\n    \
         default_allowed_updates: [price]\n    products: [{{ {prices} }}]\n"
    )
}

#[test]
fn a_digest_stands_for_what_would_be_done_and_where() {
    let platform = Platform::new(Quirks::default());
    let environments = "environments: { test: { accounts: all }, other: { accounts: all } }\n";
    platform.write("reconcile.yaml", environments);
    let digest = |prices: &str, environment: &str| {
        platform.write("seller.yaml", &seller(prices));
        platform.write("viewer.yaml", "features: { invoice_history: { enabled: true } }\n");
        let fleet = platform.fleet(&["-e", environment]);
        assert_eq!(fleet["pending"], N_ACCOUNTS, "{fleet}");
        word(&fleet["digest"])
    };
    let wanted = [
        ("product: prod_1, prices: [price_1]", "test"),
        ("product: prod_1, prices: [price_2]", "test"),
        ("product: prod_1, prices: [price_1, price_2]", "test"),
        ("lookup_keys: [month]", "test"),
        ("lookup_keys: [year]", "test"),
        ("lookup_keys: [month]", "other"),
    ];
    let digests: BTreeSet<String> = wanted.map(|(prices, of)| digest(prices, of)).into();
    assert_eq!(digests.len(), wanted.len());
    assert!(digests.contains(&digest(wanted[0].0, wanted[0].1)), "it is always the same");
}

#[test]
fn accounts_whose_customers_lose_something_are_apart_from_those_whose_gain_it() {
    let platform = Platform::new(Quirks::default());
    platform.write("viewer.yaml", "features: { invoice_history: { enabled: true } }\n");
    for (prices, of) in [("month", "1/2"), ("month, year", "2/2")] {
        platform.write("seller.yaml", &seller(&format!("lookup_keys: [{prices}]")));
        assert_eq!(platform.finish(&["--yes", "--shard", of]).code(), Some(0));
    }
    platform.write("seller.yaml", &seller("lookup_keys: [year]"));
    let alike = |shard: &str| word(&platform.fleet(&["--shard", shard])["digest"]);
    assert_ne!(alike("1/2"), alike("2/2"));
}

#[test]
fn drift_in_one_account_is_told_apart_from_edits() {
    let platform = Platform::new(Quirks::default());
    assert_eq!(platform.finish(&["--yes"]).code(), Some(0));
    let looks = ["--dry-run", "--detailed-exitcode=drift"];
    let viewer = platform.folder.path().join("viewer.yaml");
    let text = fs::read_to_string(&viewer).unwrap();
    fs::write(&viewer, text.replace("default: true", "default: true\nname: Viewers")).unwrap();
    assert_eq!(platform.finish(&looks).code(), Some(0), "an edit is no drift");
    let of_one = &platform.emulator.configurations_of(&account(7), false)[0];
    let dashboard = platform.emulator.dashboard_of(&account(7), false);
    dashboard.edit(&word(&of_one["id"]), "name=Mallory").unwrap();
    assert_eq!(platform.finish(&looks).code(), Some(2));
    assert_eq!(platform.finish(&["--yes"]).code(), Some(0));
    assert_eq!(platform.finish(&looks).code(), Some(0));
}

#[test]
fn what_somebody_has_deactivated_is_drift_where_the_lockfile_names_it() {
    let platform = Platform::new(Quirks::default());
    assert_eq!(platform.finish(&["--yes"]).code(), Some(0));
    for n in [3, 4] {
        let configurations = platform.emulator.configurations_of(&account(n), false);
        let is_admin = |it: &&Json| it["metadata"]["reconcile_role"] == "admin";
        let admin = word(&configurations.iter().find(is_admin).unwrap()["id"]);
        let dashboard = platform.emulator.dashboard_of(&account(n), false);
        dashboard.edit(&admin, "active=false").unwrap();
    }
    let lockfile = format!("test.lock/04/{}.json", account(4));
    fs::remove_file(platform.folder.path().join(lockfile)).unwrap();
    let drifted = |plan: &Json| plan["summary"]["drifted"].as_u64().unwrap();
    let plans = platform.fleet(&[])["plans"].as_array().unwrap().clone();
    let mut drifted: Vec<u64> = plans.iter().map(drifted).collect();
    drifted.sort_unstable();
    assert_eq!(drifted, [0, 1], "who reviews one has not reviewed the other");
    let looks = ["--dry-run", "--detailed-exitcode=drift"];
    assert_eq!(platform.finish(&looks).code(), Some(2));
    assert_eq!(platform.finish(&["--yes"]).code(), Some(0));
    assert_eq!(platform.finish(&looks).code(), Some(0));
    platform.assert_is_done();
}

#[test]
fn a_run_that_is_killed_is_finished_by_the_next_one() {
    for n_made in [1, 5, 11, 17] {
        let platform = Platform::new(Quirks::default());
        platform.server.delay_answers_to_writes(Duration::from_millis(300));
        let mut child = platform.reconcile(&["--yes"]);
        platform.wait_for(n_made);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(platform.n_configurations() < N_ACCOUNTS * 2, "it was over before it was killed");
        platform.server.delay_answers_to_writes(Duration::ZERO);
        assert_eq!(platform.finish(&["--yes"]).code(), Some(0));
        platform.assert_is_done();
    }
}

#[test]
fn an_interrupted_run_finishes_what_is_under_way_and_the_next_one_the_rest() {
    let platform = Platform::new(Quirks::default());
    platform.server.delay_answers_to_writes(Duration::from_millis(300));
    let mut child = platform.reconcile(&["--yes"]);
    platform.wait_for(4);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let n_made = platform.n_configurations();
    assert!(n_made < N_ACCOUNTS * 2, "it was over before it was interrupted");
    let lockfiles = n_files(&platform.folder.path().join("test.lock"));
    assert!(lockfiles >= n_made / 2, "what was done is recorded");
    platform.server.delay_answers_to_writes(Duration::ZERO);
    assert_eq!(platform.finish(&["--yes"]).code(), Some(0));
    platform.assert_is_done();
}

#[test]
fn shards_share_the_work_and_together_do_all_of_it() {
    let platform = Platform::new(Quirks::default());
    let shards: Vec<String> = (1..=4).map(|number| format!("{number}/4")).collect();
    let mut children: Vec<Child> =
        shards.iter().map(|shard| platform.reconcile(&["--yes", "--shard", shard])).collect();
    for child in &mut children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    platform.assert_is_done();
}

#[test]
fn a_key_that_is_refused_ends_the_run_at_once() {
    let platform = Platform::new(Quirks::default());
    let mut command = reconcile(platform.folder.path(), &platform.server.base);
    command.args(["--yes", "-C", "."]).env("STRIPE_API_KEY", "sk_test_old");
    let refused = command.output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(platform.emulator.exchanges().len() <= 1, "one refusal is enough");
}
