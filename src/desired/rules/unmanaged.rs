use crate::desired::declared::Declared;
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{FieldPath, Unmanaged};
use crate::source::{Located, Span};

/// A file doesn't set what it leaves to the Dashboard.
pub(in crate::desired) fn unmanaged(
    declared: &Declared,
    unmanaged: &[Located<String>],
    bag: &mut Bag,
) {
    let fields = declared.values.iter().map(|(field, value)| (FieldPath::from(*field), value.span));
    let metadata = declared.metadata.iter();
    let metadata = metadata.map(|(key, value)| (FieldPath::Metadata(key.clone()), value.span));
    for entry in unmanaged {
        let covered = Unmanaged::new([entry.value.clone()]);
        for (path, span) in fields.clone().chain(metadata.clone()) {
            if covered.covers(&path) {
                report(&path.to_string(), span, entry, bag);
            }
        }
        if let Some(products) = &declared.products
            && covered.covers_products()
        {
            report(FieldPath::PRODUCTS, products.span, entry, bag);
        }
    }
}

fn report(path: &str, at: Span, entry: &Located<String>, bag: &mut Bag) {
    let message = format!("`{path}` is set here and left to the Dashboard");
    let diagnostic = Diagnostic::new(Code::UnmanagedAndSet, at, message);
    let diagnostic = diagnostic.related(entry.span, "left to the Dashboard here");
    bag.push(diagnostic.help("remove one of the two"));
}
