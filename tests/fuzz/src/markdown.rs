//! What is shown where others show it.

use portal_reconciler::desired::{self, Environment, Files, ProjectFile};
use portal_reconciler::model::{EnvironmentName, Mode};
use portal_reconciler::render::{annotation, failure_to_markdown};
use portal_reconciler::text::{clean, json, masked, shown};

use super::seen::{assert_annotations, assert_harmless, assert_visible};
use super::yaml::{role, today};

/// Whatever a text says, it stays in its code, on its line and in its bytes.
///
/// The first two bytes are how much room there is; then there are a message, help, a file, and
/// details, with a line `===` between them.
pub(crate) fn markdown(data: &[u8]) {
    let [low, high, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let most = usize::from(u16::from_le_bytes([*low, *high]));
    let mut parts = text.split("\n===\n");
    let mut next = || parts.next().unwrap_or_default();
    let (message, help, file) = (next(), next(), next());
    let details: Vec<String> = parts.map(clean).collect();
    each(text);
    assert_annotations(&annotation(message, Some(help)));
    let files = Files::default().of_one_role(role(), file.to_owned());
    let (project, _) = ProjectFile::read(&files);
    let environment = Environment::new(EnvironmentName::test(), Mode::Test);
    let (_, bag) = desired::resolve(&files, &project, &environment, today());
    let written = |most| {
        let files = Some((&bag, &files.sources));
        failure_to_markdown("test", message, &details, Some(help), files, most)
    };
    let (least, whole, some) = (written(0), written(usize::MAX), written(most));
    for document in [&least, &whole, &some] {
        assert_harmless(&document.replace('\t', " "));
    }
    assert!(some.len() <= most.max(least.len()), "{} of {most} bytes", some.len());
    assert_eq!(some.lines().nth(1), whole.lines().nth(1));
}

/// Holds the ways to show a foreign text to what they promise.
fn each(text: &str) {
    for line in [shown(text), clean(text)] {
        assert!(!line.contains('\n'));
        // A sentence is never a line of its own.
        assert_visible(&format!("x {line}"));
    }
    let masked = masked(text);
    assert_eq!(masked.len(), text.len());
    assert_visible(
        &format!("x {}", masked.replace('\t', " ").replace("\r\n", "\n")).replace("\n", " "),
    );
    let document = serde_json::json!({ text: [text] });
    let escaped = json(document.to_string());
    assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).ok(), Some(document));
    assert_visible(&escaped);
}
