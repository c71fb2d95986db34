//! What this project models is what Stripe has, and the emulator takes all of it.

use std::collections::{BTreeMap, BTreeSet};

use portal_reconciler::emulator::Quirks;
use portal_reconciler::model::{API_VERSION, Field};
use serde_json::Value as Json;

use super::agreement::{RULES, Verdict};
use super::bodies::fullest;
use super::endpoint::{Account, Endpoint};
use super::form::{Lists, Node, encode};
use super::model::{Model, model};
use super::sense::{make_sense, name_what_exists};
use super::shape::{Kind, Shape, official};

const OF_CONFIGURATIONS: [Endpoint; 2] = [Endpoint::Create, Endpoint::Update];

/// A parameter without further ones in it.
struct Leaf {
    /// As in [`Model`].
    path: String,
    /// The names on the way to it in a [`fullest`] body, from the outside in.
    route: Vec<String>,
    /// The words to choose from, if it is such a parameter.
    words: Option<BTreeSet<String>>,
}

fn leaves(shape: &Shape) -> Vec<Leaf> {
    fn collect(shape: &Shape, path: &str, route: &[String], found: &mut Vec<Leaf>) {
        let with = |name: &str| [route, &[name.to_owned()]].concat();
        let mut leaf = |route: &[String], words: Option<BTreeSet<String>>| {
            found.push(Leaf { path: path.to_owned(), route: route.to_vec(), words });
        };
        match &shape.kind {
            Kind::Object(shapes) => {
                for (name, shape) in shapes {
                    let dot = if path.is_empty() { "" } else { "." };
                    collect(shape, &format!("{path}{dot}{name}"), &with(name), found);
                }
            }
            Kind::List(item) if matches!(item.kind, Kind::Object(_)) => {
                collect(item, &format!("{path}[]"), &with("0"), found);
            }
            Kind::List(item) => collect(item, path, &with("0"), found),
            Kind::Map(_) => leaf(&with("a"), None),
            Kind::Word(words) => leaf(route, Some(words.iter().cloned().collect())),
            Kind::Boolean
            | Kind::Decimal
            | Kind::Number
            | Kind::Text
            | Kind::True
            | Kind::AnyOf(_)
            | Kind::Named(_) => leaf(route, None),
        }
    }
    let mut found = Vec::new();
    collect(shape, "", &[], &mut found);
    found
}

/// What Stripe has, in the form of the model.
fn surface(of: &[Endpoint]) -> Model {
    let all = of.iter().flat_map(|endpoint| leaves(endpoint.shape()));
    all.map(|leaf| (leaf.path, leaf.words)).collect()
}

/// What is in one of them and not in the other, parameters as well as words.
fn only_in(one: &Model, other: &Model) -> Vec<String> {
    let mut only = Vec::new();
    for (path, words) in one {
        let Some(others) = other.get(path) else {
            only.push(path.clone());
            continue;
        };
        let (words, others) = (words.clone().unwrap_or_default(), others.clone());
        let words = words.difference(&others.unwrap_or_default()).cloned().collect::<Vec<_>>();
        only.extend(words.iter().map(|word| format!("{path} = {word}")));
    }
    only
}

#[test]
fn the_version_that_is_asked_for_is_that_of_the_shapes() {
    assert_eq!(API_VERSION, official().about.api_version);
}

#[test]
fn every_parameter_and_every_value_of_stripes_is_modelled() {
    let missing = only_in(&surface(&OF_CONFIGURATIONS), &model());
    assert!(missing.is_empty(), "Stripe has what this project can't say: {missing:#?}");
}

#[test]
fn nothing_is_modelled_that_stripe_does_not_have() {
    let invented = only_in(&model(), &surface(&OF_CONFIGURATIONS));
    assert!(invented.is_empty(), "this project can say what Stripe doesn't have: {invented:#?}");
    // The table is for both requests.
    for endpoint in OF_CONFIGURATIONS {
        let surface = surface(&[endpoint]);
        let has = |path: &str| surface.keys().any(|it| it.split("[]").next() == Some(path));
        let lacks: Vec<Field> = Field::ALL.into_iter().filter(|it| !has(it.path())).collect();
        assert!(lacks.is_empty(), "{endpoint:?} doesn't have {lacks:?}");
    }
}

/// Stripe's types list it, and Stripe refuses it.
const REFUSED: [(&str, &str); 1] =
    [("features.subscription_cancel.proration_behavior", "always_invoice")];

#[test]
fn the_emulator_takes_and_keeps_every_parameter_and_every_value() {
    let mut refused = BTreeMap::new();
    for endpoint in OF_CONFIGURATIONS {
        let mut body = fullest(endpoint.shape());
        name_what_exists(endpoint, &mut body);
        make_sense(&mut body);
        // Only such a pause keeps its lengths.
        let kind = ["features", "subscription_pause", "duration", "type"].map(str::to_owned);
        *body.at_mut(&kind).unwrap() = Node::text("interval_options");
        for leaf in leaves(endpoint.shape()) {
            // What isn't one of some words is said as the fullest body says it.
            let words = leaf
                .words
                .clone()
                .map_or(vec![None], |words| words.into_iter().map(Some).collect());
            for word in words {
                let said = say(&leaf, word.as_deref(), &body);
                let response = Account::new(Quirks::default()).post(endpoint, &said.form);
                match Verdict::of(&response, &RULES) {
                    Verdict::Accepted(json) => assert_kept(&leaf, &said, &json),
                    Verdict::Rule(_) => {
                        refused.insert((leaf.path.clone(), said.text.clone()), endpoint);
                    }
                    Verdict::Shape(violation) => {
                        panic!("{} = {}: {violation}", leaf.path, said.text)
                    }
                }
            }
        }
    }
    let refused: Vec<_> =
        refused.keys().map(|(path, word)| (path.as_str(), word.as_str())).collect();
    assert_eq!(refused, REFUSED);
}

/// The refusal of a word lists the words that would have been taken.
#[test]
fn the_emulator_takes_no_other_value() {
    for endpoint in [Endpoint::Create, Endpoint::Update, Endpoint::Session] {
        let mut body = fullest(endpoint.shape());
        name_what_exists(endpoint, &mut body);
        for leaf in leaves(endpoint.shape()) {
            let Some(words) = &leaf.words else { continue };
            let said = say(&leaf, Some("unheard_of"), &body);
            let response = Account::new(Quirks::default()).post(endpoint, &said.form);
            let json: Json = serde_json::from_slice(response.body()).unwrap();
            let message = json["error"]["message"].as_str().unwrap();
            let (_, listed) = message.split_once("must be one of ").unwrap();
            let listed = listed.replace(" or ", ",").replace(' ', "");
            let listed = listed.split(',').filter(|word| !word.is_empty()).map(str::to_owned);
            assert_eq!(&listed.collect::<BTreeSet<_>>(), words, "{endpoint:?}: {}", leaf.path);
        }
    }
}

/// A body in which a parameter has a value.
struct Said {
    form: String,
    text: String,
}

fn say(leaf: &Leaf, word: Option<&str>, body: &Node) -> Said {
    let mut body = body.clone();
    let node = body.at_mut(&leaf.route).unwrap();
    if let Some(word) = word {
        *node = Node::text(word);
    }
    let Node::Text(text) = node.clone() else { panic!("{} has no value", leaf.path) };
    // Another parameter may have to give way to this one, but not the other way round.
    let mut sensible = body.clone();
    make_sense(&mut sensible);
    if sensible.at(&leaf.route).is_some_and(|kept| kept.is(&text)) {
        body = sensible;
    }
    Said { form: encode(&body, Lists::Numbered), text }
}

fn assert_kept(leaf: &Leaf, said: &Said, answer: &Json) {
    if leaf.path == "expand" {
        return;
    }
    let kept = answer.pointer(&format!("/{}", leaf.route.join("/")));
    let kept = kept.map(|kept| kept.as_str().map_or(kept.to_string(), str::to_owned));
    let (path, text) = (&leaf.path, &said.text);
    assert_eq!(kept.as_deref(), Some(text.as_str()), "{path} is not kept: {answer:#}");
}
