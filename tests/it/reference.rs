//! What the program says of its keys and codes is true, complete, and written down.
//! `BLESS=1 cargo test reference` writes it down.

use std::collections::BTreeSet;
use std::fs;

use portal_reconciler::diagnostic::Code;
use portal_reconciler::reference::{Home, codes, example, explain, index, keys, page, schema};

use crate::repository::{assert_written_down, cases};
use crate::sessions::shell;

/// The prices that examples speak of.
const ACCOUNT: &str = r#"{
  "products": [{ "id": "prod_team", "name": "Team" }, { "id": "prod_business", "name": "Business" }],
  "prices": [
    { "product": "prod_team", "lookup_key": "team_monthly", "currency": "usd", "unit_amount": 900, "recurring": { "interval": "month" } },
    { "product": "prod_team", "lookup_key": "team_monthly_2025", "currency": "usd", "unit_amount": 800, "recurring": { "interval": "month" } },
    { "product": "prod_team", "lookup_key": "team_yearly", "currency": "usd", "unit_amount": 9000, "recurring": { "interval": "year" } },
    { "product": "prod_team", "lookup_key": "team_setup", "currency": "usd", "unit_amount": 5000 },
    { "product": "prod_business", "lookup_key": "business_yearly", "currency": "usd", "unit_amount": 19000, "recurring": { "interval": "year" } }
  ]
}"#;

/// What the program says about files, without and with an account.
fn said_about(files: &[(&str, &str)]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let configs = folder.path().join("portal-configs");
    fs::create_dir(&configs).unwrap();
    for (name, text) in files.iter().chain(&[("emulator.seed.json", ACCOUNT)]) {
        fs::write(configs.join(name), text).unwrap();
    }
    let run = |command| shell(command, folder.path(), &[]);
    (run("reconcile validate"), run("reconcile --emulator --dry-run"))
}

#[test]
fn examples_have_the_problem_that_they_are_of_and_are_right_without() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let Some(example) = example(*code) else { continue };
        let mark = format!("[{code}]");
        let (offline, online) = said_about(&example.wrong);
        if !offline.contains(&mark) && !online.contains(&mark) {
            wrong.push(format!("{code} is not found:\n{offline}{online}"));
        }
        let (offline, online) = said_about(&example.right);
        if offline.contains(&mark) || online.contains(&mark) || offline.contains("error[") {
            wrong.push(format!("{code} is found where it is mended:\n{offline}{online}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_case_and_every_code_in_a_case_is_explained() {
    let mut seen: BTreeSet<String> = Code::ALL
        .iter()
        .filter(|code| example(**code).is_some())
        .map(ToString::to_string)
        .collect();
    for case in cases() {
        let session = fs::read_to_string(case.join("session.txt")).unwrap();
        for line in session.lines().map(|line| line.trim_start_matches("2> ")) {
            let kinds = ["error[", "warning[", "blocked["];
            let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind));
            if let Some((code, _)) = rest.and_then(|rest| rest.split_once("]: ")) {
                seen.insert(code.to_owned());
            }
        }
    }
    let known: BTreeSet<String> = codes().iter().map(|entry| entry.code.to_owned()).collect();
    assert_eq!(known.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new(), "have no case");
    assert_eq!(seen.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "are unknown");
}

#[test]
fn examples_of_keys_are_right() {
    for key in keys() {
        let file = match key.home {
            Home::Role => "viewer.yaml",
            Home::Settings => "reconcile.yaml",
        };
        let viewer = ("viewer.yaml", "features: { invoice_history: { enabled: true } }\n");
        let (said, _) = said_about(&[viewer, (file, key.example)]);
        assert!(!said.contains("error["), "{}:\n{said}", key.path);
    }
}

#[test]
fn everything_that_is_listed_can_be_explained() {
    for line in index().lines().filter(|line| line.starts_with("  ")) {
        let name = line.split_whitespace().next().unwrap();
        let text = explain(name).unwrap();
        assert!(text.starts_with(name) || text.contains(&format!("[{name}]\n")), "{text}");
    }
    assert!(explain("features.subscription_update.products[3].prices").unwrap().contains("by id"));
    assert_eq!(explain("one_way_switch").unwrap_err(), "did you mean `one-way-switch`?");
}

#[test]
fn the_page_is_up_to_date() {
    assert_written_down("src/reference/README.md", &page());
}

#[test]
fn the_schema_beside_the_files_is_up_to_date() {
    assert_written_down("portal-configs/config.schema.json", &schema::Document::Config.schema());
}
