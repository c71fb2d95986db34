//! The fields: roles that change alike together, what goes and what comes as a difference.

use std::collections::BTreeMap;

use super::budget::Part;
use super::escape::{code, fence, html_code};
use super::list;
use crate::model::Role;
use crate::plan::{Action, FieldChange, Plan, RolePlan};
use crate::render::fields::{alike, told, verb};
use crate::render::value::value;
use crate::text::{clean, plural};

/// What is done to roles whose fields stay as they are.
pub(super) fn without_fields(plan: &Plan) -> Part {
    let item = |group: &Vec<&RolePlan>| {
        let roles: Vec<Role> = group.iter().map(|role| role.role.clone()).collect();
        let what = match group[0].action {
            Action::Create => "made, with Stripe's defaults",
            Action::Adopt(_) if group[0].adopts_inactive() => {
                "taken over as it is, and reactivated"
            }
            Action::Adopt(_) => "taken over as it is",
            Action::Update(_) => "updated",
            Action::Reactivate(_) => "activated again",
            Action::Deactivate(_) => "deactivated",
            Action::None(_) => "left as it is",
        };
        format!("- {}: {what}\n", super::names(&roles))
    };
    let is_said_here = |it: &RolePlan| !it.deactivated_outside && told(it).next().is_none();
    let groups = alike(plan).into_iter().filter(|group| is_said_here(group[0]));
    let items: Vec<String> = groups.map(|group| item(&group)).collect();
    let head = if items.is_empty() { "" } else { "\n" };
    Part { items, ..list(head.to_owned(), "group", "- ") }
}

/// What somebody else has deactivated. No file can want that.
pub(super) fn deactivated(plan: &Plan) -> Part {
    let roles = plan.roles.iter().filter(|role| role.deactivated_outside);
    let item = |role: &RolePlan| {
        let (name, file) = (role.role.as_str(), format!("{}.yaml", role.role));
        format!("- {}; without its file, {}, it stays inactive\n", code(name), code(&file))
    };
    let items: Vec<String> = roles.map(item).collect();
    let head = if items.is_empty() { String::new() } else { format!("\n**{DEACTIVATED}**\n\n") };
    Part { items, ..list(head, "role", "- ") }
}

const DEACTIVATED: &str = "Deactivated outside of the files: applying this activates it again";

/// No more lines than these are shown without being asked for.
const FEW: usize = 12;

/// More roles than this are counted, not named.
const MOST_NAMES: usize = 3;

/// All changes of one kind.
pub(super) fn part(
    plan: &Plan,
    title: &str,
    is_meant: impl Fn(&RolePlan, &FieldChange) -> bool,
) -> Part {
    let mut groups: Vec<(Vec<&RolePlan>, Vec<&FieldChange>)> = Vec::new();
    // Roles that change alike may do so for different reasons.
    let mut places = BTreeMap::new();
    for role in plan.pending() {
        let changes: Vec<&FieldChange> = told(role).filter(|it| is_meant(role, it)).collect();
        if changes.is_empty() {
            continue;
        }
        let place = *places.entry((verb(role), changes.clone())).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((roles, _)) => roles.push(role),
            None => groups.push((vec![role], changes)),
        }
    }
    if groups.is_empty() {
        return Part::always(String::new());
    }
    let n_lines: usize = groups.iter().map(|(_, changes)| 2 * changes.len()).sum();
    let open = if n_lines <= FEW { " open" } else { "" };
    let items = groups.iter().map(|(group, changes)| {
        let roles: Vec<&Role> = group.iter().map(|role| &role.role).collect();
        let summary =
            format!("{} · {} · {}", names(&roles), verb(group[0]), plural(changes.len(), "field"));
        let lines: String = changes.iter().map(|it| lines(it, &group[0].action)).collect();
        let diff = fence("diff", &lines);
        format!("<details{open}><summary>{summary}</summary>\n\n{diff}\n</details>\n")
    });
    Part { items: items.collect(), ..list(format!("\n**{title}**\n\n"), "group", "\n") }
}

fn names(roles: &[&Role]) -> String {
    let n_named = if roles.len() <= MOST_NAMES { roles.len() } else { 1 };
    let named: Vec<String> = roles[..n_named].iter().map(|role| html_code(role.as_str())).collect();
    match roles.len() - n_named {
        0 => named.join(", "),
        n => format!("{} and {n} more", named.join(", ")),
    }
}

/// What goes, and what comes instead. A new portal has nothing to lose.
fn lines(change: &FieldChange, action: &Action) -> String {
    let path = clean(&change.path.to_string());
    let line = |sign: char, it| format!("{sign} {path}: {}\n", value(it));
    let before = change.before.as_ref().filter(|_| *action != Action::Create);
    let after = change.after.as_ref();
    match (before, after) {
        (Some(_), None) => line('-', before),
        (None, _) => line('+', after),
        (Some(_), Some(_)) => line('-', before) + &line('+', after),
    }
}
