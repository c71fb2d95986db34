//! Where everything is in a text: values with their brackets, lines, comments.

use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use super::CantEdit;
use super::words::Style;
use crate::desired::{Node, NodeKind, parse};
use crate::source::{Located, SourceMap};

/// A text and what it says.
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) root: Node,
    /// Keys and scalars by place. A `#` inside of one begins no comment.
    leaves: Vec<Range<usize>>,
}

/// An entry of a mapping.
pub(super) type Entry = (Located<String>, Node);

impl<'t> Document<'t> {
    /// Returns an error if the text is not YAML.
    pub(super) fn read(text: &'t str) -> Result<Self, CantEdit> {
        let mut sources = SourceMap::default();
        let file = sources.add(String::new(), text.to_owned());
        let root = parse(&sources, file).map_err(|_| CantEdit::layout(""))?;
        let mut leaves = Vec::new();
        collect_leaves(&root, &mut leaves);
        leaves.sort_by_key(|leaf| leaf.start);
        Ok(Self { text, root, leaves })
    }

    /// What it says.
    pub(super) fn tree(&self) -> Json {
        to_json(&self.root)
    }

    /// How it is written.
    pub(super) fn style(&self) -> Style {
        let mut style = Style::default();
        if self.text.contains("\r\n") {
            style.newline = "\r\n";
        }
        self.learn_style(&self.root, 0, &mut style);
        style
    }

    fn learn_style(&self, node: &Node, indent: usize, style: &mut Style) {
        if node.used_at.is_some() || self.is_flow(node) {
            style.has_flow_words |= is_list_of_words(node);
            return;
        }
        if let NodeKind::Map(entries) = &node.kind {
            for (key, value) in entries.iter().filter(|entry| self.is_own(entry)) {
                let column = self.column(key.span.start);
                if column > indent {
                    let step = column - indent;
                    style.step = Some(style.step.map_or(step, |least| least.min(step)));
                }
                self.learn_style(value, column, style);
            }
        }
        if let NodeKind::List(items) = &node.kind {
            style.has_block_words |= is_list_of_words(node);
            if let Some(dash) = items.first().and_then(|item| self.dash(item)) {
                style.dash = Some(self.column(dash).saturating_sub(indent));
            }
        }
    }

    /// True if the entry's key is written in the mapping itself, not merged into it.
    pub(super) fn is_own(&self, (key, value): &Entry) -> bool {
        value.used_at.is_none_or(|used_at| {
            let between = self.text.get(key.span.end..used_at.start);
            between.is_some_and(|text| text.trim() == ":")
        })
    }

    /// True if it has brackets.
    pub(super) fn is_flow(&self, node: &Node) -> bool {
        let start = &self.text[node.span.start..];
        if let NodeKind::List(items) = &node.kind {
            // A list of dashes can begin where its first item does, which may have brackets.
            let is_item = items.first().is_some_and(|it| it.span.start == node.span.start);
            return start.starts_with('[') && !is_item;
        }
        matches!(node.kind, NodeKind::Map(_)) && start.starts_with('{')
    }

    /// True for texts behind `|` and `>`.
    pub(super) fn is_block_text(&self, key_end: usize, node: &Node) -> bool {
        let gap = self.text.get(key_end..node.span.start).unwrap_or_default();
        let header = gap.trim_start().trim_start_matches(':').trim_start();
        matches!(node.kind, NodeKind::Text(_)) && header.starts_with(['|', '>'])
    }

    /// The value with its brackets or quotes, without space around it.
    pub(super) fn extent(&self, node: &Node) -> Range<usize> {
        if let Some(used_at) = node.used_at {
            return used_at.start..used_at.end;
        }
        let start = node.span.start;
        if self.is_flow(node) {
            return start..self.closing_bracket(node);
        }
        let end = self.last_end(node).unwrap_or(node.span.end);
        let inside = self.text.get(start..end).unwrap_or_default();
        start..start + inside.trim_end().len()
    }

    /// Where the last thing in a list or a mapping ends.
    pub(super) fn last_end(&self, node: &Node) -> Option<usize> {
        if let NodeKind::Map(entries) = &node.kind {
            return entries.iter().map(|entry| self.entry_end(entry)).max();
        }
        if let NodeKind::List(items) = &node.kind {
            return items.last().map(|item| self.extent(item).end);
        }
        None
    }

    /// Where an entry of a mapping ends.
    pub(super) fn entry_end(&self, (key, value): &Entry) -> usize {
        let end = self.extent(value).end;
        if value.used_at.is_some() { end } else { end.max(key.span.end) }
    }

    /// The end of the bracket that closes it.
    fn closing_bracket(&self, node: &Node) -> usize {
        let mut at = self.last_end(node).unwrap_or(node.span.start + 1);
        while let Some(c) = self.text[at..].chars().next() {
            match c {
                ' ' | '\t' | '\r' | '\n' | ',' | ':' => at += 1,
                '#' => at = self.line_end(at),
                ']' | '}' => return at + 1,
                _ => break,
            }
        }
        at
    }

    /// Where the value of a key may begin.
    pub(super) fn behind_colon(&self, key: &Located<String>) -> Option<usize> {
        let rest = &self.text[key.span.end..];
        let colon = rest.find(':')?;
        rest[..colon].trim().is_empty().then_some(key.span.end + colon + 1)
    }

    /// The dash before an item, if it is on the same line with nothing before it.
    pub(super) fn dash(&self, item: &Node) -> Option<usize> {
        let start = self.extent(item).start;
        let line_start = self.line_start(start);
        let before = &self.text[line_start..start];
        let blank = before.len() - before.trim_start().len();
        let from_dash = &before[blank..];
        let is_one = from_dash.starts_with("- ") && !from_dash[2..].trim_start().starts_with("- ");
        is_one.then_some(line_start + blank)
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let mark = if start == 0 && self.text.starts_with('\u{feff}') { 3 } else { 0 };
        (start + mark).min(at)
    }

    /// The end of the line without what breaks it.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let line = rest.find('\n').map_or(rest, |newline| &rest[..newline]);
        at + line.trim_end_matches('\r').len()
    }

    /// Where the next line begins.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// How many characters are before it on its line.
    pub(super) fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].chars().count()
    }

    /// The texts of all comments, sorted: a line may get them in another order.
    pub(super) fn comments(&self) -> Vec<&'t str> {
        let mut comments = self.comments_in(0..self.text.len());
        comments.sort_unstable();
        comments
    }

    /// The comments that begin here.
    pub(super) fn comments_in(&self, range: Range<usize>) -> Vec<&'t str> {
        let mut comments = Vec::new();
        let mut at = range.start;
        while let Some(found) = self.text[at..range.end].find('#') {
            at += found;
            let is_apart = self.text[..at].chars().next_back().is_none_or(char::is_whitespace)
                || self.text[..at].ends_with('\u{feff}');
            let before = self.leaves.partition_point(|leaf| leaf.start <= at);
            let is_inside = self.leaves[..before].iter().any(|leaf| at < leaf.end);
            if is_apart && !is_inside {
                let end = self.line_end(at);
                comments.push(self.text[at..end].trim_end());
                at = end.min(range.end);
            } else {
                at += 1;
            }
        }
        comments
    }
}

fn is_list_of_words(node: &Node) -> bool {
    let NodeKind::List(items) = &node.kind else { return false };
    let is_collection = |item: &Node| matches!(item.kind, NodeKind::List(_) | NodeKind::Map(_));
    !items.is_empty() && !items.iter().any(is_collection)
}

fn collect_leaves(node: &Node, leaves: &mut Vec<Range<usize>>) {
    match &node.kind {
        NodeKind::List(items) => items.iter().for_each(|item| collect_leaves(item, leaves)),
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                leaves.push(key.span.start..key.span.end);
                collect_leaves(value, leaves);
            }
        }
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Integer(_)
        | NodeKind::Float
        | NodeKind::Text(_) => leaves.push(node.span.start..node.span.end),
    }
}

/// What a node says.
pub(super) fn to_json(node: &Node) -> Json {
    match &node.kind {
        // No file may have one.
        NodeKind::Null | NodeKind::Float => Json::Null,
        NodeKind::Bool(flag) => json!(flag),
        NodeKind::Integer(number) => match i64::try_from(*number) {
            Ok(number) => json!(number),
            Err(_) => json!(number.to_string()),
        },
        NodeKind::Text(text) => json!(text),
        NodeKind::List(items) => items.iter().map(to_json).collect(),
        NodeKind::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.value.clone(), to_json(value)));
            Json::Object(entries.collect::<Map<_, _>>())
        }
    }
}
