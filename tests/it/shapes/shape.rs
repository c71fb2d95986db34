//! `tests/shapes/portal.json` as data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Official {
    pub(super) about: About,
    /// What Stripe answers, by the names that other shapes refer to.
    pub(super) objects: BTreeMap<String, Shape>,
    /// The parameters of requests.
    pub(super) requests: BTreeMap<String, Shape>,
}

/// Where the shapes are from.
#[derive(Deserialize)]
pub(super) struct About {
    pub(super) api_version: String,
}

/// What a value may be.
#[derive(Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(super) struct Shape {
    /// The object that has this field must have it.
    pub(super) required: bool,
    /// In a request, the empty text is taken and unsets the parameter.
    pub(super) emptyable: bool,
    /// In an answer, null is possible.
    pub(super) nullable: bool,
    pub(super) kind: Kind,
}

/// The kinds of values.
#[derive(Clone)]
pub(super) enum Kind {
    Boolean,
    /// On the wire a text, so that no digit is lost.
    Decimal,
    /// In a request an integer: what needn't be one is of kind [`Kind::Decimal`].
    Number,
    Text,
    /// One of these texts. That Stripe may get new ones doesn't matter here: neither this program
    /// nor the emulator may have any but these.
    Word(Vec<String>),
    /// True, and never false.
    True,
    List(Box<Shape>),
    /// An object whose keys are the user's.
    Map(Box<Shape>),
    Object(BTreeMap<String, Shape>),
    AnyOf(Vec<Shape>),
    /// One of Stripe's objects that has a shape of its own.
    Named(String),
}

/// The shapes that this project has.
pub(super) fn official() -> &'static Official {
    static OFFICIAL: LazyLock<Official> = LazyLock::new(|| {
        let text = include_str!("../../shapes/portal.json");
        serde_json::from_str(text).expect("`extract.mjs` writes what is read here")
    });
    &OFFICIAL
}

/// The parameters of a request.
pub(super) fn request(name: &str) -> &'static Shape {
    &official().requests[name]
}

/// A kind of answer.
pub(super) fn object(name: &str) -> &'static Shape {
    &official().objects[name]
}

/// The name of every field and parameter that has to do with the portal.
pub(super) fn names_of_fields() -> BTreeSet<String> {
    fn collect(shape: &Shape, names: &mut BTreeSet<String>) {
        match &shape.kind {
            Kind::List(item) | Kind::Map(item) => collect(item, names),
            Kind::Object(shapes) => {
                names.extend(shapes.keys().cloned());
                shapes.values().for_each(|shape| collect(shape, names));
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
    let mut names = BTreeSet::new();
    let objects = ["configuration", "session"].map(object);
    objects.into_iter().chain(official().requests.values()).for_each(|it| collect(it, &mut names));
    names
}

/// A shape as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    emptyable: bool,
    #[serde(default)]
    nullable: bool,
    #[serde(default, rename = "open")]
    _open: bool,
    fields: Option<BTreeMap<String, Shape>>,
    items: Option<Box<Shape>>,
    values: Option<Vec<serde_json::Value>>,
    any_of: Option<Vec<Shape>>,
    shape: Option<String>,
}

impl TryFrom<Written> for Shape {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { kind, required, emptyable, nullable, .. } = written;
        let read = || match (kind.as_str(), written.values) {
            ("boolean", None) => Some(Kind::Boolean),
            ("boolean", Some(values)) => (values == [true]).then_some(Kind::True),
            ("decimal", None) => Some(Kind::Decimal),
            ("number", None) => Some(Kind::Number),
            ("string", None) => Some(Kind::Text),
            ("string", Some(values)) => {
                let words = values.iter().map(|value| value.as_str().map(str::to_owned));
                words.collect::<Option<_>>().map(Kind::Word)
            }
            ("list", None) => written.items.map(Kind::List),
            ("map", None) => written.items.map(Kind::Map),
            ("object", None) => written.fields.map(Kind::Object),
            ("any", None) => written.any_of.map(Kind::AnyOf),
            ("shape", None) => written.shape.map(Kind::Named),
            _ => None,
        };
        let kind = read().ok_or_else(|| format!("a shape of an unknown kind: {kind}"))?;
        Ok(Self { required, emptyable, nullable, kind })
    }
}
