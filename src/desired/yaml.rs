//! YAML text as a tree in which every node knows where it was written.
//!
//! The only place that knows the YAML library. Nothing is checked here but YAML itself: what keys
//! mean, and which may be missing, is for those who walk the tree and can report every problem
//! instead of the first. Input is hostile: depth, nodes and aliases are bounded before any value is
//! built, tags other than YAML's own are refused, and `no`, `017` and `1_000` are the texts that
//! they look like.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::budget::BudgetBreach;
use serde_yaml::options::DuplicateKeyPolicy;
use serde_yaml::{Location, Options, Spanned};

use crate::source::{FileId, Located, SourceMap, Span};

/// A value in a YAML document.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) kind: NodeKind,
    /// Where it was written.
    pub(crate) span: Span,
    /// Where the alias stands that brought it here, if one did.
    pub(crate) used_at: Option<Span>,
}

/// What a [`Node`] is.
#[derive(Debug, Clone)]
pub(crate) enum NodeKind {
    Null,
    Bool(bool),
    Integer(i128),
    Float,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Located<String>, Node)>),
}

/// Why a text is not a YAML document, and where that shows.
#[derive(Debug)]
pub(crate) struct YamlError {
    pub(crate) message: String,
    pub(crate) span: Span,
}

/// Reads the one document of a file. An empty file is `null`.
///
/// Returns an error if the text is not YAML or is larger than a configuration can sensibly be.
pub(crate) fn parse(sources: &SourceMap, file: FileId) -> Result<Node, YamlError> {
    let text = &sources.file(file).text;
    match serde_yaml::from_str_with_options::<Spanned<Raw>>(text, options()) {
        Ok(raw) => Ok(Node::new(raw, file)),
        Err(error) => {
            let start = error.location().map_or(0, |location| byte_at(text, location));
            let end = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
            let span = Span { file, start, end };
            Err(YamlError { message: words(&error), span })
        }
    }
}

/// The limits are far above any real file and far below what would hurt: a file of ten products
/// has some 150 nodes.
fn options() -> Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_depth: 64,
            max_nodes: 20_000,
            max_aliases: 500,
            max_documents: 1,
        },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: 20_000 },
        // Both keys reach us, so that a diagnostic can show both.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
    }
}

/// What is wrong, in words for users.
fn words(error: &serde_yaml::Error) -> String {
    if let serde_yaml::Error::Budget { breach, .. } = error.without_snippet() {
        let words = if matches!(breach, BudgetBreach::Documents { .. }) {
            "a file has one document; this begins a second"
        } else if matches!(breach, BudgetBreach::Depth { .. }) {
            "this is nested too deeply for a portal configuration"
        } else {
            "this is too large for a portal configuration"
        };
        return words.to_owned();
    }
    let message = error.without_snippet().to_string();
    let line = message.lines().next().unwrap_or_default();
    // The library appends its own position to some messages; ours is in the snippet.
    let line = line.rsplit_once(" at line ").map_or(line, |(before, _)| before);
    line.trim_end_matches(',').to_owned()
}

/// The byte at a line and a column. Errors know these only.
fn byte_at(text: &str, location: Location) -> usize {
    let (line, column) = (location.line().max(1) as usize, location.column().max(1) as usize);
    let line_start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let line = text[line_start..].lines().next().unwrap_or_default();
    line_start + line.char_indices().nth(column - 1).map_or(line.len(), |(byte, _)| byte)
}

fn span_of(location: Location, file: FileId) -> Span {
    let index =
        |bytes: Option<u64>| bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0);
    let start = index(location.span().byte_offset());
    Span { file, start, end: start + index(location.span().byte_len()) }
}

impl Node {
    fn new(raw: Spanned<Raw>, file: FileId) -> Self {
        let span = span_of(raw.defined, file);
        let used_at = (raw.referenced != raw.defined).then(|| span_of(raw.referenced, file));
        let kind = match raw.value {
            Raw::Null => NodeKind::Null,
            Raw::Bool(value) => NodeKind::Bool(value),
            Raw::Integer(value) => NodeKind::Integer(value),
            Raw::Float => NodeKind::Float,
            Raw::Text(value) => NodeKind::Text(value),
            Raw::List(items) => {
                NodeKind::List(items.into_iter().map(|item| Self::new(item, file)).collect())
            }
            Raw::Map(entries) => {
                let located = |(key, value): (Spanned<String>, _)| {
                    (Located::new(key.value, span_of(key.defined, file)), Self::new(value, file))
                };
                NodeKind::Map(entries.into_iter().map(located).collect())
            }
        };
        // A list or a mapping is located where it begins; it goes on to the end of what is in it.
        let last = if let NodeKind::List(items) = &kind {
            items.last()
        } else if let NodeKind::Map(entries) = &kind {
            entries.last().map(|(_, value)| value)
        } else {
            None
        };
        let end = last.filter(|last| last.used_at.is_none()).map_or(span.end, |last| last.span.end);
        Self { kind, span: Span { end: end.max(span.end), ..span }, used_at }
    }

    /// True for `""`.
    pub(crate) fn is_empty_text(&self) -> bool {
        matches!(&self.kind, NodeKind::Text(text) if text.is_empty())
    }

    /// The keys of a mapping, for those in which every key is allowed.
    pub(crate) fn keys(&self) -> Vec<&str> {
        let NodeKind::Map(entries) = &self.kind else { return Vec::new() };
        entries.iter().map(|(key, _)| key.value.as_str()).collect()
    }

    /// What it is, in a user's words.
    pub(crate) fn describe(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Bool(_) => "true or false",
            NodeKind::Integer(_) => "a whole number",
            NodeKind::Float => "a number",
            NodeKind::Text(_) => "text",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a mapping",
        }
    }
}

/// What the library fills in.
enum Raw {
    Null,
    Bool(bool),
    Integer(i128),
    Float,
    Text(String),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Integer(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Integer(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Integer(value))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Float)
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (SourceMap, Result<Node, YamlError>) {
        let mut sources = SourceMap::default();
        let file = sources.add("test.yaml".into(), text.into());
        let result = parse(&sources, file);
        (sources, result)
    }

    fn entries(node: &Node) -> &[(Located<String>, Node)] {
        let NodeKind::Map(entries) = &node.kind else { panic!("expected a map, not {node:?}") };
        entries
    }

    #[test]
    fn spans_cover_keys_and_values_also_behind_wide_characters() {
        let (sources, node) = parsed("🔑: [é, \"b c\"]\nn: 12\n");
        let node = node.unwrap();
        let (key, list) = &entries(&node)[0];
        assert_eq!(sources.text(key.span), "🔑");
        let NodeKind::List(items) = &list.kind else { panic!("a list") };
        assert_eq!(sources.text(items[0].span), "é");
        assert_eq!(sources.text(items[1].span), "\"b c\"");
        assert_eq!(sources.text(entries(&node)[1].1.span), "12");
    }

    #[test]
    fn words_and_numbers_that_other_parsers_reinterpret_stay_text() {
        let (_, node) = parsed("[no, on, yes, 017, 1_000, 'true']");
        let node = node.unwrap();
        let NodeKind::List(items) = &node.kind else { panic!("a list") };
        assert!(items.iter().all(|item| matches!(item.kind, NodeKind::Text(_))), "{items:?}");
    }

    #[test]
    fn both_duplicate_keys_are_kept() {
        let (_, node) = parsed("a: 1\na: 2\n");
        assert_eq!(entries(&node.unwrap()).len(), 2);
    }

    #[test]
    fn an_alias_knows_where_it_is_used() {
        let (sources, node) = parsed("a: &x [1]\nb: *x\n");
        let node = node.unwrap();
        let used = &entries(&node)[1].1;
        assert_eq!(sources.position(used.used_at.expect("an alias")), (2, 4));
    }

    #[test]
    fn bombs_and_second_documents_and_foreign_tags_are_refused() {
        let laughs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n\
                      c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n\
                      e: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n";
        let deep = "[".repeat(100_000);
        for hostile in [laughs, &deep, "a: 1\n---\nb: 2\n", "a: !exec x\n", "a: [1\n", "\u{0}"] {
            assert!(parsed(hostile).1.is_err(), "{hostile:.40}");
        }
    }

    #[test]
    fn an_empty_file_is_null() {
        assert!(matches!(parsed("# nothing\n").1.unwrap().kind, NodeKind::Null));
    }
}
