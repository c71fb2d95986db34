use super::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Field;

/// Customers see whose portal it is, and the links that they are owed.
pub(super) fn check(subject: &Subject<'_>, _: &[Subject<'_>]) -> Option<Diagnostic> {
    let wanted = [
        (Field::Headline, "headline"),
        (Field::PrivacyPolicyUrl, "privacy_policy_url"),
        (Field::TermsOfServiceUrl, "terms_of_service_url"),
    ];
    let is_missing = |(field, _): &&(Field, &str)| {
        let path = (*field).into();
        subject.settings().get(&path).is_none() && !subject.file.unmanaged.covers(&path)
    };
    let missing: Vec<String> =
        wanted.iter().filter(is_missing).map(|(_, key)| format!("`{key}`")).collect();
    if missing.is_empty() {
        return None;
    }
    let message = format!("customers of a live account see no {}", missing.join(", no "));
    let at = subject.place_around(Field::Headline);
    let help = "add what is missing to `business_profile`";
    Some(Diagnostic::new(Code::BareLivePortal, at, message).help(help))
}
