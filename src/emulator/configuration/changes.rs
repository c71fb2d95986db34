//! The parameters of create and update.
//!
//! They are one tree. What differs is which parameters are required and which can be emptied; both
//! are said here, at the parameter. Stripe's SDK for Node, version 23.1, is where it comes from.

use crate::emulator::configuration::{Condition, IntervalOption};
use crate::emulator::metadata::{self, Entries};
use crate::emulator::parameter::{Parameter, WebAddress};
use crate::emulator::params::{Edit, Params};
use crate::emulator::vocabulary::{
    BillingCycleAnchor, CancelMode, CancellationReason, CustomerField, Interval, PauseDuration,
    ProrationBehavior, SubscriptionField, TrialUpdateBehavior,
};

/// Which of the two requests is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    Update,
}

impl Verb {
    /// A create requires these; an update that leaves them out leaves them as they are.
    fn require_on_create(self, params: &Params<'_>, names: &[&str]) {
        match self {
            Self::Create => params.require(names),
            Self::Update => {}
        }
    }

    /// The empty string clears this on update; on create it is refused.
    fn edit_on_update<T: Parameter>(self, params: &mut Params<'_>, name: &str) -> Edit<T> {
        match self {
            Self::Create => params.get(name).into(),
            Self::Update => params.edit(name),
        }
    }
}

pub(super) struct Changes {
    pub(super) active: Option<bool>,
    pub(super) business_profile: Option<BusinessProfileChanges>,
    pub(super) default_return_url: Edit<WebAddress>,
    pub(super) features: Option<FeatureChanges>,
    pub(super) login_page_enabled: Option<bool>,
    pub(super) metadata: Edit<Entries>,
    pub(super) name: Edit<String>,
}

impl Changes {
    pub(super) fn read(params: &mut Params<'_>, verb: Verb) -> Self {
        verb.require_on_create(params, &["features"]);
        Self {
            active: match verb {
                Verb::Create => None,
                Verb::Update => params.get("active"),
            },
            business_profile: params.object("business_profile", |params| BusinessProfileChanges {
                headline: params.edit("headline"),
                privacy_policy_url: verb.edit_on_update(params, "privacy_policy_url"),
                terms_of_service_url: verb.edit_on_update(params, "terms_of_service_url"),
            }),
            default_return_url: params.edit("default_return_url"),
            features: params.object("features", |params| FeatureChanges::read(params, verb)),
            login_page_enabled: params
                .object("login_page", |params| {
                    params.require(&["enabled"]);
                    params.get("enabled")
                })
                .flatten(),
            metadata: match verb {
                Verb::Create => metadata::get(params),
                Verb::Update => metadata::edit(params),
            },
            name: params.edit("name"),
        }
    }
}

pub(super) struct BusinessProfileChanges {
    pub(super) headline: Edit<String>,
    pub(super) privacy_policy_url: Edit<WebAddress>,
    pub(super) terms_of_service_url: Edit<WebAddress>,
}

pub(super) struct FeatureChanges {
    pub(super) customer_update: Option<CustomerUpdateChanges>,
    pub(super) invoice_history: Option<Option<bool>>,
    pub(super) payment_method_update: Option<PaymentMethodUpdateChanges>,
    pub(super) subscription_cancel: Option<CancelChanges>,
    pub(super) subscription_pause: Option<PauseChanges>,
    pub(super) subscription_update: Option<UpdateChanges>,
}

impl FeatureChanges {
    fn read(params: &mut Params<'_>, verb: Verb) -> Self {
        Self {
            customer_update: params.object("customer_update", |params| {
                verb.require_on_create(params, &["enabled"]);
                CustomerUpdateChanges {
                    allowed_updates: params.edit("allowed_updates"),
                    enabled: params.get("enabled"),
                }
            }),
            invoice_history: params.object("invoice_history", |params| {
                params.require(&["enabled"]);
                params.get("enabled")
            }),
            payment_method_update: params.object("payment_method_update", |params| {
                params.require(&["enabled"]);
                PaymentMethodUpdateChanges {
                    enabled: params.get("enabled"),
                    payment_method_configuration: params.edit("payment_method_configuration"),
                }
            }),
            subscription_cancel: params
                .object("subscription_cancel", |params| CancelChanges::read(params, verb)),
            subscription_pause: params.object("subscription_pause", PauseChanges::read),
            subscription_update: params
                .object("subscription_update", |params| UpdateChanges::read(params, verb)),
        }
    }
}

pub(super) struct CustomerUpdateChanges {
    pub(super) allowed_updates: Edit<Vec<CustomerField>>,
    pub(super) enabled: Option<bool>,
}

pub(super) struct PaymentMethodUpdateChanges {
    pub(super) enabled: Option<bool>,
    pub(super) payment_method_configuration: Edit<String>,
}

pub(super) struct CancelChanges {
    pub(super) cancellation_reason: Option<ReasonChanges>,
    pub(super) enabled: Option<bool>,
    pub(super) mode: Option<CancelMode>,
    pub(super) proration_behavior: Option<ProrationBehavior>,
}

impl CancelChanges {
    fn read(params: &mut Params<'_>, verb: Verb) -> Self {
        verb.require_on_create(params, &["enabled"]);
        Self {
            cancellation_reason: params.object("cancellation_reason", |params| {
                params.require(&["enabled"]);
                verb.require_on_create(params, &["options"]);
                ReasonChanges {
                    enabled: params.get("enabled"),
                    feedback_options: params.edit("feedback_options"),
                    options: params.edit("options"),
                }
            }),
            enabled: params.get("enabled"),
            mode: params.get("mode"),
            proration_behavior: params.get("proration_behavior"),
        }
    }
}

pub(super) struct ReasonChanges {
    pub(super) enabled: Option<bool>,
    pub(super) feedback_options: Edit<Vec<String>>,
    pub(super) options: Edit<Vec<CancellationReason>>,
}

pub(super) struct PauseChanges {
    pub(super) duration: Option<DurationChanges>,
    pub(super) enabled: Option<bool>,
}

impl PauseChanges {
    fn read(params: &mut Params<'_>) -> Self {
        Self {
            duration: params.object("duration", |params| {
                params.require(&["type"]);
                DurationChanges {
                    interval_options: params.edit_objects("interval_options", |params| {
                        params.require(&["interval"]);
                        IntervalOption {
                            interval: params.get("interval").unwrap_or(Interval::Month),
                            interval_count: params.get("interval_count").unwrap_or(1),
                        }
                    }),
                    kind: params.get("type"),
                }
            }),
            enabled: params.get("enabled"),
        }
    }
}

pub(super) struct DurationChanges {
    pub(super) interval_options: Edit<Vec<IntervalOption>>,
    pub(super) kind: Option<PauseDuration>,
}

pub(super) struct UpdateChanges {
    pub(super) billing_cycle_anchor: Option<BillingCycleAnchor>,
    pub(super) default_allowed_updates: Edit<Vec<SubscriptionField>>,
    pub(super) enabled: Option<bool>,
    pub(super) products: Edit<Vec<ProductEntry>>,
    pub(super) proration_behavior: Option<ProrationBehavior>,
    pub(super) conditions: Edit<Vec<Condition>>,
    pub(super) trial_update_behavior: Option<TrialUpdateBehavior>,
}

impl UpdateChanges {
    fn read(params: &mut Params<'_>, verb: Verb) -> Self {
        verb.require_on_create(params, &["enabled"]);
        Self {
            billing_cycle_anchor: params.get("billing_cycle_anchor"),
            default_allowed_updates: params.edit("default_allowed_updates"),
            enabled: params.get("enabled"),
            products: params.edit_objects("products", ProductEntry::read),
            proration_behavior: params.get("proration_behavior"),
            conditions: params
                .object("schedule_at_period_end", |params| conditions(params, verb))
                .unwrap_or(Edit::Keep),
            trial_update_behavior: params.get("trial_update_behavior"),
        }
    }
}

fn conditions(params: &mut Params<'_>, verb: Verb) -> Edit<Vec<Condition>> {
    // An item whose type couldn't be read has a problem already and stands for nothing.
    let read = |params: &mut Params<'_>| {
        params.require(&["type"]);
        params.get("type").map(|kind| Condition { kind })
    };
    let conditions = match verb {
        Verb::Create => params.objects("conditions", read).into(),
        Verb::Update => params.edit_objects("conditions", read),
    };
    conditions.map(|conditions| conditions.into_iter().flatten().collect())
}

/// A product as a request lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProductEntry {
    pub(super) product: String,
    pub(super) prices: Vec<String>,
    pub(super) adjustable_quantity: Option<QuantityEntry>,
}

impl ProductEntry {
    fn read(params: &mut Params<'_>) -> Self {
        params.require(&["prices", "product"]);
        Self {
            product: params.get("product").unwrap_or_default(),
            prices: params.get("prices").unwrap_or_default(),
            adjustable_quantity: params.object("adjustable_quantity", |params| {
                params.require(&["enabled"]);
                QuantityEntry {
                    enabled: params.get("enabled").unwrap_or_default(),
                    maximum: params.get("maximum"),
                    minimum: params.get("minimum"),
                }
            }),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QuantityEntry {
    pub(super) enabled: bool,
    pub(super) maximum: Option<i64>,
    pub(super) minimum: Option<i64>,
}
