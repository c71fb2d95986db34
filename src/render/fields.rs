//! The fields of a plan: role by role, a line each.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::Style;

use super::plan::{NEVER, names};
use super::style::{Painted, Styles};
use super::value::value;
use crate::model::{Field, FieldPath, ProductPart, Value};
use crate::plan::{Action, Cause, FieldChange, Plan, RolePlan};
use crate::text::shown;

/// All roles that change, those that change in the same way together; then what goes out of use.
pub(super) fn fields(text: &mut String, plan: &Plan, styles: &Styles) {
    for group in alike(plan) {
        group_of_roles(text, &group, styles);
    }
    // Each with its id, since that is all there is to say.
    for (index, it) in plan.retired.iter().enumerate() {
        let action = it.action();
        let (sign, style) = sign(&action, styles);
        let head = Painted(style, format!("{sign} {} {}", action.as_str(), it.role));
        let line = format!("{head} {}", Painted(styles.quiet, &it.id));
        writeln!(text, "{}{line}", if index == 0 { "\n" } else { "" }).expect(NEVER);
    }
}

/// Roles that change in the same way, together.
pub(super) fn alike(plan: &Plan) -> Vec<Vec<&RolePlan>> {
    let mut groups: Vec<Vec<&RolePlan>> = Vec::new();
    // Thousands of roles can change in thousands of ways: groups are looked up, not searched.
    let mut places: BTreeMap<(&str, [bool; 2], Vec<&FieldChange>), usize> = BTreeMap::new();
    for role in plan.pending() {
        let flags = [role.is_default, role.deactivated_outside];
        let way = (verb(role), flags, told(role).collect());
        let place = *places.entry(way).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(role),
            None => groups.push(vec![role]),
        }
    }
    groups
}

/// What is done to a role, in words.
pub(super) const fn verb(role: &RolePlan) -> &'static str {
    if role.adopts_inactive() { "adopt and reactivate" } else { role.action.as_str() }
}

/// The changes that are worth a line: that a new configuration is called like its role is not.
pub(super) fn told(role: &RolePlan) -> impl Iterator<Item = &FieldChange> {
    let name = Value::text(role.role.as_str());
    let is_plain_name = move |change: &&FieldChange| {
        role.action == Action::Create
            && change.path == FieldPath::Field(Field::Name)
            && change.after == name
    };
    role.changes.iter().filter(move |change| !is_plain_name(change))
}

/// A line a field, those of one feature together.
fn group_of_roles(text: &mut String, group: &[&RolePlan], styles: &Styles) {
    let role = group[0];
    let (sign, style) = sign(&role.action, styles);
    let default = if role.is_default { ", the account's default" } else { "" };
    let roles = names(group.iter().map(|role| role.role.as_str()));
    let head = Painted(style, format!("{sign} {} {roles}", verb(role)));
    let id = match group {
        [only] => only.action.id().map(|id| format!(" {id}")).unwrap_or_default(),
        _ => String::new(),
    };
    let quiet = Painted(styles.quiet, format!("{id}{default}"));
    let outside =
        if role.deactivated_outside { "  (deactivated outside of the files)" } else { "" };
    writeln!(text, "\n{head}{quiet}{}", Painted(styles.change, outside)).expect(NEVER);
    let changes: Vec<&FieldChange> = told(role).collect();
    let rows: Vec<Row> = changes
        .chunk_by(|a, b| a.path.block() == b.path.block())
        .flat_map(|block| rows(block, &role.action, styles))
        .collect();
    for together in rows.chunk_by(|a, b| a.heading.is_none() == b.heading.is_none() && !b.is_first)
    {
        let width = together.iter().map(|row| row.key.len()).max().unwrap_or(0);
        if let Some(heading) = together[0].heading {
            writeln!(text, "    {heading}").expect(NEVER);
        }
        for Row { heading, key, values, .. } in together {
            let indent = if heading.is_some() { 6 } else { 4 };
            writeln!(text, "{:indent$}{key:width$}  {values}", "").expect(NEVER);
        }
    }
}

/// One line of a role.
struct Row {
    /// What it is below, if it isn't the only one there.
    heading: Option<&'static str>,
    /// True for the first one below a heading.
    is_first: bool,
    key: String,
    values: String,
}

fn rows(block: &[&FieldChange], action: &Action, styles: &Styles) -> Vec<Row> {
    let name = block[0].path.block();
    let is_alone = block.len() == 1;
    let row = |(index, change): (usize, &&FieldChange)| {
        let mut key = key(&change.path);
        if is_alone && key != name {
            key.insert_str(0, &format!("{name}."));
        }
        let after = value(change.after.as_ref());
        let values = match action {
            Action::Create => after,
            Action::Adopt(_)
            | Action::Update(_)
            | Action::Reactivate(_)
            | Action::Deactivate(_)
            | Action::None(_) => {
                format!("{} → {after}", value(change.before.as_ref()))
            }
        };
        Row {
            heading: (!is_alone).then_some(name),
            is_first: !is_alone && index == 0,
            key,
            values: values + &cause(change, styles),
        }
    };
    block.iter().enumerate().map(row).collect()
}

/// A path as it is in the files, without the block that it is in. Metadata keys and product ids can
/// hold anything; every other part is made of known characters.
fn key(path: &FieldPath) -> String {
    match path {
        FieldPath::Metadata(key) => shown(key),
        FieldPath::Product(product, part) => {
            let part = match part {
                ProductPart::Prices => "prices",
                ProductPart::Quantity => "adjustable_quantity",
            };
            format!("products[{}].{part}", shown(product.as_str()))
        }
        FieldPath::Field(field) => {
            let (path, block) = (field.path(), path.block());
            path.strip_prefix(block)
                .and_then(|rest| rest.strip_prefix('.'))
                .unwrap_or(path)
                .to_owned()
        }
    }
}

fn sign(action: &Action, styles: &Styles) -> (char, Style) {
    match action {
        Action::Create => ('+', styles.add),
        Action::Adopt(_) => ('>', styles.change),
        Action::Update(_) => ('~', styles.change),
        Action::Reactivate(_) => ('^', styles.change),
        Action::Deactivate(_) => ('-', styles.danger),
        Action::None(_) => ('=', styles.quiet),
    }
}

fn cause(change: &FieldChange, styles: &Styles) -> String {
    let words = match change.cause {
        Cause::New | Cause::Edited => return String::new(),
        Cause::Moved => "  (a lookup key stands for another price now)",
        Cause::Drifted => "  (changed outside of the files)",
        Cause::Both => "  (file and account both changed)",
    };
    Painted(styles.change, words).to_string()
}
