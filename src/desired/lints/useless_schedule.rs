use super::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Field;

/// What is scheduled for the end of a period can happen.
pub(super) fn check(subject: &Subject<'_>, _: &[Subject<'_>]) -> Option<Diagnostic> {
    let is_scheduled = subject.settings().get(&Field::UpdateSchedule.into()).is_some();
    let has_choice = subject.products().iter().any(|entry| entry.n_prices() > 1);
    let is_useless = is_scheduled && !subject.products().is_empty() && !has_choice;
    let message =
        "a schedule only affects switches between prices of one product, and no product has two";
    let help = "list more prices of a product, or remove it";
    let at = subject.place(Field::UpdateSchedule);
    is_useless.then(|| Diagnostic::new(Code::UselessSchedule, at, message).help(help))
}
