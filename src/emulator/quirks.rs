//! Switches for what the public record of Stripe's API leaves unknown.
//!
//! The default is what is likeliest. A client that behaves the same under every other setting
//! doesn't depend on a guess. `README.md` beside this file lists them with the questions that they
//! answer.
//!
//! Some questions can't be asked of an emulator, or have no answers to choose from:
//!
//! - whether configurations made before some version answer their products otherwise: all of them
//!   are made by this version;
//! - in which order of its own Stripe keeps words, if it has one: sorted stands for every order that
//!   isn't the sent one;
//! - whether a change of nothing is an event: there are no events;
//! - whether login pages need an activated account: this one is;
//! - whether two configurations may have the same name: nobody has seen that they may not.

use std::fmt::Write;

/// Declares the switches that are on or off, and everything that goes by their names, so that none
/// can be left out.
macro_rules! quirks {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// How Stripe behaves where nobody has written it down.
        ///
        /// Each switch says what happens when it is on. All are off by default.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Quirks {
            $($(#[doc = $doc])+ pub $name: bool,)+
            /// What makes two prices of one product have the same billing interval.
            pub same_interval: SameInterval,
            /// For how many seconds a new object is absent from lists.
            pub list_delay: u32,
            /// How many configurations one side of an account can have; 0 for any number.
            pub max_configurations: u32,
        }

        /// The names of the switches that are on or off, and what happens when they are on.
        const SWITCHES: &[(&str, &str)] = &[$((stringify!($name), concat!($($doc),+)),)+];

        impl Quirks {
            fn switch(&mut self, name: &str) -> Option<&mut bool> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

quirks! {
    /// A product listed without `adjustable_quantity` lets customers adjust the quantity.
    quantity_is_adjustable_by_default,
    /// An adjustable quantity without `minimum` starts at 1, not at 0.
    minimum_quantity_is_one,
    /// A `billing_cycle_anchor` that was never sent is null, not `unchanged`. Both mean the same.
    anchor_is_null_by_default,
    /// Products that were asked for and aren't there are null, not an empty list.
    no_products_is_null,
    /// Switching `subscription_update` off drops its products.
    disabling_drops_products,
    /// `products` can be cleared while `subscription_update` stays on.
    products_can_be_cleared_while_enabled,
    /// An update with `subscription_update[enabled]=true` must bring the products, even if the
    /// configuration has some.
    enabling_needs_products_again,
    /// `create_prorations` is accepted for cancellations at the end of the period.
    prorations_at_period_end_are_accepted,
    /// A cancellation reason that is on and has no options is refused.
    reasons_without_options_are_refused,
    /// `customer_update` that is on and permits nothing is refused.
    customer_update_of_nothing_is_refused,
    /// Archived prices and products can be listed.
    archived_prices_are_accepted,
    /// A product can be listed twice.
    repeated_products_are_accepted,
    /// A session with an inactive configuration answers 404, not 400.
    inactive_configuration_is_404,
    /// An unknown id in a parameter answers 404, not 400.
    missing_parameter_object_is_404,
    /// Lists of words come back sorted, not as they were sent.
    words_are_sorted,
    /// Repeated words in a list are kept.
    repeated_words_are_kept,
    /// An update that changes nothing leaves `updated` alone.
    no_op_keeps_updated,
    /// A login page that is switched off and on again has a new address.
    login_url_changes,
    /// Deactivating a configuration switches its login page off.
    deactivating_closes_login_page,
    /// Only the default configuration can have a login page.
    login_page_needs_default,
    /// Web addresses come back as a browser writes them: with a lower-case host in ASCII and at least
    /// a slash for a path.
    urls_are_normalised,
    /// Strings are trimmed.
    strings_are_trimmed,
    /// The limit of the headline counts bytes, not characters.
    headline_counts_bytes,
    /// `name` has the headline's limit.
    name_is_limited_to_sixty,
    /// The key that a semantic refusal came with can be used again for something else.
    refusals_are_not_saved,
    /// An idempotency key that was used on one account or side can't be used on another one.
    idempotency_keys_span_accounts,
    /// A refusal because of a limit says after how many seconds to come back.
    rate_limits_say_retry_after,
    /// A refusal because of a limit doesn't say which one.
    rate_limits_have_no_reason,
    /// Refusals whose words nobody has recorded come in other words, without code and parameter.
    unrecorded_refusals_are_worded_otherwise,
    /// Products, and the prices of each, come back sorted by id, not as they were sent.
    products_are_sorted,
    /// The default that another configuration replaces in the Dashboard becomes inactive.
    promotion_deactivates_the_former,
    /// The Dashboard can't make another configuration the default.
    the_default_stays,
    /// A version refuses parameters that are newer than itself.
    old_versions_refuse_newer_parameters,
    /// Versions from 2024-04-10 to 2026-09-30, whose types have no pauses, don't answer them either.
    old_versions_hide_pauses,
    /// Objects of one second are listed by id, not newest first.
    list_ties_are_by_id,
    /// Lookup keys beyond the tenth are ignored, not refused.
    lookup_keys_are_truncated,
    /// A configuration of the live side needs both policy addresses.
    live_needs_policy_urls,
    /// An inactive default can't be activated again.
    default_stays_inactive,
    /// The first configuration of a connected account becomes its default even if a platform made it.
    applications_make_the_default,
    /// A platform can change the default of a connected account.
    applications_change_defaults,
    /// A platform can change what a connected account or another platform made there.
    applications_change_what_others_made,
}

/// What makes two prices of one product have the same billing interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SameInterval {
    /// The same unit and count: a quarterly price beside a monthly one is accepted.
    #[default]
    UnitAndCount,
    /// The same unit: a quarterly price beside a monthly one is refused.
    Unit,
    /// The same unit, count and currency: one monthly price a currency is accepted.
    UnitCountAndCurrency,
}

impl SameInterval {
    const ALL: [(&'static str, Self); 3] = [
        ("unit_and_count", Self::UnitAndCount),
        ("unit", Self::Unit),
        ("unit_count_and_currency", Self::UnitCountAndCurrency),
    ];
}

/// Why a setting can't be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuirkError {
    /// Nothing has this name.
    #[error("there is no quirk `{0}`")]
    Unknown(String),
    /// The value isn't one.
    #[error("`{name}` takes {expected}")]
    Value {
        /// Which quirk.
        name: String,
        /// What would be a value.
        expected: &'static str,
    },
}

/// The settings that are more than on or off: what they are, and what they take.
const VALUED: &[(&str, &str, &str)] = &[
    (
        "same_interval",
        "What makes two prices of one product have the same billing interval.",
        "unit_and_count, unit or unit_count_and_currency",
    ),
    ("list_delay", "For how many seconds a new object is absent from lists.", "a number"),
    (
        "max_configurations",
        "How many configurations one side of an account can have; 0 for any number.",
        "a number",
    ),
];

impl Quirks {
    /// Makes a setting by its name: `words_are_sorted`, `list_delay=2`.
    pub fn set(&mut self, setting: &str) -> Result<(), QuirkError> {
        let (name, value) = match setting.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (setting, None),
        };
        if let Some(switch) = self.switch(name) {
            *switch = match value {
                None | Some("true") => true,
                Some("false") => false,
                Some(_) => return Err(value_error(name, "true or false")),
            };
            return Ok(());
        }
        let valued = VALUED.iter().find(|(valued, _, _)| *valued == name);
        let (_, _, expected) = valued.ok_or_else(|| QuirkError::Unknown(name.to_owned()))?;
        let error = || value_error(name, expected);
        let value = value.ok_or_else(error)?;
        let number = || value.parse().map_err(|_| error());
        match name {
            "list_delay" => self.list_delay = number()?,
            "max_configurations" => self.max_configurations = number()?,
            _ => {
                let found = SameInterval::ALL.into_iter().find(|(one, _)| *one == value);
                self.same_interval = found.ok_or_else(error)?.1;
            }
        }
        Ok(())
    }

    /// Every setting that differs from the default in one switch, with that switch's name.
    pub fn each_flipped() -> Vec<(&'static str, Quirks)> {
        let mut flipped = Vec::new();
        let mut flip = |name: &'static str, value: &str| {
            let mut quirks = Quirks::default();
            quirks.set(&format!("{name}={value}")).expect("it is in the tables");
            flipped.push((name, quirks));
        };
        for (name, _) in SWITCHES {
            flip(name, "true");
        }
        flip("same_interval", "unit");
        flip("same_interval", "unit_count_and_currency");
        flip("list_delay", "2");
        flip("max_configurations", "1000");
        flipped
    }

    /// All settings, a line each, with what they mean.
    pub fn list() -> String {
        let mut text = String::new();
        for (name, meaning) in SWITCHES {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{name}: {}", meaning.trim());
        }
        for (name, meaning, values) in VALUED {
            let _ = writeln!(text, "{name}=VALUE: {meaning} Takes {values}.");
        }
        text
    }
}

fn value_error(name: &str, expected: &'static str) -> QuirkError {
    QuirkError::Value { name: name.to_owned(), expected }
}
