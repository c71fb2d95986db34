//! The kinds of requests, as Stripe counts them.

use http::Method;

/// A method of a route. Stripe limits each by itself, whichever object the route names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Endpoint {
    /// Which account the key opens.
    Account,
    /// Pages of configurations.
    ListConfigurations,
    /// New configurations.
    CreateConfiguration,
    /// Changes of configurations.
    UpdateConfiguration,
    /// Pages of prices.
    ListPrices,
    /// Single prices.
    RetrievePrice,
    /// Pages of products.
    ListProducts,
    /// New portal sessions.
    CreateSession,
    /// Pages of connected accounts.
    ListAccounts,
}

impl Endpoint {
    pub(super) fn method(self) -> Method {
        match self {
            Self::Account
            | Self::ListConfigurations
            | Self::ListPrices
            | Self::RetrievePrice
            | Self::ListProducts
            | Self::ListAccounts => Method::GET,
            Self::CreateConfiguration | Self::UpdateConfiguration | Self::CreateSession => {
                Method::POST
            }
        }
    }

    /// True if requests of this kind change something.
    pub(super) fn writes(self) -> bool {
        self.method() != Method::GET
    }
}
