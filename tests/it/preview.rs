//! Pictures of portals, as those read them who show them: a browser's parser of HTML, and a browser.

use std::collections::{BTreeMap, BTreeSet};

use portal_reconciler::emulator::{Emulator, Seed};
use proptest::prelude::*;
use scraper::{Html, Selector};
use serde_json::{Value as Json, json};

use crate::laws::generated::{files, under_every_behaviour};
use crate::markdown::{CANARY, foreign};
use crate::real_clients::{are_wanted, in_a_browser};
use crate::support::Project;

/// The texts of everything that a selector selects, without space around and between words.
fn texts(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let text = |it: scraper::ElementRef<'_>| {
        it.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    page.select(&selector).map(text).collect()
}

/// What is to be done in a portal and what is said of it, in both languages.
fn offered(page: &Html) -> Vec<Vec<String>> {
    [".headline", ".title", "summary", ".dialog", ".brand a", ".plan"]
        .map(|selector| texts(page, selector))
        .to_vec()
}

/// Two pictures of one portal, which are drawn from different ends: what the files want, and what the
/// emulator has. They show the same.
#[test]
fn a_session_leads_to_the_portal_that_its_preview_showed() {
    under_every_behaviour(files, |behaviour, roles| {
        let base = BTreeMap::from([("base".to_owned(), roles["base"].clone())]);
        let project = behaviour.account();
        project.write(&base);
        let preview = Html::parse_document(&project.preview(false));
        prop_assert!(project.apply().is_complete());
        let customer = project.post("/v1/customers", "name=Ada Example&email=ada@example.com");
        let id = project.emulator.configurations(false)[0]["id"].as_str().unwrap().to_owned();
        let visited = Html::parse_document(&project.follow(&id, &customer));
        let sorted = |page: &Html| {
            let mut all = offered(page);
            // Lists whose order means nothing are kept in the order in which they were sent.
            all.iter_mut().flatten().for_each(|text| {
                let mut words: Vec<&str> = text.split(' ').collect();
                words.sort_unstable();
                *text = words.join(" ");
            });
            all
        };
        prop_assert_eq!(sorted(&preview), sorted(&visited));
        Ok(())
    });
}

/// Only these make up a page, and nothing that could load, send or run anything.
const ELEMENTS: &str = "a article bdi body br code del details div fieldset h1 h2 h3 head header html \
                        input ins label legend li main meta p section span strong style summary table \
                        tbody td th thead title tr ul";

const ATTRIBUTES: &str = "aria-label aria-level charset checked class content href http-equiv id lang \
                          name open rel role scope tabindex title type";

fn is_harmless(page: &str) -> Result<(), TestCaseError> {
    let elements: BTreeSet<&str> = ELEMENTS.split_whitespace().collect();
    let attributes: BTreeSet<&str> = ATTRIBUTES.split_whitespace().collect();
    let parsed = Html::parse_document(page);
    for element in parsed.select(&Selector::parse("*").unwrap()) {
        let element = element.value();
        prop_assert!(elements.contains(element.name()), "{}", element.name());
        for (name, value) in element.attrs() {
            prop_assert!(attributes.contains(name), "{} {}", element.name(), name);
            let is_address = ["href", "src"].contains(&name);
            let may_lead_there =
                ["https://", "http://", "#"].iter().any(|start| value.starts_with(start));
            prop_assert!(!is_address || may_lead_there, "{}", value);
        }
    }
    Ok(())
}

fn shop(product: &str, customer: &str) -> Seed {
    let seed = json!({
        "products": [{ "id": "prod_1", "name": product }],
        "prices": [{ "id": "price_1", "product": "prod_1", "currency": "usd", "unit_amount": 900,
                     "recurring": { "interval": "month" } }],
        "customers": [{ "id": "cus_1", "name": customer, "email": "ada@example.com" }],
    });
    Seed::parse(&seed.to_string()).unwrap()
}

fn role(headline: &str) -> BTreeMap<String, Json> {
    let role = json!({
        "default": true,
        "business_profile": { "headline": headline },
        "features": {
            "subscription_cancel": { "enabled": true },
            "subscription_update": {
                "enabled": true,
                "default_allowed_updates": ["price"],
                "products": [{ "product": "prod_1", "prices": ["price_1"] }],
            },
        },
    });
    BTreeMap::from([("admin".to_owned(), role)])
}

fn n_elements(page: &str) -> usize {
    Html::parse_document(page).select(&Selector::parse("*").unwrap()).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever files and account say is text, wherever it gets to, and none of it is lost.
    #[test]
    fn nothing_foreign_is_html(
        headline in foreign().prop_filter("sixty", |text| text.chars().count() <= 60),
        product in foreign(),
        customer in foreign(),
    ) {
        let pages = |headline: &str, product: &str, customer: &str| {
            let project = Project::new(Emulator::in_memory(shop(product, customer)));
            project.write(&role(headline));
            let preview = project.preview(false);
            assert!(project.apply().is_complete());
            let id = project.emulator.configurations(false)[0]["id"].as_str().unwrap().to_owned();
            (preview, project.preview(true), project.follow(&id, "cus_1"))
        };
        let (preview, against, visited) = pages(&headline, &product, &customer);
        let benign = pages("headline", "product", "customer");
        for (page, benign) in [(&preview, &benign.0), (&against, &benign.1), (&visited, &benign.2)] {
            is_harmless(page)?;
            prop_assert_eq!(n_elements(page), n_elements(benign), "{}", page);
        }
        let visible = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let parsed = Html::parse_document(&visited);
        prop_assert_eq!(texts(&parsed, ".headline"), [visible(&headline)]);
        prop_assert_eq!(&texts(&parsed, ".plan bdi")[0], &visible(&product));
        prop_assert!(texts(&parsed, "header bdi")[0].contains(CANARY));
        let parsed = Html::parse_document(&preview);
        prop_assert_eq!(texts(&parsed, ".headline"), [visible(&headline)]);
    }
}

#[test]
fn what_changes_is_marked_on_both_sides() {
    let project = Project::new(Emulator::in_memory(shop("Team", "Ada")));
    let mut roles = role("Ours");
    project.write(&roles);
    assert!(project.apply().is_complete());
    let nothing = project.preview(true);
    assert!(nothing.contains("nothing changes") && !nothing.contains("goes away"));

    let admin = roles.get_mut("admin").unwrap();
    admin["features"].as_object_mut().unwrap().remove("subscription_cancel");
    admin["features"]["invoice_history"] = json!({ "enabled": true });
    admin["business_profile"]["headline"] = json!("Theirs");
    project.write(&roles);
    let page = Html::parse_document(&project.preview(true));
    let marks = |side: &str| texts(&page, &format!(".badge.{side} [lang=en]"));
    assert_eq!(marks("before"), ["changes", "goes away"]);
    assert_eq!(marks("after"), ["changed", "new"]);
    assert_eq!(texts(&page, "td.was"), ["– → ✓", "at the end of a period → –"]);
    assert_eq!(texts(&page, ".absent li [lang=en]").last().unwrap(), "change their details");
}

/// More roles than fit on a screen, no two alike.
fn many_roles() -> BTreeMap<String, Json> {
    (0..40)
        .map(|n| {
            let mut role = role(&format!("Role {n}"))["admin"].clone();
            role["default"] = json!(n == 0);
            (format!("role-{n}"), role)
        })
        .collect()
}

#[test]
fn a_browser_shows_every_page_whole_and_without_a_barrier() {
    if !are_wanted() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let page = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        format!("file://{}", path.display())
    };
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let project = Project::new(Emulator::in_memory(shop(hostile, hostile)));
    let mut roles = role("<svg/onload=alert(1)> Acmeのご契約");
    project.write(&roles);
    let mut pages = vec![page("preview.html", &project.preview(false))];
    assert!(project.apply().is_complete());
    let id = project.emulator.configurations(false)[0]["id"].as_str().unwrap().to_owned();
    pages.push(page("visited.html", &project.follow(&id, "cus_1")));
    let admin = roles.get_mut("admin").unwrap();
    admin["features"]["subscription_cancel"]["mode"] = json!("immediately");
    project.write(&roles);
    pages.push(page("against.html", &project.preview(true)));
    project.write(&many_roles());
    pages.push(page("many.html", &project.preview(false)));
    in_a_browser(&pages);
}
