//! A plan for the terminal: danger first, then role by role what customers notice and what changes.

use std::fmt::Write;

use anstyle::Style;

use super::fields::fields;
use super::style::{Painted, Styles};
use crate::model::{ConfigurationId, Role};
use crate::plan::{LockChange, Note, Plan, RolePlan, describe};
use crate::report::{Effect, Weight, effects};
use crate::text::{clean, plural, shown};

pub(super) const NEVER: &str = "writing to a string can't fail";

/// Longer ones push what follows to the right by themselves.
const WIDEST_ROLES: usize = 36;

/// More roles than this are counted, not named.
const MOST_NAMES: usize = 4;

/// The whole plan, ending with its counts. A plan with nothing in it has no more than its notes.
pub fn plan(plan: &Plan, styles: &Styles) -> String {
    let mut text = heading(plan, styles);
    text.push_str(&body(plan, styles));
    let head = Painted(styles.strong, "Plan:");
    writeln!(text, "\n{head} {}", counts(plan, styles)).expect(NEVER);
    text
}

/// All of it but its heading and its counts.
pub(super) fn body(plan: &Plan, styles: &Styles) -> String {
    let mut text = String::new();
    blockers(&mut text, plan, styles);
    customers(&mut text, plan, styles);
    fields(&mut text, plan, styles);
    notes(&mut text, plan, styles);
    drift(&mut text, plan, styles);
    text
}

fn heading(plan: &Plan, styles: &Styles) -> String {
    let account = match &plan.account {
        Some(account) => format!("account {account}"),
        None => "an account that the key may not name".to_owned(),
    };
    let title = Painted(styles.strong, format!("Portal plan for {}", plan.environment));
    format!("{title} ({account}, {} mode)\n", plan.mode)
}

fn blockers(text: &mut String, plan: &Plan, styles: &Styles) {
    for blocker in &plan.blockers {
        let head = Painted(styles.danger, format!("blocked[{}]", blocker.code()));
        let (message, help) = (clean(&blocker.to_string()), clean(&blocker.help()));
        writeln!(text, "\n{head}: {message}\n  help: {help}").expect(NEVER);
    }
}

/// What customers are going to notice, danger first.
fn customers(text: &mut String, plan: &Plan, styles: &Styles) {
    let effects = effects(plan);
    if !effects.is_empty() {
        text.push('\n');
    }
    let label = |effect: &Effect| names(effect.roles.iter().map(Role::as_str));
    let width =
        effects.iter().map(|effect| label(effect).len()).max().unwrap_or(0).min(WIDEST_ROLES);
    for effect in &effects {
        let (sign, style) = match effect.weight {
            Weight::Danger => ('!', styles.danger),
            Weight::Plain => (' ', Style::new()),
        };
        let mut label = label(effect);
        for sentence in &effect.sentences {
            let head = Painted(style, format!("{sign} {label:width$}"));
            writeln!(text, "{head}  {}", Painted(style, sentence)).expect(NEVER);
            label.clear();
        }
    }
}

/// All of a few names, or the first and how many more.
pub(super) fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.len() <= MOST_NAMES {
        return names.join(", ");
    }
    format!("{}, {} and {} more", names[0], names[1], names.len() - 2)
}

/// What is worth knowing, a line each.
pub(super) fn note_lines(plan: &Plan) -> Vec<String> {
    let notes = plan.notes.iter().map(note);
    notes.chain(plan.lock_changes.iter().map(lock_change)).collect()
}

fn notes(text: &mut String, plan: &Plan, styles: &Styles) {
    for (index, line) in note_lines(plan).iter().enumerate() {
        if index == 0 {
            text.push('\n');
        }
        writeln!(text, "{}", Painted(styles.quiet, format!("note: {line}"))).expect(NEVER);
    }
}

/// Both ways out of drift, as commands. Only without its file a role is wanted by nobody.
fn drift(text: &mut String, plan: &Plan, styles: &Styles) {
    let drifted = plan.roles.iter().filter(|role| role.has_drifted());
    let (deactivated, changed): (Vec<&RolePlan>, Vec<_>) =
        drifted.partition(|role| role.deactivated_outside);
    let name = |role: &&RolePlan| role.role.to_string();
    if !changed.is_empty() {
        let changed: Vec<String> = changed.iter().map(name).collect();
        let accept = if changed.len() <= MOST_NAMES {
            format!("`reconcile accept {}`", changed.join(" "))
        } else {
            "`reconcile accept`".to_owned()
        };
        ways_out(text, &changed, "changed outside of the files", &accept, styles);
    }
    if !deactivated.is_empty() {
        let deactivated: Vec<String> = deactivated.iter().map(name).collect();
        let (were, accept) = match deactivated.as_slice() {
            [role] => ("was", format!("delete `{role}.yaml`, and it stays inactive")),
            _ => ("were", "delete their files, and they stay inactive".to_owned()),
        };
        let what = format!("{were} deactivated outside of the files");
        ways_out(text, &deactivated, &what, &accept, styles);
    }
}

fn ways_out(text: &mut String, roles: &[String], what: &str, accept: &str, styles: &Styles) {
    let head = Painted(styles.change, "Drift:");
    let names = names(roles.iter().map(String::as_str));
    let (back, accept) = (Painted(styles.strong, "`reconcile`"), Painted(styles.strong, accept));
    writeln!(text, "\n{head} {names} {what}\n  put it back   {back}\n  accept it     {accept}")
        .expect(NEVER);
}

fn note(note: &Note) -> String {
    match note {
        Note::Orphan { role, id, is_default: false } => format!(
            "{id} was `{role}`, which has no file any more; `reconcile --prune` deactivates it"
        ),
        Note::Orphan { role, id, is_default: true } => format!(
            "{id} was `{role}`, which has no file any more; it is the account's default and is never \
             deactivated: `reconcile import {id}` gives it a file again"
        ),
        Note::Leftovers(leftovers) => format!(
            "inactive and without a file: {}; `reconcile import ID` brings one back",
            inactive(leftovers)
        ),
        Note::Spares(spares) => format!(
            "inactive, with the marker of a role that has another one: {}; nothing has to be done, and \
             unsetting `reconcile_project` and `reconcile_role` in its metadata ends this note",
            inactive(spares)
        ),
        Note::Foreign { count } => {
            format!("not managed here and never touched: {}", plural(*count, "configuration"))
        }
        Note::ForeignDefault { id, owner } => {
            format!("the account's default, {id}, is not managed here: it {}", describe(owner))
        }
        Note::Kept { role, field, value } => format!(
            "`{role}` keeps {} in `{}`, which this program doesn't know",
            super::value::value(Some(value)),
            field.path()
        ),
        Note::NewFields { paths } => {
            let paths: Vec<String> =
                paths.iter().map(|path| format!("`{}`", clean(path))).collect();
            format!("not known to this program and left alone: {}", paths.join(", "))
        }
        Note::IdleUnmanaged { role, paths } => {
            let paths: Vec<String> = paths.iter().map(|path| shown(path)).collect();
            format!(
                "`{role}` leaves to the Dashboard what the file would say anyway: {}",
                paths.join(", ")
            )
        }
        Note::Unmanaged { role, paths } => {
            let paths: Vec<String> = paths.iter().map(|path| shown(path)).collect();
            format!(
                "`{role}` leaves {} to the Dashboard: {}",
                plural(paths.len(), "path"),
                paths.join(", ")
            )
        }
    }
}

/// Inactive ones do no harm: a few are named, many are counted.
fn inactive(configurations: &[(Role, ConfigurationId)]) -> String {
    let named: Vec<String> =
        configurations.iter().map(|(role, id)| format!("{id} (`{role}`)")).collect();
    match named.len() {
        0..=MOST_NAMES => named.join(", "),
        n => format!(
            "{}, which `reconcile --dry-run --format json` lists",
            plural(n, "configuration")
        ),
    }
}

fn lock_change(change: &LockChange) -> String {
    match change {
        LockChange::Role { role, after: Some(id), .. } => {
            format!("the lockfile gets `{role}`: {id}")
        }
        LockChange::Role { role, after: None, .. } => {
            format!("the lockfile loses `{role}`, which has no active configuration any more")
        }
        LockChange::Account { after: Some(account), .. } => {
            format!("the lockfile gets the account {account}")
        }
        LockChange::Account { after: None, .. } => {
            "the lockfile loses its account, which the key may not tell".to_owned()
        }
    }
}

pub(super) fn counts(plan: &Plan, styles: &Styles) -> String {
    let summary = plan.summary();
    let n_inactive = plan.roles.iter().filter(|role| role.adopts_inactive()).count();
    let counts = [
        (summary.create, "to create"),
        (summary.adopt - n_inactive, "to adopt"),
        (n_inactive, "to adopt and reactivate"),
        (summary.update, "to update"),
        (summary.reactivate, "to reactivate"),
        (summary.deactivate, "to deactivate"),
        (summary.unchanged, "unchanged"),
    ];
    let words: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let words = if words.is_empty() { "no role".to_owned() } else { words.join(", ") };
    let blocked = match summary.blocked {
        0 => String::new(),
        n => {
            format!("; {}", Painted(styles.danger, format!("blocked for {}", plural(n, "reason"))))
        }
    };
    words + &blocked
}
