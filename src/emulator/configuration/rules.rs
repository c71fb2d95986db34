//! What Stripe refuses about a configuration, apart from malformed parameters.
//!
//! Texts that users have reported are given as they were; the others are in Stripe's style.

use super::Configuration;
use super::changes::{Changes, UpdateChanges};
use super::products::{self, PRODUCTS};
use crate::emulator::error::ApiError;
use crate::emulator::parameter::too_long;
use crate::emulator::params::Edit;
use crate::emulator::state::Call;
use crate::emulator::vocabulary::{CancelMode, PauseDuration, ProrationBehavior};

/// Stripe's documented limit for the headline.
const MAX_HEADLINE: usize = 60;

/// Checks what is asked. `before` is the configuration that an update would change.
pub(super) fn check_changes(
    call: &Call<'_>,
    changes: &Changes,
    before: Option<&Configuration>,
) -> Result<(), ApiError> {
    if let Some(before) = before {
        check_activity(call, changes.active, before)?;
    }
    let Some(features) = &changes.features else {
        return Ok(());
    };
    if let Some(cancel) = &features.subscription_cancel
        && cancel.proration_behavior == Some(ProrationBehavior::AlwaysInvoice)
    {
        return Err(ApiError::refused(
            "`always_invoice` is not supported for subscription cancellations. Use `none` or \
             `create_prorations`.",
        )
        .param("features[subscription_cancel][proration_behavior]")
        .unrecorded());
    }
    if let Some(update) = &features.subscription_update {
        check_update(call, update, before)?;
    }
    Ok(())
}

/// Nobody has said whether there is a limit, or met it.
pub(super) fn check_number(call: &Call<'_>) -> Result<(), ApiError> {
    let most = call.quirks.max_configurations;
    if most > 0 && call.side().configurations.len() >= most as usize {
        return Err(ApiError::refused(format!(
            "You have reached the maximum number of portal configurations ({most})."
        ))
        .unrecorded());
    }
    Ok(())
}

/// A platform may change what its own application has made, unless it has become the account's
/// default. How the text begins was recorded by users, how it goes on wasn't.
pub(super) fn check_owner(call: &Call<'_>, before: &Configuration) -> Result<(), ApiError> {
    let Some(application) = &call.caller.application else {
        return Ok(());
    };
    let quirks = call.quirks;
    let is_foreign = before.application.as_ref() != Some(application);
    if before.is_default && !quirks.applications_change_defaults
        || is_foreign && !quirks.applications_change_what_others_made
    {
        return Err(ApiError::refused(
            "You cannot make any changes to a PortalConfiguration that is the account's default or \
             that was not created by your application.",
        ));
    }
    Ok(())
}

/// The default can't be deactivated; the text was reported by several users.
fn check_activity(
    call: &Call<'_>,
    active: Option<bool>,
    before: &Configuration,
) -> Result<(), ApiError> {
    match active {
        Some(false) if before.is_default => Err(ApiError::refused(
            "You cannot set `active: false` on your default PortalConfiguration.",
        )),
        Some(true) if before.is_default && !before.active && call.quirks.default_stays_inactive => {
            Err(ApiError::refused(
                "You cannot set `active: true` on your default PortalConfiguration.",
            )
            .unrecorded())
        }
        Some(_) | None => Ok(()),
    }
}

/// A feature that is or comes to be on needs products and a list of what may be changed. An empty
/// list of what may be changed is legal and permits nothing.
fn check_update(
    call: &Call<'_>,
    changes: &UpdateChanges,
    before: Option<&Configuration>,
) -> Result<(), ApiError> {
    let quirks = call.quirks;
    let stored = before.map(|before| &before.features.subscription_update);
    let was_enabled = stored.is_some_and(|stored| stored.enabled);
    if changes.enabled.unwrap_or(was_enabled) {
        let has_products = match &changes.products {
            Edit::Set(entries) => !entries.is_empty(),
            Edit::Clear => before.is_some() && quirks.products_can_be_cleared_while_enabled,
            Edit::Keep if changes.enabled.is_none() => true,
            Edit::Keep => {
                !quirks.enabling_needs_products_again
                    && stored.is_some_and(|stored| !stored.products.is_empty())
            }
        };
        if !has_products {
            return Err(ApiError::missing(PRODUCTS));
        }
        let has_stored =
            was_enabled || stored.is_some_and(|stored| !stored.default_allowed_updates.is_empty());
        if changes.default_allowed_updates == Edit::Keep && !has_stored {
            return Err(ApiError::missing(
                "features[subscription_update][default_allowed_updates]",
            ));
        }
    }
    match &changes.products {
        Edit::Set(entries) => products::check(call, entries),
        Edit::Keep | Edit::Clear => Ok(()),
    }
}

/// Checks the configuration that would result.
pub(super) fn check_result(call: &Call<'_>, after: &Configuration) -> Result<(), ApiError> {
    check_texts(call, after)?;
    check_cancel(call, after)?;
    check_pause(after)?;
    let quirks = call.quirks;
    let customer_update = &after.features.customer_update;
    if quirks.customer_update_of_nothing_is_refused
        && customer_update.enabled
        && customer_update.allowed_updates.is_empty()
    {
        return Err(ApiError::missing("features[customer_update][allowed_updates]").unrecorded());
    }
    if quirks.login_page_needs_default && after.login_page.enabled && !after.is_default {
        return Err(ApiError::refused(
            "Only your default PortalConfiguration can have a login page.",
        )
        .param("login_page[enabled]")
        .unrecorded());
    }
    Ok(())
}

fn check_texts(call: &Call<'_>, after: &Configuration) -> Result<(), ApiError> {
    let profile = &after.business_profile;
    if let Some(headline) = &profile.headline {
        let length = if call.quirks.headline_counts_bytes {
            headline.len()
        } else {
            headline.chars().count()
        };
        if length > MAX_HEADLINE {
            return Err(too_long(headline, MAX_HEADLINE).param("business_profile[headline]"));
        }
    }
    if let Some(name) = &after.name
        && call.quirks.name_is_limited_to_sixty
        && name.chars().count() > MAX_HEADLINE
    {
        return Err(too_long(name, MAX_HEADLINE).param("name"));
    }
    if call.quirks.names_are_unique && after.name.is_some() {
        let others = &call.side().configurations;
        if others.iter().any(|other| other.id != after.id && other.name == after.name) {
            let taken = ApiError::refused("Another PortalConfiguration already has this name.");
            return Err(taken.param("name").unrecorded());
        }
    }
    if call.livemode() && call.quirks.live_needs_policy_urls {
        for (name, address) in [
            ("privacy_policy_url", &profile.privacy_policy_url),
            ("terms_of_service_url", &profile.terms_of_service_url),
        ] {
            if address.is_none() {
                return Err(ApiError::missing(format!("business_profile[{name}]")));
            }
        }
    }
    Ok(())
}

fn check_cancel(call: &Call<'_>, after: &Configuration) -> Result<(), ApiError> {
    let cancel = &after.features.subscription_cancel;
    if cancel.mode == CancelMode::AtPeriodEnd
        && cancel.proration_behavior == ProrationBehavior::CreateProrations
        && !call.quirks.prorations_at_period_end_are_accepted
    {
        return Err(ApiError::refused(
            "`create_prorations` is only compatible with `mode: immediately`.",
        )
        .param("features[subscription_cancel][proration_behavior]")
        .unrecorded());
    }
    let reasons = &cancel.cancellation_reason;
    if call.quirks.reasons_without_options_are_refused
        && reasons.enabled
        && reasons.options.is_empty()
    {
        return Err(ApiError::missing(
            "features[subscription_cancel][cancellation_reason][options]",
        )
        .unrecorded());
    }
    Ok(())
}

fn check_pause(after: &Configuration) -> Result<(), ApiError> {
    const OPTIONS: &str = "features[subscription_pause][duration][interval_options]";
    let duration = &after.features.subscription_pause.duration;
    if duration.kind == PauseDuration::IntervalOptions && duration.interval_options.is_empty() {
        return Err(ApiError::missing(OPTIONS).unrecorded());
    }
    for (index, option) in duration.interval_options.iter().enumerate() {
        if !option.interval.within_three_years(option.interval_count) {
            return Err(ApiError::refused(
                "The pause duration must be at least one interval and at most three years.",
            )
            .param(format!("{OPTIONS}[{index}][interval_count]"))
            .unrecorded());
        }
    }
    Ok(())
}
