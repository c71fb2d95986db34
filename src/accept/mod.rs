//! From an account that has changed to a file that wants what it has.
//!
//! Like a draft of an import, it goes round: what the file still wants otherwise is said in it, until
//! nothing is left. But it begins with the file that there is, and says nothing where silence does:
//! a key without which the same is wanted goes away. The planner's own comparison has the last word.

mod saying;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::desired;
use crate::diagnostic::Bag;
use crate::edit::{self, CantEdit};
use crate::import::Place;
use crate::model::{FieldPath, PriceBook, PriceHints, ProductPart, Role, Settings};
use crate::plan::{diff, keep_unknown};
use crate::source::SourceMap;
use saying::{Saying, Way};

/// A file that wants what an account has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The text that it was.
    pub before: String,
    /// The text that it should be.
    pub after: String,
    /// Texts with variables that are not in it any more, and where they were.
    pub lost: Vec<(String, String)>,
}

/// Why a file can't want what an account has.
#[derive(Debug)]
pub enum Unacceptable {
    /// It would break a rule.
    Rules(Bag, SourceMap),
    /// It would still want something else at these paths.
    Paths(Vec<FieldPath>),
    /// Its text can't be changed in place.
    Text(CantEdit),
}

impl From<CantEdit> for Unacceptable {
    fn from(error: CantEdit) -> Self {
        Self::Text(error)
    }
}

/// Edits a role's file so that it wants what is live, except at some paths.
///
/// Returns an error if it has no file, or none can say it.
pub fn accept(
    role: &Role,
    live: &Settings,
    except: &BTreeSet<FieldPath>,
    place: Place<'_>,
    prices: &PriceBook,
) -> Result<Accepted, Unacceptable> {
    let before = place.files.text_of(role).unwrap_or_default();
    let original = edit::tree(before)?;
    let mut said: BTreeMap<FieldPath, Way> = BTreeMap::new();
    let mut after = before.to_owned();
    let mut listed_at_first = Vec::new();
    loop {
        let files = place.files.of_one_role(role.clone(), after.clone());
        let (wanted, mut bag) =
            desired::resolve(&files, place.project, place.environment, place.today);
        let desired = match desired::bind(&wanted, prices, &PriceHints::default()) {
            Ok(mut state) => state.roles.remove(role),
            Err(problems) => {
                bag.extend(problems);
                None
            }
        };
        let saying = Saying { original: &original, live, prices };
        if !said.keys().any(is_product) {
            listed_at_first = wanted.products(role).to_vec();
        }
        let Some(desired) = desired else {
            // While the switch was off nobody looked up the lookup keys behind it.
            if said.keys().any(is_product) || !saying.say_all_products(&mut said) {
                return Err(Unacceptable::Rules(bag, files.sources));
            }
            after = edit::edit(before, &saying.tree(&said, &listed_at_first))?;
            continue;
        };
        let (keeping, _) = keep_unknown(&desired, live);
        let mut missing: BTreeSet<FieldPath> =
            diff(&keeping, live).into_iter().map(|diff| diff.path).collect();
        missing.retain(|path| !except.contains(path));
        if missing.is_empty() && !bag.has_errors() {
            let lost = lost(&original, &edit::tree(&after)?);
            return Ok(Accepted { before: before.to_owned(), after, lost });
        }
        let has_news = if missing.is_empty() {
            say_everything(&mut said)
        } else {
            let listed = desired.settings.products();
            // A product that is listed at last may have the right quantity by itself.
            let goes_without_saying = |path: &FieldPath| match path {
                FieldPath::Product(product, ProductPart::Quantity) => !listed.contains(product),
                FieldPath::Product(..) | FieldPath::Field(_) | FieldPath::Metadata(_) => false,
            };
            let mut has_news = false;
            for path in missing.iter().filter(|path| !goes_without_saying(path)) {
                has_news |= saying.say(path, &mut said);
            }
            has_news
        };
        if !has_news {
            return Err(if missing.is_empty() {
                Unacceptable::Rules(bag, files.sources)
            } else {
                Unacceptable::Paths(missing.into_iter().collect())
            });
        }
        after = edit::edit(before, &saying.tree(&said, &listed_at_first))?;
    }
}

fn is_product(path: &FieldPath) -> bool {
    matches!(path, FieldPath::Product(..))
}

/// Silence where a rule wants a word: says all of it.
///
/// Returns false if nothing was left out.
fn say_everything(said: &mut BTreeMap<FieldPath, Way>) -> bool {
    let left_out: Vec<&mut Way> = said.values_mut().filter(|way| **way == Way::LeaveOut).collect();
    let has_news = !left_out.is_empty();
    left_out.into_iter().for_each(|way| *way = Way::Say);
    has_news
}

/// Texts with variables that one tree has and the other one hasn't.
fn lost(before: &Json, after: &Json) -> Vec<(String, String)> {
    let (mut were, mut are) = (Vec::new(), Vec::new());
    texts_with_variables(before, "", &mut were);
    texts_with_variables(after, "", &mut are);
    were.retain(|text| !are.contains(text));
    were
}

fn texts_with_variables(tree: &Json, path: &str, found: &mut Vec<(String, String)>) {
    match tree {
        Json::String(text) if desired::has_variable(text) => {
            found.push((path.to_owned(), text.clone()));
        }
        Json::Array(items) => items.iter().for_each(|it| texts_with_variables(it, path, found)),
        Json::Object(entries) => {
            for (key, value) in entries {
                let dot = if path.is_empty() { "" } else { "." };
                texts_with_variables(value, &format!("{path}{dot}{key}"), found);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
