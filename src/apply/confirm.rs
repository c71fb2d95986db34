//! Is Stripe's answer a legal completion of what was asked?

use crate::model::{Owner, Project};
use crate::plan::{Plan, Retirement, RolePlan, diff, keep_unknown};
use crate::stripe::Written;

/// Where the answer to a write is not what was asked for, by Stripe's names. Empty if all is well.
pub(super) fn differences(plan: &Plan, step: &RolePlan, written: &Written) -> Vec<String> {
    let configuration = &written.configuration;
    let (desired, _) = keep_unknown(&step.desired, &configuration.settings);
    let settings = diff(&desired, &configuration.settings);
    let mut differences: Vec<String> = settings.iter().map(|diff| diff.path.to_string()).collect();
    let marked = Owner::Marked { project: plan.project.clone(), role: step.role.clone() };
    // Whether what a platform creates can become the default isn't established.
    let may_be_default = plan.is_connected && step.becomes_default;
    let others = [
        ("id", step.action.id().is_none_or(|id| *id == written.id)),
        ("metadata", configuration.owner == marked),
        ("an unknown value", configuration.unreadable.is_none()),
        ("active", configuration.active),
        ("is_default", may_be_default || configuration.is_default == step.is_default),
    ];
    differences.extend(wrong(&others));
    differences
}

/// The same for the answer to a deactivation. It wasn't asked for settings.
pub(super) fn differences_of_retired(
    project: &Project,
    step: &Retirement,
    written: &Written,
) -> Vec<String> {
    let configuration = &written.configuration;
    let marked = Owner::Marked { project: project.clone(), role: step.role.clone() };
    wrong(&[
        ("id", written.id == step.id),
        ("metadata", configuration.owner == marked),
        ("active", !configuration.active),
        ("is_default", !configuration.is_default),
    ])
}

/// The names of what isn't fine.
fn wrong(checks: &[(&str, bool)]) -> Vec<String> {
    checks.iter().filter(|(_, is_fine)| !is_fine).map(|(name, _)| (*name).to_owned()).collect()
}
