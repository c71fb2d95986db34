use url::{Host, Url};

use super::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Kind, Value};

/// Customers are sent to a place that exists.
pub(super) fn check(subject: &Subject<'_>, _: &[Subject<'_>]) -> Option<Diagnostic> {
    let is_bad = |field: &Field| match subject.settings().get(&(*field).into()) {
        Some(Value::Text(url)) => field.spec().kind == Kind::Url && is_placeholder(url),
        _ => false,
    };
    let field = Field::ALL.into_iter().find(is_bad)?;
    let message = format!("`{}` sends customers of a live account to a placeholder", field.path());
    let at = subject.place(field);
    Some(Diagnostic::new(Code::PlaceholderUrl, at, message).help("put the real address here"))
}

/// The names that stand for no real place: <https://www.rfc-editor.org/rfc/rfc2606>.
fn is_placeholder(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    match url.host() {
        Some(Host::Domain(domain)) => {
            let is = |name: &str| domain == name || domain.ends_with(&format!(".{name}"));
            ["example.com", "example.org", "example.net", "example", "localhost", "test", "invalid"]
                .into_iter()
                .any(is)
        }
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_private(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
