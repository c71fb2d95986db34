//! Files, an account and a lockfile, of which any number of copies can be used up.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderValue;
use portal_reconciler::desired::{self, Date, Environment, Files, ProjectFile, Wanted};
use portal_reconciler::emulator::{Emulator, Quirks, Seed};
use portal_reconciler::lockfile;
use portal_reconciler::model::{ConfigurationId, EnvironmentName, LookupKey};
use portal_reconciler::plan::{Input, Plan, Policy, plan};
use portal_reconciler::stripe::Snapshot;
use tempfile::TempDir;

/// When everything happens.
pub(super) const NOW: i64 = 1_790_000_000;

/// What a run starts from.
pub(crate) struct Case {
    pub(super) name: String,
    folder: TempDir,
    wanted: Wanted,
    policy: Policy,
}

/// One copy of it.
pub(crate) struct Stage {
    pub(crate) emulator: Arc<Emulator>,
    folder: TempDir,
    /// Keys of which Stripe remembers a failure although it has acted.
    pub(super) failed: Arc<Mutex<BTreeSet<HeaderValue>>>,
    pub(crate) clock: Arc<Clock>,
}

/// Stripe's clock.
#[derive(Default)]
pub(crate) struct Clock {
    /// Seconds since everything began.
    seconds: AtomicI64,
    /// Whether it goes on while a run waits.
    is_running: bool,
}

impl Case {
    /// Takes files, and an account that is still as its seed says.
    ///
    /// Returns nothing if the files can't be used.
    pub(super) fn of_folder(name: &str, folder: &Path) -> Option<Self> {
        let seed = fs::read_to_string(folder.join("account.json"));
        let seed = seed.map_or_else(|_| Seed::default(), |text| Seed::parse(&text).unwrap());
        let copy = scratch();
        Emulator::at_path(&state(&copy), seed).unwrap();
        Self::new(name, copy, &folder.join("portal-configs"))
    }

    /// Takes a folder that has the state of an account, the files, and perhaps a lockfile.
    pub(crate) fn of_scene(name: &str, folder: TempDir) -> Self {
        let files = folder.path().to_owned();
        Self::new(name, folder, &files).expect("the files are without errors")
    }

    fn new(name: &str, folder: TempDir, files: &Path) -> Option<Self> {
        let files = Files::load(files);
        let (project, bag) = ProjectFile::read(&files);
        let environment = project.environment(&EnvironmentName::test()).ok();
        let environment = environment.filter(|_| !bag.has_errors())?;
        let today = Date::parse("2026-11-22").unwrap();
        let (wanted, bag) = desired::resolve(&files, &project, &environment, today);
        let Environment { name: of, account, max_changes, prune, .. } = environment;
        let policy = Policy { max_changes, prune, ..Policy::new(of, account) };
        (!bag.has_errors()).then(|| Self { name: name.to_owned(), folder, wanted, policy })
    }

    /// The same by somebody who says whether to deactivate what has no file, and which of several to
    /// keep.
    pub(crate) fn told(self, prune: bool, keep: impl IntoIterator<Item = String>) -> Self {
        let keep = keep.into_iter().map(|id| ConfigurationId::parse(&id).unwrap()).collect();
        Self { policy: Policy { prune, keep, ..self.policy }, ..self }
    }

    /// A copy that nobody has used yet, of a Stripe that is near and behaves so.
    ///
    /// Unless lists lag behind, time stands still, so that every copy ends the same.
    pub(crate) fn stage(&self, quirks: Quirks) -> Arc<Stage> {
        self.stage_far_away(quirks, Duration::ZERO)
    }

    /// The same of a Stripe that takes so long to answer.
    pub(crate) fn stage_far_away(&self, quirks: Quirks, latency: Duration) -> Arc<Stage> {
        let clock = Arc::new(Clock { is_running: quirks.list_delay > 0, ..Clock::default() });
        let emulator = Emulator::copy_of(&state(&self.folder), Seed::default()).unwrap();
        let time = clock.clone();
        let emulator = emulator.with_clock(move || NOW + time.seconds());
        let emulator = Arc::new(emulator.with_quirks(quirks).with_latency(latency));
        let stage = Stage { emulator, folder: scratch(), failed: Arc::default(), clock };
        if let Ok(text) = fs::read_to_string(self.folder.path().join(LOCKFILE)) {
            fs::write(stage.lockfile(), text).unwrap();
        }
        Arc::new(stage)
    }

    pub(super) fn lookup_keys(&self) -> BTreeSet<LookupKey> {
        self.wanted.lookup_keys()
    }

    /// What is to be done, unless the prices aren't what the files need.
    pub(super) fn plan(&self, snapshot: &Snapshot, lockfile: &Path) -> Option<Plan> {
        let desired = desired::bind(&self.wanted, &snapshot.prices, &Default::default()).ok()?;
        let lockfile = lockfile::read(lockfile).unwrap();
        let (live, policy) = (&snapshot.live, &self.policy);
        Some(plan(Input { desired: &desired, live, lockfile: lockfile.as_ref(), policy }))
    }
}

impl Stage {
    /// Another machine, with the same account and no lockfile.
    pub(crate) fn elsewhere(&self) -> Arc<Self> {
        let (emulator, failed) = (self.emulator.clone(), self.failed.clone());
        Arc::new(Self { emulator, folder: scratch(), failed, clock: self.clock.clone() })
    }

    pub(crate) fn lockfile(&self) -> PathBuf {
        self.folder.path().join(LOCKFILE)
    }

    /// Leaves what a process leaves that dies while it writes the lockfile.
    pub(super) fn leave_half_a_lockfile(&self) {
        fs::write(self.folder.path().join(".reconcile-Xy12z3.tmp"), "{\n  \"lockf").unwrap();
    }

    /// Lets days pass, after which Stripe has forgotten all keys.
    pub(crate) fn wait_for_days(&self) {
        self.clock.pass(2 * 24 * 60 * 60);
        self.failed.lock().unwrap().clear();
    }
}

impl Clock {
    pub(super) fn seconds(&self) -> i64 {
        self.seconds.load(Ordering::Relaxed)
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Has gone on since a run began at this second, if it is running.
    pub(super) fn go_on(&self, begun_at: i64, elapsed: Duration) {
        if self.is_running {
            let elapsed = i64::try_from(elapsed.as_secs()).unwrap();
            self.seconds.store(begun_at + elapsed, Ordering::Relaxed);
        }
    }
}

const LOCKFILE: &str = "test.lock.json";

fn state(folder: &TempDir) -> PathBuf {
    folder.path().join(".emulator.json")
}

/// A folder in memory where there is one: lockfiles are synced, and tens of thousands of times a
/// disk would be all that is measured.
pub(crate) fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}
