//! What people do in Stripe's Dashboard, where there is no request to be seen.

use super::caller::Caller;
use super::configuration::{self, Configuration};
use super::error::ApiError;
use super::form::{self, Table};
use super::handle::Emulator;
use super::state::Call;
use super::store::EmulatorError;

/// The Dashboard of one side of an account.
pub struct Dashboard<'a> {
    emulator: &'a Emulator,
    account: Option<String>,
    livemode: bool,
}

impl Emulator {
    /// The Dashboard of the live or the test side: changes of the account that come from elsewhere.
    pub fn dashboard(&self, livemode: bool) -> Dashboard<'_> {
        Dashboard { emulator: self, account: None, livemode }
    }

    /// The Dashboard of a connected account.
    ///
    /// Whatever is done there is an error if there is no such account.
    pub fn dashboard_of(&self, account: &str, livemode: bool) -> Dashboard<'_> {
        Dashboard { emulator: self, account: Some(account.to_owned()), livemode }
    }
}

impl Dashboard<'_> {
    /// Saves the portal's settings, and returns the id of the default configuration. If there was
    /// none there is one now, which lets customers cancel.
    pub fn save_settings(&self) -> Result<String, EmulatorError> {
        self.act(|call| {
            if let Some(default) = call.side().default_configuration() {
                return Ok(default.id.clone());
            }
            let parameters = fields("features[subscription_cancel][enabled]=true")?;
            Ok(configuration::make(call, None, parameters)?.id)
        })
    }

    /// Changes a configuration. The parameters are those of an update, form-encoded.
    pub fn edit(&self, id: &str, parameters: &str) -> Result<(), EmulatorError> {
        self.act(|call| {
            configuration::revise(call, id, fields(parameters)?)?;
            Ok(())
        })
    }

    /// Makes another configuration the default. The former one stays, as one among others.
    ///
    /// Returns an error if there is no such configuration, or the default can't be replaced.
    pub fn promote(&self, id: &str) -> Result<(), EmulatorError> {
        self.act(|call| {
            let quirks = call.quirks;
            let promoted = call.at_path::<Configuration>(id)?;
            if quirks.the_default_stays && !promoted.is_default {
                return Err(ApiError::refused("the default can't be replaced"));
            }
            let now = call.now;
            for configuration in &mut call.side_mut().configurations {
                let is_default = configuration.id == id;
                if configuration.is_default != is_default {
                    configuration.is_default = is_default;
                    configuration.active &= is_default || !quirks.promotion_deactivates_the_former;
                    configuration.updated = now;
                }
            }
            Ok(())
        })
    }

    /// Adds a configuration on behalf of a Connect application. The parameters are those of a
    /// create, form-encoded. Returns the configuration's id.
    pub fn add_for_application(
        &self,
        application: &str,
        parameters: &str,
    ) -> Result<String, EmulatorError> {
        self.act(|call| {
            let application = Some(application.to_owned());
            let caller = Caller { application, ..call.caller.clone() };
            let Call { ref mut state, connected, quirks, now, .. } = *call;
            let mut call = Call { state, connected, caller: &caller, quirks, now };
            Ok(configuration::make(&mut call, None, fields(parameters)?)?.id)
        })
    }

    fn act<T>(
        &self,
        act: impl FnOnce(&mut Call<'_>) -> Result<T, ApiError>,
    ) -> Result<T, EmulatorError> {
        self.emulator.act(self.account.as_deref(), self.livemode, act)
    }
}

fn fields(parameters: &str) -> Result<Table, ApiError> {
    form::pairs(parameters.as_bytes())
        .and_then(|pairs| form::tree(&pairs))
        .map_err(|error| ApiError::invalid(error.to_string()))
}
