use super::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Field;

/// Whoever switches plan can switch back.
pub(super) fn check(subject: &Subject<'_>, _: &[Subject<'_>]) -> Option<Diagnostic> {
    let is_one_way = subject.allows(Field::UpdateAllowed, "price") && subject.n_prices() == 1;
    let message = "there is one price to switch to: whoever does can't switch back";
    let help = "list the prices that customers come from, too";
    is_one_way
        .then(|| Diagnostic::new(Code::OneWaySwitch, subject.products_place(), message).help(help))
}
