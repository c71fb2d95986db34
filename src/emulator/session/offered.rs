//! From a configuration to what its customers find in the portal.

use crate::emulator::catalogue::{Price, Product};
use crate::emulator::configuration::{
    Configuration, ListedProduct, SubscriptionCancel, SubscriptionPause, SubscriptionUpdate,
};
use crate::emulator::state::Side;
use crate::emulator::vocabulary::{PauseDuration, Vocabulary};
use crate::portal::{self, Cancel, Pause, Payment, Portal, Switch};

/// What a customer finds in this portal.
pub(super) fn portal(configuration: &Configuration, side: &Side) -> Portal {
    let profile = &configuration.business_profile;
    let features = &configuration.features;
    let update = Some(&features.subscription_update).filter(|it| it.enabled);
    let cancels = Some(&features.subscription_cancel).filter(|it| it.enabled);
    let pauses = Some(&features.subscription_pause).filter(|it| it.enabled);
    let methods = Some(&features.payment_method_update).filter(|it| it.enabled);
    let details = Some(&features.customer_update).filter(|it| it.enabled);
    Portal {
        headline: profile.headline.clone(),
        return_url: configuration.default_return_url.clone(),
        privacy_policy_url: profile.privacy_policy_url.clone(),
        terms_of_service_url: profile.terms_of_service_url.clone(),
        switch: update.map(|update| switch(update, side)),
        pause: pauses.map(pause),
        cancel: cancels.map(cancel),
        payment: methods
            .map(|it| Payment { configuration: it.payment_method_configuration.clone() }),
        details: details.map(|it| words(&it.allowed_updates)),
        invoices: features.invoice_history.enabled,
    }
}

fn switch(update: &SubscriptionUpdate, side: &Side) -> Switch {
    let conditions = update.schedule_at_period_end.conditions.iter();
    Switch {
        allowed: words(&update.default_allowed_updates),
        products: update.products.iter().map(|it| product(it, side)).collect(),
        proration: word(update.proration_behavior),
        billing_cycle_anchor: update.billing_cycle_anchor.map_or("unchanged".to_owned(), word),
        trial: word(update.trial_update_behavior),
        at_period_end: conditions.map(|condition| word(condition.kind)).collect(),
    }
}

fn product(listed: &ListedProduct, side: &Side) -> portal::Product {
    let quantity = &listed.adjustable_quantity;
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let product = side.find::<Product>(&listed.product);
    portal::Product {
        name: product.map_or_else(|| listed.product.clone(), |product| product.name.clone()),
        prices: listed.prices.iter().map(|id| price(id, side)).collect(),
        quantity: quantity.enabled.then(|| (count(quantity.minimum), quantity.maximum.map(count))),
    }
}

fn price(id: &str, side: &Side) -> portal::Price {
    let known = side.find::<Price>(id);
    let recurring = known.and_then(|price| price.recurring.as_ref());
    let every = recurring
        .map(|it| (u64::try_from(it.interval_count).unwrap_or_default(), word(it.interval)));
    portal::Price {
        id: id.to_owned(),
        amount: known.map(|price| price.unit_amount_decimal.clone()),
        currency: known.map(|price| price.currency.clone()).unwrap_or_default(),
        every,
    }
}

fn pause(pause: &SubscriptionPause) -> Pause {
    match pause.duration.kind {
        PauseDuration::Indefinite => Pause::WithoutEnd,
        PauseDuration::IntervalOptions => {
            let options = pause.duration.interval_options.iter();
            let length = |count: i64| u64::try_from(count).unwrap_or_default();
            Pause::For(options.map(|it| (length(it.interval_count), word(it.interval))).collect())
        }
    }
}

fn cancel(cancel: &SubscriptionCancel) -> Cancel {
    let asked = &cancel.cancellation_reason;
    let reasons = asked.enabled.then(|| {
        let own = asked.feedback_options.iter().flatten().cloned();
        words(&asked.options).into_iter().chain(own).collect()
    });
    Cancel { mode: word(cancel.mode), proration: word(cancel.proration_behavior), reasons }
}

fn word(word: impl Vocabulary) -> String {
    word.as_str().to_owned()
}

fn words(words: &[impl Vocabulary]) -> Vec<String> {
    words.iter().copied().map(word).collect()
}
