//! The reference as a page of Markdown.

use super::codes::{Entry, codes};
use super::key::{Home, Key, keys};

/// The page that the README links to.
pub fn page() -> String {
    let mut text = String::from(
        "<!-- Written by `BLESS=1 cargo test reference`. -->\n\n# Reference\n\n\
         `reconcile explain NAME` says more about each of these, with an example.\n",
    );
    for (heading, home) in
        [("Keys of a role's file", Home::Role), ("Keys of `reconcile.yaml`", Home::Settings)]
    {
        text.push_str(&format!(
            "\n## {heading}\n\n| key | does | value | default | since |\n|---|---|---|---|---|\n"
        ));
        text.extend(keys().iter().filter(|key| key.home == home).map(row));
    }
    text.push_str("\n## Codes\n\n| code | is | means |\n|---|---|---|\n");
    for Entry { code, kind, meaning, way_out } in codes() {
        let way_out = way_out.map(|way_out| format!(" {way_out}")).unwrap_or_default();
        text.push_str(&format!("| `{code}` | {kind} | {} |\n", cell(&(meaning + &way_out))));
    }
    text
}

fn row(key: &Key) -> String {
    format!(
        "| `{}` | {} | {} | {} | {} |\n",
        key.path,
        cell(key.about),
        cell(&key.value),
        cell(&key.default),
        key.since.unwrap_or_default()
    )
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
