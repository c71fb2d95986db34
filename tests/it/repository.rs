//! The repository's own files: where they are, and which of them tests write down.

use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a folder holds, in order.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    entries
}

/// The folders of all sessions.
pub(crate) fn cases() -> Vec<PathBuf> {
    entries(&root().join("tests/cases")).into_iter().filter(|path| path.is_dir()).collect()
}

/// The Rust files below a folder.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let files = entries(folder).into_iter().flat_map(|path| match path.is_dir() {
        true => rust_files(&path),
        false => vec![path],
    });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// How a file differs from what came out, which `BLESS=1` writes down.
pub(crate) fn difference(file: &Path, came_out: &str) -> Option<String> {
    if std::env::var_os("BLESS").is_some() {
        fs::write(file, came_out).unwrap();
        return None;
    }
    let written = fs::read_to_string(file).unwrap_or_default();
    let name = file.strip_prefix(root()).unwrap().to_string_lossy();
    let diff = TextDiff::from_lines(&written, came_out);
    (written != came_out).then(|| diff.unified_diff().header(&name, "what came out").to_string())
}

/// Holds a file of the repository to what came out.
#[track_caller]
pub(crate) fn assert_written_down(path: &str, came_out: &str) {
    if let Some(difference) = difference(&root().join(path), came_out) {
        panic!("{difference}\nIf that is right, write it down with BLESS=1.");
    }
}
