//! Switches for what the public record of Stripe's API leaves unknown.
//!
//! The default is what is likeliest. A client that behaves the same under every other setting
//! doesn't depend on a guess.

/// Declares the switches that are on or off together with a list of them all, so that a new one
/// can't be left out of [`Quirks::each_flipped`].
macro_rules! quirks {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// How Stripe behaves where nobody has written it down.
        ///
        /// Each switch says what happens when it is on. All are off by default.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Quirks {
            $($(#[$doc])* pub $name: bool,)+
            /// What makes two prices of one product have the same billing interval.
            pub same_interval: SameInterval,
            /// For how many seconds a new object is absent from lists.
            pub list_delay: u32,
        }

        impl Quirks {
            /// Every setting that differs from the default in one switch, with that switch's name.
            pub fn each_flipped() -> Vec<(&'static str, Quirks)> {
                let mut flipped = vec![
                    $((stringify!($name), Quirks { $name: true, ..Quirks::default() }),)+
                ];
                for same_interval in [SameInterval::Unit, SameInterval::UnitCountAndCurrency] {
                    flipped.push(("same_interval", Quirks { same_interval, ..Quirks::default() }));
                }
                flipped.push(("list_delay", Quirks { list_delay: 2, ..Quirks::default() }));
                flipped
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
    /// Web addresses come back with a lower-case host and at least a slash for a path.
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
