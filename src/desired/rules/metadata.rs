use crate::desired::resolve::RoleFile;
use crate::diagnostic::{Bag, Code, Diagnostic};

/// Stripe keeps 50 keys, and the marker needs three of them.
pub(crate) const MOST_KEYS: usize = 50 - 3;
pub(crate) const MOST_KEY_CHARACTERS: usize = 40;
pub(crate) const MOST_VALUE_CHARACTERS: usize = 500;

/// Metadata is what Stripe keeps, and doesn't touch the marker.
///
/// Source: <https://docs.stripe.com/metadata>, read 2026-11-22.
pub(super) fn metadata(file: &RoleFile, bag: &mut Bag) {
    let metadata = &file.declared.metadata;
    let mut places: Vec<_> = metadata.values().map(|located| located.span).collect();
    places.sort_unstable();
    if let Some(first_too_many) = places.get(MOST_KEYS) {
        let message =
            format!("there can be at most {MOST_KEYS} metadata keys, this has {}", metadata.len());
        let diagnostic = Diagnostic::new(Code::TooManyMetadataKeys, *first_too_many, message);
        bag.push(file.blamed(diagnostic));
    }
    for (key, located) in metadata {
        if key.starts_with("reconcile_") {
            let message = format!("`{key}` is how a configuration is known to be this role's");
            let diagnostic = Diagnostic::new(Code::ReservedMetadata, located.span, message);
            bag.push(diagnostic.help("use a name that doesn't begin with `reconcile_`"));
        }
        let problem = |code, message: String| Some(Diagnostic::new(code, located.span, message));
        let found = if key.is_empty() {
            problem(Code::MetadataKey, "a key can't be empty".to_owned())
        } else if key.chars().count() > MOST_KEY_CHARACTERS {
            let message = format!("a key can have at most {MOST_KEY_CHARACTERS} characters");
            problem(Code::MetadataKey, message)
        } else if key.contains(['[', ']']) {
            problem(Code::MetadataKey, "a key can't have square brackets".to_owned())
        } else if located.value.chars().count() > MOST_VALUE_CHARACTERS {
            let message = format!("a value can have at most {MOST_VALUE_CHARACTERS} characters");
            problem(Code::MetadataValue, message)
        } else if located.value.trim() != located.value {
            let message = "a value can't begin or end with space".to_owned();
            problem(Code::MetadataValue, message).map(|it| it.help("remove it"))
        } else {
            None
        };
        if let Some(diagnostic) = found {
            bag.push(diagnostic);
        }
    }
}
