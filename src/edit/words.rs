//! Values as YAML.

use serde_json::{Map, Value as Json};

use crate::text::is_invisible;

/// How a text is written, for what is added to it.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// How much further in a mapping in a mapping is.
    pub(super) step: Option<usize>,
    /// How much further in a list's dashes are than its key.
    pub(super) dash: Option<usize>,
    /// Some list of words has dashes.
    pub(super) has_block_words: bool,
    /// Some list of words has brackets.
    pub(super) has_flow_words: bool,
    /// What ends a line.
    pub(super) newline: &'static str,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            step: None,
            dash: None,
            has_block_words: false,
            has_flow_words: false,
            newline: "\n",
        }
    }
}

/// The quotes that a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// None, where it can do without.
    None,
    Single,
    Double,
}

impl Quotes {
    /// The quotes around a text that is to be replaced.
    pub(super) fn of(written: &str) -> Self {
        match written.chars().next() {
            Some('\'') => Self::Single,
            Some('"') => Self::Double,
            _ => Self::None,
        }
    }
}

impl Style {
    /// How much further in a mapping in a mapping is; where there is none yet, as in the examples.
    pub(super) fn step(&self) -> usize {
        self.step.unwrap_or(2)
    }

    /// `key: value`, on as many lines as it takes, the first one included in the indentation.
    pub(super) fn entry(&self, key: &str, value: &Json, indent: usize) -> String {
        let key = text(key, Quotes::None);
        let margin = " ".repeat(indent);
        match value {
            Json::Object(entries) if !entries.is_empty() => {
                let below = self.entries(entries, indent + self.step());
                format!("{margin}{key}:{}{below}", self.newline)
            }
            Json::Array(items) if self.has_dashes(items) => {
                let dash = indent + self.dash.unwrap_or(self.step());
                let items: Vec<String> = items.iter().map(|item| self.item(item, dash)).collect();
                format!("{margin}{key}:{}{}", self.newline, items.join(self.newline))
            }
            Json::Null
            | Json::Bool(_)
            | Json::Number(_)
            | Json::String(_)
            | Json::Array(_)
            | Json::Object(_) => format!("{margin}{key}: {}", inline(value, Quotes::None)),
        }
    }

    /// The entries of a mapping, a line or more each.
    pub(super) fn entries(&self, entries: &Map<String, Json>, indent: usize) -> String {
        let entries = entries.iter().map(|(key, value)| self.entry(key, value, indent));
        entries.collect::<Vec<_>>().join(self.newline)
    }

    /// `- value`
    pub(super) fn item(&self, value: &Json, indent: usize) -> String {
        let margin = " ".repeat(indent);
        match value {
            Json::Object(entries) if entries.values().any(|it| it.is_array() || it.is_object()) => {
                let is_last = |index: usize| index + 1 == entries.len();
                let mut item = format!("{margin}- ");
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        item.push_str(&format!("{margin}  "));
                    }
                    let value = inline(value, Quotes::None);
                    item.push_str(&format!("{}: {value}", text(key, Quotes::None)));
                    item.push_str(if is_last(index) { "" } else { self.newline });
                }
                item
            }
            Json::Null
            | Json::Bool(_)
            | Json::Number(_)
            | Json::String(_)
            | Json::Array(_)
            | Json::Object(_) => format!("{margin}- {}", inline(value, Quotes::None)),
        }
    }

    fn has_dashes(&self, items: &[Json]) -> bool {
        let is_of_words = !items.iter().any(|item| item.is_object() || item.is_array());
        !items.is_empty() && (!is_of_words || self.has_block_words && !self.has_flow_words)
    }
}

/// A value on one line. Everything in it can stand between brackets.
pub(super) fn inline(value: &Json, quotes: Quotes) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(flag) => flag.to_string(),
        Json::Number(number) => number.to_string(),
        Json::String(value) => text(value, quotes),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(|it| inline(it, Quotes::None)).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Json::Object(entries) => {
            let entry = |(key, value): (&String, &Json)| {
                format!("{}: {}", text(key, Quotes::None), inline(value, Quotes::None))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// A text, in these quotes if it can be.
fn text(text: &str, quotes: Quotes) -> String {
    let is_visible = !text.contains(is_hidden);
    match quotes {
        Quotes::None if is_plain(text) => text.to_owned(),
        Quotes::Single if is_visible => format!("'{}'", text.replace('\'', "''")),
        Quotes::None | Quotes::Single | Quotes::Double => double_quoted(text),
    }
}

/// True if nobody takes the text for something else when it has no quotes: stricter than YAML, which
/// differs from parser to parser.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 11] =
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    let is_plain_char = |c: char| c.is_alphanumeric() || " _-./@+=?&%'()!$;".contains(c);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        // `a: b` is a mapping.
        let is_colon =
            c == ':' && rest.peek().is_some_and(|next| next.is_alphanumeric() || *next == '/');
        if !is_plain_char(c) && !is_colon {
            return false;
        }
    }
    text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_hidden(c) && c.len_utf16() == 1 => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c if is_hidden(c) => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// What can't be seen, and what no YAML may have in it.
fn is_hidden(c: char) -> bool {
    is_invisible(c) || matches!(c, '\u{fffe}' | '\u{ffff}')
}
