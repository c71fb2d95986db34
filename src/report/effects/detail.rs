//! What a changed detail means, where it means something beyond what its switch lets customers do.

use std::collections::BTreeSet;

use super::Weight;
use crate::model::{Field, FieldPath, ProductPart, Quantity, Settings, Value};
use crate::plan::FieldChange;
use crate::text::shown;

/// What customers notice of one change to a portal that they know.
pub(super) fn of(
    change: &FieldChange,
    before: &Settings,
    after: &Settings,
) -> Option<(Weight, String)> {
    // Products are for what customers may do with them.
    let matters = |what: &str| allows(before, what) || allows(after, what);
    let (weight, text) = match &change.path {
        FieldPath::Field(field) => of_field(*field, change, before)?,
        FieldPath::Product(product, ProductPart::Prices) if matters("price") => {
            of_prices(&shown(product.as_str()), change)
        }
        FieldPath::Product(product, ProductPart::Quantity) if matters("quantity") => {
            of_quantity(&shown(product.as_str()), change, matters("price"))?
        }
        FieldPath::Product(..) | FieldPath::Metadata(_) => return None,
    };
    Some((weight, format!("customers {text}")))
}

fn allows(settings: &Settings, what: &str) -> bool {
    let allowed = settings.get(&Field::UpdateAllowed.into());
    matches!(allowed, Some(Value::Set(allowed)) if allowed.contains(what))
}

fn of_prices(product: &str, change: &FieldChange) -> (Weight, String) {
    let prices = |value: &Option<Value>| match value {
        Some(Value::Set(prices)) => prices.clone(),
        _ => BTreeSet::new(),
    };
    let (old, new) = (prices(&change.before), prices(&change.after));
    match (old.is_empty(), new.is_empty()) {
        (true, _) => (Weight::Plain, format!("can now choose {product}")),
        (false, true) => (Weight::Danger, format!("can no longer choose {product}")),
        (false, false) if old.is_subset(&new) => {
            (Weight::Plain, format!("get more prices of {product} to choose from"))
        }
        (false, false) => {
            (Weight::Danger, format!("can no longer choose some prices of {product}"))
        }
    }
}

fn of_quantity(product: &str, change: &FieldChange, has_prices: bool) -> Option<(Weight, String)> {
    // That the whole product came or went is said by its prices.
    if has_prices && (change.before.is_none() || change.after.is_none()) {
        return None;
    }
    let was_fixed = matches!(change.before, None | Some(Value::Quantity(Quantity::Fixed)));
    let text = match change.after {
        None | Some(Value::Quantity(Quantity::Fixed)) if was_fixed => return None,
        None | Some(Value::Quantity(Quantity::Fixed)) => {
            format!("can no longer change the quantity of {product}")
        }
        Some(Value::Quantity(Quantity::Adjustable { minimum, maximum: Some(most) })) => {
            format!("can now have {minimum} to {most} of {product}")
        }
        Some(Value::Quantity(Quantity::Adjustable { minimum, maximum: None })) => {
            format!("can now have {minimum} or more of {product}")
        }
        Some(_) => return None,
    };
    let is_new = change.before.is_none();
    Some((if is_new { Weight::Plain } else { Weight::Danger }, text))
}

fn of_field(field: Field, change: &FieldChange, before: &Settings) -> Option<(Weight, String)> {
    use Weight::{Danger, Plain};
    // The details of a feature that was off are new, whatever they are.
    let was_on = before.counts(&field.into());
    let now = match &change.after {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let is_on = change.after == Some(Value::Flag(true));
    let (weight, text) = match (field, now) {
        (Field::Headline, "") => (Plain, "no longer see a headline"),
        (Field::Headline, _) => (Plain, "see another headline"),
        (Field::PrivacyPolicyUrl, "") => (Danger, "no longer see a link to the privacy policy"),
        (Field::PrivacyPolicyUrl, _) => (Plain, "see another link to the privacy policy"),
        (Field::TermsOfServiceUrl, "") => (Danger, "no longer see a link to the terms of service"),
        (Field::TermsOfServiceUrl, _) => (Plain, "see another link to the terms of service"),
        (Field::DefaultReturnUrl, "") => {
            (Danger, "find no way back from the portal, unless the app names one")
        }
        (Field::DefaultReturnUrl, _) => {
            (Danger, "are sent to another address when they leave the portal")
        }
        (Field::PaymentMethodConfiguration, _) => (Plain, "are offered other payment methods"),
        (Field::CancelReason, _) if is_on => (Plain, "are asked why they cancel"),
        (Field::CancelReason, _) if was_on => (Plain, "are no longer asked why they cancel"),
        (Field::CancelReasonOptions | Field::CancelReasonFeedbackOptions, _) if was_on => {
            (Plain, "are offered other reasons for cancelling")
        }
        (Field::CancelProration, "none") if was_on => {
            (Danger, "get nothing back for unused time when they cancel")
        }
        (Field::CancelProration, _) => (Danger, "get credit for unused time when they cancel"),
        (
            Field::UpdateProration
            | Field::UpdateBillingCycleAnchor
            | Field::UpdateTrialBehavior
            | Field::UpdateSchedule,
            _,
        ) => of_switching(field, change.after.is_some(), now, was_on)?,
        // Internal, or said by what the switch lets customers do, or a detail of what is new.
        (
            Field::Name
            | Field::LoginPage
            | Field::CustomerUpdate
            | Field::CustomerUpdateAllowed
            | Field::InvoiceHistory
            | Field::PaymentMethodUpdate
            | Field::SubscriptionCancel
            | Field::CancelMode
            | Field::CancelReason
            | Field::CancelReasonOptions
            | Field::CancelReasonFeedbackOptions
            | Field::SubscriptionPause
            | Field::PauseDuration
            | Field::PauseIntervals
            | Field::SubscriptionUpdate
            | Field::UpdateAllowed,
            _,
        ) => return None,
    };
    Some((weight, text.to_owned()))
}

/// What is different for customers who switch plan.
fn of_switching(
    field: Field,
    is_set: bool,
    now: &str,
    was_on: bool,
) -> Option<(Weight, &'static str)> {
    use Weight::{Danger, Plain};
    Some(match (field, now) {
        (Field::UpdateProration, "none") if was_on => {
            (Danger, "neither pay nor get the difference when they switch plan")
        }
        (Field::UpdateProration, "always_invoice") => {
            (Danger, "pay the difference at once when they switch plan")
        }
        (Field::UpdateProration, "create_prorations") => {
            (Danger, "find the difference on their next invoice when they switch plan")
        }
        (Field::UpdateBillingCycleAnchor, "now") => {
            (Danger, "begin a new period when they switch plan")
        }
        (Field::UpdateBillingCycleAnchor, _) if was_on => {
            (Danger, "keep their period when they switch plan")
        }
        (Field::UpdateTrialBehavior, "continue_trial") => {
            (Plain, "keep a trial when they switch plan")
        }
        (Field::UpdateTrialBehavior, _) if was_on => {
            (Danger, "lose the rest of a trial when they switch plan")
        }
        (Field::UpdateSchedule, _) if !is_set => {
            (Danger, "no longer wait for the end of a period when they switch plan")
        }
        (Field::UpdateSchedule, _) => {
            (Danger, "find that other switches of plan wait for the end of a period")
        }
        _ => return None,
    })
}
