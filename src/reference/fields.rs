//! Stripe's parameters: what the table of [`Field`]s says of each, and what customers see of it.
//!
//! Source of the versions: <https://docs.stripe.com/changelog> and the changelog of
//! <https://github.com/stripe/stripe-node>, read 2026-11-22.

use serde_json::json;

use super::key::{Home, Key};
use super::shape;
use crate::model::{Field, Interval, IntervalUnit, Kind, Open, Settings, Value};
use crate::text::suggest::list;

/// What the table of fields doesn't know about one.
struct Words {
    about: &'static str,
    since: &'static str,
    example: &'static str,
}

/// All parameters but products and metadata, whose keys are not fields.
pub(super) fn keys() -> Vec<Key> {
    Field::ALL.into_iter().map(key).collect()
}

fn key(field: Field) -> Key {
    let Words { about, since, example } = words(field);
    let spec = field.spec();
    let key = Key::new(Home::Role, spec.path, about)
        .holds(value(spec.kind), shape(spec.kind))
        .default(&default(field))
        .unset(unset(spec.kind))
        .since(since)
        .example(example);
    match spec.gate {
        None => key,
        Some((gate, Open::On)) => key.counts(&format!("while `{}` is `true`", gate.path())),
        Some((gate, Open::Is(choice))) => {
            key.counts(&format!("while `{}` is `{choice}`", gate.path()))
        }
    }
}

fn value(kind: Kind) -> String {
    match kind {
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Text(None) => "text".to_owned(),
        Kind::Text(Some(most)) => format!("text of at most {most} characters"),
        Kind::Url => "a URL with `https://` or `http://`".to_owned(),
        Kind::Choice(words) => format!("one of {}", list(words)),
        Kind::Set(words) => format!("a list of any of {}", list(words)),
        Kind::TypedSet(words) => {
            format!("a list of mappings with `type`, which is one of {}", list(words))
        }
        Kind::IdSet => "a list of ids".to_owned(),
        Kind::Intervals => format!(
            "a list of mappings with `interval`, one of {}, and `interval_count`, which is 1 \
             unless given; at most three years",
            list(&IntervalUnit::ALL.map(IntervalUnit::as_str))
        ),
    }
}

fn shape(kind: Kind) -> serde_json::Value {
    match kind {
        Kind::Flag => shape::flag(),
        Kind::Text(most) => shape::text(most),
        Kind::Url => shape::pattern(r"^\s*(https?://\S+)?\s*$"),
        Kind::Choice(words) => shape::choice(words),
        Kind::Set(words) => shape::list(shape::member(words)),
        Kind::TypedSet(words) => shape::list(json!({
            "type": "object",
            "properties": { "type": shape::member(words) },
            "required": ["type"],
            "additionalProperties": false,
        })),
        Kind::IdSet => shape::list(json!({ "type": "string", "minLength": 1 })),
        Kind::Intervals => shape::list(json!({
            "type": "object",
            "properties": {
                "interval": shape::member(&IntervalUnit::ALL.map(IntervalUnit::as_str)),
                "interval_count": shape::count(1),
            },
            "required": ["interval"],
            "additionalProperties": false,
        })),
    }
}

fn default(field: Field) -> String {
    match Settings::stripe_default(field) {
        _ if field == Field::Name => "the role's name".to_owned(),
        Some(Value::Flag(flag)) => format!("`{flag}`"),
        Some(Value::Text(text)) => format!("`{text}`"),
        Some(Value::Set(members)) => list(&members.iter().map(String::as_str).collect::<Vec<_>>()),
        Some(Value::Intervals(intervals)) => {
            intervals.iter().map(Interval::to_string).collect::<Vec<_>>().join(", ")
        }
        Some(Value::Quantity(_) | Value::Unknown(_)) | None => "none".to_owned(),
    }
}

const fn unset(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "remove it, or write `false`",
        Kind::Choice(_) => "remove it: the default comes back",
        Kind::Text(_) | Kind::Url => "remove it, or write `\"\"`",
        Kind::Set(_) | Kind::TypedSet(_) | Kind::IdSet | Kind::Intervals => {
            "remove it for the default, or write `[]` for none"
        }
    }
}

/// The first version that had configurations.
const FIRST: &str = "2020-08-27";

const PROFILE: &str = "\
business_profile:
  headline: Manage your Acme subscription
  privacy_policy_url: https://acme.example/privacy
  terms_of_service_url: https://acme.example/terms
features:
  invoice_history: { enabled: true }
";

const CUSTOMER_UPDATE: &str = "\
features:
  customer_update:
    enabled: true
    allowed_updates: [email, address]
";

const PAYMENT_METHOD: &str = "\
features:
  payment_method_update:
    enabled: true
    payment_method_configuration: pmc_123
";

const CANCEL: &str = "\
features:
  subscription_cancel:
    enabled: true
    mode: immediately
    proration_behavior: create_prorations
    cancellation_reason:
      enabled: true
      options: [too_expensive, unused, other]
      feedback_options: [fo_123]
";

const PAUSE: &str = "\
features:
  subscription_pause:
    enabled: true
    duration:
      type: interval_options
      interval_options:
        - { interval: month, interval_count: 3 }
";

pub(super) const UPDATE: &str = "\
features:
  subscription_update:
    enabled: true
    default_allowed_updates: [price, quantity]
    proration_behavior: create_prorations
    billing_cycle_anchor: now
    trial_update_behavior: continue_trial
    schedule_at_period_end:
      conditions: [{ type: shortening_interval }]
    products:
      - product: prod_123
        prices: [price_monthly, price_yearly]
        adjustable_quantity: { enabled: true, minimum: 1, maximum: 50 }
";

#[expect(clippy::too_many_lines, reason = "a table with an entry a field")]
fn words(field: Field) -> Words {
    let (about, since, example) = match field {
        Field::Name => (
            "A label for people who look at the Dashboard. Customers never see it.",
            "2025-08-27.basil",
            "name: Accountants\nfeatures:\n  invoice_history: { enabled: true }\n",
        ),
        Field::Headline => {
            ("The line that customers read beside their subscription.", FIRST, PROFILE)
        }
        Field::PrivacyPolicyUrl => {
            ("Where the portal's link to the privacy policy leads.", FIRST, PROFILE)
        }
        Field::TermsOfServiceUrl => {
            ("Where the portal's link to the terms of service leads.", FIRST, PROFILE)
        }
        Field::DefaultReturnUrl => (
            "Where the portal's link back leads, unless the session names another place.",
            FIRST,
            "default_return_url: https://acme.example/billing\nfeatures:\n  invoice_history: { enabled: true }\n",
        ),
        Field::LoginPage => (
            "A page of Stripe's on which customers log in with their email address, without your app. Stripe makes its URL.",
            "2022-08-01, from 2022-08-26 on",
            "login_page: { enabled: true }\nfeatures:\n  invoice_history: { enabled: true }\n",
        ),
        Field::CustomerUpdate => {
            ("Customers can change what is known about them.", FIRST, CUSTOMER_UPDATE)
        }
        Field::CustomerUpdateAllowed => {
            ("What customers can change about themselves.", FIRST, CUSTOMER_UPDATE)
        }
        Field::InvoiceHistory => (
            "Customers see their invoices, and can download them.",
            FIRST,
            "features:\n  invoice_history: { enabled: true }\n",
        ),
        Field::PaymentMethodUpdate => ("Customers can change how they pay.", FIRST, PAYMENT_METHOD),
        Field::PaymentMethodConfiguration => (
            "Which ways to pay customers can choose from, as the id of a payment method configuration.",
            "2025-10-29.clover",
            PAYMENT_METHOD,
        ),
        Field::SubscriptionCancel => ("Customers can cancel.", FIRST, CANCEL),
        Field::CancelMode => (
            "When a subscription that is cancelled ends: with the period that is paid for, or at once.",
            FIRST,
            CANCEL,
        ),
        Field::CancelProration => (
            "Whether customers get credit for what they paid but don't use, if cancelling is immediate. Stripe's types list `always_invoice`, but Stripe refuses it here.",
            FIRST,
            CANCEL,
        ),
        Field::CancelReason => {
            ("Customers who cancel are asked why.", "2020-08-27, from 2021-08-27 on", CANCEL)
        }
        Field::CancelReasonOptions => (
            "The reasons that customers who cancel can choose from.",
            "2020-08-27, from 2021-08-27 on",
            CANCEL,
        ),
        Field::CancelReasonFeedbackOptions => (
            "Reasons of your own that customers who cancel can choose from, as ids of feedback options.",
            "2026-09-30.endive",
            CANCEL,
        ),
        Field::SubscriptionPause => (
            "Customers can pause. Only the redesigned portal shows it.",
            "2026-10-28.endive",
            PAUSE,
        ),
        Field::PauseDuration => (
            "How long a pause lasts: one of the lengths that you offer, or until the customer comes back.",
            "2026-10-28.endive",
            PAUSE,
        ),
        Field::PauseIntervals => {
            ("The lengths of a pause that customers can choose from.", "2026-10-28.endive", PAUSE)
        }
        Field::SubscriptionUpdate => (
            "Customers can change their subscription: what exactly, `default_allowed_updates` says.",
            FIRST,
            UPDATE,
        ),
        Field::UpdateAllowed => (
            "What customers can change about their subscription: the price (that is, switch plan), the quantity, or use promotion codes.",
            FIRST,
            UPDATE,
        ),
        Field::UpdateProration => (
            "What a change in the middle of a period costs: nothing until the next invoice, a share on the next invoice, or a share at once.",
            FIRST,
            UPDATE,
        ),
        Field::UpdateBillingCycleAnchor => (
            "Whether a new billing period begins when customers switch.",
            "2025-12-15.clover",
            UPDATE,
        ),
        Field::UpdateTrialBehavior => {
            ("Whether a trial ends when customers switch.", "2025-09-30.clover", UPDATE)
        }
        Field::UpdateSchedule => (
            "Which switches wait for the end of the period: to a smaller amount, or to a shorter interval. It only affects switches between prices of one product.",
            "2024-10-28.acacia",
            UPDATE,
        ),
    };
    Words { about, since, example }
}
