//! Every object has exactly the fields of Stripe's published type, version 2026-10-28.endive.

use serde_json::Value;

use super::{CONFIGURATIONS, SWITCHING, Stripe, id};

/// The paths to all fields of an object, sorted. Items of lists are `[]`; what a user named, such as
/// metadata, isn't looked into.
fn fields(value: &Value) -> Vec<String> {
    fn collect(value: &Value, path: &str, found: &mut Vec<String>) {
        if let Some(object) = value.as_object() {
            for (name, value) in object {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                found.push(path.clone());
                if name != "metadata" {
                    collect(value, &path, found);
                }
            }
        }
        for item in value.as_array().into_iter().flatten() {
            collect(item, &format!("{path}[]"), found);
        }
    }
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found.sort();
    found.dedup();
    found
}

/// Expands `a{b,c{d}}` to `a`, `a.b`, `a.c`, `a.c.d`.
fn shape(compact: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut prefixes: Vec<String> = vec![String::new()];
    let mut name = String::new();
    for symbol in compact.chars().filter(|symbol| !symbol.is_whitespace()).chain([',']) {
        match symbol {
            '{' | '}' | ',' => {
                let full = format!("{}{name}", prefixes.last().unwrap());
                if !name.is_empty() {
                    found.push(full.trim_end_matches("[]").to_owned());
                }
                name.clear();
                match symbol {
                    '{' => prefixes.push(format!("{full}.")),
                    '}' => drop(prefixes.pop()),
                    _ => {}
                }
            }
            _ => name.push(symbol),
        }
    }
    found.sort();
    found
}

const CONFIGURATION: &str = "
    id, object, active, application,
    business_profile{headline, privacy_policy_url, terms_of_service_url},
    created, default_return_url,
    features{
        customer_update{allowed_updates, enabled},
        invoice_history{enabled},
        payment_method_update{enabled, payment_method_configuration},
        subscription_cancel{
            cancellation_reason{enabled, feedback_options, options},
            enabled, mode, proration_behavior
        },
        subscription_pause{duration{interval_options[]{interval, interval_count}, type}, enabled},
        subscription_update{
            billing_cycle_anchor, default_allowed_updates, enabled,
            products[]{adjustable_quantity{enabled, maximum, minimum}, prices, product},
            proration_behavior, schedule_at_period_end{conditions[]{type}}, trial_update_behavior
        }
    },
    is_default, livemode, login_page{enabled, url}, metadata, name, updated";

#[test]
fn a_configuration_has_stripes_fields() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(&format!(
        "{SWITCHING}&features[subscription_update][schedule_at_period_end][conditions][0][type]\
         =shortening_interval"
    ));
    assert_eq!(fields(&stripe.read(&configuration)), shape(CONFIGURATION));
    assert_eq!(fields(&stripe.emulator.configurations(false)[0]), shape(CONFIGURATION));
    let unexpanded: Vec<String> = shape(CONFIGURATION)
        .into_iter()
        .filter(|path| !path.starts_with("features.subscription_update.products"))
        .collect();
    let path = format!("{CONFIGURATIONS}/{configuration}");
    assert_eq!(fields(&stripe.get(&path).ok()), unexpanded);
    assert_eq!(fields(&stripe.post(&path, "").ok()), unexpanded);
}

#[test]
fn a_list_has_stripes_fields() {
    let list = Stripe::empty().get(CONFIGURATIONS).ok();
    assert_eq!(fields(&list), shape("object, data, has_more, url"));
}

#[test]
fn a_session_has_stripes_fields() {
    let stripe = Stripe::shop();
    stripe.create(SWITCHING);
    let confirm = "flow_data[subscription_update_confirm]";
    let form = format!(
        "customer=cus_ada&flow_data[type]=subscription_update_confirm\
         &flow_data[after_completion][type]=redirect\
         &flow_data[after_completion][redirect][return_url]=https://example.com\
         &{confirm}[subscription]=sub_1&{confirm}[items][0][id]=si_1&{confirm}[items][0][quantity]=2\
         &{confirm}[discounts][0][coupon]=c\
         &after_expiration[type]=customer_login&after_expiration[customer_login][expires_at]=1"
    );
    assert_eq!(
        fields(&stripe.post("/v1/billing_portal/sessions", &form).ok()),
        shape(
            "id, object, after_expiration{customer_login{expires_at}, type}, configuration, created,
             customer, customer_account,
             flow{
                after_completion{hosted_confirmation, redirect{return_url}, type},
                customer_update, subscription_cancel, subscription_pause, subscription_update,
                subscription_update_confirm{
                    discounts[]{coupon, promotion_code}, items[]{id, price, quantity}, subscription
                },
                type
             },
             livemode, locale, on_behalf_of, return_url, url"
        )
    );
}

#[test]
fn a_product_has_stripes_fields() {
    let product = Stripe::shop().get("/v1/products/prod_pro").ok();
    assert_eq!(
        fields(&product),
        shape(
            "id, object, active, created, default_price, description, images, livemode,
             marketing_features, metadata, name, package_dimensions, shippable,
             statement_descriptor, tax_code, tax_details, type, unit_label, updated, url"
        )
    );
}

#[test]
fn a_price_has_stripes_fields() {
    let price = Stripe::shop().get("/v1/prices/price_month").ok();
    assert_eq!(
        fields(&price),
        shape(
            "id, object, active, billing_scheme, created, currency, custom_unit_amount, livemode,
             lookup_key, metadata, nickname, product,
             recurring{interval, interval_count, meter, trial_period_days, usage_type},
             tax_behavior, tiers_mode, transform_quantity, type, unit_amount, unit_amount_decimal"
        )
    );
}

#[test]
fn a_customer_has_stripes_fields() {
    let customer = Stripe::shop().get("/v1/customers/cus_ada").ok();
    assert_eq!(
        fields(&customer),
        shape(
            "id, object, address, balance, created, currency, customer_account, default_source,
             delinquent, description, discount, email, invoice_prefix,
             invoice_settings{custom_fields, default_payment_method, footer, rendering_options},
             livemode, metadata, name, next_invoice_sequence, phone, preferred_locales, shipping,
             tax_exempt, test_clock"
        )
    );
}

#[test]
fn a_refusal_has_stripes_fields() {
    let stripe = Stripe::empty();
    let known = ["code", "doc_url", "message", "param", "request_log_url", "type"];
    for reply in [
        stripe.get(&format!("{CONFIGURATIONS}/bpc_x")),
        stripe.post(CONFIGURATIONS, ""),
        stripe.get("/v1/x"),
    ] {
        assert_eq!(fields(&reply.body)[0], "error");
        let error = reply.body["error"].as_object().unwrap();
        assert!(error.keys().all(|name| known.contains(&name.as_str())), "{error:?}");
        assert_eq!(error["type"], "invalid_request_error");
    }
}

#[test]
fn replies_are_as_readable_as_stripes() {
    let stripe = Stripe::empty();
    let configuration = stripe.create("features[invoice_history][enabled]=true");
    let request = stripe.request("GET", &format!("{CONFIGURATIONS}/{configuration}"));
    let response = stripe.emulator.handle(request.body(Vec::new()).unwrap());
    let text = String::from_utf8(response.body().clone()).unwrap();
    let id = id(&serde_json::from_str(&text).unwrap());
    assert!(text.starts_with(&format!("{{\n  \"id\": \"{id}\",\n")), "{text}");
}
