//! Changes what a YAML text says, and nothing else of it: comments, layout, quotes and the order of
//! keys stay as somebody wrote them.
//!
//! It goes in small steps. Each finds the first place where the text says something else than is
//! wanted, cuts it out, and reads the text anew. So no step has to know what another one moved, and
//! a text that says what is wanted stays as it is. A comment is never lost: if what it stands beside
//! goes away, it gets a line of its own.
//!
//! Lists have no order here, as they have none in the files.

mod difference;
mod layout;
mod words;

use serde_json::Value as Json;

use difference::Splice;
use layout::Document;
use words::{Quotes, Style};

/// Why a text can't be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` {why}")]
pub struct CantEdit {
    /// Keys from the outside in, joined by dots.
    pub path: String,
    /// Why not.
    pub why: WhyNot,
}

/// Why a value in a text can't be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// It is written once and used in several places.
    #[error("is shared by an alias (`*name`) or a merge (`<<`)")]
    Shared,
    /// It is written in a form that this program can't cut into.
    #[error("is written in a form that can't be edited in place")]
    Layout,
}

/// More steps than any text of a portal configuration can need.
const MOST_STEPS: usize = 2_000;

/// What a text says.
///
/// Returns an error if it is not YAML.
pub fn tree(text: &str) -> Result<Json, CantEdit> {
    Ok(Document::read(text)?.tree())
}

/// A text of its own that says this.
pub fn written(tree: &Json) -> String {
    let style = Style { has_block_words: true, ..Style::default() };
    let text = match tree.as_object() {
        Some(entries) if !entries.is_empty() => style.entries(entries, 0),
        _ => words::inline(tree, Quotes::None),
    };
    text + "\n"
}

/// The text, changed so that it says what is wanted.
///
/// Returns an error, with the first place that is in the way, if that can't be done without touching
/// anything else.
pub fn edit(text: &str, wanted: &Json) -> Result<String, CantEdit> {
    let before = Document::read(text)?.comments();
    let mut text = text.to_owned();
    for _ in 0..MOST_STEPS {
        let document = Document::read(&text)?;
        let Some(Splice { range, with, path }) = difference::first(&document, wanted)? else {
            return if document.comments() == before {
                Ok(text)
            } else {
                Err(CantEdit::layout(""))
            };
        };
        let mut next = text.clone();
        next.replace_range(range, &with);
        if next == text || Document::read(&next).is_err() {
            return Err(CantEdit::layout(&path));
        }
        text = next;
    }
    Err(CantEdit::layout(""))
}

impl CantEdit {
    fn layout(path: &str) -> Self {
        Self { path: path.to_owned(), why: WhyNot::Layout }
    }

    fn shared(path: &str) -> Self {
        Self { path: path.to_owned(), why: WhyNot::Shared }
    }
}

#[cfg(test)]
mod tests;
