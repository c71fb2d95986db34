//! Whether parameters and objects are of a shape, and where they aren't.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value as Json;

use super::form::{self, Node};
use super::shape::{Kind, Shape, object};

/// One way in which something isn't of its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation {
    /// Where: `features[invoice_history][enabled]` in a form, dots in an object.
    pub(super) path: String,
    pub(super) problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// There is no such parameter or field.
    Unknown,
    /// It is required.
    Missing,
    /// It isn't what it has to be.
    Wrong(String),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, problem } = self;
        match problem {
            Problem::Unknown => write!(f, "`{path}` is nothing that Stripe knows"),
            Problem::Missing => write!(f, "`{path}` is missing"),
            Problem::Wrong(why) => write!(f, "`{path}` {why}"),
        }
    }
}

/// What is wrong with the parameters of a request.
pub(super) fn check_form(shape: &Shape, encoded: &[u8]) -> Vec<Violation> {
    let mut found = Found::default();
    match form::decode(encoded) {
        Ok(root) => found.node(shape, &root, ""),
        Err(problem) => found.wrong("", problem),
    }
    found.0
}

/// What is wrong with an answer.
pub(super) fn check_json(shape: &Shape, json: &Json) -> Vec<Violation> {
    let mut found = Found::default();
    found.json(shape, json, "");
    found.0
}

#[derive(Default)]
struct Found(Vec<Violation>);

impl Found {
    fn add(&mut self, path: &str, problem: Problem) {
        self.0.push(Violation { path: path.to_owned(), problem });
    }

    fn wrong(&mut self, path: &str, why: impl Into<String>) {
        self.add(path, Problem::Wrong(why.into()));
    }

    fn node(&mut self, shape: &Shape, node: &Node, path: &str) {
        match (&shape.kind, node) {
            (Kind::AnyOf(shapes), _) if !shape.emptyable || !node.is("") => {
                let fits = |shape: &Shape| {
                    let mut found = Self::default();
                    found.node(shape, node, path);
                    found.0.is_empty()
                };
                if !shapes.iter().any(fits) {
                    self.wrong(path, "is of none of the possible shapes");
                }
            }
            (_, Node::Text(text)) if text.is_empty() => {
                if !shape.emptyable {
                    self.wrong(path, "can't be emptied");
                }
            }
            (kind, Node::Text(text)) => self.text(kind, text, path),
            (Kind::List(item), Node::Table(_)) => match node.items() {
                None => self.wrong(path, "is not a list"),
                Some(items) => {
                    for (index, inner) in items.into_iter().enumerate() {
                        self.node(item, inner, &format!("{path}[{index}]"));
                    }
                }
            },
            (Kind::Map(value), Node::Table(fields)) => {
                for (name, inner) in fields {
                    self.node(value, inner, &format!("{path}[{name}]"));
                }
            }
            (Kind::Object(shapes), Node::Table(fields)) => {
                let bracketed = |name: &str| {
                    if path.is_empty() { name.to_owned() } else { format!("{path}[{name}]") }
                };
                let fields = fields.iter().map(|(name, inner)| (name.as_str(), inner));
                self.fields(shapes, fields, bracketed, Self::node);
            }
            (_, Node::Table(_)) => self.wrong(path, "is not a single value"),
        }
    }

    /// Checks the fields of an object, whatever they are made of.
    fn fields<'f, T>(
        &mut self,
        shapes: &BTreeMap<String, Shape>,
        fields: impl Iterator<Item = (&'f str, T)>,
        path_of: impl Fn(&str) -> String,
        check: impl Fn(&mut Self, &Shape, T, &str),
    ) {
        let mut missing: BTreeSet<&str> =
            shapes.iter().filter(|(_, it)| it.required).map(|(name, _)| name.as_str()).collect();
        for (name, field) in fields {
            missing.remove(name);
            match shapes.get(name) {
                Some(shape) => check(self, shape, field, &path_of(name)),
                None => self.add(&path_of(name), Problem::Unknown),
            }
        }
        for name in missing {
            self.add(&path_of(name), Problem::Missing);
        }
    }

    fn text(&mut self, kind: &Kind, text: &str, path: &str) {
        let (is_right, wanted) = match kind {
            Kind::Boolean => (["true", "false"].contains(&text), "neither true nor false"),
            Kind::Decimal => (text.parse::<f64>().is_ok(), "not a number"),
            Kind::Number => (text.parse::<i64>().is_ok(), "not an integer"),
            Kind::Text => (true, ""),
            Kind::Word(words) => (words.iter().any(|word| word == text), "none of the words"),
            Kind::True => (text == "true", "not true"),
            Kind::List(_) => (false, "not a list"),
            Kind::Map(_) | Kind::Object(_) => (false, "not an object"),
            Kind::AnyOf(_) | Kind::Named(_) => (false, "nothing that a request can say"),
        };
        if !is_right {
            self.wrong(path, format!("is {wanted}: `{text}`"));
        }
    }

    fn json(&mut self, shape: &Shape, json: &Json, path: &str) {
        match (&shape.kind, json) {
            (_, Json::Null) => {
                if !shape.nullable {
                    self.wrong(path, "is never null");
                }
            }
            (Kind::Named(name), _) => self.json(object(name), json, path),
            (Kind::AnyOf(shapes), _) => {
                if !shapes.iter().any(|shape| check_json(shape, json).is_empty()) {
                    self.wrong(path, format!("is of none of the possible shapes: {json}"));
                }
            }
            (Kind::List(item), Json::Array(items)) => {
                for (index, inner) in items.iter().enumerate() {
                    self.json(item, inner, &format!("{path}[{index}]"));
                }
            }
            (Kind::Map(value), Json::Object(fields)) => {
                for (name, inner) in fields {
                    self.json(value, inner, &below(path, name));
                }
            }
            (Kind::Object(shapes), Json::Object(fields)) => {
                let fields = fields.iter().map(|(name, inner)| (name.as_str(), inner));
                self.fields(shapes, fields, |name| below(path, name), Self::json);
            }
            (Kind::Boolean, Json::Bool(_)) | (Kind::True, Json::Bool(true)) => {}
            (Kind::Number, Json::Number(_)) | (Kind::Text, Json::String(_)) => {}
            (Kind::Decimal, Json::String(text)) if text.parse::<f64>().is_ok() => {}
            (Kind::Word(words), Json::String(text)) if words.contains(text) => {}
            (_, json) => self.wrong(path, format!("is something else: {json}")),
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
