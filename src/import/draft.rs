//! The file of a configuration.

use std::collections::BTreeSet;

use super::tree::tree;
use crate::desired::{self, Date, Environment, Files, ProjectFile};
use crate::diagnostic::Bag;
use crate::edit;
use crate::model::{FieldPath, LiveConfiguration, PriceBook, PriceHints, ProductPart, Role};
use crate::plan::{diff, keep_unknown};

/// Why there can't be such a file.
#[derive(Debug)]
pub enum Unsayable {
    /// The file would break these rules.
    Rules(Bag),
    /// The file would still want something else at these paths.
    Paths(Vec<FieldPath>),
}

/// Where a draft would stand.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The files around it.
    pub files: &'a Files,
    /// Their settings.
    pub project: &'a ProjectFile,
    /// What they would be applied to.
    pub environment: &'a Environment,
    /// The day, by which waivers hold.
    pub today: Date,
}

/// The text of the file of a role that wants exactly what this configuration is.
///
/// It begins with an empty file and adds what is then still wanted otherwise, until nothing is. So
/// it says nothing that Stripe's defaults, or the project's, say already.
///
/// Returns an error if no file can say it.
pub fn draft(
    role: &Role,
    live: &LiveConfiguration,
    place: Place<'_>,
    prices: &PriceBook,
) -> Result<String, Unsayable> {
    let mut said = BTreeSet::new();
    loop {
        let text = edit::written(&tree(&said, &live.settings, live.is_default, prices));
        let files = place.files.of_one_role(role.clone(), text.clone());
        let (wanted, mut bag) =
            desired::resolve(&files, place.project, place.environment, place.today);
        // On the way there may be switches without what they need.
        let bound = desired::bind(&wanted, prices, &PriceHints::default());
        let desired = match bound {
            Ok(mut state) => state.roles.remove(role),
            Err(problems) => {
                bag.extend(problems);
                None
            }
        };
        let Some(desired) = desired else { return Err(Unsayable::Rules(bag)) };
        let (desired, _) = keep_unknown(&desired, &live.settings);
        let missing = diff(&desired, &live.settings);
        if missing.is_empty() && bag.has_errors() {
            return Err(Unsayable::Rules(bag));
        }
        if missing.is_empty() {
            return Ok(text);
        }
        let n_said = said.len();
        let goes_without_saying = |path: &FieldPath| match path {
            // A product that is listed at last may have the right quantity by itself.
            FieldPath::Product(product, ProductPart::Quantity) => {
                !said.contains(&FieldPath::Product(product.clone(), ProductPart::Prices))
            }
            FieldPath::Product(..) | FieldPath::Field(_) | FieldPath::Metadata(_) => false,
        };
        let paths = missing.iter().map(|diff| diff.path.clone());
        let paths: Vec<FieldPath> = paths.filter(|path| !goes_without_saying(path)).collect();
        // Whoever reads a detail wants to see that it counts.
        said.extend(paths.iter().filter_map(|path| Some(path.gate()?.0.into())));
        said.extend(paths);
        if said.len() == n_said {
            return Err(Unsayable::Paths(missing.into_iter().map(|diff| diff.path).collect()));
        }
    }
}
