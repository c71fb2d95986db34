//! Parameters that Stripe refuses as such.

use super::{CONFIGURATIONS, SWITCHING, Stripe};

const NOTHING: &str = "features[invoice_history][enabled]=false";

#[test]
fn unknown_parameters_are_named_before_anything_else() {
    let stripe = Stripe::empty();
    assert_eq!(
        stripe.post(CONFIGURATIONS, "is_default=true").refusal(),
        (400, "parameter_unknown", "is_default", "Received unknown parameter: is_default")
    );
    let two = format!("{NOTHING}&features[invoice_history][enbled]=true&active=true");
    assert_eq!(
        stripe.post(CONFIGURATIONS, &two).refusal(),
        (
            400,
            "parameter_unknown",
            "features[invoice_history][enbled]",
            "Received unknown parameters: features[invoice_history][enbled], active"
        )
    );
    assert_eq!(stripe.get(&format!("{CONFIGURATIONS}?name=x")).refusal().1, "parameter_unknown");
}

#[test]
fn what_create_requires_update_may_leave_out_with_exceptions() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    // Each form, the parameter that a create misses, and whether an update misses it too.
    for (form, missing, on_update) in [
        ("name=x", "features", false),
        (
            "features[customer_update][allowed_updates][]=name",
            "features[customer_update][enabled]",
            false,
        ),
        (
            "features[payment_method_update][payment_method_configuration]=",
            "features[payment_method_update][enabled]",
            true,
        ),
        (
            "features[subscription_cancel][mode]=immediately",
            "features[subscription_cancel][enabled]",
            false,
        ),
        (
            "features[subscription_cancel][enabled]=true\
             &features[subscription_cancel][cancellation_reason][options][]=other",
            "features[subscription_cancel][cancellation_reason][enabled]",
            true,
        ),
        (
            "features[subscription_cancel][enabled]=true\
             &features[subscription_cancel][cancellation_reason][enabled]=true",
            "features[subscription_cancel][cancellation_reason][options]",
            false,
        ),
        (
            "features[subscription_pause][duration][interval_options]=",
            "features[subscription_pause][duration][type]",
            true,
        ),
        (
            "features[subscription_update][proration_behavior]=none",
            "features[subscription_update][enabled]",
            false,
        ),
    ] {
        let expected = (400, "parameter_missing", missing);
        let refusal = |reply: super::Reply| {
            let (status, code, param, _) = reply.refusal();
            assert_eq!((status, code, param), expected, "{form}");
        };
        refusal(stripe.post(CONFIGURATIONS, form));
        let updated = stripe.update(&configuration, form);
        if on_update {
            refusal(updated);
        } else {
            updated.ok();
        }
    }
    assert_eq!(stripe.post(CONFIGURATIONS, "").refusal().3, "Missing required param: features.");
}

#[test]
fn items_of_lists_have_required_parameters_too() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(NOTHING);
    for (form, missing) in [
        (
            "features[subscription_update][products][0][product]=prod_pro",
            "features[subscription_update][products][0][prices]",
        ),
        (
            "features[subscription_update][products][0][prices][]=price_month",
            "features[subscription_update][products][0][product]",
        ),
        (
            "features[subscription_update][products][0][product]=prod_pro\
             &features[subscription_update][products][0][prices][]=price_month\
             &features[subscription_update][products][0][adjustable_quantity][minimum]=1",
            "features[subscription_update][products][0][adjustable_quantity][enabled]",
        ),
        (
            "features[subscription_pause][duration][type]=interval_options\
             &features[subscription_pause][duration][interval_options][0][interval_count]=1",
            "features[subscription_pause][duration][interval_options][0][interval]",
        ),
    ] {
        let refused = stripe.update(&configuration, form);
        assert_eq!(refused.refusal().2, missing);
        assert_eq!(refused.refusal().1, "parameter_missing");
    }
}

#[test]
fn some_fields_can_be_emptied_on_update_only() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    for parameter in [
        "business_profile[privacy_policy_url]",
        "business_profile[terms_of_service_url]",
        "features[subscription_update][schedule_at_period_end][conditions]",
        "metadata",
    ] {
        let form = format!("{NOTHING}&features[subscription_update][enabled]=false&{parameter}=");
        let created = stripe.post(CONFIGURATIONS, &form);
        let (status, code, param, _) = created.refusal();
        assert_eq!((status, param), (400, parameter));
        assert!(code == "parameter_invalid_empty" || code.is_empty(), "{code}");
        stripe.update(&configuration, &form).ok();
    }
}

#[test]
fn words_and_switches_can_never_be_emptied() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    for parameter in [
        "active",
        "features[customer_update][enabled]",
        "features[subscription_cancel][mode]",
        "features[subscription_cancel][proration_behavior]",
        "features[subscription_update][billing_cycle_anchor]",
        "features[subscription_update][proration_behavior]",
        "features[subscription_update][trial_update_behavior]",
        "features[subscription_pause][duration][type]",
    ] {
        assert_eq!(
            stripe.update(&configuration, &format!("{parameter}=")).refusal(),
            (
                400,
                "parameter_invalid_empty",
                parameter,
                format!(
                    "You passed an empty string for '{parameter}'. We assume empty values are an \
                     attempt to unset a parameter; however '{parameter}' cannot be unset. You \
                     should remove '{parameter}' from your request or supply a non-empty value."
                )
                .as_str()
            )
        );
    }
}

#[test]
fn values_of_another_type_are_refused() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    for (form, code, param, message) in [
        ("active=yes", "", "active", "Invalid boolean: yes"),
        ("active[x]=true", "", "active", "Invalid boolean"),
        ("name[x]=y", "", "name", "Invalid string"),
        ("features=x", "", "features", "Invalid object"),
        (
            "features[customer_update][allowed_updates]=email",
            "",
            "features[customer_update][allowed_updates]",
            "Invalid array",
        ),
        (
            "features[customer_update][allowed_updates][x]=email",
            "",
            "features[customer_update][allowed_updates]",
            "Invalid array",
        ),
        (
            "features[customer_update][allowed_updates][]=mail",
            "",
            "features[customer_update][allowed_updates][0]",
            "Invalid features[customer_update][allowed_updates][0]: must be one of address, email, \
             name, phone, shipping, or tax_id",
        ),
        (
            "features[subscription_cancel][mode]=now",
            "",
            "features[subscription_cancel][mode]",
            "Invalid features[subscription_cancel][mode]: must be one of at_period_end or \
             immediately",
        ),
        (
            "features[subscription_update][products][0][product]=p\
             &features[subscription_update][products][0][prices][]=q\
             &features[subscription_update][products][0][adjustable_quantity][enabled]=true\
             &features[subscription_update][products][0][adjustable_quantity][minimum]=1.5",
            "parameter_invalid_integer",
            "features[subscription_update][products][0][adjustable_quantity][minimum]",
            "Invalid integer: 1.5",
        ),
        (
            "default_return_url=example.com",
            "url_invalid",
            "default_return_url",
            "Invalid URL: An explicit scheme (such as https) must be provided.",
        ),
        (
            "business_profile[privacy_policy_url]=ftp://example.com",
            "url_invalid",
            "business_profile[privacy_policy_url]",
            "Not a valid URL",
        ),
        (
            "default_return_url=https://exa mple.com",
            "url_invalid",
            "default_return_url",
            "Not a valid URL",
        ),
    ] {
        let refused = stripe.update(&configuration, form);
        assert_eq!(refused.refusal(), (400, code, param, message), "{form}");
    }
}

#[test]
fn metadata_has_limits() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    let refused = |form: &str| {
        let refused = stripe.update(&configuration, form);
        let (status, _, param, message) = refused.refusal();
        assert_eq!(status, 400);
        (param.to_owned(), message.to_owned())
    };
    let (key, long_key) = ("k".repeat(40), "k".repeat(41));
    let (value, long_value) = ("é".repeat(500), "é".repeat(501));
    stripe.update(&configuration, &format!("metadata[{key}]={value}")).ok();

    let (param, message) = refused(&format!("metadata[{long_key}]=x"));
    assert_eq!(param, format!("metadata[{long_key}]"));
    assert!(message.contains("up to 40 characters"), "{message}");

    let (_, message) = refused(&format!("metadata[x]={long_value}"));
    assert!(message.contains("up to 500 characters"), "{message}");

    let (param, message) = refused("metadata[a[b]]=x");
    assert_eq!(param, "metadata[a]");
    assert!(message.contains("square brackets"), "{message}");

    let fifty: String = (0..50).map(|n| format!("&metadata[{n}]=x")).collect();
    let (param, message) = refused(&fifty);
    assert_eq!(param, "metadata");
    assert!(message.contains("up to 50 keys"), "{message}");
    stripe.update(&configuration, &format!("{fifty}&metadata[{key}]=")).ok();
}

#[test]
fn a_headline_has_at_most_sixty_characters() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    let longest = "é".repeat(60);
    stripe.update(&configuration, &format!("business_profile[headline]={longest}")).ok();
    let refused = stripe.update(&configuration, &format!("business_profile[headline]={longest}e"));
    assert_eq!(
        refused.refusal(),
        (
            400,
            "",
            "business_profile[headline]",
            format!("Invalid string: {longest}e; must be at most 60 characters").as_str()
        )
    );
}

#[test]
fn only_expandable_paths_are_expanded_and_four_levels_at_most() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(SWITCHING);
    let path = format!("{CONFIGURATIONS}/{configuration}");
    assert_eq!(
        stripe.get(&format!("{path}?expand[]=features")).refusal(),
        (400, "", "expand", "This property cannot be expanded (features).")
    );
    let in_list = "data.features.subscription_update.products";
    assert_eq!(
        stripe.get(&format!("{path}?expand[]={in_list}")).refusal().3,
        "This property cannot be expanded (data.features.subscription_update.products)."
    );
    assert_eq!(
        stripe.get(&format!("{path}?expand[]=a.b.c.d.e")).refusal().1,
        "property_expansion_max_depth"
    );
    let refused = stripe.post(CONFIGURATIONS, &format!("{NOTHING}&expand[]=nothing"));
    assert_eq!(refused.refusal().0, 400);
    assert_eq!(stripe.emulator.configurations(false).len(), 1);
}

#[test]
fn unknown_ids_are_404_in_a_path() {
    let stripe = Stripe::empty();
    assert_eq!(
        stripe.get(&format!("{CONFIGURATIONS}/bpc_x")).refusal(),
        (404, "resource_missing", "configuration", "No such configuration: 'bpc_x'")
    );
    assert_eq!(stripe.update("bpc_x", "name=y").refusal().0, 404);
}

#[test]
fn an_id_of_the_other_side_is_recognised() {
    let mut stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    stripe.key = "rk_live_51Abc";
    assert_eq!(
        stripe.update(&configuration, "name=y").refusal().3,
        format!(
            "No such configuration: '{configuration}'; a similar object exists in test mode, but a \
             live mode key was used to make this request."
        )
    );
}

#[test]
fn a_refused_request_changes_nothing() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(SWITCHING);
    let before = stripe.emulator.configurations(false);
    stripe.update(&configuration, "name=x&metadata[a]=b&active=false").refusal();
    stripe
        .post(
            "/v1/prices",
            "currency=usd&unit_amount=1&product_data[name]=New&lookup_key=pro_monthly",
        )
        .refusal();
    assert_eq!(stripe.emulator.configurations(false), before);
    let products = stripe.get("/v1/products").ok();
    assert_eq!(products["data"].as_array().unwrap().len(), 3);
}
