//! What a plan does, apart from ids: two accounts with plans of one shape are alike to a reviewer.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

use crate::model::{FieldPath, Offer, Value};
use crate::plan::{FieldChange, Plan, RolePlan};

const NEVER: &str = "writing to a string can't fail";

/// Stands for all plans that do the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape([u8; 32]);

impl Shape {
    /// The shape of a plan. Nothing if it does nothing.
    ///
    /// Where files have lookup keys, products and prices are other ones in each account, so of them
    /// counts what the keys offer, and how many prices customers lose and gain. What an account's own
    /// variables stand for is the variable.
    pub fn of(plan: &Plan, vars: &BTreeMap<String, String>) -> Option<Self> {
        let Plan { environment, mode, project, .. } = plan;
        let mut text = String::new();
        for blocker in &plan.blockers {
            writeln!(text, "blocked {}", blocker.code()).expect(NEVER);
        }
        for role in plan.pending() {
            of_role(&mut text, role, vars);
        }
        for retired in &plan.retired {
            let duplicate = if retired.kept.is_some() { "duplicate" } else { "-" };
            writeln!(text, "{} deactivate {duplicate}", retired.role).expect(NEVER);
        }
        if text.is_empty() {
            return (!plan.lock_changes.is_empty()).then_some(Self::LOCKFILE);
        }
        // What was agreed to for one environment is nothing for another.
        writeln!(text, "{environment} {mode} {project}").expect(NEVER);
        Some(Self::of_text(&text))
    }

    /// The shape of all plans that bring only a lockfile up to date, and write nothing to an account:
    /// there is nothing in them that somebody could have to agree to.
    pub const LOCKFILE: Self = Self([0; 32]);

    pub(super) fn of_text(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What stands for a set of shapes, as they are shown: whoever has reviewed one plan of each has
/// reviewed all.
pub fn digest(shapes: &BTreeSet<String>) -> String {
    let text: String = shapes.iter().flat_map(|shape| [shape, "\n"]).collect();
    Shape::of_text(&text).to_string()
}

fn of_role(text: &mut String, role: &RolePlan, vars: &BTreeMap<String, String>) {
    let action = role.action.as_str();
    let default = if role.is_default { "default" } else { "-" };
    let activates = match (role.activates, role.deactivated_outside) {
        (false, _) => "-",
        (true, false) => "activates",
        (true, true) => "activates-drifted",
    };
    writeln!(text, "{} {action} {default} {activates}", role.role).expect(NEVER);
    // Products have other ids in other accounts, and so another order.
    let offers: BTreeSet<String> = role.desired.offers.values().map(Offer::to_string).collect();
    for offer in &offers {
        writeln!(text, "  offers {}", offer.escape_default()).expect(NEVER);
    }
    let mut lines: Vec<String> = role
        .changes
        .iter()
        .map(|change| match &change.path {
            FieldPath::Product(..) if !role.desired.offers.is_empty() => of_offer(change),
            path @ (FieldPath::Product(..) | FieldPath::Field(_) | FieldPath::Metadata(_)) => {
                of_change(path, change, vars)
            }
        })
        .collect();
    lines.sort_unstable();
    lines.iter().for_each(|line| writeln!(text, "  {line}").expect(NEVER));
}

fn of_change(path: &FieldPath, change: &FieldChange, vars: &BTreeMap<String, String>) -> String {
    let (before, after) = (of_value(&change.before, vars), of_value(&change.after, vars));
    format!("{} {} {before} {after}", path.to_string().escape_default(), of_cause(change))
}

/// A change of a product whose id and prices mean something in one account only.
fn of_offer(change: &FieldChange) -> String {
    let prices = |value: &Option<Value>| match value {
        Some(Value::Set(ids)) => ids.clone(),
        _ => BTreeSet::new(),
    };
    let (before, after) = (prices(&change.before), prices(&change.after));
    let (n_lost, n_gained) = (before.difference(&after).count(), after.difference(&before).count());
    let quantities = match (&change.before, &change.after) {
        (Some(Value::Set(_)), _) | (_, Some(Value::Set(_))) => String::new(),
        (before, after) => format!(" {before:?} {after:?}"),
    };
    let (path, cause) = (FieldPath::PRODUCTS, of_cause(change));
    format!("{path} {cause} lost {n_lost} gained {n_gained}{quantities}")
}

fn of_cause(change: &FieldChange) -> &'static str {
    if change.cause.is_drift() { "drifted" } else { "-" }
}

/// Debug output quotes and escapes what is foreign, so that nothing looks like something else.
fn of_value(value: &Option<Value>, vars: &BTreeMap<String, String>) -> String {
    let value = match value {
        Some(Value::Text(text)) => Some(Value::Text(with_variables(text, vars))),
        Some(Value::Set(members)) => {
            Some(Value::Set(members.iter().map(|text| with_variables(text, vars)).collect()))
        }
        Some(Value::Flag(_) | Value::Intervals(_) | Value::Quantity(_) | Value::Unknown(_))
        | None => value.clone(),
    };
    format!("{value:?}")
}

/// The text with variables where their values stand.
fn with_variables(text: &str, vars: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    // The longest first: one may be the beginning of another.
    let mut vars: Vec<_> = vars.iter().filter(|(_, value)| !value.is_empty()).collect();
    vars.sort_by_key(|(_, value)| Reverse(value.len()));
    for (name, value) in vars {
        text = with_variable(&text, name, value);
    }
    text
}

/// The same of one variable. Within a word its value is there by accident.
fn with_variable(text: &str, name: &str, value: &str) -> String {
    let (mut replaced, mut end) = (String::new(), 0);
    for (start, _) in text.match_indices(value) {
        let (before, after) = (&text[..start], &text[start + value.len()..]);
        let goes_on = |left: &str, right: &str| {
            left.ends_with(char::is_alphanumeric) && right.starts_with(char::is_alphanumeric)
        };
        if !goes_on(before, value) && !goes_on(value, after) {
            replaced.push_str(&text[end..start]);
            replaced.push_str(&format!("${{{name}}}"));
            end = start + value.len();
        }
    }
    replaced + &text[end..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_stands_for_its_value_where_that_is_no_accident() {
        let vars = [("flag", "Some"), ("region", "us"), ("site", "https://us.example/")];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let shape = |text: &str| of_value(&Value::text(text), &vars);
        assert_eq!(shape("Your business"), r#"Some(Text("Your business"))"#);
        assert_eq!(shape("Plans (us)"), r#"Some(Text("Plans (${region})"))"#);
        assert_eq!(shape("https://us.example/billing"), r#"Some(Text("${site}billing"))"#);
        let words = Value::set(["us", "bus"]);
        assert_eq!(of_value(&words, &vars), r#"Some(Set({"${region}", "bus"}))"#);
    }
}
