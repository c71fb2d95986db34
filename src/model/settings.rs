//! What a configuration is set to, as one flat map that can be compared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use super::{
    Field, FieldPath, Interval, Kind, Open, PriceId, ProductId, ProductPart, Quantity, Value,
};

/// The values of a configuration by path.
///
/// A path without a value is empty. Two settings are the same portal if and only if their
/// [`effective`](Self::effective) forms are equal.
///
/// What a file wants is held by the one who read it, by the plan, and by every step of it: copies
/// share their memory until one of them is changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(Arc<BTreeMap<FieldPath, Value>>);

impl Settings {
    /// What Stripe makes of a create that says nothing.
    pub fn stripe_defaults() -> &'static Self {
        static DEFAULTS: LazyLock<Settings> = LazyLock::new(|| {
            let mut settings = Settings::default();
            for field in Field::ALL {
                settings.set(field.into(), Settings::stripe_default(field));
            }
            settings
        });
        &DEFAULTS
    }

    /// What Stripe fills in for a field that isn't given, or nothing.
    pub fn stripe_default(field: Field) -> Option<Value> {
        let spec = field.spec();
        match spec.kind {
            Kind::Flag => Some(Value::Flag(false)),
            Kind::Choice(choices) => Value::text(choices[0]),
            Kind::Set(_) | Kind::TypedSet(_) | Kind::IdSet => {
                Value::set(spec.default_set.iter().copied())
            }
            Kind::Intervals => Value::intervals([Interval::STRIPE_DEFAULT]),
            Kind::Text(_) | Kind::Url => None,
        }
    }

    /// The value at a path.
    pub fn get(&self, path: &FieldPath) -> Option<&Value> {
        self.0.get(path)
    }

    /// Puts a value at a path, or empties it.
    pub fn set(&mut self, path: FieldPath, value: Option<Value>) {
        match value {
            Some(value) => Arc::make_mut(&mut self.0).insert(path, value),
            None if self.0.contains_key(&path) => Arc::make_mut(&mut self.0).remove(&path),
            None => None,
        };
    }

    /// Adds a product that customers may switch to.
    pub fn add_product(
        &mut self,
        product: ProductId,
        prices: BTreeSet<String>,
        quantity: Quantity,
    ) {
        self.set(FieldPath::Product(product.clone(), ProductPart::Prices), Value::set(prices));
        self.set(
            FieldPath::Product(product, ProductPart::Quantity),
            Some(Value::Quantity(quantity)),
        );
    }

    /// The products that customers may switch to.
    pub fn products(&self) -> BTreeSet<&ProductId> {
        self.0
            .keys()
            .filter_map(|path| match path {
                FieldPath::Product(product, _) => Some(product),
                FieldPath::Field(_) | FieldPath::Metadata(_) => None,
            })
            .collect()
    }

    /// The prices that customers may switch to, of all products.
    pub fn prices(&self) -> BTreeSet<PriceId> {
        let sets = self.0.iter().filter_map(|(path, value)| match (path, value) {
            (FieldPath::Product(_, ProductPart::Prices), Value::Set(ids)) => Some(ids),
            _ => None,
        });
        sets.flatten().filter_map(|id| PriceId::parse(id).ok()).collect()
    }

    /// True if the flag is on.
    pub fn is_on(&self, flag: Field) -> bool {
        self.get(&flag.into()) == Some(&Value::Flag(true))
    }

    /// How many features let customers do more than look.
    pub fn n_permissions(&self) -> usize {
        let is_permission = |field: &Field| {
            field.is_feature_switch() && *field != Field::InvoiceHistory && self.is_on(*field)
        };
        Field::ALL.into_iter().filter(is_permission).count()
    }

    /// True if the value at this path counts: every gate before it is open.
    pub fn counts(&self, path: &FieldPath) -> bool {
        self.closed_gate(path).is_none()
    }

    /// The first gate before the value at this path that is closed.
    pub fn closed_gate(&self, path: &FieldPath) -> Option<Field> {
        let (gate, open) = path.gate()?;
        let at_gate = FieldPath::from(gate);
        let is_open = match open {
            Open::On => self.get(&at_gate) == Some(&Value::Flag(true)),
            Open::Is(choice) => self.get(&at_gate) == Some(&Value::Text(choice.to_owned())),
        };
        self.closed_gate(&at_gate).or((!is_open).then_some(gate))
    }

    /// These settings without the details of what is switched off.
    pub fn effective(&self) -> Self {
        self.filtered(|path| self.counts(path))
    }

    /// These settings at the paths for which the condition holds.
    pub fn filtered(&self, keep: impl Fn(&FieldPath) -> bool) -> Self {
        if self.0.keys().all(&keep) {
            return self.clone();
        }
        let kept = self.0.iter().filter(|(path, _)| keep(path));
        let kept = kept.map(|(path, value)| (path.clone(), value.clone()));
        Self(Arc::new(kept.collect()))
    }

    /// These settings without values, and members of lists, that this program doesn't know.
    pub fn known(&self) -> Self {
        let mut known = Self::default();
        for (path, value) in self.0.iter() {
            let value = match path {
                FieldPath::Field(field) => field.spec().kind.known(value),
                FieldPath::Product(..) | FieldPath::Metadata(_) => Some(value.clone()),
            };
            known.set(path.clone(), value);
        }
        known
    }

    /// All paths with their values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldPath, &Value)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_count_only_while_every_gate_before_them_is_open() {
        let mut settings = Settings::stripe_defaults().clone();
        let options = FieldPath::from(Field::CancelReasonOptions);
        assert!(!settings.counts(&options));
        settings.set(Field::CancelReason.into(), Some(Value::Flag(true)));
        assert!(!settings.counts(&options), "the feature itself is still off");
        settings.set(Field::SubscriptionCancel.into(), Some(Value::Flag(true)));
        assert!(settings.counts(&options));
    }

    #[test]
    fn intervals_count_only_for_the_duration_that_has_them() {
        let mut settings = Settings::stripe_defaults().clone();
        settings.set(Field::SubscriptionPause.into(), Some(Value::Flag(true)));
        let intervals = FieldPath::from(Field::PauseIntervals);
        assert!(settings.counts(&intervals));
        settings.set(Field::PauseDuration.into(), Value::text("indefinite"));
        assert!(!settings.counts(&intervals));
    }
}
