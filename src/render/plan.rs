//! A plan for the terminal: danger first, then role by role what customers notice and what changes.

use std::fmt::Write;

use anstyle::Style;

use super::style::{Painted, Styles};
use super::value::value;
use crate::model::{FieldPath, Owner, Role};
use crate::plan::{Action, Cause, FieldChange, LockChange, Note, Plan, RolePlan};
use crate::report::{Effect, Weight, effects};
use crate::text::{clean, plural, shown};

const NEVER: &str = "writing to a string can't fail";

/// Longer ones push what follows to the right by themselves.
const WIDEST_PATH: usize = 60;
const WIDEST_ROLES: usize = 36;

/// More roles than this are counted, not named.
const MOST_NAMES: usize = 4;

/// The whole plan, ending with its counts. A plan with nothing in it has no more than its notes.
pub fn plan(plan: &Plan, styles: &Styles) -> String {
    let mut text = heading(plan, styles);
    blockers(&mut text, plan, styles);
    customers(&mut text, plan, styles);
    for group in alike(plan) {
        fields(&mut text, &group, styles);
    }
    notes(&mut text, plan, styles);
    writeln!(text, "\n{}", counts(plan, styles)).expect(NEVER);
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

/// Roles that change in the same way, together.
fn alike(plan: &Plan) -> Vec<Vec<&RolePlan>> {
    let mut groups: Vec<Vec<&RolePlan>> = Vec::new();
    for role in plan.pending() {
        let is_alike = |other: &RolePlan| {
            other.action.as_str() == role.action.as_str()
                && other.changes == role.changes
                && other.is_default == role.is_default
        };
        match groups.iter_mut().find(|group| is_alike(group[0])) {
            Some(group) => group.push(role),
            None => groups.push(vec![role]),
        }
    }
    groups
}

/// A line a field.
fn fields(text: &mut String, group: &[&RolePlan], styles: &Styles) {
    let role = group[0];
    let (sign, style) = sign(&role.action, styles);
    let default = if role.is_default { ", the account's default" } else { "" };
    let roles = names(group.iter().map(|role| role.role.as_str()));
    let head = Painted(style, format!("{sign} {} {roles}", role.action.as_str()));
    let id = match group {
        [only] => only.action.id().map(|id| format!(" {id}")).unwrap_or_default(),
        _ => String::new(),
    };
    writeln!(text, "\n{head}{}", Painted(styles.quiet, format!("{id}{default}"))).expect(NEVER);
    let width = role.changes.iter().map(|change| shown_path(&change.path).len()).max().unwrap_or(0);
    for change in &role.changes {
        let line = change_line(change, width.min(WIDEST_PATH), &role.action);
        writeln!(text, "    {line}{}", cause(change, styles)).expect(NEVER);
    }
}

/// All of a few names, or the first and how many more.
fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.len() <= MOST_NAMES {
        return names.join(", ");
    }
    format!("{}, {} and {} more", names[0], names[1], names.len() - 2)
}

fn sign(action: &Action, styles: &Styles) -> (char, Style) {
    match action {
        Action::Create => ('+', styles.add),
        Action::Adopt(_) => ('>', styles.change),
        Action::Update(_) => ('~', styles.change),
        Action::Reactivate(_) => ('^', styles.change),
        Action::None(_) => ('=', styles.quiet),
    }
}

/// A path as it is in the files, without the `features` that most have in common. A metadata key
/// can hold anything; every other path is made of known characters.
fn shown_path(path: &FieldPath) -> String {
    match path {
        FieldPath::Metadata(key) => format!("{}.{}", FieldPath::METADATA, shown(key)),
        FieldPath::Field(_) | FieldPath::Product(..) => {
            path.to_string().trim_start_matches("features.").to_owned()
        }
    }
}

fn change_line(change: &FieldChange, width: usize, action: &Action) -> String {
    let path = shown_path(&change.path);
    let after = value(change.after.as_ref());
    match action {
        Action::Create => format!("{path:width$}  {after}"),
        Action::Adopt(_) | Action::Update(_) | Action::Reactivate(_) | Action::None(_) => {
            format!("{path:width$}  {} → {after}", value(change.before.as_ref()))
        }
    }
}

fn cause(change: &FieldChange, styles: &Styles) -> String {
    let words = match change.cause {
        Cause::New | Cause::Edited => return String::new(),
        Cause::Drifted => "  (changed outside of the files)",
        Cause::Both => "  (file and account both changed)",
    };
    Painted(styles.change, words).to_string()
}

fn notes(text: &mut String, plan: &Plan, styles: &Styles) {
    let notes = plan.notes.iter().map(note);
    let lock = plan.lock_changes.iter().map(lock_change);
    for (index, line) in notes.chain(lock).enumerate() {
        if index == 0 {
            text.push('\n');
        }
        writeln!(text, "{}", Painted(styles.quiet, format!("note: {line}"))).expect(NEVER);
    }
}

fn note(note: &Note) -> String {
    match note {
        Note::Orphan { role, id, active } => {
            let state = if *active { "still active" } else { "inactive" };
            format!("{id} was `{role}`, which has no file any more; it is {state} and left alone")
        }
        Note::Foreign { count } => {
            format!("not managed here and never touched: {}", plural(*count, "configuration"))
        }
        Note::ForeignDefault { id, owner } => {
            format!("the account's default, {id}, is not managed here: it {}", owner_words(owner))
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

fn owner_words(owner: &Owner) -> String {
    match owner {
        Owner::Marked { project, .. } => format!("belongs to the project `{project}`"),
        Owner::Application(_) => "belongs to a Connect application".to_owned(),
        Owner::Unreadable => "carries a marker that this program didn't write".to_owned(),
        Owner::Unmarked => "was made by hand".to_owned(),
    }
}

fn lock_change(change: &LockChange) -> String {
    match change {
        LockChange::Role { role, after: Some(id), .. } => {
            format!("the lockfile gets `{role}`: {id}")
        }
        LockChange::Role { role, after: None, .. } => {
            format!("the lockfile loses `{role}`, which the account doesn't have any more")
        }
        LockChange::Account { after: Some(account), .. } => {
            format!("the lockfile gets the account {account}")
        }
        LockChange::Account { after: None, .. } => {
            "the lockfile loses its account, which the key may not tell".to_owned()
        }
    }
}

fn counts(plan: &Plan, styles: &Styles) -> String {
    let summary = plan.summary();
    let counts = [
        (summary.create, "to create"),
        (summary.adopt, "to adopt"),
        (summary.update, "to update"),
        (summary.reactivate, "to reactivate"),
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
    format!("{} {words}{blocked}", Painted(styles.strong, "Plan:"))
}
