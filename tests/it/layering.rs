//! Who may know whom. The order of the modules is the order in which data flows through them, and a
//! module that reaches back would make the picture in the crate's documentation a lie.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::repository::{root, rust_files};

/// Each module and the modules of this crate that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("text", &[]),
    ("model", &[]),
    ("interruption", &[]),
    ("diagnostic", &["source"]),
    ("desired", &["text", "source", "model", "diagnostic"]),
    ("lockfile", &["text", "model"]),
    ("export", &["model"]),
    ("transport", &[]),
    ("stripe", &["transport", "model", "interruption"]),
    ("snapshot", &["transport", "text"]),
    ("plan", &["model"]),
    ("portal", &[]),
    ("apply", &["model", "plan", "stripe", "lockfile", "interruption"]),
    ("compare", &["model"]),
    ("verify", &["text", "model", "plan"]),
    ("edit", &["text", "source", "desired"]),
    ("fleet", &["model", "plan"]),
    ("import", &["model", "diagnostic", "desired", "plan", "edit"]),
    ("accept", &["source", "model", "diagnostic", "desired", "plan", "import", "edit"]),
    ("report", &["text", "source", "model", "diagnostic", "plan", "apply", "fleet"]),
    (
        "render",
        &[
            "text",
            "source",
            "model",
            "diagnostic",
            "desired",
            "plan",
            "apply",
            "stripe",
            "report",
            "compare",
            "portal",
            "fleet",
            "verify",
        ],
    ),
    ("reference", &["text", "model", "diagnostic", "desired"]),
    // The oracle must not share a mistake with what it judges; how a page looks is none.
    ("emulator", &["transport", "portal"]),
];

#[test]
fn every_module_knows_those_of_the_table_and_no_others() {
    let source = root().join("src");
    let known: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut found = BTreeSet::new();
    let mut breaches = Vec::new();
    let mut idle: BTreeSet<(&str, &str)> =
        MAY_USE.iter().flat_map(|(module, may)| may.iter().map(|used| (*module, *used))).collect();
    for file in rust_files(&source) {
        let path = file.strip_prefix(&source).unwrap().to_string_lossy().into_owned();
        let module = path.split('/').next().unwrap().trim_end_matches(".rs");
        if ["lib", "main", "cli"].contains(&module) {
            continue;
        }
        found.insert(module.to_owned());
        let allowed = known.get(module).unwrap_or_else(|| panic!("{module} is not in the table"));
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("crate::{"), "{path}: `uses` reads one module a line");
        for used in uses(&text) {
            idle.retain(|row| *row != (module, used.as_str()));
            if used != module && !allowed.contains(&used.as_str()) {
                breaches.push(format!("{path} uses {used}"));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
    assert!(idle.is_empty(), "nobody needs that any more: {idle:?}");
    assert_eq!(found.len(), MAY_USE.len(), "the table has modules that don't exist");
}

/// The modules that are named behind `crate::`, wherever.
fn uses(text: &str) -> Vec<String> {
    let starts = text.match_indices("crate::").map(|(index, word)| &text[index + word.len()..]);
    starts
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect())
        .filter(|module: &String| !module.is_empty())
        .collect()
}

#[test]
fn no_file_outgrows_its_noun() {
    let source = root().join("src");
    for file in rust_files(&source) {
        let n_lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(n_lines <= 450, "{} has {n_lines} lines: split it", file.display());
    }
}
