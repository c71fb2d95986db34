//! Who asks, and what they may.

use http::StatusCode;

use super::error::ApiError;

/// Whoever a request comes from.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// The key as Stripe repeats it.
    pub(super) key: String,
    /// Whether the key opens the live side.
    pub(super) livemode: bool,
    pub(super) permissions: Permissions,
}

/// What a key may do.
#[derive(Debug, Clone)]
pub(super) enum Permissions {
    All,
    Only(Vec<String>),
}

impl Caller {
    /// The owner of an account, who needs no key for it.
    pub(super) fn owner(livemode: bool) -> Self {
        Self { key: String::new(), livemode, permissions: Permissions::All }
    }

    /// Refuses what the key has no permission for. The text is one that users have reported.
    pub(super) fn check(&self, permission: &str, account: &str) -> Result<(), ApiError> {
        if self.permissions.include(permission) {
            return Ok(());
        }
        Err(ApiError::invalid(format!(
            "The provided key '{}' does not have the required permissions for this endpoint on \
             account '{account}'. Having the '{permission}' permission would allow this request to \
             continue.",
            self.key
        ))
        .status(StatusCode::FORBIDDEN))
    }
}

impl Permissions {
    /// Whoever may write may read.
    fn include(&self, permission: &str) -> bool {
        let Self::Only(held) = self else {
            return true;
        };
        let write = permission.strip_suffix("_read").map(|subject| format!("{subject}_write"));
        held.iter().any(|one| one == permission || Some(one) == write.as_ref())
    }
}
