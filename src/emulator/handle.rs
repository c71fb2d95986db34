//! The emulator itself: from a request to its answer.

use std::collections::VecDeque;
use std::error::Error;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::answer::Answer;
use super::asked::Asked;
use super::caller::Caller;
use super::configuration;
use super::error::ApiError;
use super::exchange::Exchange;
use super::expand::Expand;
use super::ids::letters;
use super::quirks::Quirks;
use super::seed::Seed;
use super::state::Call;
use super::store::{self, EmulatorError, StateFile, Store};
use super::world::Place;
use crate::transport::{Request, Response, Sending, Transport};

/// A server that runs for weeks must not fill the memory with what it was asked.
const MAX_EXCHANGES: usize = 10_000;

/// An emulated Stripe account.
pub struct Emulator {
    inner: Mutex<Inner>,
    quirks: Quirks,
    clock: Box<dyn Fn() -> i64 + Send + Sync>,
}

struct Inner {
    store: Store,
    exchanges: VecDeque<Exchange>,
    n_requests: u64,
}

impl Emulator {
    /// An account that is forgotten when the emulator is dropped.
    pub fn in_memory(seed: Seed) -> Self {
        Self::new(Store::Memory(seed.into_world()))
    }

    /// An account that is kept in a file, as readable JSON.
    ///
    /// Every request locks the account (through a lock file beside the state), reads what another
    /// process has changed, acts, and replaces the file if the account has changed. So any number
    /// of processes can share one account. The seed counts only if the file doesn't exist yet.
    ///
    /// Returns an error if the file can't be created, or isn't the state of an emulator.
    pub fn at_path(path: &Path, seed: Seed) -> Result<Self, EmulatorError> {
        let file = StateFile::open(path, seed.into_world())?;
        Ok(Self::new(Store::File(file)))
    }

    /// The account that is kept in a file, as it is now, and what becomes of it is forgotten. The
    /// file isn't touched, and none is made.
    ///
    /// Returns an error if the file can't be read, or isn't the state of an emulator.
    pub fn copy_of(path: &Path, seed: Seed) -> Result<Self, EmulatorError> {
        let state = store::read(path)?.unwrap_or_else(|| seed.into_world());
        Ok(Self::new(Store::Memory(state)))
    }

    fn new(store: Store) -> Self {
        Self {
            inner: Mutex::new(Inner { store, exchanges: VecDeque::new(), n_requests: 0 }),
            quirks: Quirks::default(),
            clock: Box::new(system_clock),
        }
    }

    /// Lets the emulator behave otherwise where the public record is silent.
    pub fn with_quirks(self, quirks: Quirks) -> Self {
        Self { quirks, ..self }
    }

    /// Takes the time from this clock, in Unix seconds, instead of from the system.
    pub fn with_clock(self, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { clock: Box::new(clock), ..self }
    }

    /// Answers a request. Whatever the request is, there is an answer.
    ///
    /// If the state file can't be read or written, the answer has status 500 and nothing has
    /// changed.
    pub fn handle(&self, request: Request) -> Response {
        let asked = Asked::new(request);
        let now = (self.clock)();
        let mut inner = self.inner();
        inner.n_requests += 1;
        let request_id = format!("req_{}", letters(&format!("{now} {}", inner.n_requests), 14));
        let answer = inner
            .store
            .with(|world| asked.answer(world, &self.quirks, now, &request_id))
            .unwrap_or_else(|error| {
                let error = ApiError::internal(with_cause(&error));
                Answer::refusal(&error, &request_id, false)
            });
        if inner.exchanges.len() == MAX_EXCHANGES {
            inner.exchanges.pop_front();
        }
        inner.exchanges.push_back(Exchange {
            method: asked.method.to_string(),
            path: asked.path,
            parameters: asked.parameters.unwrap_or_default(),
            account: asked.account,
            idempotency_key: asked.idempotency_key,
            status: answer.status.as_u16(),
            replayed: answer.original_request.is_some(),
        });
        answer.into_response(&asked.headers, &request_id)
    }

    /// What was asked and answered since this emulator was made, in order: the last ten
    /// thousand exchanges at most.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.inner().exchanges.iter().cloned().collect()
    }

    /// All configurations of the live or the test side of the key's account, oldest first, with
    /// their products.
    ///
    /// There are none if the state file can't be read.
    pub fn configurations(&self, livemode: bool) -> Vec<Value> {
        self.act(None, livemode, |call| Ok(all_configurations(call))).unwrap_or_default()
    }

    /// The same of a connected account.
    ///
    /// There are none if there is no such account.
    pub fn configurations_of(&self, account: &str, livemode: bool) -> Vec<Value> {
        self.act(Some(account), livemode, |call| Ok(all_configurations(call))).unwrap_or_default()
    }

    /// Acts on one side of an account without a request; by default on that of the key.
    pub(super) fn act<T>(
        &self,
        account: Option<&str>,
        livemode: bool,
        act: impl FnOnce(&mut Call<'_>) -> Result<T, ApiError>,
    ) -> Result<T, EmulatorError> {
        let now = (self.clock)();
        let acted = self.inner().store.with(|world| {
            let place = match account {
                Some(id) => world.find(id).ok_or_else(|| no_account(id))?,
                None => Place::Platform,
            };
            world.act(&Caller::owner(place, livemode), &self.quirks, now, act)
        })?;
        acted.map_err(|error| EmulatorError::Refused(error.message))
    }

    /// A panic elsewhere while the lock was held can't have left the account half changed: changes
    /// are made on a copy.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Emulator {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move { Ok(self.handle(request)) })
    }
}

fn all_configurations(call: &Call<'_>) -> Vec<Value> {
    let expand = Expand::only(configuration::PRODUCTS);
    let all = &call.side().configurations;
    all.iter().map(|configuration| configuration::json(call, configuration, &expand)).collect()
}

fn no_account(id: &str) -> ApiError {
    ApiError::invalid(format!("there is no account `{id}`"))
}

fn with_cause(error: &EmulatorError) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

fn system_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
