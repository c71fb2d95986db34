//! Many accounts as Markdown: those that are alike together, the worst first, each kind with its plan.

use super::budget::{Part, fit};
use super::escape::{code, prose};
use super::{apply_results, list, marker, of_plan, warnings};
use crate::diagnostic::Bag;
use crate::fleet::{Fleet, Group, Outcome, Results, State};
use crate::render::Styles;
use crate::render::fleet::{counts, fleet_outcome, who_by};
use crate::report::RunReport;
use crate::source::SourceMap;
use crate::text::plural;

/// More different plans than this are counted, not shown: nobody reads them.
const MOST_PLANS: usize = 10;

/// What is to be done in many accounts and what came of it, in at most so many bytes.
pub fn fleet_to_markdown(
    fleet: &Fleet<'_>,
    results: Option<&Results>,
    files: (&Bag, &SourceMap),
    most_bytes: usize,
) -> String {
    let mut parts = vec![Part::always(heading(fleet, results))];
    if results.is_some() {
        parts.push(apply_results(&fleet_outcome(fleet, results, &Styles::default())));
    }
    let groups = fleet.survey.groups();
    parts.push(failures(&groups));
    parts.push(plans(&groups, files.1, most_bytes));
    parts.push(warnings(files.0, files.1));
    let digest = fleet.survey.digest();
    parts.push(Part::always(format!("\n<sub>Plan {}</sub>\n", code(&digest))));
    fit(&parts, most_bytes)
}

fn heading(fleet: &Fleet<'_>, results: Option<&Results>) -> String {
    let name = fleet.environment.as_str();
    let platform = match fleet.platform {
        Some(platform) => format!("connected to {}", code(platform.as_str())),
        None => "connected to an account that the key may not name".to_owned(),
    };
    let verdict = match results {
        None => "",
        Some(results) if results.was_interrupted() => ", interrupted",
        Some(results) if results.count(Outcome::is_left) == 0 => ", applied",
        Some(results) if results.has_written() => ", partly applied",
        Some(_) => ", failed",
    };
    let counts = counts(fleet.survey, &Styles::default());
    let title = format!("Portal plan for {}{verdict}: {counts}", prose(name));
    let n_accounts = plural(fleet.survey.n_accounts(), "account");
    format!("{}### {title}\n\n{n_accounts} {platform}, {} mode\n", marker(name), fleet.mode)
}

/// Accounts that can't be planned, by what is in the way.
fn failures(groups: &[&Group]) -> Part {
    let item = |group: &&Group| match &group.state {
        State::Failed(why) => Some(format!("> - {}: {}\n", who(group), prose(why))),
        State::Blocked(_) | State::Pending(_) | State::Clean => None,
    };
    let items: Vec<String> = groups.iter().filter_map(item).collect();
    let head = if items.is_empty() { "" } else { "\n> [!WARNING]\n> These can't be planned.\n" };
    Part { items, ..list(head.to_owned(), "reason", "> - ") }
}

/// Each different plan, by one account that has it. No single one takes all the room.
fn plans(groups: &[&Group], sources: &SourceMap, most_bytes: usize) -> Part {
    let with_plan: Vec<&Group> =
        groups.iter().copied().filter(|group| group.state.shape().is_some()).collect();
    let shown = &with_plan[..with_plan.len().min(MOST_PLANS)];
    let room = most_bytes / (shown.len() + 1);
    let items = shown.iter().map(|group| plan(group, sources, room)).collect();
    let foot = match with_plan.len() - shown.len() {
        0 => String::new(),
        n => format!(
            "\n{}, each for no more accounts than these; `reconcile --dry-run` shows all\n",
            plural(n, "more plan")
        ),
    };
    Part { items, foot, ..list(String::new(), "plan", "\n") }
}

fn plan(group: &Group, sources: &SourceMap, most_bytes: usize) -> String {
    let like = match group.named.first() {
        Some(account) if group.n_accounts > 1 => format!(", such as in {}", code(account.as_str())),
        _ => String::new(),
    };
    let mut parts = vec![Part::always(format!("\n#### {}{like}\n", who(group)))];
    if let Some(plan) = &group.example {
        let report = RunReport::planned(plan.clone(), Bag::default());
        parts.extend(of_plan(&report, sources));
    }
    fit(&parts, most_bytes)
}

/// How many, and which if they are few.
fn who(group: &Group) -> String {
    who_by(group.n_accounts, &group.named, code)
}
