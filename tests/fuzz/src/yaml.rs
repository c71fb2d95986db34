//! A role's file.

use portal_reconciler::desired::{self, Date, Environment, Files, ProjectFile};
use portal_reconciler::diagnostic::{Bag, Diagnostic};
use portal_reconciler::edit;
use portal_reconciler::model::{EnvironmentName, Mode, PriceBook, PriceHints, Role};
use portal_reconciler::render::{self, Styles};
use portal_reconciler::source::{SourceMap, Span};
use serde_json::Value as Json;

use super::seen::{assert_annotations, assert_visible};

/// Any text is either a file that wants something or one about which something is said, each at a
/// place that is in the text, the same every time; and JSON means the same written as YAML.
pub(crate) fn yaml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let understood = understand(text);
    assert_eq!(understood, understand(text));
    if let Some(tree) = tree(text) {
        let (again, said) = (understand(&edit::written(&tree)), understood);
        assert_eq!(again.values, said.values, "{}", edit::written(&tree));
    }
}

/// What is understood of a file.
#[derive(Debug, PartialEq)]
struct Understood {
    diagnostics: String,
    /// Values by path, if there is no error. Where they are written is not part of it.
    values: Option<Vec<String>>,
}

fn understand(text: &str) -> Understood {
    let files = Files::default().of_one_role(role(), text.to_owned());
    let (project, nothing) = ProjectFile::read(&files);
    assert!(nothing.is_empty());
    let environment = Environment::new(EnvironmentName::test(), Mode::Test);
    let (wanted, bag) = desired::resolve(&files, &project, &environment, today());
    let diagnostics = told(&bag, &files.sources);
    let traced = desired::trace(&files, &project, &environment, today());
    assert_eq!(traced.is_err(), bag.has_errors());
    if let Err(missing) = desired::bind(&wanted, &PriceBook::new(), &PriceHints::default()) {
        told(&missing, &files.sources);
    }
    let values = traced.ok().map(|mut roles| {
        let traced = roles.remove(&role()).expect("it has a file");
        let value =
            |it: desired::Traced| format!("{} {:?} {:?}", it.path, it.value, it.closed_gate);
        traced.into_iter().map(value).collect()
    });
    Understood { diagnostics, values }
}

pub(crate) fn role() -> Role {
    Role::parse("base").expect("it is a role")
}

pub(crate) fn today() -> Date {
    Date::parse("2026-11-22").expect("it is a day")
}

/// What is said of files, which has to be visible and at a place.
pub(crate) fn told(bag: &Bag, sources: &SourceMap) -> String {
    for diagnostic in bag.sorted() {
        let Diagnostic { code: _, message, at, related, help } = diagnostic;
        assert_inside(*at, sources);
        related.iter().for_each(|(at, _)| assert_inside(*at, sources));
        assert!(!message.is_empty() && help.as_ref().is_none_or(|help| !help.is_empty()));
    }
    assert_annotations(&render::annotations(bag, sources));
    let text = render::diagnostics(bag, sources, &Styles::default());
    assert_visible(&text.replace('\t', " ").replace("\r\n", "\n"));
    text
}

fn assert_inside(span: Span, sources: &SourceMap) {
    let text = &sources.file(span.file).text;
    assert!(text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
}

/// What a JSON text says, unless one of its objects has a key twice, or a number is too large.
fn tree(text: &str) -> Option<Json> {
    let json: Json = serde_json::from_str(text).ok()?;
    let is_plain = json.is_object() && !text.contains('\\');
    (is_plain && without_space(&json.to_string()) == without_space(text)).then_some(json)
}

fn without_space(text: &str) -> String {
    text.split_ascii_whitespace().collect()
}
