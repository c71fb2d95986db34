//! JSON Schema for what a key can be.
//!
//! `null` is allowed wherever a key is: it is the same as leaving the key out. What a variable stands
//! for is known to the program only, so in a role's file a text with `${` always passes.

use serde_json::{Value as Json, json};

/// On or off.
pub(super) fn flag() -> Json {
    json!({ "type": ["boolean", "null"] })
}

/// Any text, with at most so many characters.
pub(super) fn text(most: Option<usize>) -> Json {
    match most {
        None => json!({ "type": ["string", "null"] }),
        Some(most) => json!({
            "type": ["string", "null"],
            "anyOf": [{ "maxLength": most }, variable()],
        }),
    }
}

/// A text of some form.
pub(super) fn pattern(pattern: &str) -> Json {
    json!({ "type": ["string", "null"], "anyOf": [{ "pattern": pattern }, variable()] })
}

/// A text of some form where variables mean nothing.
pub(super) fn literal(pattern: &str) -> Json {
    json!({ "type": ["string", "null"], "pattern": pattern })
}

/// One of several words. Empty is the same as absent.
pub(super) fn choice(words: &[&str]) -> Json {
    json!({ "anyOf": [{ "enum": words }, variable(), { "type": ["string", "null"], "maxLength": 0 }] })
}

/// A whole number.
pub(super) fn count(least: u64) -> Json {
    json!({ "type": ["integer", "null"], "minimum": least })
}

/// A list. The empty text is the empty list.
pub(super) fn list(item: Json) -> Json {
    json!({ "anyOf": [{ "type": "array", "items": item }, { "enum": ["", null] }] })
}

/// One of several words, as a member of a list.
pub(super) fn member(words: &[&str]) -> Json {
    json!({ "anyOf": [{ "enum": words }, variable()] })
}

fn variable() -> Json {
    json!({ "type": "string", "pattern": r"\$\{" })
}
