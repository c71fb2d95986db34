//! Deep links into the portal. A link to what the configuration doesn't offer is refused.
//!
//! The emulator has no subscriptions, so it takes any id of one.

use serde_json::{Value, json};

use crate::emulator::catalogue::Price;
use crate::emulator::configuration::{Configuration, Features};
use crate::emulator::error::ApiError;
use crate::emulator::parameter::WebAddress;
use crate::emulator::params::Params;
use crate::emulator::state::Call;
use crate::emulator::vocabulary::{AfterCompletion, FlowType, Retention, Vocabulary};

pub(super) struct Flow {
    /// Nothing only where the type couldn't be read, and then there is a problem.
    kind: Option<FlowType>,
    after_completion: Value,
    cancel: Option<Value>,
    pause: Option<Value>,
    update: Option<Value>,
    confirm: Option<Confirm>,
}

impl Flow {
    pub(super) fn read(params: &mut Params<'_>) -> Self {
        params.require(&["type"]);
        let flow = Self {
            kind: params.get("type"),
            after_completion: params.object("after_completion", after_completion).unwrap_or_else(
                || {
                    json!({
                        "hosted_confirmation": null,
                        "redirect": null,
                        "type": AfterCompletion::PortalHomepage,
                    })
                },
            ),
            cancel: params.object("subscription_cancel", |params| {
                let retention = params.object("retention", retention);
                json!({ "retention": retention, "subscription": subscription(params) })
            }),
            pause: params.object(
                "subscription_pause",
                |params| json!({ "subscription": subscription(params) }),
            ),
            update: params.object(
                "subscription_update",
                |params| json!({ "subscription": subscription(params) }),
            ),
            confirm: params.object("subscription_update_confirm", Confirm::read),
        };
        flow.check_details(params);
        flow
    }

    /// What it leads to.
    pub(super) fn kind(&self) -> Option<FlowType> {
        self.kind
    }

    pub(super) fn json(&self) -> Value {
        let Self { kind, after_completion, cancel, pause, update, confirm } = self;
        json!({
            "after_completion": after_completion,
            "customer_update": (*kind == Some(FlowType::CustomerUpdate)).then(|| json!({})),
            "subscription_cancel": cancel,
            "subscription_pause": pause,
            "subscription_update": update,
            "subscription_update_confirm": confirm.as_ref().map(Confirm::json),
            "type": kind,
        })
    }

    /// A type that is about a subscription needs the object that names it.
    fn check_details(&self, params: &Params<'_>) {
        let Some(kind) = self.kind else {
            return;
        };
        let is_there = match kind {
            FlowType::CustomerUpdate | FlowType::PaymentMethodUpdate => true,
            FlowType::SubscriptionCancel => self.cancel.is_some(),
            FlowType::SubscriptionPause => self.pause.is_some(),
            FlowType::SubscriptionUpdate => self.update.is_some(),
            FlowType::SubscriptionUpdateConfirm => self.confirm.is_some(),
        };
        if !is_there {
            params.problem(ApiError::missing(params.path_of(kind.as_str())));
        }
    }

    pub(super) fn check(
        &self,
        call: &Call<'_>,
        configuration: &Configuration,
    ) -> Result<(), ApiError> {
        let Some(kind) = self.kind else {
            return Ok(());
        };
        check_enabled(kind, &configuration.features)?;
        match &self.confirm {
            Some(confirm) => confirm.check(call, configuration),
            None => Ok(()),
        }
    }
}

/// Refuses a link to a feature that is off. What is said about updates was reported by many users;
/// the others are made in its likeness.
fn check_enabled(kind: FlowType, features: &Features) -> Result<(), ApiError> {
    let (is_enabled, refused, feature) = match kind {
        FlowType::CustomerUpdate => {
            (features.customer_update.enabled, "customer cannot be updated", "customer update")
        }
        FlowType::PaymentMethodUpdate => (
            features.payment_method_update.enabled,
            "payment method cannot be updated",
            "payment method update",
        ),
        FlowType::SubscriptionCancel => (
            features.subscription_cancel.enabled,
            "subscription cannot be canceled",
            "subscription cancellation",
        ),
        FlowType::SubscriptionPause => (
            features.subscription_pause.enabled,
            "subscription cannot be paused",
            "subscription pause",
        ),
        FlowType::SubscriptionUpdate | FlowType::SubscriptionUpdateConfirm => (
            features.subscription_update.enabled,
            "subscription cannot be updated",
            "subscription update",
        ),
    };
    if is_enabled {
        return Ok(());
    }
    Err(ApiError::refused(format!(
        "This {refused} because the {feature} feature in the portal configuration is disabled."
    )))
}

/// A change of a subscription that the customer only has to confirm.
struct Confirm {
    discounts: Option<Vec<Value>>,
    items: Vec<Item>,
    subscription: Value,
}

struct Item {
    id: String,
    price: Option<String>,
    quantity: Option<i64>,
}

impl Confirm {
    fn read(params: &mut Params<'_>) -> Self {
        params.require(&["items"]);
        let confirm = Self {
            discounts: params.objects("discounts", |params| {
                json!({
                    "coupon": params.get::<String>("coupon"),
                    "promotion_code": params.get::<String>("promotion_code"),
                })
            }),
            items: params
                .objects("items", |params| {
                    params.require(&["id"]);
                    Item {
                        id: params.get("id").unwrap_or_default(),
                        price: params.get("price"),
                        quantity: params.get("quantity"),
                    }
                })
                .unwrap_or_default(),
            subscription: subscription(params),
        };
        let n_discounts = confirm.discounts.as_ref().map_or(0, Vec::len);
        for (name, n_elements) in [("items", confirm.items.len()), ("discounts", n_discounts)] {
            if n_elements > 1 {
                params.problem(ApiError::too_many(params.path_of(name), 1));
            }
        }
        confirm
    }

    /// The refusals were reported by users.
    fn check(&self, call: &Call<'_>, configuration: &Configuration) -> Result<(), ApiError> {
        for (index, item) in self.items.iter().enumerate() {
            let Some(id) = &item.price else {
                continue;
            };
            let param = format!("flow_data[subscription_update_confirm][items][{index}][price]");
            call.at_param::<Price>(id, &param)?;
            let products = &configuration.features.subscription_update.products;
            if !products.iter().any(|product| product.prices.contains(id)) {
                let (item, configuration) = (&item.id, &configuration.id);
                return Err(ApiError::refused(format!(
                    "The item `{item}` cannot be updated to price `{id}` because the configuration \
                     `{configuration}` does not include the price in its \
                     `features[subscription_update][products]`."
                )));
            }
        }
        let has_item_change = |item: &Item| item.price.is_some() || item.quantity.is_some();
        if !self.items.iter().any(has_item_change) && self.discounts.is_none() {
            return Err(ApiError::refused(
                "Cannot update the subscription because there are no changes to confirm.",
            ));
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let item =
            |item: &Item| json!({ "id": item.id, "price": item.price, "quantity": item.quantity });
        json!({
            "discounts": self.discounts,
            "items": self.items.iter().map(item).collect::<Vec<_>>(),
            "subscription": self.subscription,
        })
    }
}

fn subscription(params: &mut Params<'_>) -> Value {
    params.require(&["subscription"]);
    json!(params.get::<String>("subscription"))
}

fn retention(params: &mut Params<'_>) -> Value {
    params.require(&["coupon_offer", "type"]);
    let coupon = params.object("coupon_offer", |params| {
        params.require(&["coupon"]);
        params.get::<String>("coupon")
    });
    json!({
        "coupon_offer": { "coupon": coupon.flatten() },
        "type": params.get::<Retention>("type"),
    })
}

fn after_completion(params: &mut Params<'_>) -> Value {
    params.require(&["type"]);
    let kind = params.get::<AfterCompletion>("type");
    if kind == Some(AfterCompletion::Redirect) {
        params.require(&["redirect"]);
    }
    json!({
        "hosted_confirmation": params.object("hosted_confirmation", |params| {
            json!({ "custom_message": params.get::<String>("custom_message") })
        }),
        "redirect": params.object("redirect", |params| {
            params.require(&["return_url"]);
            let address = params.get("return_url");
            json!({ "return_url": address.map(|WebAddress(address)| address) })
        }),
        "type": kind,
    })
}
