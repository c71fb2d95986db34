//! Everything that an emulator keeps: an account, the accounts that are connected to it, and what is
//! known of keys.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::caller::Caller;
use super::error::ApiError;
use super::idempotency;
use super::ids::letters;
use super::keys::Keys;
use super::limits::Limits;
use super::quirks::Quirks;
use super::state::{Call, State};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct World {
    /// The account that keys are of, unless they are listed as another one's.
    pub(super) platform: State,
    /// The id of the platform's application, if the seed says it.
    pub(super) application: Option<String>,
    /// In the order in which they were connected.
    pub(super) connected: Vec<State>,
    pub(super) keys: Keys,
    /// Nothing stands for no limits.
    pub(super) limits: Option<Limits>,
}

/// Where an account is in its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Platform,
    Connected(usize),
}

impl World {
    pub(super) fn find(&self, account: &str) -> Option<Place> {
        if self.platform.account.id == account {
            return Some(Place::Platform);
        }
        let is_it = |connected: &State| connected.account.id == account;
        self.connected.iter().position(is_it).map(Place::Connected)
    }

    pub(super) fn at(&self, place: Place) -> &State {
        match place {
            Place::Platform => &self.platform,
            Place::Connected(index) => &self.connected[index],
        }
    }

    pub(super) fn at_mut(&mut self, place: Place) -> &mut State {
        match place {
            Place::Platform => &mut self.platform,
            Place::Connected(index) => &mut self.connected[index],
        }
    }

    /// What marks the configurations that the platform makes in connected accounts.
    pub(super) fn application(&self) -> String {
        let id = &self.platform.account.id;
        self.application.clone().unwrap_or_else(|| format!("ca_{}", letters(id, 32)))
    }

    /// All that there is, without the keys.
    pub(super) fn json(&self) -> Value {
        let Self { platform, application, connected, keys: _, limits } = self;
        json!({
            "platform": platform,
            "application": application,
            "connected": connected,
            "limits": limits,
        })
    }

    /// Forgets the answers that have been kept long enough.
    pub(super) fn forget_answers(&mut self, now: i64) {
        for account in self.connected.iter_mut().chain([&mut self.platform]) {
            for side in [&mut account.test, &mut account.live] {
                idempotency::prune(&mut side.saved_answers, now);
            }
        }
    }

    /// Whether an idempotency key stands for a request on another account or side.
    pub(super) fn is_used_elsewhere(&self, key: &str, caller: &Caller) -> bool {
        let here = self.at(caller.place).side(caller.livemode);
        let accounts = self.connected.iter().chain([&self.platform]);
        let mut elsewhere = accounts
            .flat_map(|account| [&account.test, &account.live])
            .filter(|side| !std::ptr::eq(*side, here));
        elsewhere.any(|side| side.saved_answers.iter().any(|answer| answer.is_for(key)))
    }

    /// Acts on the caller's account. Whoever is refused has changed nothing, however far it had
    /// come.
    pub(super) fn act<T>(
        &mut self,
        caller: &Caller,
        quirks: &Quirks,
        now: i64,
        act: impl FnOnce(&mut Call<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut changed = self.at(caller.place).clone();
        let connected: &[State] = match caller.place {
            Place::Platform => &self.connected,
            Place::Connected(_) => &[],
        };
        let done = act(&mut Call { state: &mut changed, connected, caller, quirks, now })?;
        *self.at_mut(caller.place) = changed;
        Ok(done)
    }
}
