//! API versions. The emulator speaks one, whichever is asked for; what an older one might make of
//! what is newer is for [`Quirks`](super::Quirks) to say.

use http::HeaderMap;
use serde_json::Value;

use super::answer::STRIPE_VERSION;
use super::error::ApiError;
use super::form::Pairs;

/// Since when there are parameters of the portal's that weren't there from the start. From Stripe's
/// changelogs; numbers of list items are left out.
const SINCE: &[(&str, &str)] = &[
    ("features.subscription_update.schedule_at_period_end", "2024-10-28"),
    ("features.subscription_update.products.adjustable_quantity", "2025-07-30"),
    ("name", "2025-08-27"),
    ("features.subscription_update.trial_update_behavior", "2025-09-30"),
    ("features.payment_method_update.payment_method_configuration", "2025-10-29"),
    ("features.subscription_update.billing_cycle_anchor", "2025-12-15"),
    ("customer_account", "2025-12-15"),
    ("features.subscription_cancel.cancellation_reason.feedback_options", "2026-08-26"),
    ("features.subscription_pause.duration", "2026-10-28"),
    ("after_expiration", "2026-10-28"),
];

/// The version that a request asks for, if it asks for one. It is a date, since 2024 with a name:
/// `2026-10-28.endive`.
pub(super) fn asked(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(version) = headers.get(STRIPE_VERSION) else {
        return Ok(None);
    };
    let version = String::from_utf8_lossy(version.as_bytes());
    let (date, name) = version.split_once('.').unwrap_or((&version, "a"));
    let is_date = date.len() == 10
        && date.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_date && is_name {
        return Ok(Some(date.to_owned()));
    }
    Err(ApiError::invalid(format!("Invalid Stripe API version: {version}")))
}

/// Refuses the first parameter that is newer than this date.
pub(super) fn refuse_newer(date: &str, parameters: &Pairs) -> Result<(), ApiError> {
    let is_newer = |name: &str| {
        let path = path_of(name);
        let is_below = |parameter: &str| {
            path.strip_prefix(parameter)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        SINCE.iter().any(|(parameter, since)| date < *since && is_below(parameter))
    };
    match parameters.iter().find(|(name, _)| is_newer(name)) {
        None => Ok(()),
        Some((name, _)) => Err(ApiError::invalid(format!("Received unknown parameter: {name}"))
            .code("parameter_unknown")
            .param(name)),
    }
}

/// `products[0][prices][]` is `products.prices`.
fn path_of(name: &str) -> String {
    let segments = name.split('[').map(|segment| segment.trim_end_matches(']'));
    let is_name = |segment: &&str| segment.bytes().any(|byte| !byte.is_ascii_digit());
    segments.filter(is_name).collect::<Vec<_>>().join(".")
}

/// Takes the pauses out of all configurations of an answer, a list's and a session's, too, if the types of that time had none.
pub(super) fn hide_pauses(date: &str, answer: &mut Value) {
    if !("2024-04-10".."2026-10-28").contains(&date) {
        return;
    }
    if let Some(features) = answer.get_mut("features").and_then(Value::as_object_mut) {
        features.shift_remove("subscription_pause");
    }
    if let Some(expanded) = answer.get_mut("configuration") {
        hide_pauses(date, expanded);
    }
    for configuration in answer.get_mut("data").and_then(Value::as_array_mut).into_iter().flatten()
    {
        hide_pauses(date, configuration);
    }
}
