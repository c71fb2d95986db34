use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Value};

/// Whoever comes without a role may do no more than those who have one.
pub(super) fn check(subject: &Subject<'_>, all: &[Subject<'_>]) -> Option<Diagnostic> {
    let default = subject.file.declared.default.as_ref().filter(|default| default.value)?;
    let allowed = permissions(subject);
    all.iter().find_map(|other| {
        let theirs = permissions(other);
        let more = allowed.difference(&theirs).next()?;
        let message = format!("the default allows `{more}`, which `{}` doesn't", other.file.role);
        let help = "let the role that allows least be the default: it is what customers get wherever an app names no configuration";
        Some(Diagnostic::new(Code::PowerfulDefault, default.span, message).help(help))
    })
}

/// What customers may change: features that are on, and what is on their lists. To look at invoices
/// is nothing to be careful about.
fn permissions(subject: &Subject<'_>) -> BTreeSet<String> {
    let mut permissions = BTreeSet::new();
    for field in Field::ALL.into_iter().filter(|field| *field != Field::InvoiceHistory) {
        match subject.settings().get(&field.into()) {
            Some(Value::Flag(true)) if field.is_feature_switch() => {
                let path = field.path().trim_start_matches("features.");
                permissions.insert(path.trim_end_matches(".enabled").to_owned());
            }
            Some(Value::Set(members))
                if matches!(field, Field::CustomerUpdateAllowed | Field::UpdateAllowed) =>
            {
                permissions.extend(members.iter().cloned());
            }
            _ => {}
        }
    }
    permissions
}
