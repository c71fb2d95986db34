//! Who changed a value since the last apply: the file, the account, or a lookup key that stands for
//! another price.

use std::collections::{BTreeMap, BTreeSet};

use super::digest::{Applied, applied_digest};
use super::types::Cause;
use crate::model::{
    DesiredRole, FieldPath, LiveConfiguration, Offer, ProductId, ProductPart, Settings,
};

/// What was applied, what is wanted and what is there, to be compared value by value.
pub(super) struct Causes {
    /// Nothing where nothing was applied before.
    applied: Option<Applied>,
    wanted: Applied,
    live: Applied,
    /// What the file says of each product.
    offers: BTreeMap<ProductId, Offer>,
    /// The products that are there.
    listed: BTreeSet<ProductId>,
}

impl Causes {
    /// Goes by the digest that the last apply left on the configuration. What is kept because it is
    /// unknown counts as nobody's change.
    pub(super) fn new(
        desired: &DesiredRole,
        keeping: &DesiredRole,
        live: &LiveConfiguration,
    ) -> Self {
        let mut managed: Settings =
            live.settings.known().filtered(|path| !keeping.unmanaged.covers(path));
        let unmanaged = desired.settings.iter().filter(|(path, _)| keeping.unmanaged.covers(path));
        for (path, value) in unmanaged {
            managed.set(path.clone(), Some(value.clone()));
        }
        Self {
            applied: live.applied.as_deref().map(Applied::parse),
            wanted: Applied::parse(&applied_digest(&desired.settings, &desired.offers)),
            live: Applied::of(&managed),
            offers: desired.offers.clone(),
            listed: live.settings.products().into_iter().cloned().collect(),
        }
    }

    /// Why the value at a path is not what is wanted. Where the marker doesn't tell values apart,
    /// because it is an old one, it is the same for all of them.
    pub(super) fn of(&self, path: &FieldPath) -> Cause {
        let Some(applied) = &self.applied else { return Cause::New };
        let has_changed = |now: &Applied| applied.part(path).map(|was| Some(was) != now.part(path));
        let by_value = has_changed(&self.wanted).zip(has_changed(&self.live));
        let as_a_whole = (applied.whole != self.wanted.whole, applied.whole != self.live.whole);
        match by_value.filter(|(edited, drifted)| *edited || *drifted).unwrap_or(as_a_whole) {
            (true, false) if self.has_moved(path) => Cause::Moved,
            (true, false) => Cause::Edited,
            (false, true) => Cause::Drifted,
            (true, true) => Cause::Both,
            // Both are what was applied, so they are equal and there is no change to explain.
            (false, false) => Cause::Drifted,
        }
    }

    /// True if what is wanted of a product has changed although the file has the same names for it.
    fn has_moved(&self, path: &FieldPath) -> bool {
        let (Some(applied), FieldPath::Product(product, part)) = (&self.applied, path) else {
            return false;
        };
        match (self.offers.get(product), part) {
            (Some(offer), ProductPart::Prices) => applied.offered(offer),
            // The account has what was applied, so the quantity of what is there was edited.
            (Some(offer), ProductPart::Quantity) => {
                applied.offered(offer) && !self.listed.contains(product)
            }
            // It went with a key, unless the file may have lost it.
            (None, _) => applied.offered_the_same(&self.wanted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Field;

    #[test]
    fn a_marker_that_does_not_tell_values_apart_is_compared_as_a_whole() {
        let cause = |applied: Option<&str>, wanted: &str, live: &str| {
            let causes = Causes {
                applied: applied.map(Applied::parse),
                wanted: Applied::parse(wanted),
                live: Applied::parse(live),
                offers: BTreeMap::new(),
                listed: BTreeSet::new(),
            };
            causes.of(&Field::InvoiceHistory.into())
        };
        assert_eq!(cause(Some("a"), "b", "a"), Cause::Edited);
        assert_eq!(cause(Some("a"), "a", "b"), Cause::Drifted);
        assert_eq!(cause(Some("a"), "b", "b"), Cause::Both);
        assert_eq!(cause(None, "b", "a"), Cause::New);
    }
}
