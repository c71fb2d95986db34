use super::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Quantity};

/// Customers who may change quantities have one to change.
pub(super) fn check(subject: &Subject<'_>, _: &[Subject<'_>]) -> Option<Diagnostic> {
    let mut products = subject.products().iter();
    let is_fixed = subject.allows(Field::UpdateAllowed, "quantity")
        && !subject.products().is_empty()
        && products.all(|entry| entry.quantity == Some(Quantity::Fixed));
    let message = "customers may change quantities, but the quantity of every product is fixed";
    let help = "remove `quantity` here, or `adjustable_quantity` from a product";
    let at = subject.place(Field::UpdateAllowed);
    is_fixed.then(|| Diagnostic::new(Code::FixedQuantities, at, message).help(help))
}
