//! Reads values out of a YAML tree and reports every one that is not what it should be.

use std::collections::BTreeMap;

use super::variables::Variables;
use super::yaml::{Node, NodeKind};
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::IdError;
use crate::source::{Located, Span};
use crate::text::suggest;

/// Where problems go, and what `${name}` stands for.
pub(super) struct Reader<'a> {
    pub(super) variables: &'a Variables,
    pub(super) bag: &'a mut Bag,
}

/// A mapping's entries by key.
pub(super) type Entries<'n> = BTreeMap<&'n str, (Span, &'n Node)>;

impl Reader<'_> {
    /// Reports a problem with a node, and where an alias brought it in.
    pub(super) fn report(&mut self, diagnostic: Diagnostic, node: &Node) {
        let diagnostic = match node.used_at {
            Some(used_at) => diagnostic.related(used_at, "used here"),
            None => diagnostic,
        };
        self.bag.push(diagnostic);
    }

    /// The texts of a mapping that may have any keys.
    pub(super) fn texts(&mut self, node: &Node, what: &str) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for (name, (_, value)) in self.any_mapping(node, what) {
            if let Some(text) = self.text(value, &format!("{what}.{name}")) {
                texts.insert(name.to_owned(), text);
            }
        }
        texts
    }

    /// The entries of a mapping that may have any keys.
    pub(super) fn any_mapping<'n>(&mut self, node: &'n Node, what: &str) -> Entries<'n> {
        self.mapping(node, what, &node.keys())
    }

    /// The entries of a mapping that may have just these keys. `null` is the empty mapping, and a
    /// key with `null` behind it is no key.
    pub(super) fn mapping<'n>(&mut self, node: &'n Node, what: &str, keys: &[&str]) -> Entries<'n> {
        self.mapping_with_advice(node, what, keys, |_, _| None)
    }

    /// The same, where somebody may know better than a list of keys what to do about an unknown one.
    pub(super) fn mapping_with_advice<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        keys: &[&str],
        advise: fn(&str, &str) -> Option<String>,
    ) -> Entries<'n> {
        let mut entries = Entries::new();
        let written = match &node.kind {
            NodeKind::Map(written) => written,
            NodeKind::Null => return entries,
            NodeKind::Bool(_)
            | NodeKind::Integer(_)
            | NodeKind::Float
            | NodeKind::Text(_)
            | NodeKind::List(_) => {
                let diagnostic = wrong_type(node, what, "a mapping");
                self.report(
                    diagnostic.help(format!("possible keys: {}", suggest::list(keys))),
                    node,
                );
                return entries;
            }
        };
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for (key, value) in written {
            let name = key.value.as_str();
            if let Some(first) = seen.insert(name, key.span) {
                let message = format!("`{name}` is written twice");
                let diagnostic = Diagnostic::new(Code::DuplicateKey, key.span, message);
                self.bag.push(diagnostic.related(first, "first here"));
            } else if !keys.contains(&name) {
                let help = advise(what, name).unwrap_or_else(|| suggest::help(name, keys));
                self.report(unknown_key(key, what).help(help), value);
            } else if !matches!(value.kind, NodeKind::Null) {
                entries.insert(name, (key.span, value));
            }
        }
        entries
    }

    /// The items of a list. `null` and `""` are the empty list, as they are for Stripe.
    pub(super) fn list<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Node]> {
        match &node.kind {
            NodeKind::List(items) => Some(items),
            NodeKind::Null => Some(&[]),
            NodeKind::Text(text) if text.is_empty() => Some(&[]),
            NodeKind::Text(text) => {
                let help = format!("write `[{text}]`");
                let diagnostic = wrong_type(node, what, "a list").help(help);
                self.report(diagnostic, node);
                None
            }
            NodeKind::Bool(_) | NodeKind::Integer(_) | NodeKind::Float | NodeKind::Map(_) => {
                let diagnostic = wrong_type(node, what, "a list");
                self.report(diagnostic, node);
                None
            }
        }
    }

    /// A flag.
    pub(super) fn flag(&mut self, node: &Node, what: &str) -> Option<bool> {
        if let NodeKind::Bool(flag) = node.kind {
            return Some(flag);
        }
        let mut diagnostic = wrong_type(node, what, "`true` or `false`");
        if let NodeKind::Text(text) = &node.kind {
            diagnostic.help = match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "true" => Some("write `true`".into()),
                "no" | "off" | "false" => Some("write `false`".into()),
                _ => None,
            };
        }
        self.report(diagnostic, node);
        None
    }

    /// A whole number that is `least` or more.
    pub(super) fn count(&mut self, node: &Node, what: &str, least: u64) -> Option<u64> {
        let NodeKind::Integer(number) = node.kind else {
            let diagnostic = wrong_type(node, what, "a whole number");
            self.report(diagnostic, node);
            return None;
        };
        // Stripe's numbers are JSON's: beyond 2^53 they would silently change.
        const MAX: u64 = 1 << 53;
        let in_range = u64::try_from(number).ok().filter(|n| (least..=MAX).contains(n));
        if in_range.is_none() {
            let is_large = number > i128::from(MAX);
            let limit =
                if is_large { format!("at most {MAX}") } else { format!("at least {least}") };
            let message = format!("`{what}` must be {limit}, not {number}");
            self.report(Diagnostic::new(Code::OutOfRange, node.span, message), node);
        }
        in_range
    }

    /// A text, with `${name}` replaced.
    pub(super) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        let NodeKind::Text(text) = &node.kind else {
            let diagnostic = wrong_type(node, what, "text");
            let is_scalar =
                matches!(node.kind, NodeKind::Bool(_) | NodeKind::Integer(_) | NodeKind::Float);
            let diagnostic =
                if is_scalar { diagnostic.help("put it between quotes") } else { diagnostic };
            self.report(diagnostic, node);
            return None;
        };
        match self.variables.substitute(text) {
            Ok(text) => Some(text),
            Err(name) => {
                let place = self.variables.place();
                let message = format!("there is no variable `{name}` in {place}");
                let diagnostic = Diagnostic::new(Code::UndefinedVariable, node.span, message);
                self.report(diagnostic.help(self.variables.help(&name)), node);
                None
            }
        }
    }

    /// An id of some kind.
    pub(super) fn id<T>(
        &mut self,
        node: &Node,
        what: &str,
        parse: impl Fn(&str) -> Result<T, IdError>,
    ) -> Option<Located<T>> {
        let text = self.text(node, what)?;
        match parse(&text) {
            Ok(id) => Some(Located::new(id, node.span)),
            Err(error) => {
                let message = format!("`{what}` can't be this: {error}");
                self.report(Diagnostic::new(Code::InvalidId, node.span, message), node);
                None
            }
        }
    }

    /// One of several words.
    pub(super) fn choice(&mut self, node: &Node, what: &str, choices: &[&str]) -> Option<String> {
        let word = self.text(node, what)?;
        if choices.contains(&word.as_str()) {
            return Some(word);
        }
        let diagnostic = Diagnostic::new(
            Code::UnknownValue,
            node.span,
            format!("`{word}` is not a value of `{what}`"),
        );
        self.report(diagnostic.help(suggest::help(&word, choices)), node);
        None
    }

    /// Reports a key without which the others mean nothing.
    pub(super) fn missing(&mut self, at: Span, what: &str, key: &str) {
        let message = format!("`{what}` has no `{key}`");
        self.bag.push(Diagnostic::new(Code::MissingKey, at, message).help(format!("add `{key}:`")));
    }
}

fn wrong_type(node: &Node, what: &str, expected: &str) -> Diagnostic {
    let what = if what.is_empty() { "this file".to_owned() } else { format!("`{what}`") };
    let message = format!("{what} must be {expected}, not {}", node.describe());
    Diagnostic::new(Code::WrongType, node.span, message)
}

fn unknown_key(key: &Located<String>, what: &str) -> Diagnostic {
    let place = if what.is_empty() { "here".to_owned() } else { format!("in `{what}`") };
    let message = format!("`{}` means nothing {place}", key.value);
    Diagnostic::new(Code::UnknownKey, key.span, message)
}
