//! What this project can say to Stripe about a configuration, as the program itself says.

use std::collections::{BTreeMap, BTreeSet};

use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::model::{API_VERSION, Field, IntervalUnit, Kind};
use serde_json::{Value as Json, json};

use crate::support::Project;

/// Parameters by their paths, each with the words it can take if it takes words only.
///
/// `a[].b` is the parameter `b` of the objects in the list `a`; a list of texts is one parameter.
pub(super) type Model = BTreeMap<String, Option<BTreeSet<String>>>;

/// The table of fields, and what the program sends that the table leaves to the code: the parts of
/// products and lengths, metadata, and what isn't a setting.
pub(super) fn model() -> Model {
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let row = |field: Field| {
        let path = field.path();
        match field.spec().kind {
            Kind::Flag | Kind::Text(_) | Kind::Url | Kind::IdSet => (path.to_owned(), None),
            Kind::Choice(choices) => (path.to_owned(), words(choices)),
            Kind::Set(members) => (path.to_owned(), words(members)),
            Kind::TypedSet(types) => (format!("{path}[].type"), words(types)),
            Kind::Intervals => {
                (format!("{path}[].interval"), words(&IntervalUnit::ALL.map(IntervalUnit::as_str)))
            }
        }
    };
    let mut model: Model = Field::ALL.into_iter().map(row).collect();
    for path in sent() {
        model.entry(path).or_insert(None);
    }
    model
}

/// The paths of everything that is sent for files that use everything, and for a configuration that
/// has to be made active again.
fn sent() -> BTreeSet<String> {
    let seed = json!({
        "products": [{ "id": "prod_a", "name": "A" }],
        "prices": [{
            "id": "price_a", "product": "prod_a", "currency": "usd", "unit_amount": 1,
            "recurring": { "interval": "month" },
        }],
    });
    let project = Project::new(Emulator::in_memory(Seed::parse(&seed.to_string()).unwrap()));
    let quantity = json!({ "enabled": true, "minimum": 1, "maximum": 2 });
    let listed =
        json!([{ "product": "prod_a", "prices": ["price_a"], "adjustable_quantity": quantity }]);
    let features = json!({
        "subscription_pause": {
            "enabled": true,
            "duration": {
                "type": "interval_options",
                "interval_options": [{ "interval": "week", "interval_count": 2 }],
            },
        },
        "subscription_update": {
            "enabled": true, "default_allowed_updates": ["price"], "products": listed,
        },
    });
    let base = json!({ "default": true, "features": features, "metadata": { "team": "blue" } });
    let little = json!({ "features": { "invoice_history": { "enabled": true } } });
    project.write(&BTreeMap::from([("base".to_owned(), base), ("other".to_owned(), little)]));
    project.apply();
    let all = project.emulator.configurations(false);
    let other = all.iter().find(|it| it["is_default"] == false).unwrap();
    let dashboard = project.emulator.dashboard(false);
    dashboard.edit(other["id"].as_str().unwrap(), "active=false").unwrap();
    project.apply();
    assert!(project.plan().is_empty());
    let exchanges = project.emulator.exchanges();
    let writes = exchanges.iter().filter(|exchange| exchange.method == "POST");
    writes.flat_map(|it| &it.parameters).map(|(name, _)| path_of(name)).collect()
}

/// `a.b[].c` of `a[b][0][c]`, and `a.b` of `a[b][0]`. The keys of metadata are the user's.
fn path_of(name: &str) -> String {
    let mut path = String::new();
    for segment in name.split(['[', ']']).filter(|segment| !segment.is_empty()) {
        if path == "metadata" {
            break;
        }
        if segment.parse::<u32>().is_ok() {
            path.push_str("[]");
        } else {
            let dot = if path.is_empty() { "" } else { "." };
            path.push_str(&format!("{dot}{segment}"));
        }
    }
    path.strip_suffix("[]").map_or(path.clone(), str::to_owned)
}

/// `extract.mjs --newest` reads it: what Stripe has and isn't in it has to be added.
#[test]
fn the_model_is_written_down_for_the_script() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("model.json");
    let written = json!({ "api_version": API_VERSION, "parameters": model() });
    std::fs::write(&path, written.to_string()).unwrap();
    let read: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for said in ["active", "expand", "metadata", "features.subscription_update.products[].prices"] {
        assert!(read["parameters"].get(said).is_some(), "{said}: {read:#}");
    }
}
