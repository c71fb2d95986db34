//! Portal configurations: the object, what requests may change about it, and Stripe's rules.

mod changes;
mod endpoints;
mod json;
mod merge;
mod products;
mod rules;

use serde::{Deserialize, Serialize};

pub(super) use endpoints::{create, list, make, revise, update};
pub(super) use json::{EXPANDABLE, PRODUCTS, json};

use super::metadata::Metadata;
use super::state::object;
use super::vocabulary::{
    BillingCycleAnchor, CancelMode, CancellationReason, CustomerField, Interval, PauseDuration,
    ProrationBehavior, ScheduleCondition, SubscriptionField, TrialUpdateBehavior,
};

object!(Configuration, "configuration", "bpc", configurations);

/// A portal configuration. Its serialised form is that of Stripe's object, with the products that
/// Stripe leaves out and without what follows from the place where it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Configuration {
    pub(super) id: String,
    pub(super) active: bool,
    /// The id of the Connect application that made it.
    pub(super) application: Option<String>,
    pub(super) business_profile: BusinessProfile,
    pub(super) created: i64,
    pub(super) default_return_url: Option<String>,
    pub(super) features: Features,
    pub(super) is_default: bool,
    pub(super) login_page: LoginPage,
    pub(super) metadata: Metadata,
    pub(super) name: Option<String>,
    pub(super) updated: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct BusinessProfile {
    pub(super) headline: Option<String>,
    pub(super) privacy_policy_url: Option<String>,
    pub(super) terms_of_service_url: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct LoginPage {
    pub(super) enabled: bool,
    pub(super) url: Option<String>,
    /// How often it was switched on.
    pub(super) n_openings: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Features {
    pub(super) customer_update: CustomerUpdate,
    pub(super) invoice_history: InvoiceHistory,
    pub(super) payment_method_update: PaymentMethodUpdate,
    pub(super) subscription_cancel: SubscriptionCancel,
    pub(super) subscription_pause: SubscriptionPause,
    pub(super) subscription_update: SubscriptionUpdate,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct CustomerUpdate {
    pub(super) allowed_updates: Vec<CustomerField>,
    pub(super) enabled: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct InvoiceHistory {
    pub(super) enabled: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct PaymentMethodUpdate {
    pub(super) enabled: bool,
    pub(super) payment_method_configuration: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct SubscriptionCancel {
    pub(super) cancellation_reason: CancellationReasons,
    pub(super) enabled: bool,
    pub(super) mode: CancelMode,
    pub(super) proration_behavior: ProrationBehavior,
}

impl Default for SubscriptionCancel {
    fn default() -> Self {
        Self {
            cancellation_reason: CancellationReasons::default(),
            enabled: false,
            mode: CancelMode::AtPeriodEnd,
            proration_behavior: ProrationBehavior::None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct CancellationReasons {
    pub(super) enabled: bool,
    pub(super) feedback_options: Option<Vec<String>>,
    pub(super) options: Vec<CancellationReason>,
}

impl Default for CancellationReasons {
    /// A configuration that never heard of reasons has five, in this order, and they are off. Seen
    /// in recorded answers of 2024 and 2025.
    fn default() -> Self {
        Self {
            enabled: false,
            feedback_options: None,
            options: vec![
                CancellationReason::TooExpensive,
                CancellationReason::MissingFeatures,
                CancellationReason::SwitchedService,
                CancellationReason::Unused,
                CancellationReason::Other,
            ],
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SubscriptionPause {
    pub(super) duration: Pause,
    pub(super) enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Pause {
    pub(super) interval_options: Vec<IntervalOption>,
    #[serde(rename = "type")]
    pub(super) kind: PauseDuration,
}

impl Default for Pause {
    fn default() -> Self {
        Self {
            interval_options: vec![IntervalOption { interval: Interval::Month, interval_count: 1 }],
            kind: PauseDuration::IntervalOptions,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct IntervalOption {
    pub(super) interval: Interval,
    pub(super) interval_count: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct SubscriptionUpdate {
    /// Nothing until it is sent.
    pub(super) billing_cycle_anchor: Option<BillingCycleAnchor>,
    pub(super) default_allowed_updates: Vec<SubscriptionField>,
    pub(super) enabled: bool,
    pub(super) products: Vec<ListedProduct>,
    pub(super) proration_behavior: ProrationBehavior,
    pub(super) schedule_at_period_end: Schedule,
    pub(super) trial_update_behavior: TrialUpdateBehavior,
}

impl Default for SubscriptionUpdate {
    fn default() -> Self {
        Self {
            billing_cycle_anchor: None,
            default_allowed_updates: Vec::new(),
            enabled: false,
            products: Vec::new(),
            proration_behavior: ProrationBehavior::None,
            schedule_at_period_end: Schedule::default(),
            trial_update_behavior: TrialUpdateBehavior::EndTrial,
        }
    }
}

/// A product to whose prices customers can switch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ListedProduct {
    pub(super) adjustable_quantity: AdjustableQuantity,
    pub(super) prices: Vec<String>,
    pub(super) product: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct AdjustableQuantity {
    pub(super) enabled: bool,
    pub(super) maximum: Option<i64>,
    pub(super) minimum: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Schedule {
    pub(super) conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Condition {
    #[serde(rename = "type")]
    pub(super) kind: ScheduleCondition,
}
