//! A type for every id. The only way to make one is to parse it.

use std::fmt;

/// Why a text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}")]
pub struct IdError {
    rule: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $valid:expr, $rule:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Returns an error if the text breaks the rule for this kind of id.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) { Ok(Self(text.to_owned())) } else { Err(IdError { rule: $rule }) }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A role: the stem of its file, and the name by which apps ask for its configuration.
    Role,
    // `reconcile.yaml` has the settings.
    |text| is_name(text) && text != "reconcile",
    "a role is a lowercase letter, then at most 39 lowercase letters, digits, `-` or `_`, but never `reconcile`, whose file has the settings"
);
id!(
    /// The scope of ownership: two projects can share an account without touching each other's
    /// configurations.
    Project,
    is_name,
    "a project is a lowercase letter, then at most 39 lowercase letters, digits, `-` or `_`"
);
id!(
    /// The name of an environment, and the stem of its lockfile.
    EnvironmentName,
    is_name,
    "an environment's name is a lowercase letter, then at most 39 lowercase letters, digits, `-` or `_`"
);
id!(
    /// The id of a portal configuration, `bpc_…`.
    ConfigurationId,
    |text| is_object_id(text, "bpc_"),
    "a portal configuration's id is `bpc_` and letters and digits"
);
id!(
    /// The id of an account, `acct_…`.
    AccountId,
    |text| is_object_id(text, "acct_"),
    "an account's id is `acct_` and letters and digits"
);
id!(
    /// The id of a customer, `cus_…`.
    CustomerId,
    |text| is_object_id(text, "cus_"),
    "a customer's id is `cus_` and letters and digits"
);
id!(
    /// The id of a subscription, `sub_…`.
    SubscriptionId,
    |text| is_object_id(text, "sub_"),
    "a subscription's id is `sub_` and letters and digits"
);
id!(
    /// The id of a price: `price_…`, or whatever its maker chose for an old one.
    PriceId,
    is_free_id,
    "a price's id is a text without spaces, such as `price_1ABC`"
);
id!(
    /// The id of a product: `prod_…`, or whatever its maker chose.
    ProductId,
    is_free_id,
    "a product's id is a text without spaces, such as `prod_ABC`"
);
id!(
    /// A price's lookup key: the same in test and in live, where ids differ.
    ///
    /// Stripe allows at most 200 characters.
    LookupKey,
    |text| !text.is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control),
    "a lookup key is 1 to 200 characters"
);

impl EnvironmentName {
    /// Test mode, where no settings say otherwise.
    pub fn test() -> Self {
        Self("test".to_owned())
    }

    /// Live mode, where no settings say otherwise.
    pub fn live() -> Self {
        Self("live".to_owned())
    }

    /// The embedded Stripe. No real account can have this name, so that no real lockfile is ever
    /// written by a trial.
    pub fn emulator() -> Self {
        Self("emulator".to_owned())
    }
}

/// `^[a-z][a-z0-9_-]{0,39}$`
fn is_name(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
}

/// Ids that end up in a URL's path must not be able to change it.
fn is_object_id(text: &str, prefix: &str) -> bool {
    let is_body = |body: &str| {
        !body.is_empty()
            && body.len() <= 250
            && body.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.strip_prefix(prefix).is_some_and(is_body)
}

/// Stripe lets people choose the ids of products, and once did so for prices, up to 5,000
/// characters. A URL's path can't hold one or two dots.
fn is_free_id(text: &str) -> bool {
    let is_fine = |c: char| !c.is_whitespace() && !c.is_control();
    let is_step = text == "." || text == "..";
    !text.is_empty() && text.len() <= 5_000 && text.chars().all(is_fine) && !is_step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_a_short_lowercase_name() {
        for good in ["a", "admin", "team-annual_2", &"a".repeat(40)] {
            assert!(Role::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "reconcile", "Admin", "1st", "-a", "a.b", "../x", "é", "a b", &"a".repeat(41)]
        {
            assert!(Role::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_free_id_is_anything_but_space_and_a_step_in_a_path() {
        for good in ["gold", "price_1", "a/../b", "a<b?", "é", "..."] {
            assert!(PriceId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a\n", ".", "..", &"a".repeat(5_001)] {
            assert!(PriceId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_configuration_id_cannot_change_the_path_it_is_put_into() {
        assert!(ConfigurationId::parse("bpc_1ABCdef").is_ok());
        for bad in ["bpc_", "bpc_a/b", "bpc_a?b", "cus_1", "bpc_a b", "bpc_..", "bpc_%2e"] {
            assert!(ConfigurationId::parse(bad).is_err(), "{bad}");
        }
    }
}
