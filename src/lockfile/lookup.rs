//! What an app asks a lockfile.

use std::path::Path;

use super::store::{self, LockError};
use crate::model::{ConfigurationId, EnvironmentName, Lockfile, Role};
use crate::text::{clean, suggest};

/// A lockfile has no such role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the lockfile of `{environment}` has no role `{}`; {help}", clean(role))]
pub struct UnknownRole {
    /// The lockfile's environment.
    pub environment: EnvironmentName,
    /// What was asked for.
    pub role: String,
    /// What was probably meant, or else all that could be.
    pub help: String,
}

impl Lockfile {
    /// Reads the lockfile of an environment.
    ///
    /// Returns an error if it isn't there, or is not a lockfile.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, LockError> {
        let path = path.as_ref();
        store::read(path)?.ok_or_else(|| LockError::Missing { path: store::shown(path) })
    }

    /// The id of a role's configuration, for `configuration` of a portal session.
    ///
    /// Returns an error if the lockfile doesn't have the role: without an id, Stripe would take the
    /// account's default.
    pub fn id(&self, role: &str) -> Result<&ConfigurationId, UnknownRole> {
        let id = Role::parse(role).ok().and_then(|role| self.roles.get(&role));
        id.ok_or_else(|| {
            let roles: Vec<&str> = self.roles.keys().map(Role::as_str).collect();
            UnknownRole {
                environment: self.environment.clone(),
                role: role.to_owned(),
                help: suggest::help(role, &roles),
            }
        })
    }
}
