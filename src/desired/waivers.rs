//! Lints that a file says to be meant, for a reason and for a time.

use super::date::Date;
use super::declared::Waiver;
use super::lints;
use super::reader::Reader;
use super::yaml::Node;
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::source::Located;
use crate::text::suggest;

/// Reads the list behind `waive`.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Vec<Waiver> {
    let items = reader.list(node, "waive").unwrap_or_default();
    items.iter().filter_map(|item| waiver(reader, item)).collect()
}

fn waiver(reader: &mut Reader<'_>, node: &Node) -> Option<Waiver> {
    let keys = ["lint", "reason", "until"];
    let n_problems = reader.bag.len();
    let entries = reader.mapping(node, "waive", &keys);
    for key in keys {
        if !entries.contains_key(key) && reader.bag.len() == n_problems {
            reader.missing(node.span, "waive", key);
        }
    }
    let value = |key: &str| entries.get(key).map(|(_, value)| *value);
    let code = value("lint").and_then(|node| lint(reader, node));
    let reason = value("reason").and_then(|node| reason(reader, node));
    let until = value("until").and_then(|node| date(reader, node));
    Some(Waiver { code: code?, reason: reason?, until: until? })
}

fn lint(reader: &mut Reader<'_>, node: &Node) -> Option<Located<Code>> {
    let text = reader.text(node, "waive.lint")?;
    let lints: Vec<Code> = lints::codes().collect();
    if let Some(code) = lints.iter().find(|code| code.as_str() == text) {
        return Some(Located::new(*code, node.span));
    }
    let names: Vec<&str> = lints.iter().map(|code| code.as_str()).collect();
    let message = match Code::parse(&text) {
        Some(code) => format!("`{code}` can't be waived"),
        None => format!("there is no lint `{text}`"),
    };
    let diagnostic = Diagnostic::new(Code::InvalidWaiver, node.span, message);
    reader.report(diagnostic.help(suggest::help(&text, &names)), node);
    None
}

fn reason(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.text(node, "waive.reason")?;
    if text.trim().is_empty() {
        let message = "a waiver without a reason tells nobody why";
        reader.report(Diagnostic::new(Code::InvalidWaiver, node.span, message), node);
        return None;
    }
    Some(text)
}

fn date(reader: &mut Reader<'_>, node: &Node) -> Option<Located<Date>> {
    let text = reader.text(node, "waive.until")?;
    let date = Date::parse(&text);
    if date.is_none() {
        let message = format!("`{text}` is not a day");
        let diagnostic = Diagnostic::new(Code::WrongType, node.span, message);
        reader.report(diagnostic.help("write it like `2027-01-31`"), node);
    }
    date.map(|date| Located::new(date, node.span))
}

/// Drops what is waived, and tells of waivers that have nothing to waive. `can_find` knows which lints
/// look at this environment at all.
pub(super) fn apply(
    waivers: &[Waiver],
    found: Vec<Diagnostic>,
    today: Date,
    can_find: impl Fn(Code) -> bool,
    bag: &mut Bag,
) {
    let is_found = |code: Code| found.iter().any(|diagnostic| diagnostic.code == code);
    for waiver in waivers {
        let code = waiver.code.value;
        let message = if !is_found(code) && can_find(code) {
            format!("there is no `{code}` to waive")
        } else if is_found(code) && today > waiver.until.value {
            format!("`{code}` was waived until {}", waiver.until.value)
        } else {
            continue;
        };
        let diagnostic = Diagnostic::new(Code::IdleWaiver, waiver.code.span, message);
        bag.push(diagnostic.help("remove the waiver, or decide anew"));
    }
    let is_waived = |code: Code| {
        waivers.iter().any(|waiver| waiver.code.value == code && today <= waiver.until.value)
    };
    for diagnostic in found.into_iter().filter(|diagnostic| !is_waived(diagnostic.code)) {
        bag.push(diagnostic);
    }
}
