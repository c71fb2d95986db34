//! Where a value is: a field of the schema, a part of a product, or a metadata key.

use std::fmt;

use super::{Field, Open, ProductId};

/// Names one comparable value of a configuration.
///
/// Products are compared product by product and metadata key by key, so each has a path of its
/// own. The order is the order in which plans show them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldPath {
    /// A field of the schema.
    Field(Field),
    /// A part of the entry for a product in `features.subscription_update.products`.
    Product(ProductId, ProductPart),
    /// A metadata key.
    Metadata(String),
}

/// What is known of a product that customers may switch to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProductPart {
    /// The prices, as a set of ids.
    Prices,
    /// Whether the quantity can be changed, and how far.
    Quantity,
}

impl FieldPath {
    /// Where products are in Stripe's parameters.
    pub const PRODUCTS: &'static str = "features.subscription_update.products";

    /// Where metadata is in Stripe's parameters.
    pub const METADATA: &'static str = "metadata";

    /// The field that decides whether the value here counts, and what it must be.
    pub fn gate(&self) -> Option<(Field, Open)> {
        match self {
            Self::Field(field) => field.spec().gate,
            Self::Product(..) => Some((Field::SubscriptionUpdate, Open::On)),
            Self::Metadata(_) => None,
        }
    }

    /// The outermost parameter that is sent as a whole: a feature, `business_profile`, `name`.
    pub fn block(&self) -> &'static str {
        match self {
            Self::Field(field) => block_of(field.path()),
            Self::Product(..) => block_of(Self::PRODUCTS),
            Self::Metadata(_) => Self::METADATA,
        }
    }
}

/// `features.x` of `features.x.y.z`, else the first segment.
fn block_of(path: &'static str) -> &'static str {
    let start = if path.starts_with("features.") { "features.".len() } else { 0 };
    path[start..].find('.').map_or(path, |dot| &path[..start + dot])
}

impl From<Field> for FieldPath {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => f.write_str(field.path()),
            Self::Product(product, ProductPart::Prices) => {
                write!(f, "{}[{product}].prices", Self::PRODUCTS)
            }
            Self::Product(product, ProductPart::Quantity) => {
                write!(f, "{}[{product}].adjustable_quantity", Self::PRODUCTS)
            }
            Self::Metadata(key) => write!(f, "{}.{key}", Self::METADATA),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_what_is_sent_as_a_whole() {
        let block = |field: Field| FieldPath::from(field).block();
        assert_eq!(block(Field::Name), "name");
        assert_eq!(block(Field::Headline), "business_profile");
        assert_eq!(block(Field::LoginPage), "login_page");
        assert_eq!(block(Field::CancelReasonOptions), "features.subscription_cancel");
    }
}
