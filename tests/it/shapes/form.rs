//! Parameters as a tree, and their bracketed names.
//!
//! This is neither the client's encoder nor the emulator's decoder, and stricter than both: it has
//! to judge them.

use std::fmt::Write;

use url::form_urlencoded;

/// A text, or more names. A list is a table whose names are its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    Table(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn list(items: impl IntoIterator<Item = Node>) -> Self {
        let numbered = items.into_iter().enumerate();
        Self::Table(numbered.map(|(number, item)| (number.to_string(), item)).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Text(_) => None,
            Self::Table(fields) => fields.iter().find(|(held, _)| held == name).map(|(_, it)| it),
        }
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        match self {
            Self::Text(_) => None,
            Self::Table(fields) => {
                fields.iter_mut().find(|(held, _)| held == name).map(|(_, it)| it)
            }
        }
    }

    /// What stands at these names, from the outside in.
    pub(super) fn at(&self, route: &[String]) -> Option<&Self> {
        route.iter().try_fold(self, |node, name| node.get(name))
    }

    pub(super) fn at_mut(&mut self, route: &[String]) -> Option<&mut Self> {
        route.iter().try_fold(self, |node, name| node.get_mut(name))
    }

    /// Puts a node at a name of a table.
    pub(super) fn set(&mut self, name: &str, node: Self) {
        self.remove(name);
        if let Self::Table(fields) = self {
            fields.push((name.to_owned(), node));
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        if let Self::Table(fields) = self {
            fields.retain(|(held, _)| held != name);
        }
    }

    /// True for this text.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self, Self::Text(held) if held == text)
    }

    /// The items of a list in the order of their numbers, or nothing if it isn't a list.
    pub(super) fn items(&self) -> Option<Vec<&Self>> {
        let Self::Table(fields) = self else { return None };
        let numbered = fields.iter().map(|(name, node)| Some((name.parse::<u32>().ok()?, node)));
        let mut numbered = numbered.collect::<Option<Vec<_>>>()?;
        numbered.sort_by_key(|(number, _)| *number);
        Some(numbered.into_iter().map(|(_, node)| node).collect())
    }
}

/// The tree that a form describes.
///
/// Returns an error if a name isn't well formed, or comes twice.
pub(super) fn decode(form: &[u8]) -> Result<Node, String> {
    let mut root = Node::Table(Vec::new());
    for (name, value) in form_urlencoded::parse(form) {
        insert(&mut root, &segments(&name)?, &value).ok_or_else(|| format!("`{name}` twice"))?;
    }
    Ok(root)
}

/// `a[b][0]` is `a`, `b`, `0`.
fn segments(name: &str) -> Result<Vec<&str>, String> {
    let Some((root, rest)) = name.split_once('[') else { return Ok(vec![name]) };
    let inner = rest.strip_suffix(']').ok_or_else(|| format!("`{name}` doesn't end in `]`"))?;
    let path: Vec<&str> = std::iter::once(root).chain(inner.split("][")).collect();
    let is_whole = |segment: &&str| !segment.contains(['[', ']']);
    if path.iter().all(is_whole) { Ok(path) } else { Err(format!("`{name}` isn't a path")) }
}

/// Returns nothing where the name has been taken.
fn insert(node: &mut Node, path: &[&str], text: &str) -> Option<()> {
    let Node::Table(fields) = node else { return None };
    let (first, rest) = path.split_first()?;
    let name = if first.is_empty() { fields.len().to_string() } else { (*first).to_owned() };
    let position = fields.iter().position(|(held, _)| *held == name);
    if rest.is_empty() {
        fields.push((name, Node::text(text)));
        return position.is_none().then_some(());
    }
    let position = position.unwrap_or_else(|| {
        fields.push((name, Node::Table(Vec::new())));
        fields.len() - 1
    });
    insert(&mut fields[position].1, rest, text)
}

/// How lists of texts are written: both ways are Stripe's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    /// `x[0]=a`
    Numbered,
    /// `x[]=a`
    Unnumbered,
}

/// The form that describes a tree. Empty tables are in no form.
pub(super) fn encode(root: &Node, lists: Lists) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    let mut pairs = Vec::new();
    collect(root, "", lists, &mut pairs);
    form.extend_pairs(pairs);
    form.finish()
}

fn collect(node: &Node, path: &str, lists: Lists, pairs: &mut Vec<(String, String)>) {
    let fields = match node {
        Node::Text(text) => return pairs.push((path.to_owned(), text.clone())),
        Node::Table(fields) => fields,
    };
    let is_of_texts = fields.iter().all(|(_, node)| matches!(node, Node::Text(_)));
    let is_list = node.items().is_some();
    for (name, inner) in fields {
        let mut full = path.to_owned();
        if path.is_empty() {
            full.push_str(name);
        } else if is_list && is_of_texts && lists == Lists::Unnumbered {
            full.push_str("[]");
        } else {
            write!(full, "[{name}]").unwrap();
        }
        collect(inner, &full, lists, pairs);
    }
}
