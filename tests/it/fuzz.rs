//! What fuzzers have found worth keeping holds. `.ci/fuzz` looks for more. What fuzzers hold texts to
//! is for other tests, too: `targets::seen`.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

#[expect(dead_code, unreachable_pub, reason = "it is a library as well")]
#[path = "../fuzz/src/lib.rs"]
pub(crate) mod targets;

use crate::repository::{entries, root};
use targets::TARGETS;

/// The names in a folder of the fuzzers, in order.
fn names_in(folder: &str) -> Vec<PathBuf> {
    entries(&root().join("tests/fuzz").join(folder))
}

#[test]
fn every_target_holds_for_its_corpus() {
    let mut broken = Vec::new();
    for (name, target) in TARGETS {
        let files = names_in(&format!("corpus/{name}"));
        assert!((1..=30).contains(&files.len()), "{name} has {} files", files.len());
        for file in files {
            let data = fs::read(&file).unwrap();
            assert!(data.len() <= 8_192, "{} is too large", file.display());
            if catch_unwind(AssertUnwindSafe(|| target(&data))).is_err() {
                broken.push(file);
            }
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn every_target_has_a_fuzzer_and_a_corpus() {
    let stems = |folder: &str| -> Vec<String> {
        let stem = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
        names_in(folder).iter().map(stem).collect()
    };
    let names = TARGETS.map(|(name, _)| name);
    assert_eq!(stems("fuzz_targets"), names);
    assert_eq!(stems("corpus"), names);
}
