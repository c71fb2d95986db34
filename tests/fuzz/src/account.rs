//! A file and an account.

use std::sync::Arc;

use portal_reconciler::apply::{Account, ApplyReport, StepResult, execute};
use portal_reconciler::desired::{self, Environment, Files, ProjectFile};
use portal_reconciler::diagnostic::Bag;
use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::import::{Place, draft};
use portal_reconciler::interruption::Interruption;
use portal_reconciler::lockfile::LockStore;
use portal_reconciler::model::{EnvironmentName, Lockfile, Mode, PriceHints};
use portal_reconciler::plan::{ApplicablePlan, Input, Plan, Policy, plan};
use portal_reconciler::report::{Reviewed, RunReport, to_json};
use portal_reconciler::stripe::{Connection, Limits, Reader, SecretKey, Snapshot, Writer};
use portal_reconciler::transport::Transport;

use super::settings::scratch;
use super::yaml::{role, today};

/// What a shop sells.
const SEED: &str = r#"{
  "products": [{ "id": "prod_a", "name": "A" }, { "id": "prod_b", "name": "B" }],
  "prices": [
    { "id": "price_a1", "product": "prod_a", "lookup_key": "a1", "currency": "usd", "unit_amount": 1, "recurring": { "interval": "month" } },
    { "id": "price_a2", "product": "prod_a", "lookup_key": "a2", "currency": "usd", "unit_amount": 2, "recurring": { "interval": "year" } },
    { "id": "price_b1", "product": "prod_b", "lookup_key": "b1", "currency": "usd", "unit_amount": 3, "recurring": { "interval": "week" } }
  ]
}"#;

/// What a file without errors wants can be had: either Stripe refuses it in words, or one apply gets
/// to where nothing is left to do, and then there is a file that wants exactly that.
pub(crate) fn account(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(user) = User::new(text) else { return };
    let Some(planned) = user.plan(None) else { return };
    assert!(user.saved_plan_is_itself(&planned));
    let Ok(applicable) = planned.clone().into_applicable() else { return };
    let (report, lockfile) = user.apply(&applicable);
    match &report.outcomes[0].result {
        StepResult::Failed(_) => assert!(user.emulator.configurations(false).is_empty()),
        StepResult::Done(_) => user.assert_nothing_left(&lockfile),
        other @ (StepResult::Unchanged
        | StepResult::NotAsAsked { .. }
        | StepResult::NotAttempted(_)) => panic!("{other:?}"),
    }
}

/// Somebody with one file and an empty account.
struct User {
    files: Files,
    project: ProjectFile,
    environment: Environment,
    wanted: desired::Wanted,
    emulator: Arc<Emulator>,
}

impl User {
    /// Nobody if the file has errors.
    fn new(text: &str) -> Option<Self> {
        let files = Files::default().of_one_role(role(), text.to_owned());
        let (project, _) = ProjectFile::read(&files);
        let environment = Environment::new(EnvironmentName::test(), Mode::Test);
        let (wanted, bag) = desired::resolve(&files, &project, &environment, today());
        let seed = Seed::parse(SEED).expect("it is a seed");
        let emulator = Arc::new(Emulator::in_memory(seed));
        (!bag.has_errors()).then_some(Self { files, project, environment, wanted, emulator })
    }

    fn look(&self) -> Snapshot {
        let reader = Reader::new(connection(self.emulator.clone()));
        block_on(reader.snapshot(&self.wanted.lookup_keys())).expect("the emulator is well")
    }

    /// Nothing if the account doesn't have the prices.
    fn plan(&self, lockfile: Option<&Lockfile>) -> Option<Plan> {
        let Snapshot { live, prices, shared: _ } = self.look();
        let reader = Reader::new(connection(self.emulator.clone()));
        let (keys, ids) = (self.wanted.lookup_keys(), self.wanted.price_ids());
        let hints = block_on(reader.price_hints(&keys, &ids)).expect("the emulator is well");
        desired::bind(&self.wanted, &prices, &hints).ok()?;
        let desired = desired::bind(&self.wanted, &prices, &PriceHints::default()).ok()?;
        let policy = Policy::new(EnvironmentName::test(), None);
        Some(plan(Input { desired: &desired, live: &live, lockfile, policy: &policy }))
    }

    fn saved_plan_is_itself(&self, plan: &Plan) -> bool {
        let report = RunReport::planned(plan.clone(), Bag::default());
        let document = to_json(&report, &self.files.sources);
        Reviewed::parse(&document).is_ok_and(|reviewed| reviewed.moved(plan).is_empty())
    }

    fn apply(&self, plan: &ApplicablePlan) -> (ApplyReport, Lockfile) {
        let folder = scratch();
        let path = folder.path().join("test.lock.json");
        let connection = connection(self.emulator.clone());
        let writer = Writer::new(connection.clone(), plan.plan().account.clone());
        let account = Account { reader: &Reader::new(connection), writer: &writer };
        let mut locks = LockStore::open(&path).expect("there is none yet");
        let report = block_on(execute(plan, account, &mut locks, Interruption::never(), |_| {}));
        (report, Lockfile::read(&path).expect("it was written"))
    }

    fn assert_nothing_left(&self, lockfile: &Lockfile) {
        let left = self.plan(Some(lockfile)).expect("it has the prices");
        assert!(left.is_empty(), "{left:?}");
        let Snapshot { live, prices, shared: _ } = self.look();
        let live = live.configurations.into_values().next().expect("it was created");
        let (files, project, environment) = (&self.files, &self.project, &self.environment);
        let place = Place { files, project, environment, today: today() };
        let drafted = draft(&role(), &live, place, &prices).expect("the file itself says it");
        let again = Self::new(&drafted).expect("it is drafted without errors");
        let again = Self { emulator: self.emulator.clone(), ..again };
        let left = again.plan(Some(lockfile)).expect("it has the prices");
        assert!(left.is_empty(), "{drafted}\n{left:?}");
    }
}

/// A connection with a test key that nobody interrupts.
pub(crate) fn connection(transport: Arc<dyn Transport>) -> Connection {
    let key = SecretKey::parse("sk_test_1").expect("it is a key");
    let limits = Limits::documented(key.mode());
    Connection::new(transport, key, limits, Interruption::never())
}

/// Waits without time passing.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime can be made");
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}
