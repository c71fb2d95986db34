use super::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Field;

/// Customers can do something.
pub(super) fn check(subject: &Subject<'_>, _: &[Subject<'_>]) -> Option<Diagnostic> {
    let mut switches = Field::ALL.into_iter().filter(|field| field.is_feature_switch());
    let is_useful = |field: Field| {
        subject.settings().is_on(field) || subject.file.unmanaged.covers(&field.into())
    };
    if switches.any(is_useful) {
        return None;
    }
    let at = subject.place(Field::InvoiceHistory);
    let message = "no feature is on: customers who open this portal can do nothing";
    Some(
        Diagnostic::new(Code::UselessPortal, at, message)
            .help("switch something on, such as `invoice_history`"),
    )
}
