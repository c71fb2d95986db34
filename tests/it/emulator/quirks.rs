//! Every switch, off and on.

use portal_reconciler::emulator::{QuirkError, Quirks, SameInterval, Seed};
use serde_json::{Value, json};

use super::{CONFIGURATIONS, Reply, SWITCHING, Stripe, ids};

const NOTHING: &str = "features[invoice_history][enabled]=false";
const PRODUCTS: &str = "features[subscription_update][products]";

/// What an account answers with a switch off and on.
fn off_and_on<T>(quirks: Quirks, act: impl Fn(&Stripe) -> T) -> [T; 2] {
    assert_ne!(quirks, Quirks::default());
    [Quirks::default(), quirks].map(|quirks| act(&Stripe::shop_with(quirks)))
}

/// The status of an update of a new configuration that isn't the default.
fn status_of_update(stripe: &Stripe, before: &str, form: &str) -> u16 {
    stripe.create(NOTHING);
    let configuration = stripe.create(before);
    stripe.update(&configuration, form).status
}

fn listing(prices: &[&str]) -> String {
    let prices: String =
        prices.iter().map(|price| format!("&{PRODUCTS}[0][prices][]={price}")).collect();
    format!("features[subscription_update][enabled]=false&{PRODUCTS}[0][product]=prod_pro{prices}")
}

fn quirks(set: impl FnOnce(&mut Quirks)) -> Quirks {
    let mut quirks = Quirks::default();
    set(&mut quirks);
    quirks
}

#[test]
fn each_flipped_setting_differs_from_the_default_and_has_a_name() {
    let flipped = Quirks::each_flipped();
    assert!(
        flipped.iter().all(|(name, quirks)| { !name.is_empty() && *quirks != Quirks::default() })
    );
    for (index, (_, quirks)) in flipped.iter().enumerate() {
        assert!(flipped[index + 1..].iter().all(|(_, other)| other != quirks));
    }
}

/// A switch that no test sets is a switch that may do nothing.
#[test]
fn every_quirk_is_set_by_a_test() {
    let tests = concat!(
        include_str!("quirks.rs"),
        include_str!("limits.rs"),
        include_str!("connected.rs"),
    );
    for name in Quirks::names() {
        assert!(tests.contains(&format!("quirks.{name} = ")), "no test sets {name}");
        assert!(Quirks::each_flipped().iter().any(|(flipped, _)| *flipped == name), "{name}");
    }
}

#[test]
fn adjustable_quantity_default() {
    let read = |stripe: &Stripe| {
        let configuration = stripe.create(&listing(&["price_month"]));
        let product =
            &stripe.read(&configuration)["features"]["subscription_update"]["products"][0];
        product["adjustable_quantity"].clone()
    };
    assert_eq!(
        off_and_on(quirks(|quirks| quirks.quantity_is_adjustable_by_default = true), read),
        [
            json!({ "enabled": false, "maximum": null, "minimum": 0 }),
            json!({ "enabled": true, "maximum": null, "minimum": 0 }),
        ]
    );
    let [_, on] = off_and_on(quirks(|quirks| quirks.minimum_quantity_is_one = true), read);
    assert_eq!(on["minimum"], 1);
}

#[test]
fn values_that_were_never_sent() {
    let feature = |stripe: &Stripe| {
        let configuration = stripe.create(NOTHING);
        stripe.read(&configuration)["features"]["subscription_update"].clone()
    };
    let anchor = off_and_on(quirks(|quirks| quirks.anchor_is_null_by_default = true), feature);
    assert_eq!(
        anchor.map(|feature| feature["billing_cycle_anchor"].clone()),
        [json!("unchanged"), Value::Null]
    );
    let products = off_and_on(quirks(|quirks| quirks.no_products_is_null = true), feature);
    assert_eq!(products.map(|feature| feature["products"].clone()), [json!([]), Value::Null]);
}

#[test]
fn products_of_a_feature_that_is_switched() {
    let kept = off_and_on(quirks(|quirks| quirks.disabling_drops_products = true), |stripe| {
        let configuration = stripe.create(SWITCHING);
        stripe.update(&configuration, "features[subscription_update][enabled]=false").ok();
        let feature = &stripe.read(&configuration)["features"]["subscription_update"];
        feature["products"].as_array().unwrap().len()
    });
    assert_eq!(kept, [1, 0]);

    let cleared = quirks(|quirks| quirks.products_can_be_cleared_while_enabled = true);
    let form = format!("{PRODUCTS}=");
    let status = off_and_on(cleared, |stripe| status_of_update(stripe, SWITCHING, &form));
    assert_eq!(status, [400, 200]);

    let again = quirks(|quirks| quirks.enabling_needs_products_again = true);
    let form = "features[subscription_update][enabled]=true";
    let status = off_and_on(again, |stripe| status_of_update(stripe, SWITCHING, form));
    assert_eq!(status, [200, 400]);
}

#[test]
fn doubtful_combinations() {
    let cancel = "features[subscription_cancel]";
    let prorations = format!("{cancel}[proration_behavior]=create_prorations");
    let no_reasons = format!(
        "{cancel}[cancellation_reason][enabled]=true&{cancel}[cancellation_reason][options]="
    );
    let twice = listing(&["price_month"])
        + &format!("&{PRODUCTS}[1][product]=prod_pro&{PRODUCTS}[1][prices][]=price_year");
    for (quirks, form, expected) in [
        (
            quirks(|quirks| quirks.prorations_at_period_end_are_accepted = true),
            prorations.as_str(),
            [400, 200],
        ),
        (
            quirks(|quirks| quirks.reasons_without_options_are_refused = true),
            no_reasons.as_str(),
            [200, 400],
        ),
        (
            quirks(|quirks| quirks.customer_update_of_nothing_is_refused = true),
            "features[customer_update][enabled]=true",
            [200, 400],
        ),
        (
            quirks(|quirks| quirks.archived_prices_are_accepted = true),
            listing(&["price_archived"]).as_str(),
            [400, 200],
        ),
        (quirks(|quirks| quirks.repeated_products_are_accepted = true), twice.as_str(), [400, 200]),
        (
            quirks(|quirks| quirks.login_page_needs_default = true),
            "login_page[enabled]=true",
            [200, 400],
        ),
        (
            quirks(|quirks| quirks.headline_counts_bytes = true),
            format!("business_profile[headline]={}", "é".repeat(31)).as_str(),
            [200, 400],
        ),
        (
            quirks(|quirks| quirks.name_is_limited_to_sixty = true),
            format!("name={}", "n".repeat(61)).as_str(),
            [200, 400],
        ),
    ] {
        let status = off_and_on(quirks.clone(), |stripe| status_of_update(stripe, NOTHING, form));
        assert_eq!(status, expected, "{quirks:?}");
    }
}

#[test]
fn two_configurations_of_one_name() {
    let unique = quirks(|quirks| quirks.names_are_unique = true);
    let status = off_and_on(unique, |stripe| {
        let named = format!("{NOTHING}&name=A");
        let first = stripe.create(&named);
        let second = stripe.create(NOTHING);
        let unnamed = stripe.post(CONFIGURATIONS, NOTHING).status;
        let created = stripe.post(CONFIGURATIONS, &named).status;
        let renamed = stripe.update(&second, "name=A").status;
        let kept = stripe.update(&first, "name=A").status;
        (unnamed, created, renamed, kept)
    });
    assert_eq!(status, [(200, 200, 200, 200), (200, 400, 400, 200)]);
}

#[test]
fn what_makes_intervals_the_same() {
    for (same_interval, quarter_is_accepted, euro_is_accepted) in [
        (SameInterval::UnitAndCount, true, false),
        (SameInterval::Unit, false, false),
        (SameInterval::UnitCountAndCurrency, true, true),
    ] {
        let stripe = Stripe::shop_with(quirks(|quirks| quirks.same_interval = same_interval));
        let quarter = stripe.post(CONFIGURATIONS, &listing(&["price_month", "price_quarter"]));
        assert_eq!(quarter.status == 200, quarter_is_accepted);
        let euro = stripe.post(CONFIGURATIONS, &listing(&["price_month", "price_month_eur"]));
        assert_eq!(euro.status == 200, euro_is_accepted);
    }
}

#[test]
fn status_of_sessions() {
    let inactive = quirks(|quirks| quirks.inactive_configuration_is_404 = true);
    let status = off_and_on(inactive, |stripe| {
        stripe.create(NOTHING);
        let configuration = stripe.create(NOTHING);
        stripe.update(&configuration, "active=false").ok();
        let form = format!("customer=cus_ada&configuration={configuration}");
        stripe.post("/v1/billing_portal/sessions", &form).status
    });
    assert_eq!(status, [400, 404]);

    let missing = quirks(|quirks| quirks.missing_parameter_object_is_404 = true);
    let status = off_and_on(missing, |stripe| {
        stripe.post("/v1/billing_portal/sessions", "customer=cus_x").status
    });
    assert_eq!(status, [400, 404]);
}

#[test]
fn order_and_repetition_of_words() {
    let read = |stripe: &Stripe| {
        let at = "features[customer_update][allowed_updates]";
        let configuration = stripe.create(&format!(
            "features[customer_update][enabled]=true&{at}[]=name&{at}[]=email&{at}[]=name"
        ));
        stripe.read(&configuration)["features"]["customer_update"]["allowed_updates"].clone()
    };
    let sorted = off_and_on(quirks(|quirks| quirks.words_are_sorted = true), read);
    assert_eq!(sorted, [json!(["name", "email"]), json!(["email", "name"])]);
    let [_, kept] = off_and_on(quirks(|quirks| quirks.repeated_words_are_kept = true), read);
    assert_eq!(kept, json!(["name", "email", "name"]));
}

#[test]
fn updated_after_an_update_of_nothing() {
    let updated = off_and_on(quirks(|quirks| quirks.no_op_keeps_updated = true), |stripe| {
        let configuration = stripe.create(&format!("{NOTHING}&name=A"));
        stripe.wait(5);
        let unchanged = stripe.update(&configuration, "name=A").ok()["updated"].clone();
        let changed = stripe.update(&configuration, "name=B").ok()["updated"].clone();
        (unchanged, changed)
    });
    let (then, now) = (json!(1_790_000_000), json!(1_790_000_005));
    assert_eq!(updated, [(now.clone(), now.clone()), (then, now)]);
}

#[test]
fn login_pages_that_are_switched() {
    let is_same = off_and_on(quirks(|quirks| quirks.login_url_changes = true), |stripe| {
        let configuration = stripe.create(NOTHING);
        let switch = |enabled: bool| {
            let form = format!("login_page[enabled]={enabled}");
            stripe.update(&configuration, &form).ok()["login_page"]["url"].clone()
        };
        let first = switch(true);
        assert_eq!(switch(true), first);
        switch(false);
        switch(true) == first
    });
    assert_eq!(is_same, [true, false]);

    let closing = quirks(|quirks| quirks.deactivating_closes_login_page = true);
    let is_on = off_and_on(closing, |stripe| {
        stripe.create(NOTHING);
        let configuration = stripe.create(&format!("{NOTHING}&login_page[enabled]=true"));
        stripe.update(&configuration, "active=false").ok()["login_page"]["enabled"] == true
    });
    assert_eq!(is_on, [true, false]);
}

#[test]
fn texts_that_come_back_otherwise() {
    let read = |stripe: &Stripe| {
        let form = format!("{NOTHING}&name=+a+&default_return_url=https://EXAMPLE.com?q=A");
        let configuration = stripe.post(CONFIGURATIONS, &form).ok();
        [configuration["name"].clone(), configuration["default_return_url"].clone()]
    };
    let [off, trimmed] = off_and_on(quirks(|quirks| quirks.strings_are_trimmed = true), read);
    assert_eq!(off, [json!(" a "), json!("https://EXAMPLE.com?q=A")]);
    assert_eq!(trimmed[0], "a");
    let [_, normalised] = off_and_on(quirks(|quirks| quirks.urls_are_normalised = true), read);
    assert_eq!(normalised[1], "https://example.com/?q=A");
    let foreign = off_and_on(quirks(|quirks| quirks.urls_are_normalised = true), |stripe| {
        let form = format!("{NOTHING}&default_return_url=https://bücher.example/");
        stripe.post(CONFIGURATIONS, &form).ok()["default_return_url"].clone()
    });
    assert_eq!(foreign, ["https://bücher.example/", "https://xn--bcher-kva.example/"]);
}

#[test]
fn keys_of_refusals() {
    let reused = off_and_on(quirks(|quirks| quirks.refusals_are_not_saved = true), |stripe| {
        let refused = listing(&["price_month", "price_month_eur"]);
        assert_eq!(stripe.post_once("key-1", CONFIGURATIONS, &refused).status, 400);
        stripe.post_once("key-1", CONFIGURATIONS, NOTHING).status
    });
    assert_eq!(reused, [400, 200]);
}

#[test]
fn lists_of_new_objects() {
    let ties = off_and_on(quirks(|quirks| quirks.list_ties_are_by_id = true), |stripe| {
        let created = [stripe.create(NOTHING), stripe.create(NOTHING)];
        ids(&stripe.get(CONFIGURATIONS).ok()) == created
    });
    assert_eq!(ties, [false, true]);

    let seen = off_and_on(quirks(|quirks| quirks.list_delay = 2), |stripe| {
        let configuration = stripe.create(NOTHING);
        stripe.read(&configuration);
        [1, 1].map(|seconds| {
            stripe.wait(seconds);
            ids(&stripe.get(CONFIGURATIONS).ok()).len()
        })
    });
    assert_eq!(seen, [[1, 1], [0, 1]]);
}

#[test]
fn the_eleventh_lookup_key() {
    let truncated = quirks(|quirks| quirks.lookup_keys_are_truncated = true);
    let found = off_and_on(truncated, |stripe| {
        let keys: String = (0..9).map(|n| format!("lookup_keys[]={n}&")).collect();
        let query = format!("{keys}lookup_keys[]=pro_monthly&lookup_keys[]=pro_yearly");
        let reply = stripe.get(&format!("/v1/prices?{query}"));
        if reply.status == 200 { ids(&reply.body) } else { vec!["refused".to_owned()] }
    });
    assert_eq!(found, [["refused"], ["price_month"]]);
}

#[test]
fn policies_of_the_live_side() {
    let needed = quirks(|quirks| quirks.live_needs_policy_urls = true);
    let addresses = "business_profile[privacy_policy_url]=https://example.com/p\
                     &business_profile[terms_of_service_url]=https://example.com/t";
    let status = ["sk_test_1", "sk_live_1"].map(|key| {
        let mut stripe = Stripe::shop_with(needed.clone());
        stripe.key = key;
        let with = stripe.post(CONFIGURATIONS, &format!("{NOTHING}&{addresses}")).status;
        (stripe.post(CONFIGURATIONS, NOTHING).status, with)
    });
    assert_eq!(status, [(200, 200), (400, 200)]);
    let mut stripe = Stripe::shop();
    stripe.key = "sk_live_1";
    stripe.create(NOTHING);
}

#[test]
fn an_inactive_default() {
    let stays = quirks(|quirks| quirks.default_stays_inactive = true);
    let status = off_and_on(stays, |stripe| {
        stripe.create(NOTHING);
        let configuration = stripe.create(NOTHING);
        stripe.update(&configuration, "active=false").ok();
        stripe.emulator.dashboard(false).promote(&configuration).unwrap();
        stripe.update(&configuration, "active=true").status
    });
    assert_eq!(status, [200, 400]);
}

#[test]
fn settings_are_made_by_name() {
    let set = |setting: &str| {
        let mut quirks = Quirks::default();
        quirks.set(setting).map(|()| quirks)
    };
    let same_interval = SameInterval::UnitCountAndCurrency;
    assert_eq!(set("words_are_sorted"), Ok(quirks(|quirks| quirks.words_are_sorted = true)));
    assert_eq!(set("words_are_sorted=false"), Ok(Quirks::default()));
    assert_eq!(set("list_delay=7"), Ok(quirks(|quirks| quirks.list_delay = 7)));
    assert_eq!(
        set("same_interval=unit_count_and_currency"),
        Ok(quirks(|quirks| quirks.same_interval = same_interval))
    );
    assert_eq!(set("words_are_sorte"), Err(QuirkError::Unknown("words_are_sorte".to_owned())));
    for (setting, message) in [
        ("words_are_sorted=1", "`words_are_sorted` takes true or false"),
        ("list_delay", "`list_delay` takes a number"),
        ("max_configurations=many", "`max_configurations` takes a number"),
        (
            "same_interval=day",
            "`same_interval` takes unit_and_count, unit or unit_count_and_currency",
        ),
    ] {
        assert_eq!(set(setting).unwrap_err().to_string(), message);
    }
    let list = Quirks::list();
    for name in Quirks::names() {
        let is_there = list.lines().any(|line| {
            line.starts_with(&format!("{name}: ")) || line.starts_with(&format!("{name}=VALUE: "))
        });
        assert!(is_there, "{name} isn't in\n{list}");
    }
}

#[test]
fn words_that_nobody_recorded() {
    let other = quirks(|quirks| quirks.unrecorded_refusals_are_worded_otherwise = true);
    let refusals = |stripe: &Stripe| {
        stripe.create(NOTHING);
        let inactive = stripe.create(NOTHING);
        stripe.update(&inactive, "active=false").ok();
        let cancel = "features[subscription_cancel]";
        let product =
            format!("{PRODUCTS}[0][prices][]=price_month&{PRODUCTS}[0][product]=prod_pro");
        let quantity = format!("{product}&{PRODUCTS}[0][adjustable_quantity][enabled]=true");
        let many: String = (0..11)
            .map(|n| format!("&{PRODUCTS}[{n}][product]=p&{PRODUCTS}[{n}][prices][]=p"))
            .collect();
        let pause = "features[subscription_pause][duration]";
        let forms = [
            listing(&["price_once"]),
            listing(&["price_team"]),
            listing(&["price_archived"]),
            listing(&["price_month"]).replace("prod_pro", "prod_old"),
            format!("{}&{}", listing(&["price_month"]), product.replace("[0]", "[1]")),
            format!("features[subscription_update][enabled]=false{many}"),
            format!("{quantity}&{PRODUCTS}[0][adjustable_quantity][minimum]=-1"),
            format!(
                "{quantity}&{PRODUCTS}[0][adjustable_quantity][minimum]=2\
                 &{PRODUCTS}[0][adjustable_quantity][maximum]=1"
            ),
            format!("{cancel}[proration_behavior]=always_invoice"),
            format!("{cancel}[proration_behavior]=create_prorations"),
            format!("{pause}[type]=interval_options&{pause}[interval_options]="),
            format!(
                "{pause}[type]=interval_options&{pause}[interval_options][0][interval]=year\
                 &{pause}[interval_options][0][interval_count]=4"
            ),
        ];
        let mut refused: Vec<Reply> =
            forms.iter().map(|form| stripe.update(&inactive, form)).collect();
        let session = format!("customer=cus_ada&configuration={inactive}");
        refused.push(stripe.post("/v1/billing_portal/sessions", &session));
        let keys: String = (0..11).map(|n| format!("lookup_keys[]={n}&")).collect();
        refused.push(stripe.get(&format!("/v1/prices?{keys}")));
        refused.iter().for_each(|reply| assert_eq!(reply.status, 400, "{:#}", reply.body));
        refused.iter().map(|reply| reply.body["error"].clone()).collect::<Vec<_>>()
    };
    let [known, unknown] = off_and_on(other.clone(), refusals);
    for (known, unknown) in known.iter().zip(&unknown) {
        assert!(known["param"].is_string(), "{known:#}");
        assert_eq!(unknown["message"], "Your request could not be processed.");
        assert_eq!((&unknown["param"], &unknown["code"]), (&Value::Null, &Value::Null));
        assert_eq!(unknown["type"], "invalid_request_error");
    }
    // What was recorded stays.
    let stripe = Stripe::shop_with(other);
    let default = stripe.create(NOTHING);
    let refused = stripe.update(&default, "active=false");
    assert!(refused.refusal().3.starts_with("You cannot set `active: false`"));
}

#[test]
fn order_of_products_and_prices() {
    let order = off_and_on(quirks(|quirks| quirks.products_are_sorted = true), |stripe| {
        let form = format!(
            "features[subscription_update][enabled]=false\
             &{PRODUCTS}[0][product]=prod_team&{PRODUCTS}[0][prices][]=price_team\
             &{PRODUCTS}[1][product]=prod_pro&{PRODUCTS}[1][prices][]=price_year\
             &{PRODUCTS}[1][prices][]=price_month"
        );
        let configuration = stripe.create(&form);
        let feature = stripe.read(&configuration)["features"]["subscription_update"].clone();
        let products = feature["products"].as_array().unwrap().clone();
        let id = |product: &Value| product["product"].as_str().unwrap().to_owned();
        let prices = |product: &Value| product["prices"].clone();
        (products.iter().map(id).collect::<Vec<_>>(), prices(&products[0]), prices(&products[1]))
    });
    let [team, pro] = ["prod_team", "prod_pro"].map(str::to_owned);
    let one = json!(["price_team"]);
    assert_eq!(
        order,
        [
            (vec![team.clone(), pro.clone()], one.clone(), json!(["price_year", "price_month"])),
            (vec![pro, team], json!(["price_month", "price_year"]), one),
        ]
    );
}

#[test]
fn a_default_that_is_replaced() {
    let promote = |stripe: &Stripe| {
        let former = stripe.create(NOTHING);
        let promoted = stripe.create(NOTHING);
        let dashboard = stripe.emulator.dashboard(false);
        dashboard.promote(&former).expect("it is the default already");
        let is_promoted = dashboard.promote(&promoted).is_ok();
        assert_eq!(stripe.read(&promoted)["is_default"], is_promoted);
        (is_promoted, stripe.read(&former)["active"] == true)
    };
    let deactivates = quirks(|quirks| quirks.promotion_deactivates_the_former = true);
    assert_eq!(off_and_on(deactivates, promote), [(true, true), (true, false)]);
    let stays = quirks(|quirks| quirks.the_default_stays = true);
    assert_eq!(off_and_on(stays, promote), [(true, true), (false, true)]);
}

/// A request of an older version.
fn of_version(stripe: &Stripe, version: &str, form: &str) -> Reply {
    let request = stripe.request("POST", CONFIGURATIONS);
    stripe.send(request.header("Stripe-Version", version), form)
}

#[test]
fn parameters_that_are_newer_than_the_version() {
    let product = format!("{PRODUCTS}[0]");
    let update = "features[subscription_update]";
    for (parameter, before, since) in [
        (format!("{NOTHING}&name=A"), "2025-07-30.basil", "2025-08-27.basil"),
        (
            format!("{}&{product}[adjustable_quantity][enabled]=true", listing(&["price_month"])),
            "2025-06-30.basil",
            "2025-07-30.basil",
        ),
        (
            format!("{update}[enabled]=false&{update}[billing_cycle_anchor]=now"),
            "2025-11-17.clover",
            "2025-12-15.clover",
        ),
    ] {
        let refuse = quirks(|quirks| quirks.old_versions_refuse_newer_parameters = true);
        let status = off_and_on(refuse, |stripe| {
            let ask = |version| of_version(stripe, version, &parameter).status;
            (ask(before), ask(since), stripe.post(CONFIGURATIONS, &parameter).status)
        });
        assert_eq!(status, [(200, 200, 200), (400, 200, 200)], "{parameter}");
    }
    let refuse = quirks(|quirks| quirks.old_versions_refuse_newer_parameters = true);
    let refused =
        of_version(&Stripe::shop_with(refuse), "2020-08-27", &format!("{NOTHING}&name=A"));
    assert_eq!(refused.refusal().1, "parameter_unknown");
    assert_eq!(refused.refusal().2, "name");
}

#[test]
fn pauses_in_answers_of_versions_without_them() {
    let hide = quirks(|quirks| quirks.old_versions_hide_pauses = true);
    let has_pause = off_and_on(hide, |stripe| {
        let has_pause = |version| {
            let features = &of_version(stripe, version, NOTHING).ok()["features"];
            features["subscription_pause"].is_object()
        };
        let created = ["2023-10-16", "2025-08-27.basil", "2026-10-28.endive"].map(has_pause);
        let request = stripe.request("GET", CONFIGURATIONS);
        let list = stripe.send(request.header("Stripe-Version", "2025-08-27.basil"), "").ok();
        let request = stripe.request("POST", "/v1/billing_portal/sessions");
        let request = request.header("Stripe-Version", "2025-08-27.basil");
        let session = stripe.send(request, "customer=cus_ada&expand[]=configuration").ok();
        let others = [&list["data"][0], &session["configuration"]]
            .map(|one| one["features"]["subscription_pause"].is_object());
        (created, others)
    });
    let [off, on] = has_pause;
    assert_eq!(off, ([true, true, true], [true, true]));
    assert_eq!(on, ([true, false, true], [false, false]));
}

#[test]
fn idempotency_keys_of_another_account_or_side() {
    let seed = r#"{"connected": [{"id": "acct_shop"}]}"#;
    let span = quirks(|quirks| quirks.idempotency_keys_span_accounts = true);
    let status = [Quirks::default(), span].map(|quirks| {
        let mut stripe = Stripe::new(Seed::parse(seed).unwrap(), quirks);
        stripe.post_once("key-1", CONFIGURATIONS, NOTHING).ok();
        let request = stripe.request("POST", CONFIGURATIONS).header("Idempotency-Key", "key-1");
        let connected = stripe.send(request.header("Stripe-Account", "acct_shop"), NOTHING);
        stripe.post_once("key-1", CONFIGURATIONS, NOTHING).ok();
        stripe.key = "sk_live_1";
        let live = stripe.post_once("key-1", CONFIGURATIONS, NOTHING);
        (connected.status, live.status)
    });
    assert_eq!(status, [(200, 200), (400, 400)]);
}

#[test]
fn the_number_of_configurations() {
    let most = quirks(|quirks| quirks.max_configurations = 2);
    let status =
        off_and_on(most, |stripe| [0, 1, 2].map(|_| stripe.post(CONFIGURATIONS, NOTHING).status));
    assert_eq!(status, [[200, 200, 200], [200, 200, 400]]);
}
