//! What the lockfile says.

use std::collections::BTreeMap;

use super::{AccountId, ConfigurationId, EnvironmentName, Mode, Role};

/// Which configuration each role has in one environment.
///
/// A cache of a provable fact: the truth is the marker on the configurations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lockfile {
    /// The name of the environment.
    pub environment: EnvironmentName,
    /// The account, unless the key may not know.
    pub account: Option<AccountId>,
    /// The side of the account.
    pub mode: Mode,
    /// The configurations.
    pub roles: BTreeMap<Role, ConfigurationId>,
}
