//! Turns settings into the parameters of a create or an update. The two are not the same: see
//! "Create" and "Update" in <https://docs.stripe.com/api/customer_portal/configurations>.

use std::collections::BTreeSet;

use super::decode::{DIGEST_KEY, PROJECT_KEY, ROLE_KEY};
use super::form::{Form, name_of};
use crate::model::{
    DesiredRole, Field, FieldPath, Kind, ProductId, ProductPart, Project, Quantity, Role, Settings,
    Value,
};

/// What makes a configuration known as a role's, and what was applied to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The scope of ownership.
    pub project: Project,
    /// The role.
    pub role: Role,
    /// The digest of the settings that are being applied.
    pub digest: String,
}

/// Every parameter of a create.
///
/// What is empty is left out, because create refuses to empty some fields, except where Stripe
/// would then fill in a default that isn't empty. A detail that is switched off is left out, too:
/// create wants the options of a cancellation reason even if it isn't asked for.
pub(super) fn create(desired: &DesiredRole, marker: &Marker) -> Form {
    let settings = &desired.settings;
    let mut form = Form::default();
    for field in Field::ALL.into_iter().filter(|field| desired.manages(&(*field).into())) {
        let value = settings.get(&field.into());
        let is_left_out = match value {
            None => Settings::stripe_default(field).is_none(),
            Some(Value::Flag(false)) => field.spec().gate.is_some(),
            Some(_) => false,
        };
        if !is_left_out {
            push_field(&mut form, field, value);
        }
    }
    if !settings.products().is_empty() {
        push_products(&mut form, settings);
    }
    for (key, value) in metadata(settings) {
        form.push(format!("metadata[{key}]"), value);
    }
    push_marker(&mut form, marker);
    form
}

/// The parameters of an update that makes a configuration equal to the settings where `changed`
/// says that it isn't.
///
/// A feature of which anything changes is sent as a whole: Stripe wants some of its parts together,
/// and replaces lists as a whole anyway.
pub(super) fn update(desired: &DesiredRole, changed: &[&FieldPath], marker: &Marker) -> Form {
    let settings = &desired.settings;
    let mut form = Form::default();
    let blocks: BTreeSet<&str> = changed.iter().map(|path| path.block()).collect();
    let is_sent = |path: &FieldPath| blocks.contains(path.block()) && desired.manages(path);
    for field in Field::ALL.into_iter().filter(|field| is_sent(&(*field).into())) {
        push_field(&mut form, field, settings.get(&field.into()));
    }
    let changes_products = changed.iter().any(|path| matches!(path, FieldPath::Product(..)));
    let has_products = !settings.products().is_empty();
    if changes_products || has_products && is_sent(&Field::SubscriptionUpdate.into()) {
        push_products(&mut form, settings);
    }
    for path in changed {
        if let FieldPath::Metadata(key) = path {
            let value = match settings.get(path) {
                Some(Value::Text(text)) => text.as_str(),
                _ => "",
            };
            form.push(format!("metadata[{key}]"), value);
        }
    }
    push_marker(&mut form, marker);
    form
}

fn push_field(form: &mut Form, field: Field, value: Option<&Value>) {
    let name = name_of(field.path());
    match value {
        None => form.push(name, ""),
        Some(Value::Flag(flag)) => form.push(name, flag.to_string()),
        Some(Value::Text(text)) => form.push(name, text.as_str()),
        Some(Value::Set(members)) => push_set(form, field.spec().kind, &name, members),
        Some(Value::Intervals(intervals)) => {
            for (index, interval) in intervals.iter().enumerate() {
                form.push(format!("{name}[{index}][interval]"), interval.unit.as_str());
                form.push(format!("{name}[{index}][interval_count]"), interval.count.to_string());
            }
        }
        Some(Value::Quantity(_)) => unreachable!("quantities belong to products, not to fields"),
        Some(Value::Unknown(_)) => unreachable!("no file can want it"),
    }
}

fn push_set(form: &mut Form, kind: Kind, name: &str, members: &BTreeSet<String>) {
    if let Kind::TypedSet(_) = kind {
        for (index, member) in members.iter().enumerate() {
            form.push(format!("{name}[{index}][type]"), member.as_str());
        }
    } else {
        form.push_list(name, members.iter().map(String::as_str));
    }
}

fn push_products(form: &mut Form, settings: &Settings) {
    let name = name_of(FieldPath::PRODUCTS);
    let products = settings.products();
    if products.is_empty() {
        form.push(name, "");
        return;
    }
    for (index, product) in products.into_iter().enumerate() {
        push_product(form, &format!("{name}[{index}]"), product, settings);
    }
}

fn push_product(form: &mut Form, name: &str, product: &ProductId, settings: &Settings) {
    form.push(format!("{name}[product]"), product.as_str());
    let part = |part| settings.get(&FieldPath::Product(product.clone(), part));
    if let Some(Value::Set(prices)) = part(ProductPart::Prices) {
        form.push_list(&format!("{name}[prices]"), prices.iter().map(String::as_str));
    }
    // Always sent, because what Stripe assumes without it is not established.
    if let Some(Value::Quantity(quantity)) = part(ProductPart::Quantity) {
        let name = format!("{name}[adjustable_quantity]");
        match quantity {
            Quantity::Fixed => form.push(format!("{name}[enabled]"), "false"),
            Quantity::Adjustable { minimum, maximum } => {
                form.push(format!("{name}[enabled]"), "true");
                form.push(format!("{name}[minimum]"), minimum.to_string());
                if let Some(maximum) = maximum {
                    form.push(format!("{name}[maximum]"), maximum.to_string());
                }
            }
        }
    }
}

fn metadata(settings: &Settings) -> impl Iterator<Item = (&str, &str)> {
    settings.iter().filter_map(|(path, value)| match (path, value) {
        (FieldPath::Metadata(key), Value::Text(text)) => Some((key.as_str(), text.as_str())),
        _ => None,
    })
}

fn push_marker(form: &mut Form, marker: &Marker) {
    form.push(format!("metadata[{PROJECT_KEY}]"), marker.project.as_str());
    form.push(format!("metadata[{ROLE_KEY}]"), marker.role.as_str());
    form.push(format!("metadata[{DIGEST_KEY}]"), marker.digest.as_str());
}
