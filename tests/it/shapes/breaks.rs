//! What can be wrong about a body, one thing at a time.

use super::form::Node;
use super::shape::{Kind, Shape};

/// One thing that is made wrong.
#[derive(Debug, Clone)]
pub(super) struct Break {
    pub(super) kind: BreakKind,
    /// The names from the outside in.
    route: Vec<String>,
    /// What comes to stand there; nothing if what stands there goes.
    instead: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum BreakKind {
    /// A parameter that there isn't.
    Unknown,
    /// A required parameter that isn't there.
    Missing,
    /// Something of another type.
    OtherType,
    /// A word that isn't one of those to choose from.
    OtherWord,
    /// A list where a single value is.
    Listed,
    /// Emptied, and can't be.
    Emptied,
}

impl BreakKind {
    pub(super) const ALL: [Self; 6] = [
        Self::Unknown,
        Self::Missing,
        Self::OtherType,
        Self::OtherWord,
        Self::Listed,
        Self::Emptied,
    ];
}

impl Break {
    /// The full name of the parameter.
    pub(super) fn path(&self) -> String {
        let (first, rest) = self.route.split_first().expect("a break is of a parameter");
        rest.iter().fold(first.clone(), |path, name| format!("{path}[{name}]"))
    }

    pub(super) fn apply(&self, body: &mut Node) {
        let (last, outer) = self.route.split_last().expect("a break is of a parameter");
        let node = body.at_mut(outer).expect("the break is one of this body's");
        match &self.instead {
            // In place, because the numbers of a list are its order.
            Some(instead) => match node.get_mut(last) {
                Some(held) => *held = instead.clone(),
                None => node.set(last, instead.clone()),
            },
            None => node.remove(last),
        }
    }
}

/// Everything that can be made wrong about a body. These names are tried in every object that
/// doesn't have them.
pub(super) fn all<'n>(shape: &Shape, body: &Node, names: &'n [&'n str]) -> Vec<Break> {
    let mut breaks = Breaks { names, route: Vec::new(), found: Vec::new() };
    breaks.inside(shape, body);
    breaks.found
}

struct Breaks<'n> {
    names: &'n [&'n str],
    route: Vec<String>,
    found: Vec<Break>,
}

impl Breaks<'_> {
    fn add(&mut self, kind: BreakKind, instead: impl Into<Option<Node>>) {
        self.found.push(Break { kind, route: self.route.clone(), instead: instead.into() });
    }

    fn at(&mut self, name: &str, act: impl FnOnce(&mut Self)) {
        self.route.push(name.to_owned());
        act(self);
        self.route.pop();
    }

    /// What can be wrong about a parameter itself, and then inside of it.
    fn parameter(&mut self, shape: &Shape, node: &Node) {
        if !shape.emptyable {
            self.add(BreakKind::Emptied, Node::text(""));
        }
        let mut wrong = |kind, text: &str| self.add(kind, Node::text(text));
        match &shape.kind {
            Kind::Boolean | Kind::True => wrong(BreakKind::OtherType, "maybe"),
            Kind::Decimal => wrong(BreakKind::OtherType, "many"),
            Kind::Number => {
                wrong(BreakKind::OtherType, "many");
                wrong(BreakKind::OtherType, "1.5");
            }
            Kind::Word(_) => wrong(BreakKind::OtherWord, "unheard_of"),
            Kind::List(_) | Kind::Map(_) | Kind::Object(_) => wrong(BreakKind::OtherType, "a"),
            Kind::Text | Kind::AnyOf(_) | Kind::Named(_) => {}
        }
        let is_object = matches!(shape.kind, Kind::Map(_) | Kind::Object(_));
        let is_list = matches!(shape.kind, Kind::List(_));
        if !is_object {
            let object = Node::Table(vec![("a".to_owned(), node.clone())]);
            self.add(BreakKind::OtherType, object);
        }
        if !is_object && !is_list {
            self.add(BreakKind::Listed, Node::list([node.clone()]));
        }
        self.inside(shape, node);
    }

    fn inside(&mut self, shape: &Shape, node: &Node) {
        let Node::Table(fields) = node else { return };
        match &shape.kind {
            Kind::List(item) | Kind::Map(item) => {
                for (name, inner) in fields {
                    self.at(name, |it| it.parameter(item, inner));
                }
            }
            Kind::Object(shapes) => {
                for name in self.names.iter().filter(|name| !shapes.contains_key(**name)) {
                    self.at(name, |it| it.add(BreakKind::Unknown, Node::text("true")));
                }
                for (name, inner) in fields {
                    let Some(shape) = shapes.get(name) else { continue };
                    // An object whose last field goes is in no form, and so isn't missed.
                    if shape.required && fields.len() > 1 {
                        self.at(name, |it| it.add(BreakKind::Missing, None));
                    }
                    self.at(name, |it| it.parameter(shape, inner));
                }
            }
            Kind::Boolean
            | Kind::Decimal
            | Kind::Number
            | Kind::Text
            | Kind::Word(_)
            | Kind::True
            | Kind::AnyOf(_)
            | Kind::Named(_) => {}
        }
    }
}
