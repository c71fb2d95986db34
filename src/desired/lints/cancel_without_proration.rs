use super::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Field;

/// Whoever cancels with immediate effect gets something back.
pub(super) fn check(subject: &Subject<'_>, _: &[Subject<'_>]) -> Option<Diagnostic> {
    let loses = subject.settings().is_on(Field::SubscriptionCancel)
        && subject.chooses(Field::CancelMode, "immediately")
        && subject.chooses(Field::CancelProration, "none");
    let message = "whoever cancels loses at once what is paid for, and gets nothing back";
    let help = "add `proration_behavior: create_prorations`, or cancel `at_period_end`";
    let at = subject.place(Field::CancelMode);
    loses.then(|| Diagnostic::new(Code::CancelWithoutProration, at, message).help(help))
}
