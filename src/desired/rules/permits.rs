use crate::desired::resolve::RoleFile;
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{Field, FieldPath, Settings};
use crate::source::Span;

/// A feature that is on lets customers do something.
///
/// Stripe takes some of these and then shows a button that does nothing.
pub(super) fn permits(file: &RoleFile, bag: &mut Bag) {
    list(
        file,
        Field::CustomerUpdate,
        Field::CustomerUpdateAllowed,
        "customers could change nothing",
        bag,
    );
    list(
        file,
        Field::SubscriptionUpdate,
        Field::UpdateAllowed,
        "customers could change nothing",
        bag,
    );
    if !has_values(file, Field::CancelReasonFeedbackOptions) {
        list(
            file,
            Field::CancelReason,
            Field::CancelReasonOptions,
            "customers would be asked for a reason without any to choose",
            bag,
        );
    }
    let needs_products = file.declared.is_on(Field::SubscriptionUpdate)
        && !file.unmanaged.covers_products()
        && file.declared.is_sound(FieldPath::PRODUCTS)
        && file.declared.products.as_ref().is_none_or(|products| products.value.is_empty());
    if needs_products {
        let message = "`features.subscription_update` is on, but there are no `products`";
        let help = "list the products that customers may switch to or change the quantity of; Stripe needs them for both";
        let at = place(file, Field::SubscriptionUpdate);
        bag.push(file.blamed(Diagnostic::new(Code::MissingProducts, at, message).help(help)));
    }
}

fn list(file: &RoleFile, switch: Field, list: Field, effect: &str, bag: &mut Bag) {
    if file.declared.is_on(switch) && file.judges(list) && !has_values(file, list) {
        let at =
            file.declared.values.get(&list).map_or_else(|| place(file, switch), |value| value.span);
        let key = list.path().rsplit('.').next().unwrap_or_default();
        let message = format!(
            "`{}` is on, but `{key}` is empty: {effect}",
            switch.path().trim_end_matches(".enabled")
        );
        let diagnostic = Diagnostic::new(Code::EmptyPermission, at, message);
        bag.push(file.blamed(diagnostic.help("list what is allowed, or switch it off")));
    }
}

/// True if the list has members, by the file or because Stripe fills them in.
fn has_values(file: &RoleFile, list: Field) -> bool {
    match file.declared.values.get(&list) {
        Some(located) => located.value.is_some(),
        None => Settings::stripe_default(list).is_some(),
    }
}

fn place(file: &RoleFile, field: Field) -> Span {
    file.declared.values.get(&field).map_or_else(|| file.start(), |value| value.span)
}
