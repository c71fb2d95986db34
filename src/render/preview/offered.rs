//! From settings to what a customer finds in the portal.

use std::collections::BTreeSet;

use crate::model::{
    Catalogue, Field, FieldPath, PriceId, ProductId, ProductPart, Quantity, Settings, Value,
};
use crate::portal::{Cancel, Pause, Payment, Portal, Price, Product, Switch};

/// The portal that these settings make.
pub(super) fn portal(settings: &Settings, catalogue: &Catalogue) -> Portal {
    let on = |switch: Field| settings.is_on(switch).then_some(());
    Portal {
        headline: text(settings, Field::Headline),
        return_url: text(settings, Field::DefaultReturnUrl),
        privacy_policy_url: text(settings, Field::PrivacyPolicyUrl),
        terms_of_service_url: text(settings, Field::TermsOfServiceUrl),
        switch: on(Field::SubscriptionUpdate).map(|()| switch(settings, catalogue)),
        pause: on(Field::SubscriptionPause).map(|()| pause(settings)),
        cancel: on(Field::SubscriptionCancel).map(|()| cancel(settings)),
        payment: on(Field::PaymentMethodUpdate)
            .map(|()| Payment { configuration: text(settings, Field::PaymentMethodConfiguration) }),
        details: on(Field::CustomerUpdate).map(|()| set(settings, Field::CustomerUpdateAllowed)),
        invoices: settings.is_on(Field::InvoiceHistory),
    }
}

fn switch(settings: &Settings, catalogue: &Catalogue) -> Switch {
    let products = settings.products();
    Switch {
        allowed: set(settings, Field::UpdateAllowed),
        products: products.into_iter().map(|it| product(it, settings, catalogue)).collect(),
        proration: text(settings, Field::UpdateProration).unwrap_or_default(),
        billing_cycle_anchor: text(settings, Field::UpdateBillingCycleAnchor)
            .unwrap_or_else(|| "unchanged".to_owned()),
        trial: text(settings, Field::UpdateTrialBehavior).unwrap_or_default(),
        at_period_end: set(settings, Field::UpdateSchedule),
    }
}

fn product(id: &ProductId, settings: &Settings, catalogue: &Catalogue) -> Product {
    let part = |part| settings.get(&FieldPath::Product(id.clone(), part));
    let ids = match part(ProductPart::Prices) {
        Some(Value::Set(ids)) => ids.clone(),
        _ => BTreeSet::new(),
    };
    let quantity = match part(ProductPart::Quantity) {
        Some(Value::Quantity(Quantity::Adjustable { minimum, maximum })) => {
            Some((*minimum, *maximum))
        }
        _ => None,
    };
    let prices = ids.iter().map(|id| price(id, catalogue)).collect();
    let name = catalogue.products.get(id).cloned().unwrap_or_else(|| id.to_string());
    Product { name, prices, quantity }
}

fn price(id: &str, catalogue: &Catalogue) -> Price {
    let known = PriceId::parse(id).ok().and_then(|id| catalogue.prices.get(&id));
    let every = |every: &String| {
        let (count, unit) = every.split_once(' ')?;
        Some((count.parse().ok()?, unit.to_owned()))
    };
    Price {
        id: id.to_owned(),
        amount: known.and_then(|price| price.amount.clone()),
        currency: known.map(|price| price.currency.clone()).unwrap_or_default(),
        every: known.and_then(|price| price.billed_every.as_ref()).and_then(every),
    }
}

fn pause(settings: &Settings) -> Pause {
    match settings.get(&Field::PauseIntervals.into()) {
        Some(Value::Intervals(intervals))
            if text(settings, Field::PauseDuration).as_deref() != Some("indefinite") =>
        {
            let length = |count: u32, unit: &str| (u64::from(count), unit.to_owned());
            Pause::For(intervals.iter().map(|it| length(it.count, it.unit.as_str())).collect())
        }
        _ => Pause::WithoutEnd,
    }
}

fn cancel(settings: &Settings) -> Cancel {
    let reasons = settings.is_on(Field::CancelReason).then(|| {
        let mut reasons = set(settings, Field::CancelReasonOptions);
        reasons.extend(set(settings, Field::CancelReasonFeedbackOptions));
        reasons
    });
    Cancel {
        mode: text(settings, Field::CancelMode).unwrap_or_default(),
        proration: text(settings, Field::CancelProration).unwrap_or_default(),
        reasons,
    }
}

fn text(settings: &Settings, field: Field) -> Option<String> {
    match settings.get(&field.into()) {
        Some(Value::Text(text)) => Some(text.clone()),
        // What Stripe has learned since is shown as it came.
        Some(Value::Unknown(json)) => Some(json.clone()),
        _ => None,
    }
}

fn set(settings: &Settings, field: Field) -> Vec<String> {
    match settings.get(&field.into()) {
        Some(Value::Set(members)) => members.iter().cloned().collect(),
        _ => Vec::new(),
    }
}
