//! Whatever is sent, there is an answer in Stripe's form.

use portal_reconciler::emulator::{Quirks, Seed};
use proptest::prelude::*;

use super::{SHOP, Stripe};

fn any_path() -> impl Strategy<Value = String> {
    prop_oneof![
        "[!-~]{0,30}",
        Just("/v1/billing_portal/configurations".to_owned()),
        Just("/v1/billing_portal/configurations/bpc_default".to_owned()),
        Just("/v1/billing_portal/sessions".to_owned()),
        Just("/v1/prices".to_owned()),
        Just("/v1/prices/price_month".to_owned()),
        Just("/v1/products".to_owned()),
        Just("/v1/products/prod_pro".to_owned()),
        Just("/v1/customers".to_owned()),
    ]
}

/// Names that exist, with and without brackets that fit, and texts that do and don't.
fn any_pair() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        "[a-z]{1,8}(\\[[a-z0-9]{0,4}\\]?){0,4}",
        prop::sample::select(vec![
            "features",
            "features[subscription_update]",
            "features[subscription_update][enabled]",
            "features[subscription_update][products]",
            "features[subscription_update][products][0][product]",
            "features[subscription_update][products][][prices][]",
            "features[subscription_update][products][0][adjustable_quantity][maximum]",
            "features[subscription_update][default_allowed_updates][]",
            "features[subscription_pause][duration][type]",
            "features[subscription_pause][duration][interval_options][0][interval]",
            "features[subscription_pause][duration][interval_options][0][interval_count]",
            "features[invoice_history][enabled]",
            "metadata",
            "metadata[a]",
            "active",
            "limit",
            "login_page[enabled]",
            "default_return_url",
            "business_profile[headline]",
            "name",
            "expand[]",
            "starting_after",
            "ending_before",
            "lookup_keys[]",
            "lookup_key",
            "product",
            "currency",
            "unit_amount",
            "recurring[interval]",
            "customer",
            "configuration",
            "flow_data[type]",
            "flow_data[subscription_update][subscription]",
            "product_data[name]",
            "transfer_lookup_key",
            "id",
        ])
        .prop_map(str::to_owned),
    ];
    let text = prop_oneof![
        ".{0,20}",
        prop::sample::select(vec![
            "",
            "true",
            "false",
            "price",
            "prod_pro",
            "price_month",
            "bpc_default",
            "cus_ada",
            "interval_options",
            "month",
            "9223372036854775807",
            "-1",
            "https://é.example/ü",
            "://",
            "subscription_update",
            "features.subscription_update.products",
            "%",
            "%ff",
        ])
        .prop_map(str::to_owned),
    ];
    (name, text).prop_map(|(name, text)| format!("{name}={text}"))
}

fn any_form() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..60),
        prop::collection::vec(any_pair(), 0..8).prop_map(|pairs| pairs.join("&").into_bytes()),
    ]
}

proptest! {
    #[test]
    fn there_is_always_an_answer_in_stripes_form(
        method in prop::sample::select(vec!["GET", "POST", "DELETE", "PUT", "BREW"]),
        path in any_path(),
        query in "[!-~]{0,30}",
        form in any_form(),
        header in prop::collection::vec(any::<u8>(), 0..40),
        flipped in prop::sample::select(Quirks::each_flipped()),
        which in prop::sample::select(
            vec!["authorization", "idempotency-key", "stripe-version", "content-type", "x"]
        ),
    ) {
        let seed = SHOP.replacen('{', r#"{"configurations": [{"id": "bpc_default",
            "features": {"invoice_history": {"enabled": true}}}],"#, 1);
        let seed = Seed::parse(&seed).unwrap();
        let stripe = Stripe::new(seed, flipped.1);
        let mut request = stripe.request(method, &format!("{path}?{query}"));
        if let Ok(value) = http::HeaderValue::from_bytes(&header) {
            request = request.header(which, value);
        }
        // What the `http` crate itself refuses never reaches the emulator.
        let Ok(request) = request.body(form) else {
            return Ok(());
        };
        let response = stripe.emulator.handle(request);
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        if response.status() == 200 {
            prop_assert!(body["object"].is_string());
        } else {
            prop_assert!(response.status().is_client_error(), "{}", body);
            prop_assert!(body["error"]["message"].is_string());
            prop_assert!(body["error"]["type"].is_string());
        }
        prop_assert!(response.headers().contains_key("request-id"));
        prop_assert_eq!(stripe.emulator.exchanges().len(), 1);
        let defaults = stripe.emulator.configurations(false);
        prop_assert_eq!(defaults.iter().filter(|one| one["is_default"] == true).count(), 1);
    }
}
