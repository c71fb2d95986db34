use crate::desired::resolve::RoleFile;
use crate::diagnostic::{Bag, Code, Diagnostic};

/// Stripe keeps 50 keys, and the marker needs three of them.
const MOST_KEYS: usize = 50 - 3;
const MOST_KEY_CHARACTERS: usize = 40;
const MOST_VALUE_CHARACTERS: usize = 500;

/// Metadata is what Stripe keeps, and doesn't touch the marker.
///
/// Source: <https://docs.stripe.com/metadata>, read 2026-11-22.
pub(super) fn metadata(file: &RoleFile, bag: &mut Bag) {
    let metadata = &file.declared.metadata;
    let mut places: Vec<_> = metadata.values().map(|located| located.span).collect();
    places.sort_unstable();
    if let Some(first_too_many) = places.get(MOST_KEYS) {
        let message =
            format!("there can be {MOST_KEYS} metadata keys, this has {}", metadata.len());
        bag.push(Diagnostic::new(Code::TooManyMetadataKeys, *first_too_many, message));
    }
    for (key, located) in metadata {
        if key.starts_with("reconcile_") {
            let message = format!("`{key}` is how a configuration is known to be this role's");
            let diagnostic = Diagnostic::new(Code::ReservedMetadata, located.span, message);
            bag.push(diagnostic.help("use a name that doesn't begin with `reconcile_`"));
        }
        let problem = if key.is_empty() {
            Some((Code::MetadataKey, "a key can't be empty".to_owned()))
        } else if key.chars().count() > MOST_KEY_CHARACTERS {
            Some((Code::MetadataKey, format!("a key can have {MOST_KEY_CHARACTERS} characters")))
        } else if key.contains(['[', ']']) {
            Some((Code::MetadataKey, "a key can't have square brackets".to_owned()))
        } else if located.value.chars().count() > MOST_VALUE_CHARACTERS {
            Some((
                Code::MetadataValue,
                format!("a value can have {MOST_VALUE_CHARACTERS} characters"),
            ))
        } else if located.value.trim() != located.value {
            let problem = "whether Stripe keeps space around a value is not established";
            Some((Code::MetadataValue, problem.to_owned()))
        } else {
            None
        };
        if let Some((code, problem)) = problem {
            bag.push(Diagnostic::new(code, located.span, problem));
        }
    }
}
