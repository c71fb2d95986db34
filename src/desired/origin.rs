//! Which line decides a value.

use super::declared::ProductEntry;
use super::resolve::RoleFile;
use crate::model::{Field, FieldPath, Settings, Value};
use crate::source::Span;

/// One value of a role, and who decides it.
#[derive(Debug, Clone)]
pub struct Traced {
    /// Which it is, as files and `explain` call it.
    pub path: String,
    /// What it is, if anything.
    pub value: Option<Value>,
    /// Who decides it.
    pub origin: Origin,
    /// What would have to be otherwise for it to have an effect, and what that is.
    pub closed_gate: Option<(Field, Option<Value>)>,
}

/// Who decides a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A line of the role's file, or of `defaults`.
    Line(Span),
    /// The name of the role's file.
    FileName,
    /// This program: nobody has written down what Stripe would make of it.
    Program,
    /// Stripe.
    Stripe,
    /// Whoever uses the Dashboard, because this line says so.
    Dashboard(Span),
}

/// Everything that counts or is written, by the role's file and `defaults` together. `settings` is
/// what they come to, and `effective` the products of that.
pub(super) fn trace(
    file: &RoleFile,
    settings: &Settings,
    effective: &[ProductEntry],
) -> Vec<Traced> {
    let declared = &file.declared;
    let fields = Field::ALL.into_iter().filter_map(|field| of_field(field, file, settings));
    let products = declared.products.iter().flat_map(|products| &products.value);
    let products = products
        .enumerate()
        .flat_map(|(index, entry)| of_product(index, entry, effective.get(index), settings));
    let metadata = declared.metadata.iter().map(|(key, text)| {
        let path = FieldPath::Metadata(key.clone()).to_string();
        traced(path, Value::exact(&text.value), Origin::Line(text.span))
    });
    let default = declared.default.iter().map(|default| {
        let value = Some(Value::Flag(default.value));
        traced("default".to_owned(), value, Origin::Line(default.span))
    });
    let unmanaged = declared
        .unmanaged
        .iter()
        .map(|path| traced(path.value.clone(), None, Origin::Dashboard(path.span)));
    fields.chain(products).chain(metadata).chain(default).chain(unmanaged).collect()
}

fn traced(path: String, value: Option<Value>, origin: Origin) -> Traced {
    Traced { path, value, origin, closed_gate: None }
}

fn of_field(field: Field, file: &RoleFile, settings: &Settings) -> Option<Traced> {
    let path = FieldPath::from(field);
    let closed_gate = closed_gate(field, settings);
    let origin = match file.declared.values.get(&field) {
        Some(written) => Origin::Line(written.span),
        None if !file.manages(field) || closed_gate.is_some() => return None,
        None if field == Field::Name => Origin::FileName,
        None => Origin::Stripe,
    };
    let value = settings.get(&path).cloned();
    Some(Traced { path: path.to_string(), value, origin, closed_gate })
}

/// Its prices, and how far the quantity can be changed.
fn of_product(
    index: usize,
    entry: &ProductEntry,
    effective: Option<&ProductEntry>,
    settings: &Settings,
) -> Vec<Traced> {
    let path = format!("{}[{index}]", FieldPath::PRODUCTS);
    let product = entry.product.iter().map(|id| id.value.as_str());
    let prices = entry.prices.iter().map(|id| id.value.as_str());
    let keys = entry.lookup_keys.iter().map(|key| key.value.as_str());
    let names = Value::set(product.chain(prices).chain(keys).map(str::to_owned));
    let origin = Origin::Line(entry.span);
    let closed_gate = closed_gate(Field::UpdateAllowed, settings);
    let quantity = entry.quantity.map(|quantity| (quantity, origin)).or_else(|| {
        let quantity = effective.and_then(|entry| entry.quantity);
        quantity.map(|quantity| (quantity, Origin::Program))
    });
    let names = Traced { path: path.clone(), value: names, origin, closed_gate };
    let quantity = quantity.map(|(quantity, origin)| Traced {
        path: format!("{path}.adjustable_quantity"),
        value: Some(Value::Quantity(quantity)),
        origin,
        ..names.clone()
    });
    [names].into_iter().chain(quantity).collect()
}

fn closed_gate(field: Field, settings: &Settings) -> Option<(Field, Option<Value>)> {
    let gate = settings.closed_gate(&field.into())?;
    Some((gate, settings.get(&gate.into()).cloned()))
}
