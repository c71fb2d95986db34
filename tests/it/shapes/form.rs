//! Parameters as a tree, and their bracketed names.
//!
//! This is neither the client's encoder nor the emulator's decoder, and stricter than both: it has
//! to judge them.

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
