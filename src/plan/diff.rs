//! Where a configuration is not what is wanted.

use std::collections::BTreeSet;

use crate::model::{DesiredRole, FieldPath, Settings, Value};

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDiff {
    /// Where.
    pub path: FieldPath,
    /// What it is, if anything.
    pub before: Option<Value>,
    /// What is wanted, if anything.
    pub after: Option<Value>,
}

/// Compares a configuration with what is wanted, path by path.
///
/// What a file leaves to the Dashboard is not compared, and neither are the details of what it
/// switches off: Stripe keeps them, and they mean nothing.
pub fn diff(desired: &DesiredRole, live: &Settings) -> Vec<FieldDiff> {
    let wanted = &desired.settings;
    let paths: BTreeSet<&FieldPath> = wanted
        .iter()
        .chain(live.iter())
        .map(|(path, _)| path)
        .filter(|path| desired.manages(path))
        .collect();
    let differing = |path: &FieldPath| {
        let (before, after) = (live.get(path), wanted.get(path));
        (before != after).then(|| FieldDiff {
            path: path.clone(),
            before: before.cloned(),
            after: after.cloned(),
        })
    };
    paths.into_iter().filter_map(differing).collect()
}

/// What a create has to say: everything that isn't Stripe's default anyway, and the lists that
/// Stripe would fill in and the file empties.
pub(super) fn from_nothing(desired: &DesiredRole) -> Vec<FieldDiff> {
    let differing = diff(desired, Settings::stripe_defaults());
    let is_emptied = |diff: &FieldDiff| diff.after.is_none();
    let from_nothing = |diff| FieldDiff { before: None, ..diff };
    differing
        .into_iter()
        .map(|diff| if is_emptied(&diff) { diff } else { from_nothing(diff) })
        .collect()
}
