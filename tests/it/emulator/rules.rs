//! What Stripe refuses because of what the account holds.

use super::{CONFIGURATIONS, SWITCHING, Stripe};

const NOTHING: &str = "features[invoice_history][enabled]=false";
const PRODUCTS: &str = "features[subscription_update][products]";

/// A form that lists one product with these prices and is off.
fn listing(product: &str, prices: &[&str]) -> String {
    let mut form = format!("{NOTHING}&features[subscription_update][enabled]=false");
    form += &format!("&{PRODUCTS}[0][product]={product}");
    for price in prices {
        form += &format!("&{PRODUCTS}[0][prices][]={price}");
    }
    form
}

#[test]
fn the_default_can_not_be_deactivated() {
    let stripe = Stripe::empty();
    let default = stripe.create(NOTHING);
    let refused = stripe.update(&default, "active=false");
    assert_eq!(
        refused.refusal(),
        (400, "", "", "You cannot set `active: false` on your default PortalConfiguration.")
    );
    assert_eq!(refused.body["error"]["type"], "invalid_request_error");
    stripe.update(&default, "active=true&name=still editable").ok();
}

#[test]
fn nothing_can_be_deleted() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    let path = format!("{CONFIGURATIONS}/{configuration}");
    let refused = stripe.send(stripe.request("DELETE", &path), "");
    assert_eq!(refused.refusal().0, 404);
    stripe.get(&path).ok();
}

#[test]
fn switching_on_needs_products_and_what_may_change() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(NOTHING);
    let on = "features[subscription_update][enabled]=true";
    let missing = |parameter: &str| {
        (
            400,
            "parameter_missing".to_owned(),
            parameter.to_owned(),
            format!("Missing required param: {parameter}."),
        )
    };
    let refusal = |form: &str| {
        let replies = [stripe.post(CONFIGURATIONS, form), stripe.update(&configuration, form)];
        let [created, updated] = replies.map(|reply| {
            let (status, code, param, message) = reply.refusal();
            (status, code.to_owned(), param.to_owned(), message.to_owned())
        });
        assert_eq!(created, updated);
        created
    };
    assert_eq!(refusal(on), missing(PRODUCTS));
    assert_eq!(refusal(&format!("{on}&{PRODUCTS}=")), missing(PRODUCTS));
    assert_eq!(
        refusal(&format!(
            "{on}&{PRODUCTS}[0][product]=prod_pro&{PRODUCTS}[0][prices][]=price_month"
        )),
        missing("features[subscription_update][default_allowed_updates]")
    );
}

#[test]
fn an_empty_list_of_what_may_change_is_legal() {
    let stripe = Stripe::shop();
    let form = SWITCHING.replace("[default_allowed_updates][]=price", "[default_allowed_updates]=");
    stripe.post(CONFIGURATIONS, &form).ok();
}

#[test]
fn stored_products_suffice_to_switch_on_again() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(SWITCHING);
    let (on, off) = ("[enabled]=true", "[enabled]=false");
    for switch in [off, on, on] {
        stripe.update(&configuration, &format!("features[subscription_update]{switch}")).ok();
    }
    let update = &stripe.read(&configuration)["features"]["subscription_update"];
    assert_eq!(update["products"].as_array().unwrap().len(), 1);
}

#[test]
fn prices_of_one_product_have_different_intervals() {
    let stripe = Stripe::shop();
    let configuration = stripe.create(NOTHING);
    let different = listing("prod_pro", &["price_month", "price_quarter", "price_year"]);
    stripe.update(&configuration, &different).ok();
    let same = listing("prod_pro", &["price_month", "price_month_eur"]);
    assert_eq!(
        stripe.update(&configuration, &same).refusal(),
        (400, "", "", "For each product, its price must have unique billing intervals.")
    );
    let twice = listing("prod_pro", &["price_month", "price_month"]);
    assert_eq!(stripe.update(&configuration, &twice).refusal().0, 400);
}

#[test]
fn listed_products_and_prices_must_fit() {
    let stripe = Stripe::shop();
    let price = format!("{PRODUCTS}[0][prices][0]");
    let product = format!("{PRODUCTS}[0][product]");
    for (form, code, param, message) in [
        (
            listing("prod_x", &["price_month"]),
            "resource_missing",
            &product,
            "No such product: 'prod_x'",
        ),
        (listing("prod_pro", &["price_x"]), "resource_missing", &price, "No such price: 'price_x'"),
        (
            listing("prod_pro", &["price_live"]),
            "resource_missing",
            &price,
            "No such price: 'price_live'; a similar object exists in live mode, but a test mode \
             key was used to make this request.",
        ),
        (
            listing("prod_pro", &["price_team"]),
            "",
            &price,
            "The price `price_team` does not belong to the product `prod_pro`.",
        ),
        (
            listing("prod_pro", &["price_once"]),
            "",
            &price,
            "The price `price_once` has type `one_time`. This field only accepts prices with type \
             `recurring`.",
        ),
        (
            listing("prod_pro", &["price_archived"]),
            "",
            &price,
            "The price `price_archived` is inactive. This field only accepts active prices.",
        ),
        (listing("prod_old", &["price_old"]), "", &product, "The product `prod_old` is inactive."),
    ] {
        let refused = stripe.post(CONFIGURATIONS, &form);
        assert_eq!(refused.refusal(), (400, code, param.as_str(), message));
    }
}

#[test]
fn a_product_is_listed_once() {
    let stripe = Stripe::shop();
    let twice = listing("prod_pro", &["price_month"])
        + &format!("&{PRODUCTS}[1][product]=prod_pro&{PRODUCTS}[1][prices][]=price_year");
    assert_eq!(
        stripe.post(CONFIGURATIONS, &twice).refusal(),
        (
            400,
            "",
            format!("{PRODUCTS}[1][product]").as_str(),
            "The product `prod_pro` is listed more than once."
        )
    );
}

#[test]
fn ten_products_at_most() {
    let stripe = Stripe::shop();
    let mut form = "features[subscription_update][enabled]=false".to_owned();
    for n in 0..11 {
        let product = format!("prod_{n}");
        stripe.post("/v1/products", &format!("id={product}&name=x")).ok();
        let price = stripe
            .post(
                "/v1/prices",
                &format!("product={product}&currency=usd&unit_amount=1&recurring[interval]=month"),
            )
            .ok();
        let price = price["id"].as_str().unwrap();
        form += &format!("&{PRODUCTS}[{n}][product]={product}&{PRODUCTS}[{n}][prices][]={price}");
        let reply = stripe.post(CONFIGURATIONS, &form);
        if n < 10 {
            reply.ok();
        } else {
            assert_eq!(
                reply.refusal(),
                (
                    400,
                    "",
                    PRODUCTS,
                    format!("Array {PRODUCTS} exceeded maximum 10 allowed elements.").as_str()
                )
            );
        }
    }
}

#[test]
fn quantities_are_in_order_and_not_negative() {
    let stripe = Stripe::shop();
    let quantity = |minimum: i64, maximum: i64| {
        let at = format!("{PRODUCTS}[0][adjustable_quantity]");
        listing("prod_pro", &["price_month"])
            + &format!("&{at}[enabled]=true&{at}[minimum]={minimum}&{at}[maximum]={maximum}")
    };
    stripe.post(CONFIGURATIONS, &quantity(0, 0)).ok();
    stripe.post(CONFIGURATIONS, &quantity(3, 3)).ok();
    for (minimum, maximum, param) in [(4, 3, "maximum"), (-1, 3, "minimum"), (0, -1, "maximum")] {
        let refused = stripe.post(CONFIGURATIONS, &quantity(minimum, maximum));
        let expected = format!("{PRODUCTS}[0][adjustable_quantity][{param}]");
        assert_eq!((refused.refusal().0, refused.refusal().2), (400, expected.as_str()));
    }
}

#[test]
fn cancellations_have_prorations_only_at_once_and_never_an_invoice() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    let cancel = "features[subscription_cancel]";
    let param = format!("{cancel}[proration_behavior]");
    for (form, is_accepted) in [
        (format!("{param}=always_invoice"), false),
        (format!("{cancel}[mode]=immediately&{param}=always_invoice"), false),
        (format!("{param}=create_prorations"), false),
        (format!("{cancel}[mode]=immediately&{param}=create_prorations"), true),
        (format!("{cancel}[mode]=at_period_end"), false),
        (format!("{cancel}[mode]=at_period_end&{param}=none"), true),
    ] {
        let reply = stripe.update(&configuration, &form);
        if is_accepted {
            reply.ok();
        } else {
            assert_eq!((reply.refusal().0, reply.refusal().2), (400, param.as_str()), "{form}");
        }
    }
}

#[test]
fn a_pause_ends_within_three_years() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    let duration = "features[subscription_pause][duration]";
    for (interval, longest) in [("day", 1095), ("week", 156), ("month", 36), ("year", 3)] {
        let pause = |count: i64| {
            let option = format!("{duration}[interval_options][0]");
            let form = format!(
                "{duration}[type]=interval_options&{option}[interval]={interval}\
                 &{option}[interval_count]={count}"
            );
            stripe.update(&configuration, &form)
        };
        pause(longest).ok();
        for wrong in [longest + 1, 0, -1] {
            let refused = pause(wrong);
            let param = format!("{duration}[interval_options][0][interval_count]");
            assert_eq!((refused.refusal().0, refused.refusal().2), (400, param.as_str()));
        }
    }
    let none = format!("{duration}[type]=interval_options&{duration}[interval_options]=");
    assert_eq!(
        stripe.update(&configuration, &none).refusal().2,
        format!("{duration}[interval_options]")
    );
}
