//! What an update does to a configuration: field by field, lists as a whole.
//!
//! Nothing is checked here, apart from metadata's own limits; that is for `rules`.

use url::Url;

use super::changes::{
    BusinessProfileChanges, CancelChanges, Changes, DurationChanges, FeatureChanges, PauseChanges,
    UpdateChanges,
};
use super::products::listed;
use super::{
    BusinessProfile, Configuration, Features, LoginPage, Pause, SubscriptionCancel,
    SubscriptionPause, SubscriptionUpdate,
};
use crate::emulator::error::ApiError;
use crate::emulator::ids::letters;
use crate::emulator::metadata;
use crate::emulator::parameter::WebAddress;
use crate::emulator::params::{Edit, set};
use crate::emulator::quirks::Quirks;
use crate::emulator::vocabulary::{PauseDuration, Vocabulary};

/// Makes the changes.
pub(super) fn merge(
    changes: Changes,
    configuration: &mut Configuration,
    quirks: &Quirks,
) -> Result<(), ApiError> {
    let Changes {
        active,
        business_profile,
        default_return_url,
        features,
        login_page_enabled,
        metadata,
        name,
    } = changes;
    set(active, &mut configuration.active);
    if let Some(changes) = business_profile {
        merge_business_profile(changes, &mut configuration.business_profile, quirks);
    }
    address(default_return_url, quirks).apply(&mut configuration.default_return_url);
    if let Some(changes) = features {
        merge_features(changes, &mut configuration.features, quirks);
    }
    if let Some(enabled) = login_page_enabled {
        let id = &configuration.id;
        merge_login_page(enabled, id, &mut configuration.login_page, quirks);
    }
    if active == Some(false) && quirks.deactivating_closes_login_page {
        let id = &configuration.id;
        merge_login_page(false, id, &mut configuration.login_page, quirks);
    }
    metadata::apply(metadata, &mut configuration.metadata)?;
    text(name, quirks).apply(&mut configuration.name);
    Ok(())
}

fn merge_business_profile(
    changes: BusinessProfileChanges,
    profile: &mut BusinessProfile,
    quirks: &Quirks,
) {
    let BusinessProfileChanges { headline, privacy_policy_url, terms_of_service_url } = changes;
    text(headline, quirks).apply(&mut profile.headline);
    address(privacy_policy_url, quirks).apply(&mut profile.privacy_policy_url);
    address(terms_of_service_url, quirks).apply(&mut profile.terms_of_service_url);
}

fn merge_login_page(enabled: bool, id: &str, page: &mut LoginPage, quirks: &Quirks) {
    if enabled && !page.enabled {
        page.n_openings += 1;
        let n = if quirks.login_url_changes { page.n_openings } else { 1 };
        let token = letters(&format!("{id} login {n}"), 18);
        page.url = Some(format!("https://billing.stripe.com/p/login/{token}"));
    } else if !enabled {
        page.url = None;
    }
    page.enabled = enabled;
}

fn merge_features(changes: FeatureChanges, features: &mut Features, quirks: &Quirks) {
    let FeatureChanges {
        customer_update,
        invoice_history,
        payment_method_update,
        subscription_cancel,
        subscription_pause,
        subscription_update,
    } = changes;
    if let Some(changes) = customer_update {
        let feature = &mut features.customer_update;
        set(changes.enabled, &mut feature.enabled);
        words(changes.allowed_updates, quirks).apply(&mut feature.allowed_updates);
    }
    set(invoice_history.flatten(), &mut features.invoice_history.enabled);
    if let Some(changes) = payment_method_update {
        let feature = &mut features.payment_method_update;
        set(changes.enabled, &mut feature.enabled);
        let configuration = &mut feature.payment_method_configuration;
        changes.payment_method_configuration.apply(configuration);
    }
    if let Some(changes) = subscription_cancel {
        merge_cancel(changes, &mut features.subscription_cancel, quirks);
    }
    if let Some(changes) = subscription_pause {
        merge_pause(changes, &mut features.subscription_pause);
    }
    if let Some(changes) = subscription_update {
        merge_update(changes, &mut features.subscription_update, quirks);
    }
}

fn merge_cancel(changes: CancelChanges, feature: &mut SubscriptionCancel, quirks: &Quirks) {
    let CancelChanges { cancellation_reason, enabled, mode, proration_behavior } = changes;
    if let Some(changes) = cancellation_reason {
        let reasons = &mut feature.cancellation_reason;
        set(changes.enabled, &mut reasons.enabled);
        changes.feedback_options.apply(&mut reasons.feedback_options);
        words(changes.options, quirks).apply(&mut reasons.options);
    }
    set(enabled, &mut feature.enabled);
    set(mode, &mut feature.mode);
    set(proration_behavior, &mut feature.proration_behavior);
}

fn merge_pause(changes: PauseChanges, feature: &mut SubscriptionPause) {
    let PauseChanges { duration, enabled } = changes;
    if let Some(changes) = duration {
        merge_duration(changes, &mut feature.duration);
    }
    set(enabled, &mut feature.enabled);
}

fn merge_duration(changes: DurationChanges, duration: &mut Pause) {
    let DurationChanges { interval_options, kind } = changes;
    set(kind, &mut duration.kind);
    interval_options.apply(&mut duration.interval_options);
    // A pause without end has no presets.
    if duration.kind == PauseDuration::Indefinite {
        duration.interval_options.clear();
    }
}

fn merge_update(changes: UpdateChanges, feature: &mut SubscriptionUpdate, quirks: &Quirks) {
    let UpdateChanges {
        billing_cycle_anchor,
        default_allowed_updates,
        enabled,
        products,
        proration_behavior,
        conditions,
        trial_update_behavior,
    } = changes;
    Edit::from(billing_cycle_anchor).apply(&mut feature.billing_cycle_anchor);
    words(default_allowed_updates, quirks).apply(&mut feature.default_allowed_updates);
    if enabled == Some(false) && quirks.disabling_drops_products {
        feature.products.clear();
    } else {
        listed(products, quirks).apply(&mut feature.products);
    }
    set(enabled, &mut feature.enabled);
    set(proration_behavior, &mut feature.proration_behavior);
    conditions.apply(&mut feature.schedule_at_period_end.conditions);
    set(trial_update_behavior, &mut feature.trial_update_behavior);
}

/// A list of words as it will come back.
fn words<V: Vocabulary + Ord>(edit: Edit<Vec<V>>, quirks: &Quirks) -> Edit<Vec<V>> {
    edit.map(|sent| {
        let mut words = Vec::new();
        for word in sent {
            if quirks.repeated_words_are_kept || !words.contains(&word) {
                words.push(word);
            }
        }
        if quirks.words_are_sorted {
            words.sort_unstable();
        }
        words
    })
}

/// A text as it will come back.
fn text(edit: Edit<String>, quirks: &Quirks) -> Edit<String> {
    edit.map(|text| if quirks.strings_are_trimmed { text.trim().to_owned() } else { text })
}

/// A web address as it will come back.
fn address(edit: Edit<WebAddress>, quirks: &Quirks) -> Edit<String> {
    edit.map(|WebAddress(address)| {
        if !quirks.urls_are_normalised {
            return address;
        }
        // What isn't an address for a browser stays as it is.
        Url::parse(&address).map_or(address, String::from)
    })
}
