//! Accounts that are connected to a platform.

use portal_reconciler::emulator::{Quirks, Seed};
use serde_json::json;

use super::{CONFIGURATIONS, Reply, Stripe, id, ids};

const NOTHING: &str = "features[invoice_history][enabled]=false";
const SHOP: &str = "acct_1ConnectedShopAA";
const CLUB: &str = "acct_1ConnectedClubBB";

/// A platform with two connected accounts. The shop has a product, a customer and a key of its own.
fn platform() -> Stripe {
    platform_with(Quirks::default())
}

fn platform_with(quirks: Quirks) -> Stripe {
    let seed = json!({
        "account": { "id": "acct_1PlatformItself0", "application": "ca_platform" },
        "products": [{ "id": "prod_platform", "name": "Platform" }],
        "connected": [
            {
                "id": SHOP,
                "products": [{ "id": "prod_shop", "name": "Shop" }],
                "customers": [{ "id": "cus_shop" }],
            },
            { "id": CLUB },
        ],
        "keys": [{ "key": "sk_test_shop", "account": SHOP }],
    });
    Stripe::new(Seed::parse(&seed.to_string()).unwrap(), quirks)
}

/// A request of the platform's that acts on a connected account.
fn on(stripe: &Stripe, account: &str, method: &str, path: &str, form: &str) -> Reply {
    stripe.send(stripe.request(method, path).header("Stripe-Account", account), form)
}

fn create_on(stripe: &Stripe, account: &str) -> String {
    id(&on(stripe, account, "POST", CONFIGURATIONS, NOTHING).ok())
}

fn update_on(stripe: &Stripe, account: &str, configuration: &str, form: &str) -> Reply {
    on(stripe, account, "POST", &format!("{CONFIGURATIONS}/{configuration}"), form)
}

#[test]
fn each_account_has_its_own_objects_ids_and_sides() {
    let stripe = platform();
    let listed = |reply: Reply| ids(&reply.ok());
    assert_eq!(listed(stripe.get("/v1/products")), ["prod_platform"]);
    assert_eq!(listed(on(&stripe, SHOP, "GET", "/v1/products", "")), ["prod_shop"]);
    assert!(listed(on(&stripe, CLUB, "GET", "/v1/products", "")).is_empty());
    let created = create_on(&stripe, SHOP);
    assert!(created.contains("ctedShopAA"), "the block of {SHOP}: {created}");
    assert!(stripe.emulator.configurations(false).is_empty());
    assert_eq!(stripe.emulator.configurations_of(SHOP, false).len(), 1);
    assert!(stripe.emulator.configurations_of(SHOP, true).is_empty());
    let path = format!("{CONFIGURATIONS}/{created}");
    assert_eq!(stripe.get(&path).refusal().0, 404);
}

#[test]
fn what_a_platform_makes_carries_its_application_and_is_not_the_default() {
    let stripe = platform();
    let reply = on(&stripe, SHOP, "POST", CONFIGURATIONS, NOTHING);
    assert_eq!(reply.header("Stripe-Account"), Some(SHOP));
    let created = reply.ok();
    assert_eq!(created["application"], "ca_platform");
    assert_eq!(created["is_default"], false);
    update_on(&stripe, SHOP, &id(&created), "name=still ours").ok();
    let own = stripe.post(CONFIGURATIONS, NOTHING).ok();
    assert_eq!((&own["application"], &own["is_default"]), (&json!(null), &json!(true)));
}

#[test]
fn a_fresh_account_has_no_default_to_open_a_session_with() {
    let stripe = platform();
    let sessions = "/v1/billing_portal/sessions";
    let refused = on(&stripe, SHOP, "POST", sessions, "customer=cus_shop");
    assert!(refused.refusal().3.starts_with("No configuration provided"), "{:#}", refused.body);
    let configuration = create_on(&stripe, SHOP);
    let form = format!("customer=cus_shop&configuration={configuration}");
    on(&stripe, SHOP, "POST", sessions, &form).ok();
}

/// As a publisher's code recognises it: it begins like this and has no code.
#[test]
fn a_platform_changes_neither_defaults_nor_what_others_made() {
    let mut stripe = platform();
    stripe.key = "sk_test_shop";
    let default = stripe.create(NOTHING);
    let other = stripe.create(NOTHING);
    assert_eq!(stripe.read(&default)["application"], json!(null));
    stripe.key = "sk_test_51Abc";
    let ours = create_on(&stripe, SHOP);
    for configuration in [&default, &other] {
        let refused = update_on(&stripe, SHOP, configuration, "name=ours");
        let (status, code, _, message) = refused.refusal();
        assert_eq!((status, code), (400, ""));
        let beginning = "You cannot make any changes to a PortalConfiguration";
        assert!(message.starts_with(beginning), "{message}");
    }
    update_on(&stripe, SHOP, &ours, "name=ours").ok();
    // Once the owner has made it the default, it is out of reach.
    stripe.emulator.dashboard_of(SHOP, false).promote(&ours).unwrap();
    assert_eq!(update_on(&stripe, SHOP, &ours, "name=ours").status, 400);
    stripe.key = "sk_test_shop";
    stripe.update(&default, "name=the owner's key may").ok();
    stripe.update(&ours, "name=the owner's key may").ok();
}

#[test]
fn how_far_a_platform_reaches_can_be_switched() {
    let reach = |set: fn(&mut Quirks)| {
        let mut quirks = Quirks::default();
        set(&mut quirks);
        let stripe = platform_with(quirks);
        let ours = create_on(&stripe, SHOP);
        let is_default = stripe.emulator.configurations_of(SHOP, false)[0]["is_default"] == true;
        let dashboard = stripe.emulator.dashboard_of(SHOP, false);
        dashboard.promote(&ours).unwrap();
        let theirs = dashboard.add_for_application("ca_other", NOTHING).unwrap();
        let [ours, theirs] = [ours, theirs]
            .map(|configuration| update_on(&stripe, SHOP, &configuration, "name=x").status);
        (is_default, ours, theirs)
    };
    assert_eq!(reach(|_| {}), (false, 400, 400));
    assert_eq!(reach(|quirks| quirks.applications_make_the_default = true), (true, 400, 400));
    assert_eq!(reach(|quirks| quirks.applications_change_defaults = true), (false, 200, 400));
    let others = |quirks: &mut Quirks| quirks.applications_change_what_others_made = true;
    assert_eq!(reach(others), (false, 400, 200));
}

/// As recorded in the tests of official clients.
#[test]
fn an_account_that_is_not_connected_is_out_of_reach() {
    let mut stripe = platform();
    let refused = |stripe: &Stripe, account: &str| {
        let reply = on(stripe, account, "GET", CONFIGURATIONS, "");
        let (status, code, _, message) = reply.refusal();
        (status, code.to_owned(), message.to_owned())
    };
    assert_eq!(
        refused(&stripe, "acct_other"),
        (
            403,
            "account_invalid".to_owned(),
            "The provided key 'sk_test_*1Abc' does not have access to account 'acct_other' (or \
             that account does not exist). Application access may have been revoked."
                .to_owned()
        )
    );
    // A connected account's own key reaches that account only.
    stripe.key = "sk_test_shop";
    assert_eq!(on(&stripe, SHOP, "GET", CONFIGURATIONS, "").status, 200);
    for account in [CLUB, "acct_1PlatformItself0"] {
        assert_eq!(refused(&stripe, account).0, 403);
    }
}

#[test]
fn idempotency_keys_are_of_one_account() {
    let stripe = platform();
    let create = |account: &str| {
        let request = stripe.request("POST", CONFIGURATIONS).header("Idempotency-Key", "key-1");
        id(&stripe.send(request.header("Stripe-Account", account), NOTHING).ok())
    };
    let created = [SHOP, CLUB, SHOP].map(create);
    assert_ne!(created[0], created[1]);
    assert_eq!(created[0], created[2]);
}

#[test]
fn connected_accounts_are_listed_newest_first() {
    let mut stripe = platform();
    let first = stripe.get("/v1/accounts?limit=1").ok();
    assert_eq!((ids(&first), &first["has_more"]), (vec![CLUB.to_owned()], &json!(true)));
    assert_eq!(first["url"], "/v1/accounts");
    let second = stripe.get(&format!("/v1/accounts?limit=1&starting_after={CLUB}")).ok();
    assert_eq!((ids(&second), &second["has_more"]), (vec![SHOP.to_owned()], &json!(false)));
    assert_eq!(
        stripe.get("/v1/accounts?starting_after=acct_x").refusal(),
        (400, "resource_missing", "starting_after", "No such account: 'acct_x'")
    );
    stripe.key = "sk_test_shop";
    assert!(ids(&stripe.get("/v1/accounts").ok()).is_empty());
}

#[test]
fn an_account_is_retrieved_by_itself_and_by_its_platform() {
    let mut stripe = platform();
    for account in [SHOP, "acct_1PlatformItself0"] {
        assert_eq!(id(&stripe.get(&format!("/v1/accounts/{account}")).ok()), account);
    }
    assert_eq!(id(&on(&stripe, SHOP, "GET", "/v1/account", "").ok()), SHOP);
    stripe.key = "sk_test_shop";
    assert_eq!(id(&stripe.get("/v1/account").ok()), SHOP);
    assert_eq!(stripe.get(&format!("/v1/accounts/{CLUB}")).refusal().1, "account_invalid");
}

#[test]
fn without_a_name_the_application_follows_from_the_account() {
    let seed = json!({ "connected": [{ "id": SHOP }] });
    let stripe = Stripe::new(Seed::parse(&seed.to_string()).unwrap(), Quirks::default());
    create_on(&stripe, SHOP);
    let configurations = stripe.emulator.configurations_of(SHOP, false);
    let application = configurations[0]["application"].as_str().unwrap();
    assert!(application.starts_with("ca_") && application.len() == 35, "{application}");
    assert!(stripe.emulator.configurations_of("acct_x", false).is_empty());
    assert!(stripe.emulator.dashboard_of("acct_x", false).save_settings().is_err());
}

#[test]
fn what_a_connected_account_is_asked_is_marked_in_the_log() {
    let stripe = platform();
    create_on(&stripe, SHOP);
    stripe.get(CONFIGURATIONS).ok();
    let accounts: Vec<_> = stripe.emulator.exchanges().into_iter().map(|one| one.account).collect();
    assert_eq!(accounts, [Some(SHOP.to_owned()), None]);
}
