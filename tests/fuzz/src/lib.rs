//! What has to hold of any bytes whatever. Each target takes them and panics if it doesn't.
//!
//! Fuzzers call these functions with bytes that reach further and further; `tests/it` calls them
//! with what is in `corpus/`, a file a time.

mod account;
mod answers;
mod edit;
mod form;
mod lockfile;
mod markdown;
pub(crate) mod seen;
mod settings;
mod yaml;

/// A target: takes bytes, and panics if something doesn't hold of them.
pub type Target = fn(&[u8]);

/// All targets by name. A target has a file in `fuzz_targets/` and a folder in `corpus/`.
pub const TARGETS: [(&str, Target); 8] = [
    ("account", account::account),
    ("answers", answers::answers),
    ("edit", edit::edit),
    ("form", form::form),
    ("lockfile", lockfile::lockfile),
    ("markdown", markdown::markdown),
    ("settings", settings::settings),
    ("yaml", yaml::yaml),
];

/// The target of a name.
///
/// # Panics
///
/// If there is none.
pub fn target(name: &str) -> Target {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no target is called {name}")).1
}
