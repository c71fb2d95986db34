//! The nouns: what a portal configuration is, what is wanted, what is live, what the lockfile says.
//!
//! Data and its comparison only: no files, no network, no YAML, and nobody else's types.

mod desired;
mod field;
mod ids;
mod live;
mod lockfile;
mod path;
mod settings;
mod value;

pub use desired::{DesiredRole, DesiredState, Offer, Unmanaged};
pub use field::{API_VERSION, Field, Kind, Open, Spec};
pub use ids::{
    AccountId, ConfigurationId, CustomerId, EnvironmentName, IdError, LookupKey, PriceId,
    ProductId, Project, Role, SubscriptionId,
};
pub use live::{
    Catalogue, LiveConfiguration, LiveState, Mode, Owner, Price, PriceBook, PriceHints, SharedKeys,
};
pub use lockfile::Lockfile;
pub use path::{FieldPath, ProductPart};
pub use settings::Settings;
pub use value::{Interval, IntervalUnit, Quantity, Value};
