//! The keys that a seed lists. Any other well-formed key opens everything, unless the seed says that
//! only the listed ones do.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is known of keys. By default there is nothing to know.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Keys {
    pub(super) listed: Vec<ListedKey>,
    /// Whether keys that aren't listed are refused.
    pub(super) only_listed: bool,
}

/// A key that isn't like any other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedKey {
    /// Of the key, which nobody needs to keep. Should a real one ever stand in a seed, it isn't in
    /// the state file too.
    pub(super) sha256: String,
    /// Nothing for a key that may do everything.
    pub(super) permissions: Option<Vec<String>>,
    pub(super) expired: bool,
    /// Whose key it is, if it isn't the platform's.
    pub(super) account: Option<String>,
}

impl Keys {
    pub(super) fn find(&self, key: &str) -> Option<&ListedKey> {
        let sha256 = digest(key);
        self.listed.iter().find(|listed| listed.sha256 == sha256)
    }
}

/// What stands for a key.
pub(super) fn digest(key: &str) -> String {
    Sha256::digest(key).iter().map(|byte| format!("{byte:02x}")).collect()
}
