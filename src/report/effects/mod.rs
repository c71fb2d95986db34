//! What a plan means for customers, in their words.
//!
//! Foreign text in them is already escaped.

pub(super) mod capability;
mod detail;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, Role, Settings, Value};
use crate::plan::{Action, Plan, Retirement, RolePlan};

/// How carefully an effect has to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Customers lose something, money is at stake, or it can't be undone.
    Danger,
    /// Customers gain something, or notice.
    Plain,
}

/// Things that are going to be different in the same way for the customers of some roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// How carefully to look at it.
    pub weight: Weight,
    /// The roles.
    pub roles: Vec<Role>,
    /// Sentences such as `customers can now cancel at the end of a period`.
    pub sentences: Vec<String>,
}

/// What customers are going to notice: danger first, roles that have it in common together.
pub fn effects(plan: &Plan) -> Vec<Effect> {
    grouped(sentences(plan))
}

/// The same, with those apart that another plan has as well.
pub fn effects_beyond(plan: &Plan, base: &Plan) -> (Vec<Effect>, Vec<Effect>) {
    let known: BTreeSet<(&Role, Weight, String)> = sentences(base).collect();
    let (known, own): (Vec<_>, Vec<_>) = sentences(plan).partition(|it| known.contains(it));
    (grouped(own.into_iter()), grouped(known.into_iter()))
}

fn sentences(plan: &Plan) -> impl Iterator<Item = (&Role, Weight, String)> {
    let of_roles = plan.pending().map(|it| (&it.role, of_role(it)));
    let of_retired = plan.retired.iter().map(|it| (&it.role, of_retired(it)));
    of_roles.chain(of_retired).flat_map(|(role, sentences)| {
        sentences.into_iter().map(move |(weight, sentence)| (role, weight, sentence))
    })
}

fn grouped<'p>(sentences: impl Iterator<Item = (&'p Role, Weight, String)>) -> Vec<Effect> {
    let mut by_sentence: BTreeMap<(Weight, String), (usize, Vec<Role>)> = BTreeMap::new();
    for (n_seen, (role, weight, sentence)) in sentences.enumerate() {
        let (_, roles) = by_sentence.entry((weight, sentence)).or_insert((n_seen, Vec::new()));
        if roles.last() != Some(role) {
            roles.push(role.clone());
        }
    }
    let mut in_order: Vec<_> = by_sentence.into_iter().collect();
    in_order.sort_by_key(|((weight, _), (seen, _))| (*weight, *seen));
    let mut effects: Vec<Effect> = Vec::new();
    let mut places: BTreeMap<(Weight, Vec<Role>), usize> = BTreeMap::new();
    for ((weight, sentence), (_, roles)) in in_order {
        let place = *places.entry((weight, roles.clone())).or_insert(effects.len());
        match effects.get_mut(place) {
            Some(effect) => effect.sentences.push(sentence),
            None => effects.push(Effect { weight, roles, sentences: vec![sentence] }),
        }
    }
    effects
}

/// What the customers of one role are going to notice.
fn of_role(plan: &RolePlan) -> Vec<(Weight, String)> {
    let mut effects: Vec<(Weight, String)> = of_default(plan).into_iter().collect();
    if plan.activates {
        effects.push((Weight::Plain, "can be used by apps again".to_owned()));
    }
    let before = plan.live.as_ref().map(Settings::effective).unwrap_or_default();
    let after = after(plan);
    let is_managed = |field: &Field| !plan.desired.unmanaged.covers(&(*field).into());
    for switch in Field::ALL.into_iter().filter(is_managed) {
        effects.extend(of_switch(switch, plan.live.is_some(), &before, &after));
    }
    // A new portal is described by what it lets customers do; its details are in the fields.
    if plan.live.is_some() {
        effects.extend(plan.changes.iter().filter_map(|it| detail::of(it, &before, &after)));
    }
    effects
}

/// What a configuration is going to be: what the file leaves alone stays as it is.
pub fn after(plan: &RolePlan) -> Settings {
    let mut after = plan.desired.settings.clone();
    let before = plan.live.as_ref().map(Settings::effective).unwrap_or_default();
    for (path, value) in before.iter().filter(|(path, _)| plan.desired.unmanaged.covers(path)) {
        after.set(path.clone(), Some(value.clone()));
    }
    after
}

/// What the customers of a role without a file are going to notice.
fn of_retired(retirement: &Retirement) -> Vec<(Weight, String)> {
    let Retirement { role: _, id, kept, has_login_page } = retirement;
    let of_apps = match kept {
        None => {
            "can no longer be used by apps: Stripe refuses portal sessions that name it".to_owned()
        }
        Some(kept) => {
            format!("is {kept} alone: Stripe refuses portal sessions of apps that name {id}")
        }
    };
    // Nobody has written down what becomes of the page.
    let of_page = || format!("customers may find the login page of {id} closed");
    let sentences = [of_apps].into_iter().chain(has_login_page.then(of_page));
    sentences.map(|sentence| (Weight::Danger, sentence)).collect()
}

/// What customers gain or lose by one of the portal's switches and its list of what is allowed.
fn of_switch(
    switch: Field,
    has_customers: bool,
    before: &Settings,
    after: &Settings,
) -> Vec<(Weight, String)> {
    let (could, can) = (capability::each(switch, before), capability::each(switch, after));
    if could == can {
        return Vec::new();
    }
    let join = |phrases: &[String]| capability::join(phrases, "and");
    match (could.is_empty(), can.is_empty()) {
        (true, _) if !has_customers => {
            vec![(gain(switch, after), format!("customers can {}", join(&can)))]
        }
        (true, _) => vec![(gain(switch, after), format!("customers can now {}", join(&can)))],
        (false, true) => {
            vec![(Weight::Danger, format!("customers can no longer {}", join(&could)))]
        }
        (false, false) => {
            let gained: Vec<String> =
                can.iter().filter(|phrase| !could.contains(phrase)).cloned().collect();
            let lost: Vec<String> =
                could.iter().filter(|phrase| !can.contains(phrase)).cloned().collect();
            match (gained.is_empty(), lost.is_empty()) {
                (false, false) => vec![(
                    Weight::Danger,
                    format!("customers can now {}, but no longer {}", join(&gained), join(&lost)),
                )],
                (false, true) => {
                    vec![(gain(switch, after), format!("customers can now {}", join(&gained)))]
                }
                _ => vec![(Weight::Danger, format!("customers can no longer {}", join(&lost)))],
            }
        }
    }
}

/// Immediate cancelling costs money, whoever gains it.
fn gain(switch: Field, after: &Settings) -> Weight {
    let is_immediate =
        after.get(&Field::CancelMode.into()) == Some(&Value::Text("immediately".into()));
    if switch == Field::SubscriptionCancel && is_immediate { Weight::Danger } else { Weight::Plain }
}

/// What the account's default does reaches more customers than a role has.
fn of_default(plan: &RolePlan) -> Option<(Weight, String)> {
    const REACH: &str = "it is what customers get wherever an app names no configuration";
    if !plan.is_default {
        return None;
    }
    let sentence = match plan.action {
        Action::Deactivate(_) | Action::None(_) => return None,
        Action::Create => format!("becomes the account's default for ever: {REACH}"),
        Action::Adopt(_) => format!("takes over the account's default: {REACH}"),
        Action::Update(_) | Action::Reactivate(_) => format!("is the account's default: {REACH}"),
    };
    Some((Weight::Danger, sentence))
}
