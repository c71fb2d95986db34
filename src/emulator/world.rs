//! Everything that an emulator keeps: the account and the keys to it.

use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::error::ApiError;
use super::keys::Keys;
use super::quirks::Quirks;
use super::state::{Call, State};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct World {
    pub(super) platform: State,
    pub(super) keys: Keys,
}

impl World {
    /// Acts on an account. Whoever is refused has changed nothing, however far it had come.
    pub(super) fn act<T>(
        &mut self,
        caller: &Caller,
        quirks: &Quirks,
        now: i64,
        act: impl FnOnce(&mut Call<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut changed = self.platform.clone();
        let done = act(&mut Call { state: &mut changed, caller, quirks, now })?;
        self.platform = changed;
        Ok(done)
    }
}
