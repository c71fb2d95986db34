//! One request to Stripe: headers, attempts, and what the answer means.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::chatter::Chatter;
use super::decode::Problem;
use super::endpoint::Endpoint;
use super::error::{ACCOUNT_INVALID, Effect, ErrorKind, StripeError};
use super::form::Form;
use super::key::SecretKey;
use super::limiter::{Limiter, Limits, Turn};
use super::retry::{self, Effort};
use crate::interruption::Interruption;
use crate::model::{API_VERSION, AccountId, Mode};
use crate::transport::{Request, Response, Transport, TransportError};

/// Requests with a key, over a transport.
#[derive(Clone)]
pub struct Connection {
    transport: Arc<dyn Transport>,
    key: SecretKey,
    limiter: Arc<Limiter>,
    chatter: Arc<Chatter>,
    /// The connected account that is acted on; without one it is the key's own.
    account: Option<AccountId>,
    /// Comes once nobody wants to wait for another attempt.
    interruption: Interruption,
}

/// A request, as far as its kind differs from others.
struct Call<'a> {
    /// What is being tried, for errors: `list the configurations`.
    operation: &'a str,
    endpoint: Endpoint,
    path: &'a str,
    form: &'a Form,
    idempotency_key: Option<&'a str>,
}

/// An answer that Stripe means as success.
pub(super) struct Answer {
    pub(super) body: Value,
    pub(super) request_id: Option<String>,
    pub(super) effort: Effort,
    /// True if this is what Stripe answered to an earlier request with the same idempotency key.
    pub(super) is_replay: bool,
}

impl Answer {
    /// Makes sense of the answer to a request that only reads.
    pub(super) fn read<'a, T>(
        &'a self,
        operation: &str,
        decode: impl FnOnce(&'a Value) -> Result<T, Problem>,
    ) -> Result<T, StripeError> {
        decode(&self.body).map_err(|problem| self.malformed(operation, problem, Effect::None))
    }

    /// This answer means success, but can't be made sense of.
    pub(super) fn malformed(
        &self,
        operation: &str,
        problem: String,
        effect: Effect,
    ) -> StripeError {
        StripeError {
            operation: operation.to_owned(),
            kind: ErrorKind::Malformed(problem),
            request_id: self.request_id.clone(),
            effect,
            effort: self.effort,
            is_replay: self.is_replay,
        }
    }
}

impl Connection {
    /// Requests with this key over this transport, no faster than the limits. After an
    /// interruption a request that is under way is still waited for, but none is tried again.
    pub fn new(
        transport: Arc<dyn Transport>,
        key: SecretKey,
        limits: Limits,
        interruption: Interruption,
    ) -> Self {
        let limiter = Arc::new(Limiter::new(limits));
        Self { transport, key, limiter, chatter: Arc::default(), account: None, interruption }
    }

    /// The same key, acting on an account that is connected to its own. All share one limit: nobody
    /// has written down that a platform may send more to several accounts than to one.
    pub fn on(&self, account: AccountId) -> Self {
        Self { account: Some(account), ..self.clone() }
    }

    /// The connected account that is acted on, if it is one.
    pub(super) fn account(&self) -> Option<&AccountId> {
        self.account.as_ref()
    }

    /// Waits until a request of this kind could leave.
    pub(super) async fn ready(&self, endpoint: Endpoint) {
        self.limiter.ready(endpoint).await;
    }

    /// The side of the account that the key opens.
    pub fn mode(&self) -> Mode {
        self.key.mode()
    }

    /// Reads something.
    pub(super) async fn get(
        &self,
        operation: &str,
        endpoint: Endpoint,
        path: &str,
        form: &Form,
    ) -> Result<Answer, StripeError> {
        self.call(&Call { operation, endpoint, path, form, idempotency_key: None }).await
    }

    /// Sends a form to be acted on.
    pub(super) async fn post(
        &self,
        operation: &str,
        endpoint: Endpoint,
        path: &str,
        form: &Form,
        idempotency_key: Option<&str>,
    ) -> Result<Answer, StripeError> {
        self.call(&Call { operation, endpoint, path, form, idempotency_key }).await
    }

    /// Sends a request until it has an answer that isn't worth another attempt.
    async fn call(&self, call: &Call<'_>) -> Result<Answer, StripeError> {
        let mut effort = Effort::default();
        let mut may_have_acted = false;
        let mut was_told = false;
        let mut turn = self.limiter.turn(call.endpoint).await;
        let began = Instant::now();
        loop {
            let outcome = self.transport.send(self.request(call)).await;
            may_have_acted |= call.endpoint.writes() && retry::may_have_acted(&outcome);
            effort.attempts += 1;
            effort.limited += u32::from(retry::is_limited(&outcome));
            effort.took = began.elapsed();
            let wait = effort.wait_before_next(&outcome, fastrand::f64());
            self.log(call, effort, &outcome, wait);
            self.slow_down(&turn, &outcome, wait);
            was_told = was_told || self.tell_of_lock(call, effort, &outcome, wait);
            drop(turn);
            let next = match wait {
                Some(wait) => self.next_turn(call.endpoint, wait).await,
                None => None,
            };
            effort.was_cut_short = wait.is_some() && next.is_none();
            match next {
                Some(next) => turn = next,
                None => return self.finish(call, outcome, effort, may_have_acted),
            }
        }
    }

    /// Lets all requests leave more slowly if Stripe refused this one because of a limit.
    fn slow_down(
        &self,
        turn: &Turn<'_>,
        outcome: &Result<Response, TransportError>,
        wait: Option<Duration>,
    ) {
        let Some(met) = outcome.as_ref().ok().and_then(retry::limit_met) else { return };
        let allowed = turn.was_refused(met, wait.unwrap_or_default());
        if let Some(allowed) = allowed.filter(|_| wait.is_some()) {
            tracing::warn!("Stripe limits requests; going on with {allowed}");
        }
    }

    /// Says that an object is locked, if that takes long. Returns true if it was said.
    fn tell_of_lock(
        &self,
        call: &Call<'_>,
        effort: Effort,
        outcome: &Result<Response, TransportError>,
        wait: Option<Duration>,
    ) -> bool {
        let is_long = wait.is_some_and(|wait| retry::is_long_locked(effort, outcome, wait));
        let is_due = is_long && self.chatter.is_due();
        if is_due {
            tracing::warn!(
                "can't {} yet: another request to Stripe has locked the object; waiting for it",
                call.operation
            );
        }
        is_due
    }

    /// Waits, and then for a turn. If somebody wants to stop, there is none.
    async fn next_turn(&self, endpoint: Endpoint, wait: Duration) -> Option<Turn<'_>> {
        let turn = async {
            sleep(wait).await;
            self.limiter.turn(endpoint).await
        };
        tokio::select! {
            turn = turn => Some(turn),
            () = self.interruption.raised() => None,
        }
    }

    /// What all attempts together came to.
    fn finish(
        &self,
        call: &Call<'_>,
        outcome: Result<Response, TransportError>,
        effort: Effort,
        may_have_acted: bool,
    ) -> Result<Answer, StripeError> {
        let is_replay = outcome.as_ref().is_ok_and(retry::is_replay);
        let request_id = self.request_id(&outcome);
        match self.conclude(outcome) {
            Ok(body) => Ok(Answer { body, request_id, effort, is_replay }),
            Err(kind) => Err(StripeError {
                operation: call.operation.to_owned(),
                kind,
                request_id,
                effect: if may_have_acted { Effect::Unknown } else { Effect::None },
                effort,
                is_replay,
            }),
        }
    }

    fn request(&self, call: &Call<'_>) -> Request {
        let encoded = call.form.encode();
        let (uri, body) = match (call.endpoint.writes(), encoded.is_empty()) {
            (false, true) => (call.path.to_owned(), Vec::new()),
            (false, false) => (format!("{}?{encoded}", call.path), Vec::new()),
            (true, _) => (call.path.to_owned(), encoded.into_bytes()),
        };
        let mut request = http::Request::new(body);
        *request.method_mut() = call.endpoint.method();
        *request.uri_mut() = uri.parse().expect("fixed paths, ids and an encoded query");
        let headers = request.headers_mut();
        headers.insert(http::header::AUTHORIZATION, self.key.authorization());
        headers.insert("stripe-version", HeaderValue::from_static(API_VERSION));
        if call.endpoint.writes() {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            headers.insert(http::header::CONTENT_TYPE, form);
        }
        if let Some(account) = &self.account {
            let account = HeaderValue::from_str(account.as_str()).expect("ids are ASCII letters");
            headers.insert("stripe-account", account);
        }
        if let Some(key) = call.idempotency_key {
            headers.insert(
                "idempotency-key",
                HeaderValue::from_str(key).expect("keys are hexadecimal"),
            );
        }
        request
    }

    fn request_id(&self, outcome: &Result<Response, TransportError>) -> Option<String> {
        let id = outcome.as_ref().ok().and_then(|response| retry::header(response, "request-id"));
        id.map(|id| self.key.redact(id))
    }

    /// What the last attempt came to: the body of an answer, or what went wrong.
    fn conclude(&self, outcome: Result<Response, TransportError>) -> Result<Value, ErrorKind> {
        let response = match outcome {
            Ok(response) => response,
            Err(TransportError::Unreachable(reason)) => return Err(ErrorKind::Unreachable(reason)),
            Err(TransportError::Lost(reason)) => return Err(ErrorKind::Lost(reason)),
        };
        let body: Option<Value> = serde_json::from_slice(response.body()).ok();
        match (response.status().as_u16(), body) {
            (200..=299, Some(body)) => Ok(body),
            (200..=299, None) => Err(ErrorKind::Malformed("its body is not JSON".to_owned())),
            (status, body) => Err(self.refusal(status, body.as_ref())),
        }
    }

    /// What a status and Stripe's error object mean.
    fn refusal(&self, status: u16, body: Option<&Value>) -> ErrorKind {
        let error = body.and_then(|body| body.get("error"));
        let text = |name: &str| Some(self.key.redact(error?.get(name)?.as_str()?));
        let message = text("message").unwrap_or_else(|| format!("status {status}, no message"));
        match status {
            401 => ErrorKind::Authentication(message),
            // A connected account is not one any more. No other key would help.
            403 if text("code").as_deref() == Some(ACCOUNT_INVALID) => {
                ErrorKind::Refused { status, code: text("code"), param: None, message }
            }
            403 => ErrorKind::Permission(message),
            429 => ErrorKind::RateLimited(message),
            500.. => ErrorKind::Server(status),
            _ if error.is_none() => {
                ErrorKind::Malformed(format!("status {status} without an error object"))
            }
            _ => ErrorKind::Refused { status, code: text("code"), param: text("param"), message },
        }
    }

    /// Paths and statuses only: a query has ids, a body has what customers read.
    fn log(
        &self,
        call: &Call<'_>,
        effort: Effort,
        outcome: &Result<Response, TransportError>,
        wait: Option<Duration>,
    ) {
        let (method, path, attempt) = (call.endpoint.method(), call.path, effort.attempts);
        let came_to = match outcome {
            Ok(response) => format!("status {}", response.status().as_u16()),
            Err(error) => error.to_string(),
        };
        let request_id = self.request_id(outcome).unwrap_or_else(|| "no request id".to_owned());
        tracing::debug!("{method} {path}: {came_to} (attempt {attempt}, {request_id})");
        // Limits are told once for all requests.
        if let Some(wait) = wait.filter(|_| !retry::is_limited(outcome) && self.chatter.is_due()) {
            let seconds = wait.as_secs_f64();
            tracing::warn!(
                "can't {} yet ({came_to}); trying again in {seconds:.1} s",
                call.operation
            );
        }
    }
}
