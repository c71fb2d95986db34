//! Is Stripe's answer a legal completion of what was asked?

use crate::model::{ConfigurationId, DesiredRole, FieldPath};
use crate::plan::diff;
use crate::stripe::Written;

/// Where the answer to a write is not what was asked for. Empty if all is well.
///
/// An answer that is about another configuration differs everywhere.
pub(super) fn differences(
    desired: &DesiredRole,
    asked: Option<&ConfigurationId>,
    written: &Written,
) -> Vec<FieldPath> {
    if asked.is_some_and(|asked| *asked != written.id) {
        return desired.settings.iter().map(|(path, _)| path.clone()).collect();
    }
    diff(desired, &written.configuration.settings).into_iter().map(|diff| diff.path).collect()
}
