//! Products, prices, customers and the account.

use serde_json::json;

use super::{Stripe, id, ids};

const MONTHLY: &str = "currency=usd&unit_amount=1000&recurring[interval]=month";

#[test]
fn a_product_is_made_read_and_changed() {
    let stripe = Stripe::empty();
    let made = stripe.post("/v1/products", "name=Pro&description=All of it&metadata[a]=1").ok();
    let path = format!("/v1/products/{}", id(&made));
    stripe.wait(7);
    let changed = stripe.post(&path, "active=false&description=&name=Pro 2").ok();
    assert_eq!(changed["active"], false);
    assert_eq!(changed["description"], json!(null));
    assert_eq!(changed["name"], "Pro 2");
    assert_eq!(changed["metadata"], json!({ "a": "1" }));
    assert_eq!(changed["updated"], json!(1_790_000_007));
    assert_eq!(stripe.get(&path).ok(), changed);
}

#[test]
fn a_product_can_bring_its_own_id_once() {
    let stripe = Stripe::empty();
    assert_eq!(id(&stripe.post("/v1/products", "id=pro&name=Pro").ok()), "pro");
    let again = stripe.post("/v1/products", "id=pro&name=Pro");
    assert_eq!(again.refusal().1, "resource_already_exists");
}

#[test]
fn products_are_listed_by_ids_and_activity() {
    let stripe = Stripe::shop();
    let found = |query: &str| ids(&stripe.get(&format!("/v1/products?{query}")).ok());
    assert_eq!(found("ids[]=prod_pro&ids[]=prod_old"), ["prod_old", "prod_pro"]);
    assert_eq!(found("active=true"), ["prod_team", "prod_pro"]);
    let refused = stripe.get("/v1/products?ids[]=prod_pro&starting_after=prod_old");
    assert_eq!(refused.refusal().2, "ids");
}

#[test]
fn a_recurring_price_is_made_and_read() {
    let stripe = Stripe::shop();
    let form = format!("product=prod_pro&{MONTHLY}&recurring[interval_count]=2&nickname=n");
    let made = stripe.post("/v1/prices", &form).ok();
    assert_eq!(
        made["recurring"],
        json!({
            "interval": "month",
            "interval_count": 2,
            "meter": null,
            "trial_period_days": null,
            "usage_type": "licensed",
        })
    );
    assert_eq!((&made["type"], &made["unit_amount"]), (&json!("recurring"), &json!(1000)));
    let read = stripe.get(&format!("/v1/prices/{}?expand[]=product", id(&made))).ok();
    assert_eq!(read["product"]["name"], "Pro");
}

#[test]
fn a_price_can_bring_its_product() {
    let stripe = Stripe::empty();
    let made = stripe.post("/v1/prices", &format!("{MONTHLY}&product_data[name]=New")).ok();
    let product = made["product"].as_str().unwrap();
    assert_eq!(stripe.get(&format!("/v1/products/{product}")).ok()["name"], "New");
}

#[test]
fn wrong_prices_are_refused() {
    let stripe = Stripe::shop();
    for (form, param) in [
        ("product=prod_pro&unit_amount=1", "currency"),
        ("product=prod_pro&unit_amount=1&currency=dollars", "currency"),
        ("currency=usd&unit_amount=1", "product"),
        ("product=prod_x&currency=usd&unit_amount=1", "product"),
        ("product=prod_pro&currency=usd", "unit_amount"),
        ("product=prod_pro&currency=usd&unit_amount=-1", "unit_amount"),
        (
            "product=prod_pro&currency=usd&unit_amount=1&recurring[interval]=month\
             &recurring[interval_count]=37",
            "recurring[interval_count]",
        ),
        ("product=prod_pro&currency=usd&unit_amount=1&billing_scheme=tiered", "billing_scheme"),
        ("product=prod_pro&currency=usd&unit_amount=1&tiers[0][up_to]=inf", "tiers"),
    ] {
        let refused = stripe.post("/v1/prices", form);
        assert_eq!((refused.refusal().0, refused.refusal().2), (400, param), "{form}");
    }
}

#[test]
fn a_lookup_key_has_one_holder_even_if_that_is_archived() {
    let stripe = Stripe::shop();
    stripe.post("/v1/prices/price_month", "active=false").ok();
    let form = format!("product=prod_pro&{MONTHLY}&lookup_key=pro_monthly");
    assert_eq!(
        stripe.post("/v1/prices", &form).refusal(),
        (400, "", "lookup_key", "A price (`price_month`) already uses that lookup key.")
    );
    let made = stripe.post("/v1/prices", &format!("{form}&transfer_lookup_key=true")).ok();
    assert_eq!(made["lookup_key"], "pro_monthly");
    let former = stripe.get("/v1/prices/price_month").ok();
    assert_eq!(former["lookup_key"], json!(null));

    let back = "lookup_key=pro_monthly&transfer_lookup_key=true";
    stripe.post("/v1/prices/price_month", back).ok();
    stripe.post("/v1/prices/price_month", "lookup_key=pro_monthly").ok();
    let found = stripe.get("/v1/prices?lookup_keys[]=pro_monthly").ok();
    assert_eq!(ids(&found), ["price_month"]);
}

#[test]
fn a_lookup_key_has_at_most_200_characters() {
    let stripe = Stripe::shop();
    let give = |n: usize| {
        let key = "k".repeat(n);
        stripe.post("/v1/prices/price_month", &format!("lookup_key={key}"))
    };
    give(200).ok();
    assert_eq!(give(201).refusal().2, "lookup_key");
}

#[test]
fn prices_are_listed_by_product_key_type_and_activity() {
    let stripe = Stripe::shop();
    let found = |query: &str| ids(&stripe.get(&format!("/v1/prices?{query}")).ok());
    assert_eq!(found("product=prod_team"), ["price_team"]);
    assert_eq!(
        found("lookup_keys[]=pro_monthly&lookup_keys[]=pro_yearly&lookup_keys[]=none"),
        ["price_year", "price_month"]
    );
    assert_eq!(found("type=one_time"), ["price_once"]);
    assert_eq!(found("active=false"), ["price_archived"]);
    assert_eq!(found("active=false&product=prod_team"), Vec::<String>::new());
}

#[test]
fn ten_lookup_keys_at_most() {
    let stripe = Stripe::shop();
    let query = |n: usize| {
        let keys: String = (0..n).map(|n| format!("&lookup_keys[]={n}")).collect();
        stripe.get(&format!("/v1/prices?{keys}"))
    };
    query(10).ok();
    assert_eq!((query(11).refusal().0, query(11).refusal().2), (400, "lookup_keys"));
}

#[test]
fn a_default_price_belongs_to_its_product() {
    let stripe = Stripe::shop();
    let refused = stripe.post("/v1/products/prod_pro", "default_price=price_team");
    assert_eq!(refused.refusal().2, "default_price");
    let form = "default_price=price_month&expand[]=default_price";
    let changed = stripe.post("/v1/products/prod_pro", form).ok();
    assert_eq!(changed["default_price"]["unit_amount"], 1000);
}

#[test]
fn a_customer_is_made_and_read() {
    let stripe = Stripe::empty();
    let form = "email=ada@example.com&name=Ada&metadata[a]=1&preferred_locales[]=en";
    let made = stripe.post("/v1/customers", form).ok();
    assert_eq!(made["email"], "ada@example.com");
    assert_eq!(stripe.get(&format!("/v1/customers/{}", id(&made))).ok(), made);
    assert_eq!(stripe.get("/v1/customers/cus_x").refusal().0, 404);
}

#[test]
fn what_is_not_emulated_says_so() {
    let stripe = Stripe::empty();
    assert_eq!(
        stripe.post("/v1/customers", "source=tok_visa").refusal(),
        (400, "", "source", "The emulator doesn't support source.")
    );
}

#[test]
fn the_account_says_who_it_is() {
    let account = Stripe::empty().get("/v1/account").ok();
    assert_eq!(account["object"], "account");
    assert!(id(&account).starts_with("acct_1"));
}
