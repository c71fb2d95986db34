//! The emulator refuses what isn't of Stripe's official shape, because of that, and nothing else.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use portal_reconciler::emulator::Quirks;
use portal_reconciler::transport::Response;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::Value as Json;

use super::bodies;
use super::breaks::{self, BreakKind};
use super::check::{Problem, Violation, check_form, check_json};
use super::endpoint::{Account, Endpoint};
use super::form::{Lists, Node, encode};
use super::sense::{make_sense, name_what_exists};
use super::shape::names_of_fields;

/// Refusals of bodies of the right shape, by what they say: Stripe's rules, which no type tells.
pub(super) const RULES: [&str; 14] = [
    "Missing required param: features[subscription_pause][duration][interval_options].",
    "Missing required param: features[subscription_update][default_allowed_updates].",
    "Missing required param: features[subscription_update][products].",
    "Missing required param: flow_data[after_completion][redirect].",
    "Missing required param: flow_data[subscription_cancel].",
    "Missing required param: flow_data[subscription_pause].",
    "Missing required param: flow_data[subscription_update].",
    "Missing required param: flow_data[subscription_update_confirm].",
    "No such price: ",
    "No such product: ",
    "`always_invoice` is not supported for subscription cancellations.",
    "`create_prorations` is only compatible with `mode: immediately`.",
    "exceeded maximum 1 allowed elements.",
    "no changes to confirm",
];

/// What the emulator says to a body.
#[derive(Debug)]
pub(super) enum Verdict {
    Accepted(Json),
    /// It isn't of its shape.
    Shape(Violation),
    /// It breaks the rule of this number.
    Rule(usize),
}

impl Verdict {
    pub(super) fn of(response: &Response, rules: &[&str]) -> Self {
        let json: Json = serde_json::from_slice(response.body()).unwrap();
        if response.status() == 200 {
            return Self::Accepted(json);
        }
        let text = |name: &str| json["error"][name].as_str().unwrap_or_default().to_owned();
        let (code, message) = (text("code"), text("message"));
        if let Some(rule) = rules.iter().position(|rule| message.contains(rule)) {
            return Self::Rule(rule);
        }
        let problem = match code.as_str() {
            "parameter_unknown" => Problem::Unknown,
            "parameter_missing" => Problem::Missing,
            "" | "parameter_invalid_empty" | "parameter_invalid_integer" => Problem::Wrong(message),
            _ => panic!("nobody has said whether this is about a shape: {json:#}"),
        };
        Self::Shape(Violation { path: text("param"), problem })
    }
}

/// A body, and what was made wrong about it.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) endpoint: Endpoint,
    pub(super) body: Node,
    pub(super) lists: Lists,
    pub(super) broken: Option<BreakKind>,
}

impl Case {
    pub(super) fn form(&self) -> String {
        encode(&self.body, self.lists)
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}, broken: {:?}", self.endpoint, self.broken)?;
        for (name, value) in url::form_urlencoded::parse(self.form().as_bytes()) {
            writeln!(f, "  {name}={value}")?;
        }
        Ok(())
    }
}

/// Bodies of which two in five have something wrong about them. Of the others few make no sense;
/// what is wrong and makes no sense could be refused for either.
fn cases(endpoint: Endpoint) -> impl Strategy<Value = Case> {
    let something_wrong = (proptest::sample::select(&BreakKind::ALL[..]), any::<Index>());
    let parts = (
        bodies::of(endpoint.shape()),
        proptest::sample::select(&[Lists::Numbered, Lists::Unnumbered][..]),
        proptest::option::weighted(0.4, something_wrong),
        proptest::bool::weighted(0.8),
    );
    parts.prop_map(move |(mut body, lists, something_wrong, makes_sense)| {
        name_what_exists(endpoint, &mut body);
        if makes_sense || something_wrong.is_some() {
            make_sense(&mut body);
        }
        let broken = something_wrong.and_then(|(kind, index)| {
            let mut breaks = breaks::all(endpoint.shape(), &body, &["unheard_of", "object"]);
            breaks.retain(|it| it.kind == kind);
            let position = (!breaks.is_empty()).then(|| index.index(breaks.len()))?;
            breaks[position].apply(&mut body);
            Some(kind)
        });
        Case { endpoint, body, lists, broken }
    })
}

/// What came of all the cases.
#[derive(Debug, Default)]
struct Tally {
    n_accepted: usize,
    rules: BTreeMap<&'static str, usize>,
    breaks: BTreeMap<BreakKind, usize>,
}

/// Sends a body, and holds what comes of it against the shapes.
fn agree(case: &Case, tally: &mut Tally) -> Result<(), TestCaseError> {
    let form = case.form();
    let wanted = check_form(case.endpoint.shape(), form.as_bytes());
    prop_assert_eq!(wanted.is_empty(), case.broken.is_none(), "{:?}", wanted);
    let response = Account::new(Quirks::default()).post(case.endpoint, &form);
    let kind_of = |violation: &Violation| std::mem::discriminant(&violation.problem);
    match (Verdict::of(&response, &RULES), case.broken) {
        (Verdict::Accepted(json), None) => {
            let violations = check_json(case.endpoint.answer(), &json);
            prop_assert!(violations.is_empty(), "the answer is wrong: {:?}", violations);
            tally.n_accepted += 1;
        }
        (Verdict::Rule(rule), None) => *tally.rules.entry(RULES[rule]).or_default() += 1,
        (Verdict::Shape(found), Some(broken)) => {
            let is_it = |it: &Violation| it.path == found.path && kind_of(it) == kind_of(&found);
            prop_assert!(wanted.iter().any(is_it), "refused for {}, not {:?}", found, wanted);
            *tally.breaks.entry(broken).or_default() += 1;
        }
        (verdict, _) => prop_assert!(false, "{verdict:?}, but what is wrong is {wanted:?}"),
    }
    Ok(())
}

#[test]
fn thousands_of_bodies_get_the_verdict_of_the_official_shapes() {
    let tally = RefCell::new(Tally::default());
    let of_all = prop_oneof![
        5 => cases(Endpoint::Create),
        5 => cases(Endpoint::Update),
        2 => cases(Endpoint::Session),
    ];
    run(5000, &of_all, |case| agree(&case, &mut tally.borrow_mut()));
    let Tally { n_accepted, rules, breaks } = tally.into_inner();
    // A test that only sees refusals would prove little, and so would one that sees none.
    let n_refused: usize = rules.values().sum();
    assert!(n_accepted > 9 * n_refused, "{n_accepted} accepted, {n_refused} refused: {rules:#?}");
    assert!(n_refused > 50, "{rules:#?}");
    assert!(BreakKind::ALL.iter().all(|kind| breaks[kind] > 100), "{breaks:#?}");
}

/// Runs a test for this many cases, which are the same ones every time.
pub(super) fn run<S: Strategy>(
    n_cases: u32,
    cases: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = ProptestConfig { cases: n_cases, failure_persistence: None, ..Default::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome = TestRunner::new_with_rng(config, rng).run(cases, test);
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// The same break in the same body, at every place that there is. The unknown parameters are those
/// that exist elsewhere: people send back what was answered, or find the wrong place.
#[test]
fn whatever_is_wrong_is_refused_at_its_place() {
    let mut n_breaks = 0;
    let names = names_of_fields();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for endpoint in [Endpoint::Create, Endpoint::Update, Endpoint::Session] {
        let mut body = bodies::fullest(endpoint.shape());
        name_what_exists(endpoint, &mut body);
        make_sense(&mut body);
        for it in breaks::all(endpoint.shape(), &body, &names) {
            let mut body = body.clone();
            it.apply(&mut body);
            let form = encode(&body, Lists::Numbered);
            let wanted = check_form(endpoint.shape(), form.as_bytes());
            let response = Account::new(Quirks::default()).post(endpoint, &form);
            let Verdict::Shape(found) = Verdict::of(&response, &RULES) else {
                panic!("{it:?} is not refused for its shape: {response:?}");
            };
            assert_eq!((found.path.as_str(), wanted.len()), (it.path().as_str(), 1), "{it:?}");
            n_breaks += 1;
        }
    }
    assert!(n_breaks > 1000, "{n_breaks}");
}
