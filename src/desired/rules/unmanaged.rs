use crate::desired::declared::Declared;
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{FieldPath, Unmanaged};
use crate::source::Span;

/// A file doesn't set what it leaves to the Dashboard.
///
/// Checked before `defaults` are filled in: a role may leave to the Dashboard what the others have.
pub(in crate::desired) fn unmanaged(declared: &Declared, unmanaged: &Unmanaged, bag: &mut Bag) {
    let fields = declared.values.iter().map(|(field, value)| (FieldPath::from(*field), value.span));
    let metadata =
        declared.metadata.iter().map(|(key, value)| (FieldPath::Metadata(key.clone()), value.span));
    for (path, span) in fields.chain(metadata) {
        if unmanaged.covers(&path) {
            report(&path.to_string(), span, declared, bag);
        }
    }
    if let Some(products) = &declared.products
        && unmanaged.iter().any(|path| path == FieldPath::PRODUCTS)
    {
        report(FieldPath::PRODUCTS, products.span, declared, bag);
    }
}

fn report(path: &str, at: Span, declared: &Declared, bag: &mut Bag) {
    let mut diagnostic = Diagnostic::new(
        Code::UnmanagedAndSet,
        at,
        format!("`{path}` is set here and left to the Dashboard"),
    )
    .help("remove one of the two");
    if let Some(first) = declared.unmanaged.first() {
        diagnostic = diagnostic.related(first.span, "left to the Dashboard here");
    }
    bag.push(diagnostic);
}
