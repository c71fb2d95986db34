//! What an account really has, as of one snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{AccountId, ConfigurationId, LookupKey, PriceId, ProductId, Project, Role, Settings};

/// Which side of an account: nothing is shared between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Test mode or a sandbox.
    Test,
    /// Live mode: real customers.
    Live,
}

impl Mode {
    /// The mode as Stripe's objects state it.
    pub const fn of_livemode(livemode: bool) -> Self {
        if livemode { Self::Live } else { Self::Test }
    }

    /// As Stripe's objects state it.
    pub const fn livemode(self) -> bool {
        matches!(self, Self::Live)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Test => "test",
            Self::Live => "live",
        })
    }
}

/// One snapshot of an account's portal configurations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveState {
    /// The account, unless the key may not know.
    pub account: Option<AccountId>,
    /// The side of the account.
    pub mode: Mode,
    /// All configurations, active and inactive, of whatever owner.
    pub configurations: BTreeMap<ConfigurationId, LiveConfiguration>,
}

/// One configuration as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveConfiguration {
    /// What it is set to, details of what is switched off included. Without the marker.
    pub settings: Settings,
    /// What of it this program can't make sense of, if anything. Then the settings are incomplete,
    /// and nothing may be decided by them.
    pub unreadable: Option<String>,
    /// Parameters that have a value and that this program doesn't know, such as `features.gift` or
    /// `features.subscription_update.products[].trial`.
    pub new_fields: BTreeSet<String>,
    /// Inactive ones can't be used for sessions.
    pub active: bool,
    /// True for the one that sessions get that name none.
    pub is_default: bool,
    /// Whose it is.
    pub owner: Owner,
    /// What tells what this program last applied to it.
    pub applied: Option<String>,
}

/// Whose a configuration is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// This program's, for this project and role.
    Marked {
        /// The project.
        project: Project,
        /// The role.
        role: Role,
    },
    /// A Connect application's: not ours to write.
    Application(String),
    /// It has a marker that this program would not write.
    Unreadable,
    /// Nobody's: made by hand or by something else.
    Unmarked,
}

/// A price, as far as a configuration can be wrong about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// Its id.
    pub id: PriceId,
    /// Archived ones can't be offered.
    pub active: bool,
    /// The product that it is a price of.
    pub product: ProductId,
    /// How often it is billed, such as `1 month`; nothing for a one-time price.
    pub billed_every: Option<String>,
    /// The currency, such as `usd`.
    pub currency: String,
    /// How much it is, in the currency's smallest unit; nothing if that depends on tiers.
    pub amount: Option<String>,
}

/// The active prices that were asked for, by lookup key.
pub type PriceBook = BTreeMap<LookupKey, Price>;

/// Lookup keys that several active prices have, and which. Stripe is said to let only one have it;
/// should that ever fail, which one is meant would be a guess.
pub type SharedKeys = BTreeMap<LookupKey, BTreeSet<PriceId>>;

/// What products are called and what prices cost, as far as the account was asked and the key may know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The names of products.
    pub products: BTreeMap<ProductId, String>,
    /// The prices.
    pub prices: BTreeMap<PriceId, Price>,
}

/// What helps to say why a price is missing or can't be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceHints {
    /// The lookup keys that only archived prices have.
    pub archived: BTreeSet<LookupKey>,
    /// The lookup keys that several active prices have.
    pub shared: SharedKeys,
    /// Lookup keys that the account has.
    pub others: BTreeSet<LookupKey>,
    /// What was found for prices that files name by id: nothing if the account has no such price.
    pub by_id: BTreeMap<PriceId, Option<Price>>,
    /// True if there would be more, and the key may not know.
    pub are_forbidden: bool,
}
