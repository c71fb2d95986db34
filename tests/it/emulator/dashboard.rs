//! Changes that come from the Dashboard.

use portal_reconciler::emulator::{Quirks, Seed};

use super::{CONFIGURATIONS, Stripe};

const NOTHING: &str = "features[invoice_history][enabled]=false";

#[test]
fn saving_the_settings_makes_a_default_that_lets_customers_cancel() {
    let stripe = Stripe::empty();
    let dashboard = stripe.emulator.dashboard(false);
    let default = dashboard.save_settings().unwrap();
    assert_eq!(dashboard.save_settings().unwrap(), default);
    let default = stripe.read(&default);
    assert_eq!(default["is_default"], true);
    assert_eq!(default["features"]["subscription_cancel"]["enabled"], true);
    assert_eq!(default["features"]["subscription_update"]["enabled"], false);
    assert_eq!(stripe.post(CONFIGURATIONS, NOTHING).ok()["is_default"], false);
    assert!(stripe.emulator.configurations(true).is_empty());
}

#[test]
fn a_field_changes_without_a_request() {
    let stripe = Stripe::empty();
    let configuration = stripe.create(NOTHING);
    let n_exchanges = stripe.emulator.exchanges().len();
    stripe.wait(3);
    let dashboard = stripe.emulator.dashboard(false);
    dashboard.edit(&configuration, "business_profile[headline]=Hello").unwrap();
    assert_eq!(stripe.emulator.exchanges().len(), n_exchanges);
    let changed = stripe.read(&configuration);
    assert_eq!(changed["business_profile"]["headline"], "Hello");
    assert_eq!(changed["updated"], 1_790_000_003);

    let refused = dashboard.edit(&configuration, "active=false").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "You cannot set `active: false` on your default PortalConfiguration."
    );
}

#[test]
fn promotion_moves_the_default_and_what_goes_with_it() {
    let stripe = Stripe::empty();
    let former = stripe.create(NOTHING);
    let promoted = stripe.create(NOTHING);
    stripe.emulator.dashboard(false).promote(&promoted).unwrap();
    assert_eq!(stripe.read(&former)["is_default"], false);
    assert_eq!(stripe.read(&promoted)["is_default"], true);
    assert_eq!(stripe.update(&promoted, "active=false").refusal().0, 400);
    stripe.update(&former, "active=false").ok();
    assert!(stripe.emulator.dashboard(false).promote("bpc_x").is_err());
}

#[test]
fn an_application_makes_configurations_that_are_not_the_default_as_far_as_is_known() {
    let stripe = Stripe::empty();
    let dashboard = stripe.emulator.dashboard(false);
    let foreign = dashboard.add_for_application("ca_ghost", NOTHING).unwrap();
    assert_eq!(stripe.read(&foreign)["application"], "ca_ghost");
    assert_eq!(stripe.read(&foreign)["is_default"], false);
    let expanded = stripe.get(&format!("{CONFIGURATIONS}/{foreign}?expand[]=application")).ok();
    assert_eq!(expanded["application"]["object"], "application");
    assert_eq!(stripe.post(CONFIGURATIONS, NOTHING).ok()["is_default"], true);

    let quirks = Quirks { applications_make_the_default: true, ..Quirks::default() };
    let stripe = Stripe::new(Seed::default(), quirks);
    let foreign = stripe.emulator.dashboard(false).add_for_application("ca_ghost", NOTHING);
    assert_eq!(stripe.read(&foreign.unwrap())["is_default"], true);
}
