//! What a bad network does to a write.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use portal_reconciler::apply::StepResult;
use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::stripe::Effect;
use portal_reconciler::transport::{Request, Sending, Transport, TransportError};
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
}

/// An emulator behind a network that treats the writes as it is told to, and then is well.
struct Network {
    emulator: Arc<Emulator>,
    faults: Mutex<Vec<Fault>>,
}

impl Transport for Network {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let is_write = request.method() == http::Method::POST;
            let fault = if is_write { self.faults.lock().unwrap().pop() } else { None };
            match fault {
                None => Ok(self.emulator.handle(request)),
                Some(Fault::AnswerLost) => {
                    self.emulator.handle(request);
                    Err(TransportError::Lost("reset".into()))
                }
                Some(Fault::Unreachable) => Err(TransportError::Unreachable("refused".into())),
                Some(Fault::Status(status)) => {
                    Ok(http::Response::builder().status(status).body(b"<html>".to_vec()).unwrap())
                }
            }
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
    let network = Network {
        emulator: project.emulator.clone(),
        faults: Mutex::new(faults.iter().rev().copied().collect()),
    };
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
