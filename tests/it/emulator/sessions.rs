//! Portal sessions.

use serde_json::json;

use super::{SWITCHING, Stripe};

const SESSIONS: &str = "/v1/billing_portal/sessions";
const NOTHING: &str = "features[invoice_history][enabled]=false";

#[test]
fn a_session_uses_the_default_configuration() {
    let stripe = Stripe::shop();
    let default = stripe.create(&format!("{NOTHING}&default_return_url=https://example.com/home"));
    stripe.create(NOTHING);
    let session = stripe.post(SESSIONS, "customer=cus_ada").ok();
    assert_eq!(
        session,
        json!({
            "id": session["id"],
            "object": "billing_portal.session",
            "after_expiration": null,
            "configuration": default,
            "created": 1_790_000_000,
            "customer": "cus_ada",
            "customer_account": null,
            "flow": null,
            "livemode": false,
            "locale": null,
            "on_behalf_of": null,
            "return_url": "https://example.com/home",
            "url": session["url"],
        })
    );
    let url = session["url"].as_str().unwrap();
    assert!(url.starts_with("https://billing.stripe.com/p/session/test_"), "{url}");
}

#[test]
fn a_session_takes_what_it_is_given() {
    let stripe = Stripe::shop();
    stripe.create(NOTHING);
    let configuration = stripe.create(SWITCHING);
    let session = stripe
        .post(
            SESSIONS,
            &format!(
                "customer=cus_ada&configuration={configuration}&locale=pt-BR\
                 &return_url=https://example.com/back\
                 &expand[]=configuration.features.subscription_update.products"
            ),
        )
        .ok();
    assert_eq!(session["return_url"], "https://example.com/back");
    assert_eq!(session["locale"], "pt-BR");
    assert_eq!(session["configuration"], stripe.read(&configuration));
}

#[test]
fn without_a_default_there_is_no_session() {
    let mut stripe = Stripe::shop();
    assert_eq!(
        stripe.post(SESSIONS, "customer=cus_ada").refusal(),
        (
            400,
            "",
            "",
            "No configuration provided and your test mode default configuration has not been \
             created. Provide a configuration or create your default by saving your customer \
             portal settings in test mode at \
             https://dashboard.stripe.com/test/settings/billing/portal."
        )
    );
    stripe.key = "sk_live_51Abc";
    let customer = stripe.post("/v1/customers", "").ok();
    let form = format!("customer={}", customer["id"].as_str().unwrap());
    let refused = stripe.post(SESSIONS, &form);
    let message = refused.refusal().3;
    assert!(message.contains("your live mode default"), "{message}");
    assert!(
        message.ends_with("https://dashboard.stripe.com/settings/billing/portal."),
        "{message}"
    );
}

#[test]
fn customer_and_configuration_must_exist() {
    let stripe = Stripe::shop();
    stripe.create(NOTHING);
    assert_eq!(stripe.post(SESSIONS, "").refusal().1, "parameter_missing");
    assert_eq!(
        stripe.post(SESSIONS, "customer=cus_x").refusal(),
        (400, "resource_missing", "customer", "No such customer: 'cus_x'")
    );
    assert_eq!(
        stripe.post(SESSIONS, "customer=cus_ada&configuration=bpc_x").refusal(),
        (400, "resource_missing", "configuration", "No such configuration: 'bpc_x'")
    );
    assert_eq!(stripe.post(SESSIONS, "customer=cus_ada&locale=xx").refusal().2, "locale");
}

#[test]
fn an_inactive_configuration_opens_no_session() {
    let stripe = Stripe::shop();
    stripe.create(NOTHING);
    let configuration = stripe.create(NOTHING);
    stripe.update(&configuration, "active=false").ok();
    let refused = stripe.post(SESSIONS, &format!("customer=cus_ada&configuration={configuration}"));
    assert_eq!((refused.refusal().0, refused.refusal().2), (400, "configuration"));
}

#[test]
fn a_deep_link_needs_its_feature() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(NOTHING);
    for (kind, details, switch) in [
        ("customer_update", "", "customer_update"),
        ("payment_method_update", "", "payment_method_update"),
        ("subscription_cancel", "[subscription]=sub_1", "subscription_cancel"),
        ("subscription_pause", "[subscription]=sub_1", "subscription_pause"),
    ] {
        let mut form = format!("customer=cus_ada&flow_data[type]={kind}");
        if !details.is_empty() {
            assert_eq!(stripe.post(SESSIONS, &form).refusal().2, format!("flow_data[{kind}]"));
            form += &format!("&flow_data[{kind}]{details}");
        }
        let refused = stripe.post(SESSIONS, &form);
        let message = refused.refusal().3;
        assert!(message.ends_with("feature in the portal configuration is disabled."), "{message}");
        stripe.update(&configuration, &format!("features[{switch}][enabled]=true")).ok();
        assert_eq!(stripe.post(SESSIONS, &form).ok()["flow"]["type"], kind);
    }
}

#[test]
fn a_deep_link_to_an_update_offers_listed_prices_only() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(NOTHING);
    let confirm = "flow_data[subscription_update_confirm]";
    let form = |item: &str| {
        format!(
            "customer=cus_ada&flow_data[type]=subscription_update_confirm\
             &{confirm}[subscription]=sub_1&{confirm}[items][0][id]=si_1{item}"
        )
    };
    let price = |id: &str| form(&format!("&{confirm}[items][0][price]={id}"));
    assert_eq!(
        stripe.post(SESSIONS, &price("price_month")).refusal().3,
        "This subscription cannot be updated because the subscription update feature in the portal \
         configuration is disabled."
    );
    stripe.update(&configuration, SWITCHING).ok();
    assert_eq!(
        stripe.post(SESSIONS, &price("price_year")).refusal().3,
        format!(
            "The item `si_1` cannot be updated to price `price_year` because the configuration \
             `{configuration}` does not include the price in its \
             `features[subscription_update][products]`."
        )
    );
    assert_eq!(
        stripe.post(SESSIONS, &form("")).refusal().3,
        "Cannot update the subscription because there are no changes to confirm."
    );
    let two = form(&format!("&{confirm}[items][1][id]=si_2"));
    assert_eq!(stripe.post(SESSIONS, &two).refusal().2, format!("{confirm}[items]"));

    let session = stripe.post(SESSIONS, &price("price_month")).ok();
    assert_eq!(
        session["flow"]["subscription_update_confirm"],
        json!({
            "discounts": null,
            "items": [{ "id": "si_1", "price": "price_month", "quantity": null }],
            "subscription": "sub_1",
        })
    );
}
