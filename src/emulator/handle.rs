//! The emulator itself: how it is made, what it is told, and what can be seen of it.

use std::collections::VecDeque;
use std::error::Error;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::caller::{Caller, STRIPES_PAGES};
use super::configuration;
use super::endpoint::Endpoint;
use super::error::ApiError;
use super::exchange::Exchange;
use super::expand::Expand;
use super::fault::Fault;
use super::limits::{Limits, Traffic};
use super::quirks::Quirks;
use super::seed::Seed;
use super::state::Call;
use super::store::{self, EmulatorError, StateFile, Store};
use super::world::{Place, World};

/// An emulated Stripe account.
pub struct Emulator {
    inner: Mutex<Inner>,
    pub(super) quirks: Quirks,
    pub(super) limits: Option<Limits>,
    pub(super) latency: Duration,
    /// Where pages for customers are, for those who don't ask over the network.
    pub(super) pages: String,
    /// Time since 1970.
    pub(super) clock: Box<dyn Fn() -> Duration + Send + Sync>,
}

pub(super) struct Inner {
    pub(super) store: Store,
    /// Where a reset leads back to.
    seed: World,
    pub(super) exchanges: VecDeque<Exchange>,
    pub(super) faults: Vec<Fault>,
    pub(super) traffic: Traffic,
    pub(super) n_requests: u64,
}

impl Emulator {
    /// An account that is forgotten when the emulator is dropped.
    pub fn in_memory(seed: Seed) -> Self {
        let seed = seed.into_world();
        Self::new(Store::Memory(seed.clone()), seed)
    }

    /// An account that is kept in a file, as readable JSON.
    ///
    /// Every request locks the account (through a lock file beside the state), reads what another
    /// process has changed, acts, and replaces the file if the account has changed. So any number
    /// of processes can share one account. The seed counts only if the file doesn't exist yet.
    ///
    /// Returns an error if the file can't be created, or isn't the state of an emulator.
    pub fn at_path(path: &Path, seed: Seed) -> Result<Self, EmulatorError> {
        let seed = seed.into_world();
        let file = StateFile::open(path, seed.clone())?;
        Ok(Self::new(Store::File(file), seed))
    }

    /// The account that is kept in a file, as it is now, and what becomes of it is forgotten. The
    /// file isn't touched, and none is made.
    ///
    /// Returns an error if the file can't be read, or isn't the state of an emulator.
    pub fn copy_of(path: &Path, seed: Seed) -> Result<Self, EmulatorError> {
        let seed = seed.into_world();
        let state = store::read(path)?.unwrap_or_else(|| seed.clone());
        Ok(Self::new(Store::Memory(state), seed))
    }

    fn new(store: Store, seed: World) -> Self {
        let inner = Inner {
            store,
            seed,
            exchanges: VecDeque::new(),
            faults: Vec::new(),
            traffic: Traffic::default(),
            n_requests: 0,
        };
        Self {
            inner: Mutex::new(inner),
            quirks: Quirks::default(),
            limits: None,
            latency: Duration::ZERO,
            pages: STRIPES_PAGES.to_owned(),
            clock: Box::new(system_clock),
        }
    }

    /// Lets the emulator behave otherwise where the public record is silent.
    pub fn with_quirks(self, quirks: Quirks) -> Self {
        Self { quirks, ..self }
    }

    /// Refuses what exceeds these limits, whatever the seed says.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits: Some(limits), ..self }
    }

    /// Lets every request take so long.
    ///
    /// Stripe has acted when that time begins, and takes it to say so. Meanwhile others are served,
    /// and for them the request is still running. [`Emulator::handle`] doesn't wait.
    pub fn with_latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// Says in answers that pages for customers are at this URL, where another emulator of the same
    /// account is served. Whoever asks a served one is told its own.
    pub fn with_pages_at(self, url: &str) -> Self {
        Self { pages: url.to_owned(), ..self }
    }

    /// Takes the time from this clock, in Unix seconds, instead of from the system.
    pub fn with_clock(self, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        self.with_fine_clock(move || Duration::from_secs(clock().try_into().unwrap_or_default()))
    }

    /// Takes the time from this clock, as time since 1970, instead of from the system. Rate limits
    /// go by fractions of seconds.
    pub fn with_fine_clock(self, clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { clock: Box::new(clock), ..self }
    }

    /// Lets something go wrong with requests to come.
    pub fn inject(&self, fault: Fault) {
        self.inner().faults.push(fault);
    }

    /// Lets nothing go wrong any more.
    pub fn clear_faults(&self) {
        self.inner().faults.clear();
    }

    /// What is still to go wrong.
    pub(super) fn faults(&self) -> Vec<Fault> {
        self.inner().faults.clone()
    }

    /// Goes back to the seed. Faults and exchanges are forgotten.
    ///
    /// Returns an error if the state file can't be written.
    pub fn reset(&self) -> Result<(), EmulatorError> {
        let mut inner = self.inner();
        let seed = inner.seed.clone();
        inner.store.begin_anew(seed)?;
        inner.faults.clear();
        inner.exchanges.clear();
        inner.traffic = Traffic::default();
        Ok(())
    }

    /// What was asked and answered since this emulator was made, in order: the last ten
    /// thousand exchanges at most.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.inner().exchanges.iter().cloned().collect()
    }

    pub(super) fn forget_exchanges(&self) {
        self.inner().exchanges.clear();
    }

    /// All that is kept, without the keys.
    pub(super) fn state(&self) -> Result<Value, EmulatorError> {
        self.inner().store.with(|world| world.json())
    }

    /// What can be asked of Stripe here: methods, paths, and the permissions that a restricted key
    /// needs.
    pub fn endpoints() -> Vec<[&'static str; 3]> {
        let all = Endpoint::all().iter();
        all.map(|endpoint| [endpoint.method, endpoint.path, endpoint.permission]).collect()
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
        let now = seconds((self.clock)());
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
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
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

pub(super) fn with_cause(error: &EmulatorError) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

fn system_clock() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Unix seconds.
pub(super) fn seconds(since_1970: Duration) -> i64 {
    i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX)
}
