//! What a bad network does to a write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use http::HeaderValue;
use portal_reconciler::apply::{Outcome, StepResult, WhyNot};
use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::lockfile;
use portal_reconciler::model::EnvironmentName;
use portal_reconciler::plan::Policy;
use portal_reconciler::stripe::Effect;
use portal_reconciler::transport::{Request, Response, Sending, Transport, TransportError};
use serde_json::{Value as Json, json};

use crate::support::{Project, connect};

/// What happens to a write.
#[derive(Clone, Copy)]
enum Fault {
    /// The server acts, and its answer is lost.
    AnswerLost,
    /// The server is never reached.
    Unreachable,
    /// A proxy answers in the server's place.
    Status(u16),
    /// The server fails without having acted, and repeats that for a day.
    Failed,
    /// The server acts, but tells something else about it.
    Told(fn(&mut Json)),
    /// The server says what it said to an earlier request with the same key.
    Replayed(u16, fn(&Emulator) -> Json),
}

/// An emulator behind a network that treats the writes as it is told to, and then is well.
struct Network {
    emulator: Arc<Emulator>,
    faults: Mutex<Vec<Fault>>,
    failed: Mutex<BTreeSet<HeaderValue>>,
}

impl Network {
    fn new(emulator: Arc<Emulator>, faults: &[Fault]) -> Self {
        let faults = Mutex::new(faults.iter().rev().copied().collect());
        Self { emulator, faults, failed: Mutex::default() }
    }

    fn answer(&self, request: Request, fault: Option<Fault>) -> Result<Response, TransportError> {
        let status = |status: u16| http::Response::builder().status(status);
        let key = request.headers().get("idempotency-key").cloned();
        if key.as_ref().is_some_and(|key| self.failed.lock().unwrap().contains(key)) {
            return Ok(status(500).header("idempotent-replayed", "true").body(Vec::new()).unwrap());
        }
        match fault {
            None => Ok(self.emulator.handle(request)),
            Some(Fault::AnswerLost) => {
                self.emulator.handle(request);
                Err(TransportError::Lost("reset".into()))
            }
            Some(Fault::Unreachable) => Err(TransportError::Unreachable("refused".into())),
            Some(Fault::Status(code)) => Ok(status(code).body(b"<html>".to_vec()).unwrap()),
            Some(Fault::Failed) => {
                self.failed.lock().unwrap().extend(key);
                Ok(status(500).body(Vec::new()).unwrap())
            }
            Some(Fault::Replayed(code, earlier)) => {
                let body = earlier(&self.emulator).to_string().into_bytes();
                Ok(status(code).header("idempotent-replayed", "true").body(body).unwrap())
            }
            Some(Fault::Told(edit)) => Ok(self.emulator.handle(request).map(|body| {
                let mut json = serde_json::from_slice(&body).unwrap();
                edit(&mut json);
                json.to_string().into_bytes()
            })),
        }
    }
}

impl Transport for Network {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let is_write = request.method() == http::Method::POST;
            let fault = if is_write { self.faults.lock().unwrap().pop() } else { None };
            self.answer(request, fault)
        })
    }
}

fn one_role() -> BTreeMap<String, Json> {
    let features = json!({ "invoice_history": { "enabled": true } });
    BTreeMap::from([("viewer".into(), json!({ "default": true, "features": features }))])
}

/// Applies one create with these faults on its way, and returns what came of it, how many
/// configurations there are then, and how many after a run without faults.
fn create_with(faults: &[Fault]) -> (StepResult, usize, usize) {
    let project = Project::new(Emulator::in_memory(Seed::default()));
    project.write(&one_role());
    let network = Network::new(project.emulator.clone(), faults);
    let connection = connect(Arc::new(network));
    let report = project.apply_over(connection);
    let n_then = project.emulator.configurations(false).len();
    project.apply();
    assert!(project.plan().is_empty());
    (report.outcomes[0].result.clone(), n_then, project.emulator.configurations(false).len())
}

#[test]
fn a_lost_answer_is_asked_for_again_and_nothing_is_created_twice() {
    let (result, n_then, n_after) = create_with(&[Fault::AnswerLost, Fault::AnswerLost]);
    assert!(matches!(result, StepResult::Done(_)), "{result:?}");
    assert_eq!((n_then, n_after), (1, 1));
}

#[test]
fn passing_faults_are_waited_for() {
    let faults = [Fault::Unreachable, Fault::Status(503), Fault::Status(429), Fault::Status(409)];
    let (result, n_then, n_after) = create_with(&faults);
    assert!(matches!(result, StepResult::Done(_)), "{result:?}");
    assert_eq!((n_then, n_after), (1, 1));
}

#[test]
fn when_all_answers_are_lost_the_effect_is_unknown_and_the_next_run_finds_it() {
    let (result, n_then, n_after) = create_with(&[Fault::AnswerLost; 10]);
    let StepResult::Failed(error) = result else { panic!("{result:?}") };
    assert_eq!(error.effect, Effect::Unknown);
    assert_eq!((n_then, n_after), (1, 1));
}

#[test]
fn when_the_server_is_never_reached_nothing_has_happened_and_nobody_says_otherwise() {
    let (result, n_then, n_after) = create_with(&[Fault::Unreachable; 10]);
    let StepResult::Failed(error) = result else { panic!("{result:?}") };
    assert_eq!(error.effect, Effect::None);
    assert_eq!((n_then, n_after), (0, 1));
}

#[test]
fn an_answer_that_was_lost_before_the_connection_is_not_forgotten() {
    let faults = [Fault::AnswerLost, Fault::Unreachable, Fault::Unreachable, Fault::Unreachable];
    let (result, n_then, n_after) = create_with(&faults);
    let StepResult::Failed(error) = result else { panic!("{result:?}") };
    assert_eq!(error.effect, Effect::Unknown);
    assert_eq!((n_then, n_after), (1, 1));
}

#[test]
fn a_failure_that_stripe_repeats_for_a_day_stops_only_the_run_that_met_it() {
    let project = Project::new(Emulator::in_memory(Seed::default()));
    project.write(&one_role());
    let network = Arc::new(Network::new(project.emulator.clone(), &[Fault::Failed]));
    let first = project.apply_over(connect(network.clone()));
    let StepResult::Failed(error) = &first.outcomes[0].result else { panic!("{first:?}") };
    assert_eq!((error.effect, error.is_replay), (Effect::Unknown, true));
    assert_eq!(project.emulator.configurations(false).len(), 0);
    // Within the same day, and from another machine as well: nothing but the content decides.
    let second = project.apply_over(connect(network));
    assert!(second.is_complete(), "{second:?}");
    assert_eq!(project.emulator.configurations(false).len(), 1);
}

#[test]
fn a_refusal_that_stripe_repeats_for_a_day_is_forgotten_once_its_cause_is_gone() {
    let seed = json!({
        "products": [{ "id": "prod_a", "name": "A", "active": false }],
        "prices": [{ "id": "price_a", "product": "prod_a", "currency": "usd", "unit_amount": 1, "recurring": { "interval": "month" } }],
    });
    let project = Project::new(Emulator::in_memory(Seed::parse(&seed.to_string()).unwrap()));
    let update = json!({ "enabled": true, "default_allowed_updates": ["price"], "products": [{ "product": "prod_a", "prices": ["price_a"] }] });
    project.write(&BTreeMap::from([(
        "a".into(),
        json!({ "default": true, "features": { "subscription_update": update } }),
    )]));
    for _ in 0..3 {
        let refused = project.apply();
        assert!(matches!(refused.outcomes[0].result, StepResult::Failed(_)), "{refused:?}");
    }
    project.post("/v1/products/prod_a", "active=true");
    assert!(project.apply().is_complete());
    assert!(project.plan().is_empty());
}

const OLD_REFUSAL: Fault = Fault::Replayed(400, |_| json!({ "error": { "message": "no" } }));

/// What Stripe says of a key that it has never seen is the only news.
#[test]
fn an_old_refusal_is_not_believed_after_a_limit_either() {
    let (result, n_then, n_after) = create_with(&[Fault::Status(429), OLD_REFUSAL]);
    assert!(matches!(result, StepResult::Done(_)), "{result:?}");
    assert_eq!((n_then, n_after), (1, 1));
}

#[test]
fn whoever_hears_only_old_answers_gives_up_and_takes_none_for_new() {
    const MOST: usize = 20;
    let old_success = Fault::Replayed(200, |emulator| emulator.configurations(false)[0].clone());
    for (fault, word) in [(OLD_REFUSAL, "refused"), (old_success, "failed")] {
        let project = Project::new(Emulator::in_memory(Seed::default()));
        project.write(&one_role());
        project.apply();
        let mut roles = one_role();
        roles.insert("admin".into(), json!({ "features": {} }));
        project.write(&roles);
        let network = Arc::new(Network::new(project.emulator.clone(), &[fault; MOST + 10]));
        let report = project.apply_over(connect(network.clone()));
        let words: Vec<&str> = report.outcomes.iter().map(|it| it.result.as_str()).collect();
        assert_eq!(words, [word, "unchanged"], "{report:?}");
        assert_eq!(network.faults.lock().unwrap().len(), 10);
        let lockfile = lockfile::read(&project.lockfile()).unwrap().unwrap();
        assert_eq!(lockfile.roles.len(), 1, "{lockfile:?}");
        assert!(project.apply().is_complete());
    }
}

/// Within a day Stripe would answer the new create with the configuration that was released.
#[test]
fn a_configuration_that_was_released_is_not_taken_for_a_new_one() {
    let project = Project::new(Emulator::in_memory(Seed::default()));
    let mut roles = one_role();
    roles.insert("admin".into(), json!({ "features": {} }));
    project.write(&roles);
    project.apply();
    let admin = project.emulator.configurations(false)[1]["id"].as_str().unwrap().to_owned();
    let release = "metadata[reconcile_project]=&metadata[reconcile_role]=&metadata[reconcile_digest]=&name=legacy";
    project.emulator.dashboard(false).edit(&admin, release).unwrap();
    std::fs::remove_file(project.lockfile()).unwrap();
    let report = project.apply();
    assert!(report.is_complete(), "{report:?}");
    assert!(project.plan().is_empty());
    let configurations = project.emulator.configurations(false);
    assert_eq!(configurations.len(), 3);
    assert_eq!(configurations[1]["name"], "legacy", "the released one is left alone");
}

#[test]
fn an_answer_that_is_not_what_was_asked_for_is_not_taken_for_success() {
    let tell: [fn(&mut Json); 4] = [
        |json| json["metadata"] = json!({}),
        |json| json["active"] = json!(false),
        |json| json["features"]["invoice_history"]["enabled"] = json!(false),
        |json| json["is_default"] = json!(false),
    ];
    for tell in tell {
        let (result, _, n_after) = create_with(&[Fault::Told(tell)]);
        let StepResult::NotAsAsked { differences, .. } = result else { panic!("{result:?}") };
        assert_eq!((differences.len(), n_after), (1, 1), "{differences:?}");
    }
}

/// Apps keep the id for as long as Stripe hasn't said that it can't be used any more.
#[test]
fn a_deactivation_that_is_not_confirmed_keeps_its_line_in_the_lockfile() {
    type Told = (&'static str, fn(&mut Json));
    let tell: [Told; 4] = [
        ("active", |json| json["active"] = json!(true)),
        ("is_default", |json| json["is_default"] = json!(true)),
        ("metadata", |json| json["metadata"] = json!({})),
        ("id", |json| json["id"] = json!("bpc_1other")),
    ];
    for (name, tell) in tell {
        let project = Project::new(Emulator::in_memory(Seed::default()));
        let mut roles = one_role();
        roles.insert("admin".into(), json!({ "features": {} }));
        project.write(&roles);
        project.apply();
        project.write(&one_role());
        let prune = Policy { prune: true, ..Policy::new(EnvironmentName::test(), None) };
        let network = Network::new(project.emulator.clone(), &[Fault::Told(tell)]);
        let report = project.carry_out(project.plan_by(&prune), connect(Arc::new(network)));
        let of_admin = report.outcomes.iter().find(|it| it.role.as_str() == "admin").unwrap();
        let StepResult::NotAsAsked { differences, .. } = &of_admin.result else {
            panic!("{report:?}")
        };
        assert_eq!(differences, &[name]);
        let lockfile = lockfile::read(&project.lockfile()).unwrap().unwrap();
        assert!(lockfile.roles.keys().any(|role| role.as_str() == "admin"), "{lockfile:?}");
    }
}

#[test]
fn when_another_one_becomes_the_default_nothing_more_is_created() {
    let project = Project::new(Emulator::in_memory(Seed::default()));
    let mut roles = one_role();
    roles.insert("a".into(), json!({ "features": {} }));
    roles.insert("b".into(), json!({ "features": {} }));
    project.write(&roles);
    let become_default: fn(&mut Json) = |json| json["is_default"] = json!(true);
    let faults = [Fault::Told(|_| {}), Fault::Told(become_default)];
    let network = Network::new(project.emulator.clone(), &faults);
    let report = project.apply_over(connect(Arc::new(network)));
    let result =
        |role: &str| &report.outcomes.iter().find(|it| it.role.as_str() == role).unwrap().result;
    assert!(matches!(result("viewer"), StepResult::Done(_)));
    assert!(matches!(result("a"), StepResult::NotAsAsked { .. }));
    assert!(matches!(result("b"), StepResult::NotAttempted(WhyNot::OtherDefault)));
}

#[test]
fn once_the_key_is_refused_nothing_more_is_tried() {
    let project = Project::new(Emulator::in_memory(Seed::default()));
    let mut roles = one_role();
    roles.extend(["a", "b", "c"].map(|role| (role.to_owned(), json!({ "features": {} }))));
    project.write(&roles);
    project.apply();
    for role in roles.values_mut() {
        role["name"] = json!("another");
    }
    project.write(&roles);
    let network = Network::new(project.emulator.clone(), &[Fault::Status(401); 4]);
    let network = Arc::new(network);
    let report = project.apply_over(connect(network.clone()));
    let not_tried =
        |outcome: &&Outcome| matches!(outcome.result, StepResult::NotAttempted(WhyNot::KeyRefused));
    assert_eq!(report.outcomes.iter().filter(not_tried).count(), 3, "{report:?}");
    assert_eq!(network.faults.lock().unwrap().len(), 3, "one request was made");
    assert!(project.apply().is_complete());
}

/// What one role meets is not the others' business.
#[test]
fn when_one_fails_the_others_go_on() {
    let project = Project::new(Emulator::in_memory(Seed::default()));
    let mut roles = one_role();
    roles.extend(["a", "b", "c"].map(|role| (role.to_owned(), json!({ "features": {} }))));
    project.write(&roles);
    // The default is well, and then one of the others is refused.
    let faults = [&[Fault::Told(|_| {})], &[Fault::Status(400)][..]].concat();
    let network = Network::new(project.emulator.clone(), &faults);
    let report = project.apply_over(connect(Arc::new(network)));
    let words: Vec<&str> = report.outcomes.iter().map(|it| it.result.as_str()).collect();
    assert_eq!(words.iter().filter(|word| **word == "done").count(), 3, "{words:?}");
    assert!(project.apply().is_complete());
    assert!(project.plan().is_empty());
}

/// An owner's default stays what it is, so nothing waits for a role that can't become it.
#[test]
fn in_a_connected_account_that_has_a_default_no_role_comes_first() {
    let seed = json!({ "configurations": [{ "is_default": true, "features": {} }] });
    let seed = Seed::parse(&seed.to_string()).unwrap();
    let project = Project::new(Emulator::in_memory(seed));
    let mut roles = one_role();
    roles.insert("z".into(), json!({ "features": {} }));
    project.write(&roles);
    let policy = Policy { is_connected: true, ..Policy::new(EnvironmentName::test(), None) };
    let network = Network::new(project.emulator.clone(), &[Fault::Status(400)]);
    let report = project.carry_out(project.plan_by(&policy), connect(Arc::new(network)));
    let words: Vec<&str> = report.outcomes.iter().map(|it| it.result.as_str()).collect();
    assert_eq!(words.len(), 2, "{report:?}");
    assert_eq!(words.iter().filter(|word| **word == "done").count(), 1, "{report:?}");
}
