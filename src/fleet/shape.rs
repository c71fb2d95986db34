//! What a plan does, apart from ids: two accounts with plans of one shape are alike to a reviewer.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::model::{FieldPath, Value};
use crate::plan::{FieldChange, Plan, RolePlan};

const NEVER: &str = "writing to a string can't fail";

/// Stands for all plans that do the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape(String);

impl Shape {
    /// The shape of a plan.
    ///
    /// Products and prices are other ones in each account, so of them only that they change counts,
    /// and what the file's lookup keys offer. What an account's own variables stand for is the
    /// variable.
    pub fn of(plan: &Plan, vars: &BTreeMap<String, String>) -> Self {
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
        if plan.n_pending() == 0 && !plan.lock_changes.is_empty() {
            writeln!(text, "lockfile").expect(NEVER);
        }
        Self(text)
    }

    /// True if nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands for a set of shapes: whoever has reviewed one plan of each has reviewed all.
    pub fn digest<'s>(shapes: impl Iterator<Item = &'s Self>) -> String {
        let mut shapes: Vec<&Self> = shapes.collect();
        shapes.sort();
        shapes.dedup();
        let mut hash = Sha256::new();
        for Self(text) in shapes {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    }
}

fn of_role(text: &mut String, role: &RolePlan, vars: &BTreeMap<String, String>) {
    let action = role.action.as_str();
    let default = if role.is_default { "default" } else { "-" };
    let activates = if role.activates { "activates" } else { "-" };
    writeln!(text, "{} {action} {default} {activates}", role.role).expect(NEVER);
    for offer in &role.desired.offers {
        writeln!(text, "  offers {}", offer.escape_default()).expect(NEVER);
    }
    let mut lines: Vec<String> =
        role.changes.iter().map(|change| of_change(change, vars)).collect();
    lines.sort();
    lines.dedup();
    lines.iter().for_each(|line| writeln!(text, "  {line}").expect(NEVER));
}

fn of_change(change: &FieldChange, vars: &BTreeMap<String, String>) -> String {
    let cause = if change.cause.is_drift() { "drifted" } else { "-" };
    match &change.path {
        FieldPath::Product(..) => format!("{} {cause}", FieldPath::PRODUCTS),
        path @ (FieldPath::Field(_) | FieldPath::Metadata(_)) => {
            let before = of_value(&change.before, vars);
            let after = of_value(&change.after, vars);
            format!("{} {cause} {before} {after}", path.to_string().escape_default())
        }
    }
}

/// Debug output quotes and escapes what is foreign, so that nothing looks like something else.
fn of_value(value: &Option<Value>, vars: &BTreeMap<String, String>) -> String {
    let mut text = format!("{value:?}");
    // The longest first: one may be the beginning of another.
    let mut vars: Vec<_> = vars.iter().filter(|(_, value)| !value.is_empty()).collect();
    vars.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    for (name, value) in vars {
        text = text.replace(value.as_str(), &format!("${{{name}}}"));
    }
    text
}

#[cfg(test)]
pub(super) fn of_text(text: &str) -> Shape {
    Shape(text.to_owned())
}
