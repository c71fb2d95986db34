//! The first place where a text doesn't say what is wanted, and how to mend it.

use std::ops::Range;

use serde_json::{Map, Value as Json};

use super::CantEdit;
use super::layout::{Document, Entry, to_json};
use super::words::{Quotes, inline};
use crate::desired::{Node, NodeKind};
use crate::source::Located;

/// What to write instead of some part of the text.
#[derive(Debug)]
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) with: String,
    /// What it is about.
    pub(super) path: String,
}

/// Finds it, unless the text says what is wanted.
pub(super) fn first(document: &Document<'_>, wanted: &Json) -> Result<Option<Splice>, CantEdit> {
    let (root, Json::Object(entries)) = (&document.root, wanted) else {
        return Err(CantEdit::layout(""));
    };
    if same(root, wanted) {
        return Ok(None);
    }
    if matches!(root.kind, NodeKind::Null) {
        let style = document.style();
        let end = document.text.len();
        let gap = if document.text.is_empty() || document.text.ends_with('\n') {
            ""
        } else {
            style.newline
        };
        let with = format!("{gap}{}{}", style.entries(entries, 0), style.newline);
        return Ok(Some(Splice { range: end..end, with, path: String::new() }));
    }
    Place { document, path: String::new() }.mapping(root, entries)
}

/// Lists as sets, and mappings whatever the order of their keys.
fn same(node: &Node, wanted: &Json) -> bool {
    canonical(&to_json(node)) == canonical(wanted)
}

fn canonical(json: &Json) -> Json {
    match json {
        Json::Array(items) => {
            let mut items: Vec<Json> = items.iter().map(canonical).collect();
            items.sort_by_cached_key(Json::to_string);
            Json::Array(items)
        }
        Json::Object(entries) => {
            let mut entries: Vec<(&String, &Json)> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            entries.into_iter().map(|(key, value)| (key.clone(), canonical(value))).collect()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => json.clone(),
    }
}

/// A place in a text.
struct Place<'d> {
    document: &'d Document<'d>,
    path: String,
}

type Found = Result<Option<Splice>, CantEdit>;

impl<'d> Place<'d> {
    fn below(&self, key: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { document: self.document, path: format!("{}{dot}{key}", self.path) }
    }

    /// What goes away comes last, so that nothing is ever empty on the way.
    fn mapping(&self, node: &Node, wanted: &Map<String, Json>) -> Found {
        let NodeKind::Map(entries) = &node.kind else { return Err(self.layout()) };
        for (key, value) in entries {
            if let Some(wanted) = wanted.get(&key.value)
                && !same(value, wanted)
            {
                return self.below(&key.value).value(node, key, value, wanted);
            }
        }
        for (key, value) in wanted {
            if !entries.iter().any(|(written, _)| written.value == *key) {
                return self.below(key).new_entry(node, entries, key, value).map(Some);
            }
        }
        for (index, (key, _)) in entries.iter().enumerate() {
            if !wanted.contains_key(&key.value) {
                return self.below(&key.value).without_entry(node, entries, index).map(Some);
            }
        }
        Ok(None)
    }

    fn value(&self, parent: &Node, key: &Located<String>, node: &Node, wanted: &Json) -> Found {
        if node.used_at.is_some() {
            return Err(CantEdit::shared(&self.path));
        }
        match (&node.kind, wanted) {
            (NodeKind::Map(entries), Json::Object(wanted))
                if !entries.is_empty() && !wanted.is_empty() =>
            {
                self.mapping(node, wanted)
            }
            (NodeKind::List(items), Json::Array(wanted))
                if !items.is_empty() && !wanted.is_empty() =>
            {
                self.list(node, items, wanted)
            }
            _ => self.another_value(parent, key, node, wanted).map(Some),
        }
    }

    fn another_value(
        &self,
        parent: &Node,
        key: &Located<String>,
        node: &Node,
        wanted: &Json,
    ) -> Result<Splice, CantEdit> {
        let document = self.document;
        let colon = document.behind_colon(key).ok_or_else(|| self.layout())?;
        let is_block_text = document.is_block_text(key.span.end, node);
        let is_collection = matches!(node.kind, NodeKind::Map(_) | NodeKind::List(_));
        let is_on_lines_below = is_block_text || is_collection && !document.is_flow(node);
        let extent = document.extent(node);
        let (start, end) = (extent.start.max(colon), extent.end.max(colon));
        let was_empty = matches!(&node.kind, NodeKind::Null) || is_collection && !is_on_lines_below;
        if let Json::Object(entries) = wanted
            && !entries.is_empty()
            && was_empty
            && !document.is_flow(parent)
        {
            // It goes on the lines below; what is behind it on its line stays there.
            let (style, line_end) = (document.style(), document.line_end(end));
            let behind = document.text[end..line_end].trim_end();
            let indent = document.column(key.span.start) + style.step();
            let with = format!("{behind}{}{}", style.newline, style.entries(entries, indent));
            return Ok(Splice { range: colon..line_end, with, path: self.path.clone() });
        }
        let quotes = Quotes::of(&document.text[start..end]);
        let with = inline(wanted, quotes);
        Ok(if is_on_lines_below || start == colon {
            self.splice(colon..end, &format!(" {with}"))
        } else {
            self.splice(start..end, &with)
        })
    }

    fn new_entry(
        &self,
        node: &Node,
        entries: &[Entry],
        key: &str,
        value: &Json,
    ) -> Result<Splice, CantEdit> {
        let document = self.document;
        let entry = Json::Object(Map::from_iter([(key.to_owned(), value.clone())]));
        let entry = inline(&entry, Quotes::None);
        let end = match document.last_end(node) {
            None => return Ok(self.splice(document.extent(node), &entry)),
            Some(end) => end,
        };
        if document.is_flow(node) {
            let without_brackets = entry.strip_prefix("{ ").and_then(|it| it.strip_suffix(" }"));
            let entry = without_brackets.unwrap_or(&entry);
            return Ok(self.splice(end..end, &format!(", {entry}")));
        }
        let own = entries.iter().find(|entry| document.is_own(entry));
        let (first, _) = own.ok_or_else(|| CantEdit::shared(&self.path))?;
        let (style, line_end) = (document.style(), document.line_end(end));
        let indent = document.column(first.span.start);
        let with = format!("{}{}", style.newline, style.entry(key, value, indent));
        Ok(self.splice(line_end..line_end, &with))
    }

    fn without_entry(
        &self,
        node: &Node,
        entries: &[Entry],
        index: usize,
    ) -> Result<Splice, CantEdit> {
        let document = self.document;
        let entry = &entries[index];
        if !document.is_own(entry) {
            return Err(CantEdit::shared(&self.path));
        }
        let (start, end) = (entry.0.span.start, document.entry_end(entry));
        let next = entries.get(index + 1).filter(|entry| document.is_own(entry));
        let next = next.map(|(key, _)| key.span.start);
        if document.is_flow(node) {
            let previous = index.checked_sub(1).map(|index| document.entry_end(&entries[index]));
            return self.without_member(start..end, previous, next);
        }
        let line_start = document.line_start(start);
        if document.text[line_start..start].trim().is_empty() {
            return Ok(self.without_lines(line_start..end));
        }
        // Behind a dash.
        let next = next.ok_or_else(|| self.layout())?;
        Ok(self.splice(start..next, ""))
    }

    fn list(&self, node: &Node, items: &[Node], wanted: &[Json]) -> Found {
        let matching = Matching::new(items, wanted);
        for (item, wanted) in &matching.alike {
            if item.used_at.is_some() {
                return Err(CantEdit::shared(&self.path));
            }
            let found = self.mapping(item, wanted)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        if let Some(item) = matching.new.first() {
            return self.new_item(node, items, item).map(Some);
        }
        match matching.gone.first() {
            Some(index) => self.without_item(node, items, *index).map(Some),
            None => Ok(None),
        }
    }

    fn new_item(&self, node: &Node, items: &[Node], wanted: &Json) -> Result<Splice, CantEdit> {
        let document = self.document;
        let (first, end) =
            items.first().zip(document.last_end(node)).ok_or_else(|| self.layout())?;
        if document.is_flow(node) {
            return Ok(self.splice(end..end, &format!(", {}", inline(wanted, Quotes::None))));
        }
        let dash = document.dash(first).ok_or_else(|| self.layout())?;
        let (style, line_end) = (document.style(), document.line_end(end));
        let with = format!("{}{}", style.newline, style.item(wanted, document.column(dash)));
        Ok(self.splice(line_end..line_end, &with))
    }

    fn without_item(&self, node: &Node, items: &[Node], index: usize) -> Result<Splice, CantEdit> {
        let document = self.document;
        let extent = document.extent(&items[index]);
        if document.is_flow(node) {
            let previous = index.checked_sub(1).map(|index| document.extent(&items[index]).end);
            let next = items.get(index + 1).map(|item| document.extent(item).start);
            return self.without_member(extent, previous, next);
        }
        let dash = document.dash(&items[index]).ok_or_else(|| self.layout())?;
        Ok(self.without_lines(document.line_start(dash)..extent.end))
    }

    /// Takes out what stands between brackets, and one comma.
    fn without_member(
        &self,
        member: Range<usize>,
        previous_end: Option<usize>,
        next_start: Option<usize>,
    ) -> Result<Splice, CantEdit> {
        match (previous_end, next_start) {
            (_, Some(next)) => Ok(self.splice(member.start..next, "")),
            (Some(previous), None) => Ok(self.splice(previous..member.end, "")),
            (None, None) => Err(self.layout()),
        }
    }

    /// Takes out whole lines. A last line without an end leaves none behind.
    fn without_lines(&self, range: Range<usize>) -> Splice {
        let document = self.document;
        let end = document.next_line(range.end);
        let splice = self.splice(range.start..end, "");
        if document.text[..end].ends_with('\n') || range.start == 0 {
            return splice;
        }
        let before =
            document.text[..range.start].trim_end_matches('\n').trim_end_matches('\r').len();
        let lines = splice.with.trim_end();
        let gap = if lines.is_empty() { "" } else { &document.text[before..range.start] };
        Splice { range: before..end, with: format!("{gap}{lines}"), path: splice.path }
    }

    /// Writes something else there. Comments that were there get lines of their own before it.
    fn splice(&self, range: Range<usize>, with: &str) -> Splice {
        let document = self.document;
        let comments = document.comments_in(range.clone());
        if comments.is_empty() {
            return Splice { range, with: with.to_owned(), path: self.path.clone() };
        }
        let line_start = document.line_start(range.start);
        let line = &document.text[line_start..];
        let margin = &line[..line.len() - line.trim_start_matches(' ').len()];
        let newline = document.style().newline;
        let mut text = String::new();
        for comment in comments {
            text.push_str(&format!("{margin}{comment}{newline}"));
        }
        text.push_str(&document.text[line_start..range.start]);
        text.push_str(with);
        Splice { range: line_start..range.end, with: text, path: self.path.clone() }
    }

    fn layout(&self) -> CantEdit {
        CantEdit::layout(&self.path)
    }
}

/// Which items of a list stay, which change, and which are new or gone.
struct Matching<'a> {
    alike: Vec<(&'a Node, &'a Map<String, Json>)>,
    new: Vec<&'a Json>,
    gone: Vec<usize>,
}

impl<'a> Matching<'a> {
    /// Mappings that have something in common are one item that changed. A word is itself or
    /// another one.
    fn new(items: &'a [Node], wanted: &'a [Json]) -> Self {
        let mut gone: Vec<usize> = (0..items.len()).collect();
        let mut take = |is_it: &dyn Fn(usize) -> bool| {
            let at = gone.iter().position(|index| is_it(*index));
            at.map(|at| gone.remove(at))
        };
        let others: Vec<&Json> =
            wanted.iter().filter(|it| take(&|index| same(&items[index], it)).is_none()).collect();
        let (mut alike, mut new) = (Vec::new(), Vec::new());
        for other in others {
            let Json::Object(entries) = other else {
                new.push(other);
                continue;
            };
            let of = |index: &usize| match items[*index].kind {
                NodeKind::Map(_) => in_common(&to_json(&items[*index]), other),
                NodeKind::Null
                | NodeKind::Bool(_)
                | NodeKind::Integer(_)
                | NodeKind::Float
                | NodeKind::Text(_)
                | NodeKind::List(_) => 0,
            };
            let best = gone.iter().copied().max_by_key(|index| (of(index), usize::MAX - index));
            match best.filter(|best| of(best) > 0) {
                Some(best) => {
                    gone.retain(|index| *index != best);
                    alike.push((&items[best], entries));
                }
                None => new.push(other),
            }
        }
        Self { alike, new, gone }
    }
}

/// How many texts two values have in common.
fn in_common(a: &Json, b: &Json) -> usize {
    fn texts<'j>(json: &'j Json, found: &mut Vec<&'j str>) {
        match json {
            Json::String(text) => found.push(text),
            Json::Array(items) => items.iter().for_each(|item| texts(item, found)),
            Json::Object(entries) => entries.values().for_each(|value| texts(value, found)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    texts(a, &mut of_a);
    texts(b, &mut of_b);
    of_a.iter().filter(|text| of_b.contains(text)).count()
}
