//! Accounts with a history, and files that want something else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use portal_reconciler::emulator::{Emulator, Seed};
use serde_json::{Value as Json, json};

use super::case::{Case, NOW, scratch};
use crate::repository::cases;
use crate::sessions::copy;
use crate::support::Project;

/// Every folder in `tests/cases` whose files and account come to something to write, from the
/// start. Folders with the same files and the same account are one case.
pub(super) fn of_sessions() -> Vec<Case> {
    let mut folders = cases();
    let mut known: Vec<BTreeMap<String, String>> = Vec::new();
    folders.retain(|folder| {
        let content = content(folder);
        let is_new = !known.contains(&content);
        known.push(content);
        is_new
    });
    let case = |folder: &std::path::PathBuf| {
        Case::of_folder(&folder.file_name().unwrap().to_string_lossy(), folder)
    };
    folders.iter().filter_map(case).filter(Case::has_something_to_write).collect()
}

/// What a run starts from, by file.
fn content(folder: &Path) -> BTreeMap<String, String> {
    // Some sessions begin without any file.
    let files = fs::read_dir(folder.join("portal-configs")).into_iter().flatten();
    let files = files.map(|entry| entry.unwrap().path()).chain([folder.join("account.json")]);
    let read = |path: std::path::PathBuf| {
        Some((path.file_name()?.to_string_lossy().into_owned(), fs::read_to_string(&path).ok()?))
    };
    files.filter_map(read).collect()
}

/// Each kind of action, alone and with the others.
#[expect(clippy::too_many_lines, reason = "a list of accounts")]
pub(super) fn of_history() -> Vec<Case> {
    vec![
        scene("several are created, and the default isn't the first by name", |project| {
            project.write(&roles([("a", role()), ("b", role()), ("z", default(role()))]));
        }),
        scene("found by markers, since the lockfile is lost", |project| {
            project.write(&roles([("a", default(role())), ("b", role())]));
            project.apply();
            fs::remove_file(project.lockfile()).unwrap();
            project.write(&roles([("a", default(role())), ("b", cancelling())]));
        }),
        scene("found by markers, beside a default of somebody else's", |project| {
            let off = "features[invoice_history][enabled]=false";
            let theirs = "metadata[reconcile_project]=theirs&metadata[reconcile_role]=a";
            project.post("/v1/billing_portal/configurations", &format!("{off}&{theirs}"));
            project.write(&roles([("a", role()), ("b", role())]));
            project.apply();
            fs::remove_file(project.lockfile()).unwrap();
            project.write(&roles([("a", cancelling()), ("b", role())]));
        }),
        scene("updated, beside one that is as it should be", |project| {
            project.write(&roles([("a", default(role())), ("b", role()), ("c", role())]));
            project.apply();
            project.write(&roles([
                ("a", default(cancelling())),
                ("b", cancelling()),
                ("c", role()),
            ]));
        }),
        scene("reactivated, as it was and otherwise", |project| {
            let all = [("a", default(role())), ("b", role()), ("c", role())];
            project.write(&roles(all));
            project.apply();
            for name in ["b", "c"] {
                project
                    .emulator
                    .dashboard(false)
                    .edit(&id_of(project, name), "active=false")
                    .unwrap();
            }
            project.write(&roles([("a", default(role())), ("b", role()), ("c", cancelling())]));
        }),
        scene("products, by id and by lookup key", |project| {
            project.write(&roles([("a", default(selling(&["a_month"])))]));
            project.apply();
            let both = selling(&["a_month", "a_year"]);
            project.write(&roles([("a", default(both.clone())), ("b", both)]));
        }),
        scene("another one has become the default", |project| {
            project.write(&roles([("a", default(role())), ("b", role())]));
            project.apply();
            project.emulator.dashboard(false).promote(&id_of(project, "b")).unwrap();
            project.write(&roles([
                ("a", cancelling()),
                ("b", default(cancelling())),
                ("c", role()),
            ]));
        }),
        scene("adopted, the default and another one, beside those of others", |project| {
            let dashboard = project.emulator.dashboard(false);
            dashboard.save_settings().unwrap();
            let off = "features[invoice_history][enabled]=false";
            let theirs = "metadata[reconcile_project]=theirs&metadata[reconcile_role]=a";
            dashboard.add_for_application("ca_1", off).unwrap();
            project.post("/v1/billing_portal/configurations", &format!("{off}&{theirs}"));
            project.post("/v1/billing_portal/configurations", off);
            let locked = project.post("/v1/billing_portal/configurations", off);
            lock(project, "b", &locked);
            project.write(&roles([("a", default(role())), ("b", role()), ("c", role())]));
        }),
        scene("deactivated, beside what takes its place and those of others", |project| {
            let off = "features[invoice_history][enabled]=false";
            let theirs = "metadata[reconcile_project]=theirs&metadata[reconcile_role]=gone";
            let all = [("a", default(role())), ("gone", role()), ("old", selling(&["a_month"]))];
            project.write(&roles(all));
            project.apply();
            project.post("/v1/billing_portal/configurations", &format!("{off}&{theirs}"));
            project.write(&roles([pruning(), ("a", default(cancelling())), ("new", role())]));
        }),
        scene("everything at once", |project| {
            project.write(&roles([("a", default(role())), ("b", role()), ("gone", role())]));
            project.apply();
            let dashboard = project.emulator.dashboard(false);
            dashboard.edit(&id_of(project, "b"), "active=false").unwrap();
            dashboard.edit(&id_of(project, "a"), "name=Drifted").unwrap();
            project.write(&roles([
                pruning(),
                ("a", default(cancelling())),
                ("b", selling(&["a_year"])),
                ("c", role()),
                ("d", selling(&["a_month"])),
            ]));
        }),
    ]
}

/// Lets somebody use an account, and takes what has become of it.
pub(crate) fn scene(name: &str, history: impl FnOnce(&Project)) -> Case {
    let folder = scratch();
    let prices = [("a_month", "month"), ("a_year", "year")].map(|(key, interval)| {
        let every = json!({ "interval": interval });
        json!({ "id": format!("price_{key}"), "product": "prod_a", "lookup_key": key, "currency": "usd", "unit_amount": 1, "recurring": every })
    });
    let seed = json!({ "products": [{ "id": "prod_a", "name": "A" }], "prices": prices });
    let seed = Seed::parse(&seed.to_string()).unwrap();
    let emulator = Emulator::at_path(&folder.path().join(".emulator.json"), seed).unwrap();
    let project = Project::new(emulator.with_clock(|| NOW - 60));
    history(&project);
    copy(project.folder.path(), folder.path(), |_| true);
    let case = Case::of_scene(name, folder);
    assert!(case.has_something_to_write(), "{name}");
    case
}

pub(crate) fn id_of(project: &Project, role: &str) -> String {
    let all = project.emulator.configurations(false);
    let found = all.iter().find(|it| it["metadata"]["reconcile_role"] == role);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

/// Says in the lockfile, and nowhere else, that a configuration is a role's.
fn lock(project: &Project, role: &str, id: &str) {
    let lockfile = json!({
        "lockfile_version": 1,
        "environment": "test",
        "account": null,
        "livemode": false,
        "roles": { role: id },
    });
    fs::write(project.lockfile(), lockfile.to_string()).unwrap();
}

pub(crate) fn roles<const N: usize>(roles: [(&str, Json); N]) -> BTreeMap<String, Json> {
    roles.into_iter().map(|(name, role)| (name.to_owned(), role)).collect()
}

pub(crate) fn role() -> Json {
    json!({ "features": { "invoice_history": { "enabled": true } }, "metadata": { "team": "blue" } })
}

pub(crate) fn cancelling() -> Json {
    json!({ "features": { "subscription_cancel": { "enabled": true }, "customer_update": { "enabled": true, "allowed_updates": ["email"] } } })
}

pub(crate) fn selling(keys: &[&str]) -> Json {
    let update = json!({ "enabled": true, "default_allowed_updates": ["price"], "products": [{ "lookup_keys": keys }] });
    json!({ "features": { "subscription_update": update } })
}

/// Settings by which what has no file any more is deactivated.
pub(crate) fn pruning() -> (&'static str, Json) {
    ("reconcile", json!({ "environments": { "test": { "prune": true } } }))
}

pub(crate) fn default(mut role: Json) -> Json {
    role["default"] = true.into();
    role
}
