//! Who asks, and what they may.

use http::StatusCode;

use super::error::ApiError;
use super::world::{Place, World};

/// Whoever a request comes from.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// The key as Stripe repeats it.
    pub(super) key: String,
    /// Whether the key opens the live side.
    pub(super) livemode: bool,
    pub(super) permissions: Permissions,
    /// The account that is acted on.
    pub(super) place: Place,
    /// The platform's application, if the account is a connected one and the key the platform's.
    pub(super) application: Option<String>,
    /// Where pages for customers are, as the caller reaches them.
    pub(super) pages: String,
}

/// Where Stripe has the pages for customers.
pub(super) const STRIPES_PAGES: &str = "https://billing.stripe.com";

/// What a key may do.
#[derive(Debug, Clone)]
pub(super) enum Permissions {
    All,
    Only(Vec<String>),
}

impl Caller {
    /// The owner of an account, who needs no key for it.
    pub(super) fn owner(place: Place, livemode: bool) -> Self {
        let permissions = Permissions::All;
        let pages = STRIPES_PAGES.to_owned();
        Self { key: String::new(), livemode, permissions, place, application: None, pages }
    }

    /// The same caller, who acts on this account. A platform reaches the accounts that are connected
    /// to it, everybody reaches their own.
    pub(super) fn on_account(self, account: &str, world: &World) -> Result<Self, ApiError> {
        match (self.place, world.find(account)) {
            (own, Some(place)) if own == place => Ok(self),
            (Place::Platform, Some(place)) => {
                Ok(Self { place, application: Some(world.application()), ..self })
            }
            (Place::Platform | Place::Connected(_), _) => Err(self.no_access(account)),
        }
    }

    /// The refusal of an account that is somebody else's or nobody's, as users have reported it.
    pub(super) fn no_access(&self, account: &str) -> ApiError {
        ApiError::invalid(format!(
            "The provided key '{}' does not have access to account '{account}' (or that account \
             does not exist). Application access may have been revoked.",
            self.key
        ))
        .status(StatusCode::FORBIDDEN)
        .code("account_invalid")
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
