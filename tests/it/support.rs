//! The pipeline of the program, put together for tests that look at its parts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use portal_reconciler::accept::accept;
use portal_reconciler::apply::{Account, ApplyReport, execute};
use portal_reconciler::desired::{self, Date, Environment, Files, ProjectFile, Traced};
use portal_reconciler::emulator::Emulator;
use portal_reconciler::import::{self, Place};
use portal_reconciler::interruption::Interruption;
use portal_reconciler::lockfile::{self, LockStore};
use portal_reconciler::model::{DesiredState, EnvironmentName, LiveState, Lockfile, Mode, Role};
use portal_reconciler::plan::{ApplicablePlan, Cause, Input, Plan, Policy, plan};
use portal_reconciler::render::{self, Preview};
use portal_reconciler::snapshot::{Recorder, Replay, Saved};
use portal_reconciler::stripe::{Connection, Limits, Reader, SecretKey, Snapshot, Writer};
use portal_reconciler::transport::Transport;
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::shapes::watch::Watched;
use crate::tomorrow::Tomorrow;

/// A user's folder and an account.
pub(crate) struct Project {
    pub(crate) folder: TempDir,
    pub(crate) emulator: Arc<Emulator>,
    pub(crate) tomorrow: Arc<Tomorrow>,
    runtime: tokio::runtime::Runtime,
}

impl Project {
    pub(crate) fn new(emulator: Emulator) -> Self {
        let emulator = Arc::new(emulator);
        Self {
            folder: tempfile::tempdir().unwrap(),
            tomorrow: Arc::new(Tomorrow::new(emulator.clone())),
            emulator,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .start_paused(true)
                .build()
                .unwrap(),
        }
    }

    /// Replaces all files. JSON is YAML.
    pub(crate) fn write(&self, roles: &BTreeMap<String, Json>) {
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                std::fs::remove_file(path).unwrap();
            }
        }
        for (role, json) in roles {
            std::fs::write(self.folder.path().join(format!("{role}.yaml")), json.to_string())
                .unwrap();
        }
    }

    pub(crate) fn connection(&self) -> Connection {
        connection(self.tomorrow.clone())
    }

    pub(crate) fn lockfile(&self) -> std::path::PathBuf {
        self.folder.path().join("test.lock.json")
    }

    /// What files and account come to.
    pub(crate) fn look(&self) -> (DesiredState, LiveState) {
        self.look_over(self.connection())
    }

    /// What the account has, as the text of a snapshot.
    pub(crate) fn saved(&self) -> String {
        let recorder = Arc::new(Recorder::new(self.tomorrow.clone()));
        let reader = Reader::new(connection(recorder.clone()));
        self.runtime.block_on(reader.snapshot(&BTreeSet::new())).unwrap();
        self.runtime.block_on(reader.list_active_prices()).unwrap();
        recorder.take("2026-11-22T00:00:00Z".into(), "test".into(), false).to_text()
    }

    /// The plan of somebody who has no more of the account than a snapshot.
    pub(crate) fn plan_of_saved(&self, text: &str) -> Plan {
        let replay = Replay::new(Saved::parse(text).unwrap());
        let (desired, live) = self.look_over(connection(Arc::new(replay)));
        let lockfile = lockfile::read(&self.lockfile()).unwrap();
        let policy = Policy::new(EnvironmentName::test(), None);
        plan(Input { desired: &desired, live: &live, lockfile: lockfile.as_ref(), policy: &policy })
    }

    fn look_over(&self, connection: Connection) -> (DesiredState, LiveState) {
        let wanted = resolve(self.folder.path());
        let reader = Reader::new(connection);
        let snapshot = self.runtime.block_on(reader.snapshot(&wanted.lookup_keys())).unwrap();
        let desired = desired::bind(&wanted, &snapshot.prices, &Default::default())
            .unwrap_or_else(|bag| panic!("{bag:?}"));
        (desired, snapshot.live)
    }

    /// Which line decides each value.
    pub(crate) fn trace(&self) -> BTreeMap<Role, Vec<Traced>> {
        trace(self.folder.path())
    }

    pub(crate) fn plan(&self) -> Plan {
        self.plan_by(&Policy::new(EnvironmentName::test(), None))
    }

    /// The plan of somebody who allows this.
    pub(crate) fn plan_by(&self, policy: &Policy) -> Plan {
        let (desired, live) = self.look();
        let lockfile = lockfile::read(&self.lockfile()).unwrap();
        plan(Input { desired: &desired, live: &live, lockfile: lockfile.as_ref(), policy })
    }

    /// Applies the plan, which nothing must block.
    pub(crate) fn apply(&self) -> ApplyReport {
        self.apply_over(self.connection())
    }

    /// Applies the plan over another connection than the one that looks.
    pub(crate) fn apply_over(&self, connection: Connection) -> ApplyReport {
        self.carry_out(self.plan(), connection)
    }

    /// Applies the plan of somebody who allows this.
    pub(crate) fn apply_by(&self, policy: &Policy) -> ApplyReport {
        self.carry_out(self.plan_by(policy), self.connection())
    }

    /// Applies any plan, over another connection than the one that looks.
    pub(crate) fn carry_out(&self, plan: Plan, connection: Connection) -> ApplyReport {
        let plan =
            plan.into_applicable().unwrap_or_else(|plan| panic!("blocked: {:?}", plan.blockers));
        self.runtime.block_on(carry_out(&plan, connection, &self.lockfile()))
    }

    /// Forgets everything that this program knows of the account: files, lockfile and markers.
    pub(crate) fn forget(&self) {
        self.write(&BTreeMap::new());
        let _ = std::fs::remove_file(self.lockfile());
        let marker = ["project", "role", "digest"].map(|key| format!("metadata[reconcile_{key}]="));
        for configuration in self.emulator.configurations(false) {
            let id = configuration["id"].as_str().unwrap();
            self.emulator.dashboard(false).edit(id, &marker.join("&")).unwrap();
        }
    }

    /// Edits the files of all roles that have drifted, and returns how many there were.
    pub(crate) fn accept(&self) -> usize {
        let files = Files::load(self.folder.path());
        let (project, _) = ProjectFile::read(&files);
        let environment = Environment::new(EnvironmentName::test(), Mode::Test);
        let today = Date::parse("2026-11-22").unwrap();
        let place = Place { files: &files, project: &project, environment: &environment, today };
        let reader = Reader::new(self.connection());
        let keys = resolve(self.folder.path()).lookup_keys();
        let Snapshot { live, prices: wanted, .. } =
            self.runtime.block_on(reader.snapshot(&keys)).unwrap();
        let ids = live.configurations.values().flat_map(|it| it.settings.prices()).collect();
        let mut prices = self.runtime.block_on(reader.keyed_prices(&ids)).unwrap();
        prices.extend(wanted);
        let plan = self.plan();
        let drifted: Vec<_> = plan.roles.iter().filter(|role| !role.changes.is_empty()).collect();
        for role in &drifted {
            assert!(role.changes.iter().all(|change| change.cause == Cause::Drifted), "{role:?}");
            let settings = &live.configurations[role.action.id().unwrap()].settings;
            let except = BTreeSet::new();
            let accepted = accept(&role.role, settings, &except, place, &prices)
                .unwrap_or_else(|why| panic!("{why:?}"));
            let path = self.folder.path().join(format!("{}.yaml", role.role));
            std::fs::write(path, accepted.after).unwrap();
        }
        drifted.len()
    }

    /// Writes a file for each configuration, and the lockfile.
    pub(crate) fn import(&self) {
        let files = Files::load(self.folder.path());
        let (project, _) = ProjectFile::read(&files);
        let environment = Environment::new(EnvironmentName::test(), Mode::Test);
        let today = Date::parse("2026-11-22").unwrap();
        let place = Place { files: &files, project: &project, environment: &environment, today };
        let reader = Reader::new(self.connection());
        let live = self.runtime.block_on(reader.snapshot(&BTreeSet::new())).unwrap().live;
        let ids = live.configurations.values().flat_map(|it| it.settings.prices()).collect();
        let prices = self.runtime.block_on(reader.keyed_prices(&ids)).unwrap();
        let mut roles = BTreeMap::new();
        for (id, configuration) in &live.configurations {
            let role = import::name(configuration, &roles.keys().cloned().collect());
            let text = import::draft(&role, configuration, place, &prices)
                .unwrap_or_else(|why| panic!("{why:?}"));
            std::fs::write(self.folder.path().join(format!("{role}.yaml")), text).unwrap();
            roles.insert(role, id.clone());
        }
        let (environment, account) = (environment.name, live.account);
        let lockfile = Lockfile { environment, account, mode: live.mode, roles };
        LockStore::open(&self.lockfile()).unwrap().save(&lockfile).unwrap();
    }

    /// What people are shown of the portals, without what there is now or beside it.
    pub(crate) fn preview(&self, against_live: bool) -> String {
        let plan = self.plan();
        let (prices, products) = Preview::offered(&plan, against_live);
        let reader = Reader::new(self.connection());
        let catalogue = self.runtime.block_on(reader.catalogue(&prices, &products)).unwrap();
        let (plan, catalogue) = (&plan, &catalogue);
        render::preview(&Preview { plan, catalogue, against_live, as_of: None })
    }

    /// The page that a session's link leads to.
    pub(crate) fn follow(&self, configuration: &str, customer: &str) -> String {
        let form = format!("configuration={configuration}&customer={customer}");
        let request = http::Request::post("/v1/billing_portal/sessions")
            .header("authorization", "Bearer sk_test_1")
            .header("host", "localhost");
        let session = self.emulator.handle(request.body(form.into_bytes()).unwrap());
        let session: Json = serde_json::from_slice(session.body()).unwrap();
        let url = session["url"].as_str().unwrap_or_else(|| panic!("{session}"));
        let page = self.emulator.handle(http::Request::get(url).body(Vec::new()).unwrap());
        assert_eq!(page.status(), 200);
        String::from_utf8(page.into_body()).unwrap()
    }

    /// Posts a form as somebody else would, and returns the id of what comes of it.
    pub(crate) fn post(&self, path: &str, form: &str) -> String {
        let request = http::Request::post(path).header("authorization", "Bearer sk_test_1");
        let answer = self.emulator.handle(request.body(form.as_bytes().to_vec()).unwrap());
        let json: Json = serde_json::from_slice(answer.body()).unwrap();
        json["id"].as_str().unwrap_or_else(|| panic!("{json}")).to_owned()
    }

    pub(crate) fn n_writes(&self) -> usize {
        self.emulator.exchanges().iter().filter(|exchange| exchange.method != "GET").count()
    }
}

/// Applies a plan, as somebody does whom nobody interrupts.
pub(crate) async fn carry_out(
    plan: &ApplicablePlan,
    connection: Connection,
    lockfile: &Path,
) -> ApplyReport {
    let reader = Reader::new(connection.clone());
    let writer = Writer::new(connection, plan.plan().account.clone());
    let account = Account { reader: &reader, writer: &writer };
    let mut locks = LockStore::open(lockfile).unwrap();
    execute(plan, account, &mut locks, Interruption::never(), |_| {}).await
}

/// What a folder wants. It must be without errors.
pub(crate) fn resolve(folder: &Path) -> desired::Wanted {
    let (files, project, environment, today) = read(folder);
    let (wanted, bag) = desired::resolve(&files, &project, &environment, today);
    assert!(!bag.has_errors(), "{bag:?}");
    wanted
}

/// Which line of a folder decides what. It must be without errors.
pub(crate) fn trace(folder: &Path) -> BTreeMap<Role, Vec<Traced>> {
    let (files, project, environment, today) = read(folder);
    desired::trace(&files, &project, &environment, today).unwrap_or_else(|bag| panic!("{bag:?}"))
}

fn read(folder: &Path) -> (Files, ProjectFile, Environment, Date) {
    let files = Files::load(folder);
    let (project, bag) = ProjectFile::read(&files);
    assert!(!bag.has_errors(), "{bag:?}");
    let environment = Environment::new(EnvironmentName::test(), Mode::Test);
    (files, project, environment, Date::parse("2026-11-22").unwrap())
}

/// A connection with a test key that nobody interrupts, and whose every request and answer is looked
/// at.
pub(crate) fn connect(transport: Arc<dyn Transport>) -> Connection {
    connection(Arc::new(Watched(transport)))
}

/// A connection with a test key that nobody interrupts.
pub(crate) fn connection(transport: Arc<dyn Transport>) -> Connection {
    connection_with("sk_test_1", transport)
}

/// A connection with this key that nobody interrupts.
pub(crate) fn connection_with(key: &str, transport: Arc<dyn Transport>) -> Connection {
    let key = SecretKey::parse(key).unwrap();
    let limits = Limits::documented(key.mode());
    Connection::new(transport, key, limits, Interruption::never())
}
