//! Creating, reading and changing configurations.

use serde_json::{Value, json};

use super::{CONFIGURATIONS, SWITCHING, Stripe, id};

const NOTHING: &str = "features[invoice_history][enabled]=false";

#[test]
fn create_fills_in_stripes_defaults() {
    let stripe = Stripe::empty();
    let created = stripe.post(CONFIGURATIONS, NOTHING).ok();
    assert_eq!(
        created,
        json!({
            "id": created["id"],
            "object": "billing_portal.configuration",
            "active": true,
            "application": null,
            "business_profile": {
                "headline": null,
                "privacy_policy_url": null,
                "terms_of_service_url": null,
            },
            "created": 1_790_000_000,
            "default_return_url": null,
            "features": {
                "customer_update": { "allowed_updates": [], "enabled": false },
                "invoice_history": { "enabled": false },
                "payment_method_update": {
                    "enabled": false,
                    "payment_method_configuration": null,
                },
                "subscription_cancel": {
                    "cancellation_reason": {
                        "enabled": false,
                        "feedback_options": null,
                        "options": [
                            "too_expensive", "missing_features", "switched_service", "unused",
                            "other",
                        ],
                    },
                    "enabled": false,
                    "mode": "at_period_end",
                    "proration_behavior": "none",
                },
                "subscription_pause": {
                    "duration": {
                        "interval_options": [{ "interval": "month", "interval_count": 1 }],
                        "type": "interval_options",
                    },
                    "enabled": false,
                },
                "subscription_update": {
                    "billing_cycle_anchor": "unchanged",
                    "default_allowed_updates": [],
                    "enabled": false,
                    "proration_behavior": "none",
                    "schedule_at_period_end": { "conditions": [] },
                    "trial_update_behavior": "end_trial",
                },
            },
            "is_default": true,
            "livemode": false,
            "login_page": { "enabled": false, "url": null },
            "metadata": {},
            "name": null,
            "updated": 1_790_000_000,
        })
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of parameters")]
fn every_parameter_of_create_comes_back() {
    let stripe = Stripe::shop();
    let form = [
        "name=Admins",
        "default_return_url=https://example.com/account",
        "business_profile[headline]=Your plan",
        "business_profile[privacy_policy_url]=https://example.com/privacy",
        "business_profile[terms_of_service_url]=https://example.com/terms",
        "login_page[enabled]=true",
        "metadata[role]=admin",
        "features[customer_update][enabled]=true",
        "features[customer_update][allowed_updates][0]=email",
        "features[customer_update][allowed_updates][1]=address",
        "features[invoice_history][enabled]=true",
        "features[payment_method_update][enabled]=true",
        "features[payment_method_update][payment_method_configuration]=pmc_1",
        "features[subscription_cancel][enabled]=true",
        "features[subscription_cancel][mode]=immediately",
        "features[subscription_cancel][proration_behavior]=create_prorations",
        "features[subscription_cancel][cancellation_reason][enabled]=true",
        "features[subscription_cancel][cancellation_reason][options][]=other",
        "features[subscription_cancel][cancellation_reason][feedback_options][]=fbo_1",
        "features[subscription_pause][enabled]=true",
        "features[subscription_pause][duration][type]=interval_options",
        "features[subscription_pause][duration][interval_options][0][interval]=week",
        "features[subscription_pause][duration][interval_options][0][interval_count]=2",
        "features[subscription_pause][duration][interval_options][1][interval]=day",
        "features[subscription_update][enabled]=true",
        "features[subscription_update][default_allowed_updates][]=quantity",
        "features[subscription_update][proration_behavior]=always_invoice",
        "features[subscription_update][billing_cycle_anchor]=now",
        "features[subscription_update][trial_update_behavior]=continue_trial",
        "features[subscription_update][schedule_at_period_end][conditions][0][type]=shortening_interval",
        "features[subscription_update][products][0][product]=prod_pro",
        "features[subscription_update][products][0][prices][]=price_year",
        "features[subscription_update][products][0][prices][]=price_month",
        "features[subscription_update][products][0][adjustable_quantity][enabled]=true",
        "features[subscription_update][products][0][adjustable_quantity][minimum]=2",
        "features[subscription_update][products][0][adjustable_quantity][maximum]=20",
        "expand[]=features.subscription_update.products",
    ]
    .join("&");
    let created = stripe.post(CONFIGURATIONS, &form).ok();

    assert_eq!(created["name"], "Admins");
    assert_eq!(created["default_return_url"], "https://example.com/account");
    assert_eq!(
        created["business_profile"],
        json!({
            "headline": "Your plan",
            "privacy_policy_url": "https://example.com/privacy",
            "terms_of_service_url": "https://example.com/terms",
        })
    );
    assert_eq!(created["metadata"], json!({ "role": "admin" }));
    let url = created["login_page"]["url"].as_str().unwrap();
    assert!(url.starts_with("https://billing.stripe.com/p/login/"), "{url}");
    assert_eq!(
        created["features"],
        json!({
            "customer_update": { "allowed_updates": ["email", "address"], "enabled": true },
            "invoice_history": { "enabled": true },
            "payment_method_update": {
                "enabled": true,
                "payment_method_configuration": "pmc_1",
            },
            "subscription_cancel": {
                "cancellation_reason": {
                    "enabled": true,
                    "feedback_options": ["fbo_1"],
                    "options": ["other"],
                },
                "enabled": true,
                "mode": "immediately",
                "proration_behavior": "create_prorations",
            },
            "subscription_pause": {
                "duration": {
                    "interval_options": [
                        { "interval": "week", "interval_count": 2 },
                        { "interval": "day", "interval_count": 1 },
                    ],
                    "type": "interval_options",
                },
                "enabled": true,
            },
            "subscription_update": {
                "billing_cycle_anchor": "now",
                "default_allowed_updates": ["quantity"],
                "enabled": true,
                "products": [{
                    "adjustable_quantity": { "enabled": true, "maximum": 20, "minimum": 2 },
                    "prices": ["price_year", "price_month"],
                    "product": "prod_pro",
                }],
                "proration_behavior": "always_invoice",
                "schedule_at_period_end": { "conditions": [{ "type": "shortening_interval" }] },
                "trial_update_behavior": "continue_trial",
            },
        })
    );
}

#[test]
fn only_the_first_configuration_of_a_side_becomes_its_default() {
    let mut stripe = Stripe::empty();
    assert_eq!(stripe.post(CONFIGURATIONS, NOTHING).ok()["is_default"], true);
    assert_eq!(stripe.post(CONFIGURATIONS, NOTHING).ok()["is_default"], false);
    stripe.key = "sk_live_51Abc";
    let live = stripe.post(CONFIGURATIONS, NOTHING).ok();
    assert_eq!((&live["is_default"], &live["livemode"]), (&json!(true), &json!(true)));
}

#[test]
fn products_are_in_no_answer_that_does_not_ask_for_them() {
    let stripe = Stripe::shop();
    let expand = "expand[]=features.subscription_update.products";
    let products = |answer: &Value| {
        let feature = answer["features"]["subscription_update"].as_object().unwrap();
        feature.get("products").map(|products| products.as_array().unwrap().len())
    };

    let created = stripe.post(CONFIGURATIONS, SWITCHING).ok();
    let path = format!("{CONFIGURATIONS}/{}", id(&created));
    assert_eq!(products(&created), None);
    assert_eq!(products(&stripe.get(&path).ok()), None);
    assert_eq!(products(&stripe.post(&path, "").ok()), None);
    assert_eq!(products(&stripe.get(CONFIGURATIONS).ok()["data"][0]), None);

    assert_eq!(products(&stripe.get(&format!("{path}?{expand}")).ok()), Some(1));
    assert_eq!(products(&stripe.post(&path, expand).ok()), Some(1));
    let list = format!("{CONFIGURATIONS}?expand[]=data.features.subscription_update.products");
    assert_eq!(products(&stripe.get(&list).ok()["data"][0]), Some(1));
    let other = stripe.post(CONFIGURATIONS, &format!("{SWITCHING}&{expand}")).ok();
    assert_eq!(products(&other), Some(1));
}

#[test]
fn update_leaves_alone_what_it_does_not_name() {
    let stripe = Stripe::shop();
    let form = format!("{SWITCHING}&name=A&metadata[a]=1&features[customer_update][enabled]=true");
    let configuration = stripe.create(&form);
    let before = stripe.read(&configuration);
    stripe.wait(5);

    stripe.update(&configuration, "features[subscription_cancel][mode]=immediately").ok();

    let mut expected = before;
    expected["features"]["subscription_cancel"]["mode"] = json!("immediately");
    expected["updated"] = json!(1_790_000_005);
    assert_eq!(stripe.read(&configuration), expected);
}

#[test]
fn lists_are_replaced_whole() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(SWITCHING);
    stripe
        .update(
            &configuration,
            "features[subscription_update][products][0][product]=prod_team\
             &features[subscription_update][products][0][prices][0]=price_team\
             &features[subscription_update][default_allowed_updates][0]=quantity",
        )
        .ok();
    let update = &stripe.read(&configuration)["features"]["subscription_update"];
    assert_eq!(update["products"].as_array().unwrap().len(), 1);
    assert_eq!(update["products"][0]["product"], "prod_team");
    assert_eq!(update["default_allowed_updates"], json!(["quantity"]));
}

#[test]
fn the_empty_string_clears() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(&format!(
        "{SWITCHING}&name=A&default_return_url=https://example.com\
         &business_profile[headline]=H&business_profile[privacy_policy_url]=https://example.com/p\
         &business_profile[terms_of_service_url]=https://example.com/t\
         &features[customer_update][enabled]=true&features[customer_update][allowed_updates][]=name\
         &features[payment_method_update][enabled]=true\
         &features[payment_method_update][payment_method_configuration]=pmc_1\
         &features[subscription_update][schedule_at_period_end][conditions][0][type]=shortening_interval"
    ));
    stripe
        .update(
            &configuration,
            "name=&default_return_url=&business_profile[headline]=\
             &business_profile[privacy_policy_url]=&business_profile[terms_of_service_url]=\
             &features[customer_update][allowed_updates]=\
             &features[payment_method_update][enabled]=true\
             &features[payment_method_update][payment_method_configuration]=\
             &features[subscription_cancel][cancellation_reason][enabled]=false\
             &features[subscription_cancel][cancellation_reason][options]=\
             &features[subscription_update][enabled]=false\
             &features[subscription_update][default_allowed_updates]=\
             &features[subscription_update][products]=\
             &features[subscription_update][schedule_at_period_end][conditions]=",
        )
        .ok();

    let cleared = stripe.read(&configuration);
    assert_eq!(cleared["name"], Value::Null);
    assert_eq!(cleared["default_return_url"], Value::Null);
    assert_eq!(
        cleared["business_profile"],
        json!({ "headline": null, "privacy_policy_url": null, "terms_of_service_url": null })
    );
    let features = &cleared["features"];
    assert_eq!(features["customer_update"], json!({ "allowed_updates": [], "enabled": true }));
    let payment = &features["payment_method_update"];
    assert_eq!(payment["payment_method_configuration"], Value::Null);
    let reason = &features["subscription_cancel"]["cancellation_reason"];
    assert_eq!(reason["options"], json!([]));
    let update = &features["subscription_update"];
    assert_eq!(update["default_allowed_updates"], json!([]));
    assert_eq!(update["products"], json!([]));
    assert_eq!(update["schedule_at_period_end"], json!({ "conditions": [] }));
}

#[test]
fn metadata_is_merged_by_key_and_dropped_as_a_whole() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(&format!("{NOTHING}&metadata[a]=1&metadata[b]=2"));
    let changed = stripe.update(&configuration, "metadata[b]=3&metadata[c]=4&metadata[a]=").ok();
    assert_eq!(changed["metadata"], json!({ "b": "3", "c": "4" }));
    let dropped = stripe.update(&configuration, "metadata=").ok();
    assert_eq!(dropped["metadata"], json!({}));
}

#[test]
fn a_pause_without_end_has_no_presets() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    let form = "features[subscription_pause][duration][type]=indefinite";
    let changed = stripe.update(&configuration, form).ok();
    assert_eq!(
        changed["features"]["subscription_pause"]["duration"],
        json!({ "interval_options": [], "type": "indefinite" })
    );
}

#[test]
fn a_login_page_has_an_address_while_it_is_on() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    let on = stripe.update(&configuration, "login_page[enabled]=true").ok();
    assert!(on["login_page"]["url"].is_string());
    let off = stripe.update(&configuration, "login_page[enabled]=false").ok();
    assert_eq!(off["login_page"], json!({ "enabled": false, "url": null }));
}

#[test]
fn a_configuration_can_be_retired_and_brought_back() {
    let stripe = Stripe::empty();
    stripe.create(NOTHING);
    let configuration = stripe.create(NOTHING);
    assert_eq!(stripe.update(&configuration, "active=false&name=x").ok()["active"], false);
    assert_eq!(stripe.update(&configuration, "active=true").ok()["active"], true);
}

#[test]
fn ids_are_the_same_in_every_run() {
    let one = Stripe::empty();
    let other = Stripe::empty();
    assert_eq!(one.create(NOTHING), other.create(NOTHING));
    let account = one.get("/v1/account").ok();
    let block = &id(&account)["acct_1Em0Lt".len()..];
    assert!(one.create(NOTHING).contains(block), "{block}");
}
