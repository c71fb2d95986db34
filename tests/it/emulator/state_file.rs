//! Accounts in files.

use std::fs;
use std::path::Path;

use portal_reconciler::emulator::{Emulator, EmulatorError, Seed};

use super::{CONFIGURATIONS, SHOP, SWITCHING, Stripe};

const NOTHING: &str = "features[invoice_history][enabled]=false";

fn open(path: &Path) -> Stripe {
    Stripe::around(Emulator::at_path(path, Seed::parse(SHOP).unwrap()).unwrap())
}

#[test]
fn an_account_outlives_its_emulator() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let stripe = open(&path);
    stripe.post_once("key-1", CONFIGURATIONS, SWITCHING).ok();
    let before = stripe.emulator.configurations(false);
    drop(stripe);

    let stripe = Stripe::around(Emulator::at_path(&path, Seed::default()).unwrap());
    assert_eq!(stripe.emulator.configurations(false), before);
    let again = stripe.post_once("key-1", CONFIGURATIONS, SWITCHING);
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    stripe.get("/v1/prices/price_month").ok();
}

#[test]
fn two_emulators_on_one_file_share_one_account() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let (one, other) = (open(&path), open(&path));
    let first = one.create(NOTHING);
    let second = other.create(NOTHING);
    assert_ne!(first, second);
    other.update(&first, "name=by the other").ok();
    assert_eq!(one.read(&first)["name"], "by the other");
    assert_eq!(one.read(&second)["is_default"], false);
    assert_eq!(one.emulator.configurations(false), other.emulator.configurations(false));
    assert_eq!(
        other.post_once("key-1", CONFIGURATIONS, NOTHING).ok(),
        one.post_once("key-1", CONFIGURATIONS, NOTHING).ok()
    );
}

#[test]
fn many_writers_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let stripe = open(&path);
                for _ in 0..10 {
                    stripe.create(NOTHING);
                }
            });
        }
    });
    let all = open(&path).emulator.configurations(false);
    let ids: std::collections::HashSet<String> = all.iter().map(super::id).collect();
    assert_eq!((all.len(), ids.len()), (40, 40));
    assert_eq!(all.iter().filter(|one| one["is_default"] == true).count(), 1);
}

#[test]
fn reading_leaves_the_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let stripe = open(&path);
    stripe.create(NOTHING);
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    let before = fs::read_to_string(&path).unwrap();
    stripe.get(CONFIGURATIONS).ok();
    stripe.post(CONFIGURATIONS, "nonsense=1").refusal();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written);
    assert!(before.contains("\n    \"test\": {\n"), "{before}");
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_file_that_is_no_state_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    for content in ["//! A test.", ""] {
        fs::write(&path, content).unwrap();
        for open in [Emulator::at_path, Emulator::copy_of] {
            let error = open(&path, Seed::default()).err().unwrap();
            assert!(matches!(error, EmulatorError::NotAState { .. }), "{error}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    let path = folder.path().join("no/state.json");
    let error = Emulator::at_path(&path, Seed::default()).err().unwrap();
    assert!(matches!(error, EmulatorError::Io { .. }));
    assert_eq!(error.to_string(), format!("can't create `{}`", path.display()));
}

#[test]
fn a_file_that_is_lost_or_damaged_is_an_error_of_the_server_until_a_reset() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let stripe = open(&path);
    let seeded = fs::read_to_string(&path).unwrap();
    let remove = || fs::remove_file(&path).unwrap();
    let damage = || fs::write(&path, "{").unwrap();
    let harms: [&dyn Fn(); 2] = [&remove, &damage];
    for harm in harms {
        harm();
        let failed = stripe.post(CONFIGURATIONS, NOTHING);
        assert_eq!(failed.status, 500);
        assert_eq!(failed.body["error"]["type"], "api_error");
        let message = failed.body["error"]["message"].as_str().unwrap();
        assert!(message.ends_with("; POST /_emulator/reset begins anew"), "{message}");
        let request = http::Request::post("/_emulator/reset");
        assert_eq!(stripe.send(request, "").status, 200);
        assert_eq!(fs::read_to_string(&path).unwrap(), seeded);
    }
    stripe.post(CONFIGURATIONS, NOTHING).ok();
}
