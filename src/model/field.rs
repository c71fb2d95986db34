//! Every parameter of a portal configuration, as one table.
//!
//! This is the schema. Reading YAML, defaults, comparing, what goes on the wire and what comes
//! back are all driven by [`Field::spec`], so a parameter that Stripe invents is one variant and
//! one row here, and the words in `report` and `reference`, which the compiler asks for.
//! Products and metadata, whose keys are the user's, are in [`FieldPath`](super::FieldPath).
//!
//! Source: <https://docs.stripe.com/api/customer_portal/configurations/create>, version
//! 2026-10-28.endive.

use super::Value;

/// The version of Stripe's API whose parameters these are, and that this program asks for. Without
/// asking, an account's own version, which may be years old, would decide what answers look like.
pub const API_VERSION: &str = "2026-10-28.endive";

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On or off. Stripe's default is off.
    Flag,
    /// Text of at most this many characters; empty means none.
    Text(Option<usize>),
    /// An absolute `http` or `https` URL; empty means none.
    Url,
    /// Exactly one of these; the first is Stripe's default. Can't be emptied.
    Choice(&'static [&'static str]),
    /// Any of these; order and repetition mean nothing.
    Set(&'static [&'static str]),
    /// Like `Set`, but each one is written as an object with a `type`.
    TypedSet(&'static [&'static str]),
    /// Ids of other Stripe objects; order means nothing.
    IdSet,
    /// Lengths of time to choose from.
    Intervals,
}

impl Kind {
    /// What this program knows of a value, if anything. Stripe adds words without a new version.
    pub fn known(self, value: &Value) -> Option<Value> {
        match (self, value) {
            (_, Value::Unknown(_)) => None,
            (Self::Choice(words), Value::Text(word)) => {
                words.contains(&word.as_str()).then(|| value.clone())
            }
            (Self::Set(words) | Self::TypedSet(words), Value::Set(members)) => {
                let known = members.iter().filter(|member| words.contains(&member.as_str()));
                Value::set(known.map(String::as_str))
            }
            _ => Some(value.clone()),
        }
    }
}

/// What is true of one field, wherever it is used.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Stripe's parameter names from the outside in, joined by dots.
    pub path: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The field that decides whether this one counts, and the value it must have: a feature's
    /// details mean nothing while the feature is off.
    pub gate: Option<(Field, Open)>,
    /// What Stripe fills in for a list that is not given, where that isn't the empty list.
    pub default_set: &'static [&'static str],
}

/// The value of a gate that lets the fields behind it count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// A flag that is on.
    On,
    /// A choice of this value.
    Is(&'static str),
}

/// One parameter of a portal configuration. The order is the order in which plans show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the parameter that `spec` names")]
pub enum Field {
    Name,
    Headline,
    PrivacyPolicyUrl,
    TermsOfServiceUrl,
    DefaultReturnUrl,
    LoginPage,
    CustomerUpdate,
    CustomerUpdateAllowed,
    InvoiceHistory,
    PaymentMethodUpdate,
    PaymentMethodConfiguration,
    SubscriptionCancel,
    CancelMode,
    CancelProration,
    CancelReason,
    CancelReasonOptions,
    CancelReasonFeedbackOptions,
    SubscriptionPause,
    PauseDuration,
    PauseIntervals,
    SubscriptionUpdate,
    UpdateAllowed,
    UpdateProration,
    UpdateBillingCycleAnchor,
    UpdateTrialBehavior,
    UpdateSchedule,
}

const PRORATIONS: &[&str] = &["none", "create_prorations", "always_invoice"];

impl Field {
    /// All fields, in order.
    pub const ALL: [Self; 26] = [
        Self::Name,
        Self::Headline,
        Self::PrivacyPolicyUrl,
        Self::TermsOfServiceUrl,
        Self::DefaultReturnUrl,
        Self::LoginPage,
        Self::CustomerUpdate,
        Self::CustomerUpdateAllowed,
        Self::InvoiceHistory,
        Self::PaymentMethodUpdate,
        Self::PaymentMethodConfiguration,
        Self::SubscriptionCancel,
        Self::CancelMode,
        Self::CancelProration,
        Self::CancelReason,
        Self::CancelReasonOptions,
        Self::CancelReasonFeedbackOptions,
        Self::SubscriptionPause,
        Self::PauseDuration,
        Self::PauseIntervals,
        Self::SubscriptionUpdate,
        Self::UpdateAllowed,
        Self::UpdateProration,
        Self::UpdateBillingCycleAnchor,
        Self::UpdateTrialBehavior,
        Self::UpdateSchedule,
    ];

    /// The table.
    #[expect(clippy::too_many_lines, reason = "it has an entry a field")]
    pub const fn spec(self) -> Spec {
        use Kind::{Choice, Flag, IdSet, Intervals, Set, Text, TypedSet, Url};
        match self {
            Self::Name => row("name", Text(None)),
            Self::Headline => row("business_profile.headline", Text(Some(60))),
            Self::PrivacyPolicyUrl => row("business_profile.privacy_policy_url", Url),
            Self::TermsOfServiceUrl => row("business_profile.terms_of_service_url", Url),
            Self::DefaultReturnUrl => row("default_return_url", Url),
            Self::LoginPage => row("login_page.enabled", Flag),
            Self::CustomerUpdate => row("features.customer_update.enabled", Flag),
            Self::CustomerUpdateAllowed => row(
                "features.customer_update.allowed_updates",
                Set(&["address", "email", "name", "phone", "shipping", "tax_id"]),
            )
            .behind(Self::CustomerUpdate),
            Self::InvoiceHistory => row("features.invoice_history.enabled", Flag),
            Self::PaymentMethodUpdate => row("features.payment_method_update.enabled", Flag),
            Self::PaymentMethodConfiguration => {
                row("features.payment_method_update.payment_method_configuration", Text(None))
                    .behind(Self::PaymentMethodUpdate)
            }
            Self::SubscriptionCancel => row("features.subscription_cancel.enabled", Flag),
            Self::CancelMode => {
                row("features.subscription_cancel.mode", Choice(&["at_period_end", "immediately"]))
                    .behind(Self::SubscriptionCancel)
            }
            // Stripe refuses `always_invoice` here, although its types list it; a rule says so.
            Self::CancelProration => {
                row("features.subscription_cancel.proration_behavior", Choice(PRORATIONS))
                    .behind(Self::SubscriptionCancel)
            }
            Self::CancelReason => {
                row("features.subscription_cancel.cancellation_reason.enabled", Flag)
                    .behind(Self::SubscriptionCancel)
            }
            Self::CancelReasonOptions => row(
                "features.subscription_cancel.cancellation_reason.options",
                Set(&[
                    "customer_service",
                    "low_quality",
                    "missing_features",
                    "other",
                    "switched_service",
                    "too_complex",
                    "too_expensive",
                    "unused",
                ]),
            )
            .behind(Self::CancelReason)
            .filled_with(&[
                "missing_features",
                "other",
                "switched_service",
                "too_expensive",
                "unused",
            ]),
            Self::CancelReasonFeedbackOptions => {
                row("features.subscription_cancel.cancellation_reason.feedback_options", IdSet)
                    .behind(Self::CancelReason)
            }
            Self::SubscriptionPause => row("features.subscription_pause.enabled", Flag),
            Self::PauseDuration => row(
                "features.subscription_pause.duration.type",
                Choice(&["interval_options", "indefinite"]),
            )
            .behind(Self::SubscriptionPause),
            Self::PauseIntervals => {
                row("features.subscription_pause.duration.interval_options", Intervals)
                    .behind_choice(Self::PauseDuration, "interval_options")
            }
            Self::SubscriptionUpdate => row("features.subscription_update.enabled", Flag),
            Self::UpdateAllowed => row(
                "features.subscription_update.default_allowed_updates",
                Set(&["price", "promotion_code", "quantity"]),
            )
            .behind(Self::SubscriptionUpdate),
            Self::UpdateProration => {
                row("features.subscription_update.proration_behavior", Choice(PRORATIONS))
                    .behind(Self::SubscriptionUpdate)
            }
            Self::UpdateBillingCycleAnchor => row(
                "features.subscription_update.billing_cycle_anchor",
                Choice(&["unchanged", "now"]),
            )
            .behind(Self::SubscriptionUpdate),
            Self::UpdateTrialBehavior => row(
                "features.subscription_update.trial_update_behavior",
                Choice(&["end_trial", "continue_trial"]),
            )
            .behind(Self::SubscriptionUpdate),
            Self::UpdateSchedule => row(
                "features.subscription_update.schedule_at_period_end.conditions",
                TypedSet(&["decreasing_item_amount", "shortening_interval"]),
            )
            .behind(Self::SubscriptionUpdate),
        }
    }

    /// Stripe's parameter names from the outside in, joined by dots.
    pub const fn path(self) -> &'static str {
        self.spec().path
    }

    /// The field with this path.
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.path() == path)
    }

    /// True if this is the switch of one of the portal's features.
    pub fn is_feature_switch(self) -> bool {
        let spec = self.spec();
        spec.path.starts_with("features.") && spec.gate.is_none()
    }
}

const fn row(path: &'static str, kind: Kind) -> Spec {
    Spec { path, kind, gate: None, default_set: &[] }
}

impl Spec {
    const fn behind(self, gate: Field) -> Self {
        Self { gate: Some((gate, Open::On)), ..self }
    }

    const fn behind_choice(self, gate: Field, choice: &'static str) -> Self {
        Self { gate: Some((gate, Open::Is(choice))), ..self }
    }

    const fn filled_with(self, default_set: &'static [&'static str]) -> Self {
        Self { default_set, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_each_field_once_in_order() {
        assert!(Field::ALL.into_iter().enumerate().all(|(place, field)| field as usize == place));
        assert_eq!(Field::ALL.last(), Some(&Field::UpdateSchedule));
    }

    #[test]
    fn every_path_finds_its_field() {
        for field in Field::ALL {
            assert_eq!(Field::at(field.path()), Some(field));
        }
    }
}
