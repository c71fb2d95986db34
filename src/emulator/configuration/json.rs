//! A configuration as Stripe answers it.

use serde_json::{Map, Value, json};

use super::{Configuration, Features, SubscriptionUpdate};
use crate::emulator::expand::Expand;
use crate::emulator::quirks::Quirks;
use crate::emulator::state::Call;

/// What can be expanded. The products are left out of every answer that doesn't ask for them.
pub(in crate::emulator) const EXPANDABLE: &[&str] =
    &["application", PRODUCTS, "features.subscription_cancel.cancellation_reason.feedback_options"];

pub(in crate::emulator) const PRODUCTS: &str = "features.subscription_update.products";

/// The whole object.
pub(in crate::emulator) fn json(
    call: &Call<'_>,
    configuration: &Configuration,
    expand: &Expand,
) -> Value {
    let Configuration {
        id,
        active,
        application,
        business_profile,
        created,
        default_return_url,
        features,
        is_default,
        login_page,
        metadata,
        name,
        updated,
    } = configuration;
    json!({
        "id": id,
        "object": "billing_portal.configuration",
        "active": active,
        "application": match application {
            Some(id) if expand.wants("application") => {
                json!({ "id": id, "object": "application", "name": null })
            }
            Some(_) | None => json!(application),
        },
        "business_profile": business_profile,
        "created": created,
        "default_return_url": default_return_url,
        "features": features_json(features, expand, call.quirks),
        "is_default": is_default,
        "livemode": call.livemode(),
        "login_page": { "enabled": login_page.enabled, "url": login_page.url },
        "metadata": metadata,
        "name": name,
        "updated": updated,
    })
}

fn features_json(features: &Features, expand: &Expand, quirks: &Quirks) -> Value {
    let Features {
        customer_update,
        invoice_history,
        payment_method_update,
        subscription_cancel,
        subscription_pause,
        subscription_update,
    } = features;
    json!({
        "customer_update": customer_update,
        "invoice_history": invoice_history,
        "payment_method_update": payment_method_update,
        "subscription_cancel": subscription_cancel,
        "subscription_pause": subscription_pause,
        "subscription_update": update_json(subscription_update, expand, quirks),
    })
}

fn update_json(feature: &SubscriptionUpdate, expand: &Expand, quirks: &Quirks) -> Value {
    let SubscriptionUpdate {
        billing_cycle_anchor,
        default_allowed_updates,
        enabled,
        products,
        proration_behavior,
        schedule_at_period_end,
        trial_update_behavior,
    } = feature;
    let mut fields = Map::new();
    let mut field = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    field(
        "billing_cycle_anchor",
        match billing_cycle_anchor {
            None if !quirks.anchor_is_null_by_default => json!("unchanged"),
            None | Some(_) => json!(billing_cycle_anchor),
        },
    );
    field("default_allowed_updates", json!(default_allowed_updates));
    field("enabled", json!(enabled));
    if expand.wants(PRODUCTS) {
        let is_null = products.is_empty() && quirks.no_products_is_null;
        field("products", if is_null { Value::Null } else { json!(products) });
    }
    field("proration_behavior", json!(proration_behavior));
    field("schedule_at_period_end", json!(schedule_at_period_end));
    field("trial_update_behavior", json!(trial_update_behavior));
    Value::Object(fields)
}
