//! A platform with ten thousand accounts, under the limits that Stripe documents, by a clock that runs
//! only while everybody waits: `cargo bench -- fleet`. It is the whole program that runs, with an
//! emulated Stripe in place of the network.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use portal_reconciler::cli::{self, World};
use portal_reconciler::emulator::{Emulator, Limits, Seed};
use portal_reconciler::interruption::Interruption;
use portal_reconciler::transport::{Request, Sending, Transport};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::time::{Instant, timeout};

use crate::emulated::Emulated;
use crate::folder;
use crate::program::run;
use crate::table::{Bound, Table};

const N_ACCOUNTS: usize = 10_000;
const N_ROLES: usize = 4;

/// What Stripe documents for one endpoint, which is what a fleet meets first.
const PER_SECOND: f64 = 25.0;

/// Whatever else there is to do is a twentieth of the time at most.
const FULL_RATE: Bound = Bound::AtMost(1.05);

/// A platform whose Stripe counts what it refuses.
struct Platform {
    folder: TempDir,
    stripe: Arc<Counting>,
}

/// A Stripe that remembers no more than numbers.
struct Counting {
    emulator: Arc<Emulator>,
    n_requests: AtomicUsize,
    n_refused: AtomicUsize,
}

impl Transport for Counting {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let answer = self.emulator.send(request).await?;
            self.n_requests.fetch_add(1, Ordering::Relaxed);
            self.n_refused.fetch_add(usize::from(answer.status() == 429), Ordering::Relaxed);
            Ok(answer)
        })
    }
}

impl Platform {
    fn new() -> Self {
        let began = Instant::now();
        let clock = move || Duration::from_secs(1_790_000_000) + began.elapsed();
        let seed = Seed::parse(&seed(N_ACCOUNTS).to_string()).expect("a seed");
        let emulator = Emulator::in_memory(seed).with_fine_clock(clock);
        let emulator = emulator.with_limits(Limits::default());
        let emulator = Arc::new(emulator.with_latency(Duration::from_millis(100)));
        let (n_requests, n_refused) = Default::default();
        Self { folder: in_memory(), stripe: Arc::new(Counting { emulator, n_requests, n_refused }) }
    }

    /// How many seconds a run takes, and its exit code.
    async fn run(&self, folder: &Path, arguments: &[&str]) -> (f64, u8) {
        let began = Instant::now();
        let mut world = World::simulated(self.stripe.clone(), Interruption::never());
        let folder = folder.to_str().expect("a path");
        let arguments = [&["reconcile", "-C", folder], arguments].concat();
        let code = cli::run(arguments.iter().map(Into::into), &mut world).await;
        (began.elapsed().as_secs_f64(), code)
    }

    async fn dry_run(&self) -> f64 {
        let (took, code) = self.run(self.folder.path(), &["--dry-run"]).await;
        assert_eq!(code, 0);
        took
    }

    async fn apply(&self) -> f64 {
        let (took, code) = self.run(self.folder.path(), &["--yes"]).await;
        assert_eq!(code, 0);
        took
    }

    /// How many seconds it takes shards that know nothing of each other.
    async fn apply_in_shards(&self, n_shards: usize) -> f64 {
        let folders: Vec<TempDir> = (0..n_shards).map(|_| in_memory()).collect();
        let runs = folders.iter().enumerate().map(|(index, folder)| async move {
            let shard = format!("{}/{n_shards}", index + 1);
            self.run(folder.path(), &["--yes", "--shard", &shard]).await
        });
        let runs = join_all(runs).await;
        assert!(runs.iter().all(|(_, code)| *code == 0), "{runs:?}");
        runs.iter().map(|(took, _)| *took).fold(0.0, f64::max)
    }

    /// Asserts that each account has each role once, and nothing else.
    fn assert_done(&self) {
        for n in 0..N_ACCOUNTS {
            let there = self.stripe.emulator.configurations_of(&account(n), true);
            let mut roles: Vec<_> =
                there.iter().map(|it| it["metadata"]["reconcile_role"].to_string()).collect();
            roles.sort();
            roles.dedup();
            assert_eq!((there.len(), roles.len()), (N_ROLES, N_ROLES), "of {}", account(n));
        }
    }

    /// How many requests were refused because of the limit, and how many there were.
    fn refused(&self) -> (f64, f64) {
        let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed) as f64;
        (count(&self.stripe.n_refused), count(&self.stripe.n_requests))
    }
}

/// All measurements.
pub(crate) fn rows(table: &mut Table) {
    memory(table);
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().start_paused(true).build().expect("there is a runtime");
    runtime.block_on(async {
        one_run(table).await;
        one_that_is_killed(table).await;
        for n_shards in [4, 16] {
            shards(table, n_shards).await;
        }
    });
}

/// In real time, against an emulated Stripe without limits in a process of its own.
fn memory(table: &mut Table) {
    let peak = |n_accounts: usize, arguments: &[&str]| {
        let stripe = Emulated::start(&seed(n_accounts), &[]);
        let folder = in_memory();
        let settings =
            "environments: { test: { accounts: all, max_requests_per_second: 1000000 } }\n";
        folder::write(folder.path(), "reconcile.yaml", settings);
        run(arguments, folder.path(), Some(&stripe)).memory / 1e6
    };
    for (what, arguments) in [("plan", ["--dry-run"]), ("apply", ["--yes"])] {
        let few = peak(N_ACCOUNTS / 10, &arguments);
        let what = format!("fleet: peak memory, {what}");
        let against = "with a tenth of the accounts";
        table.row(&what, (peak(N_ACCOUNTS, &arguments), few), against, "MB", Bound::AtMost(1.25));
    }
}

/// A look lists each account's configurations; each role is created once.
const LOOK: f64 = N_ACCOUNTS as f64 / PER_SECOND;
const CREATES: f64 = (N_ACCOUNTS * N_ROLES) as f64 / PER_SECOND;

async fn one_run(table: &mut Table) {
    let platform = Platform::new();
    let looks = "one look at 25 a second";
    table.row(
        "fleet: plan, none there yet",
        (platform.dry_run().await, LOOK),
        looks,
        "s",
        FULL_RATE,
    );
    let apply = (platform.apply().await, LOOK + CREATES);
    table.row("fleet: apply", apply, "that, and all creates at 25 a second", "s", FULL_RATE);
    platform.assert_done();
    table.row("fleet: plan, all there", (platform.dry_run().await, LOOK), looks, "s", FULL_RATE);
    table.row(
        "fleet: refused by the limit",
        platform.refused(),
        "requests",
        "",
        Bound::AtMost(0.0),
    );
}

/// The next run begins with another look, and the accounts tell it what is left.
async fn one_that_is_killed(table: &mut Table) {
    let platform = Platform::new();
    let killed = Duration::from_secs(900);
    assert!(timeout(killed, platform.apply()).await.is_err(), "it was done by then");
    let took = killed.as_secs_f64() + platform.apply().await;
    platform.assert_done();
    let floor = LOOK + CREATES + LOOK;
    table.row(
        "fleet: killed and run again",
        (took, floor),
        "an apply and one look",
        "s",
        FULL_RATE,
    );
}

/// Beyond the limit: each shard begins as if it were alone.
async fn shards(table: &mut Table, n_shards: usize) {
    let platform = Platform::new();
    let apply = (platform.apply_in_shards(n_shards).await, LOOK + CREATES);
    platform.assert_done();
    let what = format!("fleet: apply in {n_shards} shards at once");
    table.row(&what, apply, "as one run", "s", Bound::AtMost(1.5));
    let what = format!("fleet: refused of {n_shards} shards");
    table.row(&what, platform.refused(), "requests", "", Bound::AtMost(0.25));
}

/// A platform with so many accounts, in the emulator's form.
fn seed(n_accounts: usize) -> Json {
    let connected: Vec<_> = (0..n_accounts).map(|n| json!({ "id": account(n) })).collect();
    json!({ "account": { "id": "acct_1Platform" }, "connected": connected })
}

fn account(n: usize) -> String {
    format!("acct_1N{n:05}")
}

/// A folder with the roles. What is on no disk is written as fast as the clock needs it.
fn in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.expect("there is a folder");
    let settings = "environments: { live: { livemode: true, accounts: all } }\n";
    folder::write(folder.path(), "reconcile.yaml", settings);
    for role in 0..N_ROLES {
        let default = if role == 0 { "default: true\n" } else { "" };
        let text = format!(
            "{default}name: Role {role}\nfeatures: {{ invoice_history: {{ enabled: true }} }}\n"
        );
        folder::write(folder.path(), &format!("role-{role}.yaml"), &text);
    }
    folder
}
