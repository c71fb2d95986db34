//! What the files want.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Field, FieldPath, ProductId, Project, Quantity, Role, Settings};

/// What the files want of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredState {
    /// Whose configurations these are.
    pub project: Project,
    /// One configuration a role.
    pub roles: BTreeMap<Role, DesiredRole>,
}

/// What a file wants of its role's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredRole {
    /// Everything it is to be set to, Stripe's defaults written out, without details of what is
    /// switched off and without what is unmanaged.
    pub settings: Settings,
    /// The fields that the file speaks of. The others have Stripe's defaults.
    pub written: BTreeSet<Field>,
    /// True if this role manages the account's default configuration.
    pub default: bool,
    /// What is left to the Dashboard.
    pub unmanaged: Unmanaged,
    /// What the file would say of it, products excepted.
    pub left: Settings,
    /// What the file says of each product. Nothing if it has no lookup keys.
    pub offers: BTreeMap<ProductId, Offer>,
}

/// What a file says of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The names of the product and its prices, which are the same whatever lookup keys stand for.
    pub names: String,
    /// How far its quantity can be changed.
    pub quantity: Quantity,
}

impl fmt::Display for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { names, quantity } = self;
        match quantity {
            Quantity::Fixed => write!(f, "{names} fixed"),
            Quantity::Adjustable { minimum, maximum: Some(maximum) } => {
                write!(f, "{names} {minimum} to {maximum}")
            }
            Quantity::Adjustable { minimum, maximum: None } => {
                write!(f, "{names} {minimum} to any")
            }
        }
    }
}

impl DesiredRole {
    /// True if the file decides what is at this path: it isn't left to the Dashboard, and it isn't
    /// a detail of what is switched off.
    pub fn manages(&self, path: &FieldPath) -> bool {
        self.settings.counts(path) && !self.unmanaged.covers(path)
    }
}

/// Paths that a file leaves to the Dashboard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unmanaged(BTreeSet<String>);

impl Unmanaged {
    /// Leaves these paths alone, and everything below them.
    pub fn new(paths: impl IntoIterator<Item = String>) -> Self {
        Self(paths.into_iter().collect())
    }

    /// Leaves this field alone, too.
    pub fn add(&mut self, field: Field) {
        self.0.insert(field.path().to_owned());
    }

    /// True if the path is left alone: itself, or something around it, or the switch that decides
    /// whether it counts.
    pub fn covers(&self, path: &FieldPath) -> bool {
        let is_named = match path {
            FieldPath::Field(field) => self.names(field.path()),
            FieldPath::Product(..) => self.names(FieldPath::PRODUCTS),
            // A key can have dots of its own, which mean nothing.
            FieldPath::Metadata(key) => {
                self.0.contains(FieldPath::METADATA)
                    || self.0.contains(&format!("{}.{key}", FieldPath::METADATA))
            }
        };
        is_named || path.gate().is_some_and(|(gate, _)| self.covers(&gate.into()))
    }

    /// True if the list of products is left alone, whichever they are.
    pub fn covers_products(&self) -> bool {
        self.names(FieldPath::PRODUCTS) || self.covers(&Field::SubscriptionUpdate.into())
    }

    /// True if the file names this path of the schema, or something around it.
    pub fn names(&self, path: &str) -> bool {
        let is_around = |prefix: &String| {
            path.strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.0.iter().any(is_around)
    }

    /// The paths as the file has them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unmanaged_path_covers_what_is_below_it_and_behind_it() {
        let unmanaged = Unmanaged::new([
            "features.subscription_cancel.enabled".to_owned(),
            "business_profile".into(),
        ]);
        for covered in [Field::Headline, Field::SubscriptionCancel, Field::CancelReasonOptions] {
            assert!(unmanaged.covers(&covered.into()), "{covered:?}");
        }
        for managed in [Field::Name, Field::SubscriptionPause, Field::DefaultReturnUrl] {
            assert!(!unmanaged.covers(&managed.into()), "{managed:?}");
        }
    }

    #[test]
    fn a_path_is_not_covered_by_a_name_that_it_only_begins_with() {
        let unmanaged = Unmanaged::new(["metadata.team".to_owned()]);
        assert!(unmanaged.covers(&FieldPath::Metadata("team".into())));
        assert!(!unmanaged.covers(&FieldPath::Metadata("teams".into())));
        assert!(!unmanaged.covers(&FieldPath::Metadata("team.lead".into())));
    }
}
