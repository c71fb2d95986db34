//! An emulator behind a network on which something happens to one request, or to all from one on.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode};
use portal_reconciler::emulator::Fault as Emulated;
use portal_reconciler::transport::{Request, Response, Sending, Transport, TransportError};
use serde_json::Value as Json;
use tokio::sync::Notify;
use tokio::time::Instant;
use url::form_urlencoded;

use super::case::Stage;
use super::fault::Fault;
use crate::shapes::watch::Watched;

/// After so much time the program's own client gives up.
const PATIENCE: Duration = Duration::from_secs(80);

/// Which requests something happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The one with this index.
    Once(usize),
    /// All from the one with this index on.
    From(usize),
}

/// A request, as it left the program, attempts included.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) is_write: bool,
    pub(crate) has_key: bool,
    pub(crate) path: String,
    /// Of a write.
    pub(crate) parameters: Vec<(String, String)>,
    /// What came back, if nothing happened to it.
    pub(crate) answer: Vec<u8>,
}

/// The way to the emulator.
pub(crate) struct Network {
    stage: Arc<Stage>,
    stripe: Arc<dyn Transport>,
    /// Of those that concern a request the first one happens.
    faults: Vec<(Fault, Reach)>,
    sent: Mutex<Vec<Sent>>,
    death: Notify,
    /// When the first request left, by the time of the run and by Stripe's clock.
    begun: OnceLock<(Instant, i64)>,
}

impl Network {
    /// A way on which nothing happens but that every request and answer is looked at.
    pub(crate) fn watched(stage: &Arc<Stage>) -> Self {
        Self { stripe: Arc::new(Watched(stage.emulator.clone())), ..Self::new(stage, None) }
    }

    /// A way on which this happens, or nothing. Nobody looks at requests and answers, which would
    /// cost as much as all the rest.
    pub(crate) fn new(
        stage: &Arc<Stage>,
        faults: impl IntoIterator<Item = (Fault, Reach)>,
    ) -> Self {
        let faults = faults.into_iter().collect();
        let (sent, death, begun) = (Mutex::default(), Notify::new(), OnceLock::new());
        let stripe = stage.emulator.clone();
        Self { stage: stage.clone(), stripe, faults, sent, death, begun }
    }

    pub(super) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    /// Ends when the process dies.
    pub(super) async fn death(&self) {
        self.death.notified().await;
    }

    /// Writes a request down, and returns its index and what happens to it.
    fn meet(&self, request: &Request) -> (usize, Option<Fault>) {
        let now = Instant::now();
        let (begun, second) = self.begun.get_or_init(|| (now, self.stage.clock.seconds()));
        self.stage.clock.go_on(*second, now - *begun);
        let mut sent = self.sent.lock().unwrap();
        let index = sent.len();
        let key = request.headers().get("idempotency-key");
        sent.push(Sent {
            is_write: request.method() != Method::GET,
            has_key: key.is_some(),
            path: request.uri().path().to_owned(),
            parameters: form_urlencoded::parse(request.body()).into_owned().collect(),
            answer: Vec::new(),
        });
        if key.is_some_and(|key| self.stage.failed.lock().unwrap().contains(key)) {
            return (index, Some(Fault::Saved500Acted));
        }
        let fault = self.faults.iter().find(|(_, reach)| match reach {
            Reach::Once(at) => index == *at,
            Reach::From(first) => index >= *first,
        });
        (index, fault.map(|(fault, _)| fault.clone()))
    }

    async fn answer(&self, mut request: Request) -> Result<Response, TransportError> {
        let lost = |why: &str| Err(TransportError::Lost(why.to_owned()));
        let (index, fault) = self.meet(&request);
        match fault {
            None => {
                let answer = self.stripe.send(request).await?;
                answer.body().clone_into(&mut self.sent.lock().unwrap()[index].answer);
                Ok(answer)
            }
            Some(Fault::Emulated(mishap)) => {
                self.stage.emulator.inject(Emulated::new(mishap));
                let answer = self.stripe.send(request).await;
                // A fault that doesn't concern this request must not wait for the next one.
                self.stage.emulator.clear_faults();
                answer
            }
            Some(Fault::Unreachable) => Err(TransportError::Unreachable("refused".into())),
            Some(Fault::TimeoutBefore) => {
                tokio::time::sleep(PATIENCE).await;
                lost("nothing came")
            }
            Some(Fault::Cut) => Ok(self.stripe.send(request).await?.map(|mut body| {
                body.truncate(body.len() / 2);
                body
            })),
            Some(Fault::GatewayTimeout) => {
                self.stripe.send(request).await?;
                Ok(page(StatusCode::GATEWAY_TIMEOUT, false))
            }
            Some(Fault::Saved500Acted) => {
                let key = request.headers_mut().remove("idempotency-key");
                let is_replay = match key {
                    Some(key) => !self.stage.failed.lock().unwrap().insert(key),
                    None => false,
                };
                if !is_replay {
                    self.stripe.send(request).await?;
                }
                Ok(page(StatusCode::INTERNAL_SERVER_ERROR, is_replay))
            }
            Some(Fault::Told(name, value)) => {
                Ok(self.stripe.send(request).await?.map(|body| told(&body, name, &value)))
            }
            Some(Fault::NotAnObject) => Ok(self.stripe.send(request).await?.map(|_| b"[]".into())),
            Some(death @ (Fault::DeathBefore | Fault::DeathAfter | Fault::DeathAtLockfile)) => {
                if !matches!(death, Fault::DeathBefore) {
                    self.stripe.send(request).await?;
                }
                self.death.notify_one();
                std::future::pending().await
            }
        }
    }
}

impl Transport for Network {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(self.answer(request))
    }
}

fn page(status: StatusCode, is_replay: bool) -> Response {
    let mut response = Response::new(b"<html>".to_vec());
    *response.status_mut() = status;
    if is_replay {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// The answer with another value wherever there is a field of this name.
fn told(body: &[u8], name: &str, value: &Json) -> Vec<u8> {
    fn tell(json: &mut Json, name: &str, value: &Json) {
        match json {
            Json::Array(items) => items.iter_mut().for_each(|item| tell(item, name, value)),
            Json::Object(fields) => {
                for (field, inner) in fields {
                    if field == name {
                        value.clone_into(inner);
                    } else {
                        tell(inner, name, value);
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
    let mut json: Json = serde_json::from_slice(body).expect("the emulator answers with JSON");
    tell(&mut json, name, value);
    json.to_string().into_bytes()
}
