//! The emulator's page is true and complete. `BLESS=1 cargo test emulator::page` writes down what it
//! shows of files, tables and answers.

use std::collections::BTreeSet;
use std::fs;

use portal_reconciler::emulator::{Emulator, LimitReason, Quirks, Seed};
use serde_json::{Value, json};

use super::program::Program;
use super::{CONFIGURATIONS, Stripe};
use crate::program::program;
use crate::repository::{assert_written_down, root};

const PAGE: &str = "src/emulator/README.md";

/// What stands below a comment on the page: a block of code, or a table.
fn below<'p>(page: &'p str, comment: &str) -> &'p str {
    let mark = format!("<!-- {comment} -->\n");
    let start = page.find(&mark).unwrap_or_else(|| panic!("no {mark}")) + mark.len();
    let rest = &page[start..];
    let end = if rest.starts_with("```") {
        rest.find("\n```\n").unwrap() + "\n```\n".len()
    } else {
        rest.lines().take_while(|line| line.starts_with('|')).map(|line| line.len() + 1).sum()
    };
    &rest[..end]
}

/// The text of a block of code.
fn code<'p>(page: &'p str, comment: &str) -> &'p str {
    let block = below(page, comment).split_once('\n').unwrap().1;
    block.strip_suffix("```\n").unwrap()
}

/// The rows of the table whose first column is headed so, as cells.
fn rows<'p>(page: &'p str, heading: &str) -> Vec<Vec<&'p str>> {
    let (_, table) = page.split_once(&format!("\n| {heading} |")).unwrap();
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    lines.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

fn page() -> String {
    fs::read_to_string(root().join(PAGE)).unwrap()
}

/// What is in backticks at the start of a cell.
fn quoted(cell: &str) -> &str {
    cell.strip_prefix('`').unwrap().split('`').next().unwrap()
}

fn post(stripe: &Stripe, path: &str, body: &str) -> Value {
    stripe.send(http::Request::post(path), body).ok()
}

/// The only entry of a log.
fn entry_of_a_log() -> String {
    let stripe = Stripe::empty();
    post(&stripe, "/_emulator/faults", r#"{ "fault": "lost_answer" }"#);
    let body = "features[invoice_history][enabled]=true";
    let request = stripe.request("POST", CONFIGURATIONS).header("Idempotency-Key", "key-1");
    let request = request.body(body.as_bytes().to_vec()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sent = portal_reconciler::transport::Transport::send(&stripe.emulator, request);
    runtime.block_on(sent).unwrap_err();
    let log = stripe.get("/_emulator/requests").body;
    assert_eq!(log["requests"].as_array().unwrap().len(), 1);
    format!("{:#}\n", log["requests"][0])
}

fn endpoints() -> String {
    let mut table = "| request | permission |\n|---|---|\n".to_owned();
    for [method, path, permission] in Emulator::endpoints() {
        table.push_str(&format!("| `{method} {path}` | `{permission}` |\n"));
    }
    table
}

#[test]
fn the_page_shows_files_tables_and_answers_as_they_are() {
    let file = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let block = |language: &str, text: &str| format!("```{language}\n{text}```\n");
    let mut actual = page();
    for (comment, shown) in [
        ("tests/clients/node/example.test.js", "js"),
        ("tests/clients/python/example.py", "python"),
        ("tests/clients/ruby/example.rb", "ruby"),
    ]
    .map(|(name, language)| (name, block(language, &file(name))))
    .into_iter()
    .chain([
        ("an entry of the log", block("json", &entry_of_a_log())),
        ("endpoints", endpoints()),
        ("quirks", Quirks::table()),
    ]) {
        let mark = format!("<!-- {comment} -->\n");
        let old = mark.clone() + below(&actual, comment);
        actual = actual.replace(&old, &(mark + &shown));
    }
    assert_written_down(PAGE, &actual);
}

#[test]
fn the_page_has_every_quirk() {
    let page = page();
    for name in Quirks::names() {
        let is_there = [format!("| `{name}` |"), format!("| `{name}=VALUE` |")]
            .iter()
            .any(|cell| page.contains(cell));
        assert!(is_there, "{name}");
    }
}

#[test]
fn the_page_has_every_fault_as_it_is() {
    let page = page();
    let stripe = Stripe::empty();
    let mut seen = BTreeSet::new();
    for row in rows(&page, "fault") {
        let [fault, _, acts] = row[..] else { panic!("{row:?}") };
        let posted: Value = serde_json::from_str(quoted(fault)).unwrap();
        let pending = post(&stripe, "/_emulator/faults", &json!({ "fault": posted }).to_string());
        let pending = pending["faults"].as_array().unwrap().last().unwrap();
        assert_eq!(if pending["server_acts"] == true { "yes" } else { "no" }, acts, "{fault}");
        seen.insert(pending["fault"].as_str().unwrap().to_owned());
    }
    // Whoever names one that isn't there is told of all.
    let unknown = r#"{ "fault": "" }"#;
    let refused = stripe.send(http::Request::post("/_emulator/faults"), unknown).body;
    let message = refused["error"]["message"].as_str().unwrap();
    let names = message.split_once("there are ").unwrap().1.split_once(", and answers").unwrap().0;
    let known: BTreeSet<String> = names.split(", ").chain(["status"]).map(str::to_owned).collect();
    assert_eq!(seen, known);
    post(&stripe, "/_emulator/faults", code(&page, "a fault"));
    for reason in LimitReason::ALL {
        assert!(page.contains(&format!("`{}`", reason.as_str())), "{reason:?}");
    }
}

#[test]
fn the_seed_of_the_page_is_one_and_has_every_list() {
    let page = page();
    let text = code(&page, "a seed");
    let stripe = Stripe::new(Seed::parse(text).unwrap(), Quirks::default());
    let seed: Value = serde_json::from_str(text).unwrap();
    let listed = rows(&page, "list");
    let listed: BTreeSet<&str> = listed
        .iter()
        .flat_map(|row| row[0].split(", "))
        .map(|name| name.trim_matches('`'))
        .collect();
    let shown: BTreeSet<&str> = seed.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(listed, shown);
    for (path, list) in [
        ("/v1/products", "products"),
        ("/v1/prices", "prices"),
        ("/v1/customers", "customers"),
        (CONFIGURATIONS, "configurations"),
    ] {
        for object in seed[list].as_array().unwrap().iter().filter(|it| it["livemode"] != true) {
            stripe.get(&format!("{path}/{}", object["id"].as_str().unwrap())).ok();
        }
    }
}

#[test]
fn what_the_page_says_to_type_can_be_typed() {
    let page = page();
    let help = program(&std::env::temp_dir()).args(["emulate", "--help"]).output();
    let help = String::from_utf8(help.unwrap().stdout).unwrap();
    for row in rows(&page, "option") {
        let option = quoted(row[0]).split(['=', '[', ' ']).next().unwrap();
        assert!(help.contains(&format!(" {option}")), "{option}");
    }
    let (_, commands) = page.split_once("```sh\n").unwrap();
    let mut commands = commands.lines();
    let start = commands.next().unwrap();
    assert!(start.starts_with("reconcile emulate --in-memory --seed seed.json &"), "{start}");
    let path = commands.next().unwrap().split_once(":12111").unwrap().1;
    let program = Program::start(Some(code(&page, "a seed")), &[]);
    assert_eq!(program.ask("GET", path, "").0, 200);
}

#[test]
fn the_page_has_every_control() {
    let page = page();
    let stripe = Stripe::empty();
    let mut seen = Vec::new();
    for row in rows(&page, "request") {
        let (method, path) = quoted(row[0]).split_once(' ').unwrap();
        let request = http::Request::builder().method(method).uri(path);
        stripe.send(request, r#"{ "fault": "reset" }"#).ok();
        seen.push(path);
    }
    // Whoever asks for something else is told of all.
    let refused = stripe.send(http::Request::get("/_emulator"), "").body;
    let usage = refused["error"]["message"].as_str().unwrap();
    let words = usage.split([' ', ',']);
    for path in words.filter(|word| word.starts_with("/_emulator/")) {
        assert!(seen.contains(&path), "{path}");
    }
}
