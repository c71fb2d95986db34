//! What the pages about attacks and about known failures say is shown by tests that exist.

use std::fs;

use crate::repository::{root, rust_files};

/// What a row says if no test shows it.
const NOT_PROVED: &str = "not proved:";

/// The last cell of each row of a page's tables.
fn proofs(page: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim_start_matches("| ").trim_end_matches(" |");
        line.split(" | ").map(str::to_owned).collect()
    };
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |index: usize| lines.get(index + 1).is_some_and(|next| next.starts_with("|---"));
    let rows = lines.iter().enumerate().filter(|(index, line)| {
        line.starts_with('|') && !line.starts_with("|---") && !is_head(*index)
    });
    rows.map(|(_, line)| {
        let cells = cells(line);
        assert_eq!(cells.len(), 3, "{page}: {line}");
        cells.into_iter().next_back().unwrap()
    })
    .collect()
}

#[test]
fn whatever_a_page_names_as_proof_is_a_test() {
    let tests = tests();
    for (page, at_least) in [(".github/SECURITY.md", 25), (".github/FAILURES.md", 60)] {
        let proofs = proofs(page);
        assert!(proofs.len() >= at_least, "{page}: the tables were not found");
        for proof in proofs {
            let named: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
            assert!(!named.is_empty() || proof.contains(NOT_PROVED), "{page}: {proof} names none");
            for name in named {
                let is_case = root().join("tests/cases").join(name).join("session.txt").exists();
                let is_test = tests.iter().any(|test| test == name);
                assert!(is_case || is_test, "{page}: there is no test `{name}`");
            }
        }
    }
}

/// The names of all test functions: what `fn` says below an attribute that makes it a test.
fn tests() -> Vec<String> {
    let mut tests = Vec::new();
    for file in ["src", "tests/it"].iter().flat_map(|folder| rust_files(&root().join(folder))) {
        let text = fs::read_to_string(file).unwrap();
        let mut is_test = false;
        for line in text.lines().map(str::trim_start) {
            let declared = line.trim_start_matches("async ").strip_prefix("fn ");
            match declared.and_then(|rest| rest.split_once('(')) {
                Some((name, _)) if std::mem::take(&mut is_test) => tests.push(name.to_owned()),
                _ => is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test"),
            }
        }
    }
    tests
}

/// Each excerpt of a page says above it which file it is of.
#[test]
fn what_is_shown_to_whoever_changes_the_program_is_its_code() {
    let page = fs::read_to_string(root().join(".github/CONTRIBUTING.md")).unwrap();
    let mut n_excerpts = 0;
    for part in page.split("<!-- ").skip(1) {
        let (file, rest) = part.split_once(" -->\n```").unwrap();
        let (_, rest) = rest.split_once('\n').unwrap();
        let (excerpt, _) = rest.split_once("```\n").unwrap();
        let code = fs::read_to_string(root().join(file)).unwrap();
        assert!(code.contains(excerpt), "{file} has changed:\n{excerpt}");
        n_excerpts += 1;
    }
    assert!(n_excerpts >= 10, "the excerpts were not found");
}
