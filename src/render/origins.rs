//! Which line decides each value of a role, for the terminal.

use std::fmt::Write;

use super::plan::NEVER;
use super::style::{Painted, Styles};
use super::value::value;
use crate::desired::{Origin, Traced};
use crate::model::{EnvironmentName, Role};
use crate::source::SourceMap;
use crate::text::clean;

/// A line a value: who decides it, which it is, what it is.
pub fn origins(
    role: &Role,
    environment: &EnvironmentName,
    values: &[Traced],
    sources: &SourceMap,
    styles: &Styles,
) -> String {
    let head = Painted(styles.strong, format!("{role} in {environment}"));
    let mut text = format!("{head}\n");
    let rows: Vec<(String, String, &Traced)> = values
        .iter()
        .map(|traced| (who(traced.origin, sources), clean(&traced.path), traced))
        .collect();
    let who_width = rows.iter().map(|(who, ..)| who.chars().count()).max().unwrap_or(0);
    let path_width = rows.iter().map(|(_, path, _)| path.chars().count()).max().unwrap_or(0);
    for (who, path, traced) in rows {
        let style = match traced.origin {
            Origin::Line(_) | Origin::Dashboard(_) => styles.strong,
            Origin::FileName | Origin::Program | Origin::Stripe => styles.quiet,
        };
        let who = Painted(style, format!("{who:who_width$}"));
        writeln!(text, "  {who}  {path:path_width$}  {}", what(traced)).expect(NEVER);
    }
    text
}

fn who(origin: Origin, sources: &SourceMap) -> String {
    match origin {
        Origin::Line(span) | Origin::Dashboard(span) => {
            format!("{}:{}", clean(&sources.file(span.file).path), sources.position(span).0)
        }
        Origin::FileName => "the file's name".to_owned(),
        Origin::Program => "reconcile's default".to_owned(),
        Origin::Stripe => "Stripe's default".to_owned(),
    }
}

fn what(traced: &Traced) -> String {
    if let Origin::Dashboard(_) = traced.origin {
        return "left to the Dashboard".to_owned();
    }
    let shown = value(traced.value.as_ref());
    match &traced.closed_gate {
        None => shown,
        Some((gate, is)) => {
            format!("{shown}  (no effect while {} is {})", gate.path(), value(is.as_ref()))
        }
    }
}
