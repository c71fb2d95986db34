//! Bodies of every shape that a request can have.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::Union;

use super::form::Node;
use super::shape::{Kind, Shape};

/// Any body of this shape. What it says needn't make sense.
pub(super) fn of(shape: &'static Shape) -> BoxedStrategy<Node> {
    value(shape, "")
}

/// A body that says everything that can be said, with the first of all possible words.
pub(super) fn fullest(shape: &Shape) -> Node {
    full_value(shape, "")
}

fn value(shape: &'static Shape, name: &str) -> BoxedStrategy<Node> {
    let full = match &shape.kind {
        Kind::Boolean => any::<bool>().prop_map(|yes| Node::text(yes.to_string())).boxed(),
        Kind::True => Just(Node::text("true")).boxed(),
        Kind::Decimal | Kind::Number => (1..=3u8).prop_map(|n| Node::text(n.to_string())).boxed(),
        Kind::Text if is_address(name) => {
            "https://[a-z]{1,8}\\.example/[a-z]{0,3}".prop_map(Node::Text).boxed()
        }
        Kind::Text => "[a-z0-9 é&=%+\"'\\[\\]]{0,11}[a-z]".prop_map(Node::Text).boxed(),
        Kind::Word(words) => select(words.as_slice()).prop_map(Node::Text).boxed(),
        Kind::List(item) => {
            proptest::collection::vec(value(item, name), 1..=3).prop_map(Node::list).boxed()
        }
        Kind::Map(item) => proptest::collection::btree_map("[a-z]{1,6}", value(item, name), 1..=2)
            .prop_map(|entries| Node::Table(entries.into_iter().collect()))
            .boxed(),
        Kind::Object(shapes) => fields(shapes),
        Kind::AnyOf(shapes) => Union::new(shapes.iter().map(|shape| value(shape, name))).boxed(),
        Kind::Named(_) => unreachable!("no request has an object of Stripe's in it"),
    };
    if shape.emptyable {
        return prop_oneof![6 => full, 1 => Just(Node::text(""))].boxed();
    }
    full
}

/// An object with all required fields and some of the others. There is always one at least: an
/// object without any is in no form.
fn fields(shapes: &'static BTreeMap<String, Shape>) -> BoxedStrategy<Node> {
    let field = |(name, shape): (&'static String, &'static Shape)| {
        let is_there = if shape.required { Just(true).boxed() } else { any::<bool>().boxed() };
        (Just(name.clone()), value(shape, name), is_there)
    };
    let all: Vec<_> = shapes.iter().map(field).collect();
    (all, any::<Index>())
        .prop_map(|(mut all, index)| {
            if !all.iter().any(|(_, _, is_there)| *is_there) {
                let n_fields = all.len();
                all[index.index(n_fields)].2 = true;
            }
            let there = all.into_iter().filter(|(_, _, is_there)| *is_there);
            Node::Table(there.map(|(name, node, _)| (name, node)).collect())
        })
        .boxed()
}

fn full_value(shape: &Shape, name: &str) -> Node {
    match &shape.kind {
        Kind::Boolean | Kind::True => Node::text("true"),
        Kind::Decimal | Kind::Number => Node::text("1"),
        Kind::Text if is_address(name) => Node::text("https://a.example/"),
        Kind::Text => Node::text("a"),
        Kind::Word(words) => Node::text(words[0].as_str()),
        Kind::List(item) => Node::list([full_value(item, name)]),
        Kind::Map(item) => Node::Table(vec![("a".to_owned(), full_value(item, name))]),
        Kind::Object(shapes) => {
            let fields = shapes.iter().map(|(name, it)| (name.clone(), full_value(it, name)));
            Node::Table(fields.collect())
        }
        Kind::AnyOf(shapes) => full_value(&shapes[0], name),
        Kind::Named(_) => unreachable!("no request has an object of Stripe's in it"),
    }
}

/// To the types an address is any text. Its name tells that it isn't.
fn is_address(name: &str) -> bool {
    name.ends_with("_url")
}
