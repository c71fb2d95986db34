//! What a switch of the portal lets customers do.

use crate::model::{Field, Settings, Value};
use crate::text::shown;

/// What a switch that is on lets customers do.
#[derive(Default)]
struct Capability {
    /// Verb phrases: `see their invoices`.
    phrases: Vec<String>,
    /// How far that goes, in a few words; nothing where it is all or nothing.
    extent: String,
}

/// The verb phrases that go with a switch, if it is on.
pub(in crate::report) fn each(switch: Field, settings: &Settings) -> Vec<String> {
    if settings.is_on(switch) { of(switch, settings).phrases } else { Vec::new() }
}

/// How far a switch lets customers go, in a word or a few; nothing if it is off.
pub(in crate::report) fn in_short(switch: Field, settings: &Settings) -> Option<String> {
    if !settings.is_on(switch) {
        return None;
    }
    let extent = of(switch, settings).extent;
    Some(if extent.is_empty() { "✓".to_owned() } else { extent })
}

fn of(switch: Field, settings: &Settings) -> Capability {
    let all_or_nothing =
        |phrase: &str| Capability { phrases: vec![phrase.to_owned()], extent: String::new() };
    let graded =
        |verb: &str, extent: String| Capability { phrases: vec![phrase(verb, &extent)], extent };
    match switch {
        Field::LoginPage => all_or_nothing("sign in on a page of their own"),
        Field::InvoiceHistory => all_or_nothing("see their invoices"),
        Field::PaymentMethodUpdate => all_or_nothing("change their payment method"),
        Field::SubscriptionCancel => graded("cancel", cancel(settings)),
        Field::SubscriptionPause => graded("pause", pause(settings)),
        Field::CustomerUpdate => {
            let what = members(settings, Field::CustomerUpdateAllowed);
            let phrases = what.iter().map(|what| format!("change their {what}")).collect();
            Capability { phrases, extent: what.join(", ") }
        }
        Field::SubscriptionUpdate => {
            let what = members(settings, Field::UpdateAllowed);
            Capability {
                phrases: what.iter().map(|what| update(what)).collect(),
                extent: what.join(", "),
            }
        }
        // Neither a switch nor one that lets customers do something.
        Field::Name
        | Field::Headline
        | Field::PrivacyPolicyUrl
        | Field::TermsOfServiceUrl
        | Field::DefaultReturnUrl
        | Field::CustomerUpdateAllowed
        | Field::PaymentMethodConfiguration
        | Field::CancelMode
        | Field::CancelProration
        | Field::CancelReason
        | Field::CancelReasonOptions
        | Field::CancelReasonFeedbackOptions
        | Field::PauseDuration
        | Field::PauseIntervals
        | Field::UpdateAllowed
        | Field::UpdateProration
        | Field::UpdateBillingCycleAnchor
        | Field::UpdateTrialBehavior
        | Field::UpdateSchedule => Capability::default(),
    }
}

fn phrase(verb: &str, how: &str) -> String {
    if how.is_empty() { verb.to_owned() } else { format!("{verb} {how}") }
}

fn is(settings: &Settings, field: Field, choice: &str) -> bool {
    matches!(settings.get(&field.into()), Some(Value::Text(text)) if text == choice)
}

/// When cancelling takes effect; nothing if that isn't known.
fn cancel(settings: &Settings) -> String {
    match settings.get(&Field::CancelMode.into()) {
        Some(Value::Text(mode)) if mode == "immediately" => "with immediate effect".to_owned(),
        Some(Value::Text(mode)) if mode == "at_period_end" => "at the end of a period".to_owned(),
        // A word that Stripe has learned since.
        Some(Value::Text(mode)) => format!("({})", shown(mode)),
        _ => String::new(),
    }
}

/// How long a pause lasts; nothing if that isn't known.
fn pause(settings: &Settings) -> String {
    if is(settings, Field::PauseDuration, "indefinite") {
        return "without an end".to_owned();
    }
    let lengths: Vec<String> = match settings.get(&Field::PauseIntervals.into()) {
        Some(Value::Intervals(intervals)) => intervals.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    if lengths.is_empty() { String::new() } else { format!("for {}", join(&lengths, "or")) }
}

fn update(what: &str) -> String {
    match what {
        "price" => "switch plan".to_owned(),
        "quantity" => "change quantities".to_owned(),
        "promotion code" => "use promotion codes".to_owned(),
        _ => format!("change {what}"),
    }
}

/// The members of a set as words. Stripe's lists are open and an account can hold anything, so what
/// isn't a plain word is not repeated.
fn members(settings: &Settings, field: Field) -> Vec<String> {
    let word = |member: &String| {
        let is_plain = member.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_plain { member.replace('_', " ") } else { "something unknown".to_owned() }
    };
    match settings.get(&field.into()) {
        Some(Value::Set(members)) => members.iter().map(word).collect(),
        _ => Vec::new(),
    }
}

/// `a`, `a and b`, `a, b and c`; what phrases begin with in common is said once.
pub(super) fn join(words: &[String], last: &str) -> String {
    const COMMON: &str = "change their ";
    if words.len() > 1 && words.iter().all(|word| word.starts_with(COMMON)) {
        let rest: Vec<String> = words.iter().map(|word| word[COMMON.len()..].to_owned()).collect();
        return format!("{COMMON}{}", join(&rest, last));
    }
    match words {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [before @ .., end] => format!("{} {last} {end}", before.join(", ")),
    }
}
