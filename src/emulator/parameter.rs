//! The types of parameters and what Stripe says where a value isn't of its type.

use super::error::ApiError;
use super::form::Node;
use super::params::Params;
use super::vocabulary::Vocabulary;

/// Stripe's limit for a string that has no other.
const MAX_STRING: usize = 5000;

/// A type that a parameter can have.
pub(super) trait Parameter: Sized {
    /// Notes a problem and returns nothing if the node isn't such a value.
    fn read(params: &Params<'_>, node: Node, path: &str) -> Option<Self>;
}

impl Parameter for String {
    fn read(params: &Params<'_>, node: Node, path: &str) -> Option<Self> {
        match node {
            Node::Text(text) if text.chars().count() <= MAX_STRING => Some(text),
            Node::Text(text) => {
                params.problem(too_long(&text, MAX_STRING).param(path));
                None
            }
            Node::Table(_) => {
                params.problem(ApiError::invalid("Invalid string").param(path));
                None
            }
        }
    }
}

impl Parameter for bool {
    fn read(params: &Params<'_>, node: Node, path: &str) -> Option<Self> {
        match scalar(params, node, path, "boolean")?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                params.problem(ApiError::invalid(format!("Invalid boolean: {other}")).param(path));
                None
            }
        }
    }
}

impl Parameter for i64 {
    fn read(params: &Params<'_>, node: Node, path: &str) -> Option<Self> {
        let text = scalar(params, node, path, "integer")?;
        let integer = text.parse().ok();
        if integer.is_none() {
            params.problem(
                ApiError::invalid(format!("Invalid integer: {text}"))
                    .code("parameter_invalid_integer")
                    .param(path),
            );
        }
        integer
    }
}

/// An absolute web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebAddress(pub(super) String);

impl Parameter for WebAddress {
    fn read(params: &Params<'_>, node: Node, path: &str) -> Option<Self> {
        let text = String::read(params, node, path)?;
        let message = match text.split_once("://") {
            None => "Invalid URL: An explicit scheme (such as https) must be provided.",
            Some((scheme, rest)) if is_web_address(scheme, rest) => return Some(Self(text)),
            Some(_) => "Not a valid URL",
        };
        let problem = ApiError::invalid(message).code("url_invalid");
        params.problem(problem.param(path));
        None
    }
}

fn is_web_address(scheme: &str, rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
        && !host.is_empty()
        && !host.starts_with(['.', ':'])
        && !rest.contains(|symbol: char| symbol.is_whitespace() || symbol.is_control())
}

impl<T: Parameter> Parameter for Vec<T> {
    fn read(params: &Params<'_>, node: Node, path: &str) -> Option<Self> {
        params.list(node, path, |params, item, path| params.value(item, &path))
    }
}

fn scalar(params: &Params<'_>, node: Node, path: &str, kind: &str) -> Option<String> {
    match node {
        Node::Text(text) => Some(text),
        Node::Table(_) => {
            params.problem(ApiError::invalid(format!("Invalid {kind}")).param(path));
            None
        }
    }
}

/// The refusal of a text above its limit, as recorded in a sandbox in 2026.
pub(super) fn too_long(text: &str, limit: usize) -> ApiError {
    ApiError::invalid(format!("Invalid string: {text}; must be at most {limit} characters"))
}

impl<V: Vocabulary> Parameter for V {
    fn read(params: &Params<'_>, node: Node, path: &str) -> Option<Self> {
        let text = scalar(params, node, path, "string")?;
        let found = V::ALL.iter().copied().find(|word| word.as_str() == text);
        if found.is_none() {
            let words: Vec<&str> = V::ALL.iter().map(|word| word.as_str()).collect();
            let message = format!("Invalid {path}: must be one of {}", alternatives(&words));
            params.problem(ApiError::invalid(message).param(path));
        }
        found
    }
}

/// `a`, `a or b`, `a, b, or c`.
fn alternatives(words: &[&str]) -> String {
    match words {
        [] | [_] => words.concat(),
        [first, second] => format!("{first} or {second}"),
        [rest @ .., last] => format!("{}, or {last}", rest.join(", ")),
    }
}
