//! Whatever the emulator answers is of the official shape: after any history, with and without
//! `expand`, and however Stripe behaves where nobody has written it down.

use std::cell::Cell;

use http::Method;
use portal_reconciler::emulator::Quirks;
use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::Value as Json;

use super::agreement::{Case, RULES, Verdict, run};
use super::check::check_json;
use super::endpoint::{Account, CUSTOMER, Endpoint, INTERVALS, PRODUCTS, price};
use super::form::Lists;
use super::sense::{make_sense, name_what_exists};
use super::shape::object;
use super::watch::endpoint;
use super::{CONFIGURATIONS, bodies};

/// What only some quirks refuse.
const RULES_OF_QUIRKS: [&str; 3] = [
    "Missing required param: features[customer_update][allowed_updates].",
    "Missing required param: features[subscription_cancel][cancellation_reason][options].",
    "Only your default PortalConfiguration can have a login page.",
];

fn requests() -> impl Strategy<Value = Vec<Case>> {
    let endpoints = [Endpoint::Create, Endpoint::Update, Endpoint::Update, Endpoint::Session];
    let of_each = endpoints.map(|endpoint| {
        bodies::of(endpoint.shape())
            .prop_map(move |mut body| {
                name_what_exists(endpoint, &mut body);
                make_sense(&mut body);
                Case { endpoint, body, lists: Lists::Numbered, broken: None }
            })
            .boxed()
    });
    proptest::collection::vec(Union::new(of_each), 1..=8)
}

/// Looks at everything that can be read.
fn look(account: &Account) -> Result<(), TestCaseError> {
    for configuration in account.emulator.configurations(false) {
        let violations = check_json(object("configuration"), &configuration);
        prop_assert!(violations.is_empty(), "{:?}", violations);
    }
    let products = "features.subscription_update.products";
    let [_, other] = &account.configurations;
    let a_price = price(PRODUCTS[0], INTERVALS[0]);
    for path in [
        format!("{CONFIGURATIONS}/{other}"),
        format!("{CONFIGURATIONS}/{other}?expand[]={products}&expand[]=application"),
        CONFIGURATIONS.to_owned(),
        format!("{CONFIGURATIONS}?expand[]=data.{products}&limit=100"),
        format!("/v1/prices/{a_price}"),
        format!("/v1/prices/{a_price}?expand[]=product"),
        "/v1/prices?expand[]=data.product".to_owned(),
        format!("/v1/products/{}", PRODUCTS[0]),
    ] {
        let response = account.get(&path);
        let json: Json = serde_json::from_slice(response.body()).unwrap();
        let (_, shape) = endpoint(&Method::GET, path.split('?').next().unwrap()).unwrap();
        let violations = check_json(shape, &json);
        prop_assert!(violations.is_empty(), "{}: {:?}", path, violations);
    }
    Ok(())
}

#[test]
fn every_answer_is_of_its_official_shape_whatever_the_history_and_the_quirk() {
    let (n_accepted, n_refused) = (Cell::new(0), Cell::new(0));
    let rules = [&RULES[..], &RULES_OF_QUIRKS[..]].concat();
    let all = std::iter::once(("none", Quirks::default())).chain(Quirks::each_flipped());
    let history = |quirks: &Quirks, requests: Vec<Case>| {
        let account = Account::new(quirks.clone());
        for case in requests {
            let response = account.post(case.endpoint, &case.form());
            match Verdict::of(&response, &rules) {
                Verdict::Accepted(json) => {
                    let violations = check_json(case.endpoint.answer(), &json);
                    prop_assert!(violations.is_empty(), "{:?}", violations);
                    n_accepted.set(n_accepted.get() + 1);
                }
                Verdict::Rule(_) => n_refused.set(n_refused.get() + 1),
                Verdict::Shape(violation) => {
                    prop_assert!(false, "refused although of its shape: {violation}");
                }
            }
        }
        look(&account)
    };
    for (name, quirks) in all {
        run(12, &requests(), |requests| {
            history(&quirks, requests)
                .map_err(|error| TestCaseError::fail(format!("quirk {name}: {error}")))
        });
    }
    let (n_accepted, n_refused) = (n_accepted.get(), n_refused.get());
    assert!(n_accepted > 9 * n_refused, "{n_accepted} accepted, {n_refused} refused");
}

/// Configurations of Connect applications look otherwise.
#[test]
fn a_configuration_of_an_application_is_of_the_official_shape_too() {
    let account = Account::new(Quirks::default());
    let form = "features[invoice_history][enabled]=true";
    let id = account.emulator.dashboard(false).add_for_application("ca_1", form).unwrap();
    for query in ["", "?expand[]=application"] {
        let response = account.get(&format!("{CONFIGURATIONS}/{id}{query}"));
        let json: Json = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(json["application"].is_object(), !query.is_empty());
        assert_eq!(check_json(object("configuration"), &json), []);
    }
}

/// The types say that the quantity of an item is absent then, and never null. This is the emulator's
/// mistake: once it is put right, this test goes, and so does the quantity in `sense`.
#[test]
fn a_quantity_that_was_not_said_is_null_which_is_wrong() {
    let confirm = "flow_data[subscription_update_confirm]";
    let price = price(PRODUCTS[0], INTERVALS[0]);
    let form = format!(
        "customer={CUSTOMER}&flow_data[type]=subscription_update_confirm&{confirm}[subscription]=sub_1\
         &{confirm}[items][0][id]=si_1&{confirm}[items][0][price]={price}"
    );
    let response = Account::new(Quirks::default()).post(Endpoint::Session, &form);
    let json: Json = serde_json::from_slice(response.body()).unwrap();
    let violations = check_json(object("session"), &json);
    let [violation] = violations.as_slice() else { panic!("{violations:?}") };
    let path = "flow.subscription_update_confirm.items[0].quantity";
    assert_eq!(violation.to_string(), format!("`{path}` is never null"));
}
