use url::Url;

use crate::desired::resolve::RoleFile;
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{Field, Kind, Value};
use crate::source::Span;

/// Texts have the length and the form that Stripe takes.
pub(super) fn text(file: &RoleFile, bag: &mut Bag) {
    for (field, located) in &file.declared.values {
        let Some(Value::Text(text)) = &located.value else { continue };
        if !file.declared.counts(*field) {
            continue;
        }
        match field.spec().kind {
            Kind::Text(Some(most)) => length(text, most, field.path(), located.span, bag),
            Kind::Url => url(text, field.path(), located.span, bag),
            Kind::Text(None) if *field == Field::PaymentMethodConfiguration => {
                payment_method_configuration(text, located.span, bag);
            }
            Kind::Text(None)
            | Kind::Flag
            | Kind::Choice(_)
            | Kind::Set(_)
            | Kind::TypedSet(_)
            | Kind::IdSet
            | Kind::Intervals => {}
        }
    }
}

fn length(text: &str, most: usize, path: &str, at: Span, bag: &mut Bag) {
    let n_characters = text.chars().count();
    if n_characters > most {
        let message =
            format!("`{path}` can have at most {most} characters, this has {n_characters}");
        bag.push(Diagnostic::new(Code::TooLong, at, message));
    }
}

fn url(text: &str, path: &str, at: Span, bag: &mut Bag) {
    let is_web = Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_web {
        let diagnostic = Diagnostic::new(Code::InvalidUrl, at, format!("`{path}` is not a URL"));
        let help = if text.contains("://") {
            "use a whole URL, such as `https://example.com/`".to_owned()
        } else {
            format!("write `https://{}`", text.trim_start_matches('/'))
        };
        bag.push(diagnostic.help(help));
    }
}

fn payment_method_configuration(text: &str, at: Span, bag: &mut Bag) {
    if !text.starts_with("pmc_") {
        let message = "the id of a payment method configuration begins with `pmc_`";
        bag.push(Diagnostic::new(Code::InvalidId, at, message));
    }
}
