//! A report as Markdown, for a reviewer who reads it in a pull request: danger first, in customers'
//! words, then what each role's portal allows, then the fields.
//!
//! Nothing foreign is written but through [`escape`], and nothing but whole lines is left out.

mod budget;
mod changes;
mod escape;
mod fleet;
mod rights;

pub use fleet::fleet_to_markdown;

use budget::{Part, fit};
use escape::{code, fence, fence_around, prose};

use super::diagnostics::each_diagnostic;
use super::plan::NEVER;
use super::style::Styles;
use crate::diagnostic::Bag;
use crate::model::Role;
use crate::plan::{FieldChange, Plan, RolePlan};
use crate::report::{Effect, RunReport, Verdict, Weight};
use crate::source::SourceMap;
use crate::text::plural;

/// More roles than this are counted, not named.
const MOST_NAMES: usize = 6;

/// What a run came to, in at most so many bytes. `lockfile` is its path.
pub fn markdown(
    report: &RunReport,
    sources: &SourceMap,
    lockfile: &str,
    most_bytes: usize,
) -> String {
    let mut parts = vec![Part::always(heading(report))];
    parts.extend(
        report
            .apply
            .is_some()
            .then(|| apply_results(&super::outcome(report, lockfile, &Styles::default()))),
    );
    parts.extend(of_plan(report, sources));
    parts.push(Part::always(format!("\n<sub>Plan {}</sub>\n", code(&report.digest()))));
    fit(&parts, most_bytes)
}

/// What is to be done, danger first.
fn of_plan(report: &RunReport, sources: &SourceMap) -> Vec<Part> {
    let plan = &report.plan;
    let mut parts = vec![blockers(plan)];
    let (own, of_base) = report.effects();
    parts.extend(customers(&own));
    if plan.n_pending() > 0 {
        parts.push(rights::table(plan));
    }
    parts.push(changes::without_fields(plan));
    let is_own = |role: &RolePlan, it: &FieldChange| {
        !it.cause.is_drift() && !report.is_of_base(&role.role, it)
    };
    let title = if report.base.is_some() { OWN } else { "What the files change" };
    parts.push(changes::part(plan, title, is_own));
    parts.push(without_this(&of_base));
    parts.push(changes::part(plan, WAITING, |role, it| !it.cause.is_drift() && !is_own(role, it)));
    parts.push(changes::deactivated(plan));
    parts.push(changes::part(plan, DRIFT, |_, it| it.cause.is_drift()));
    parts.push(warnings(&report.diagnostics, sources));
    parts.push(notes(plan));
    parts
}

/// The report of a run that could make no plan. `environment` is empty where none is named.
pub fn failure_to_markdown(
    environment: &str,
    message: &str,
    details: &[String],
    help: Option<&str>,
    files: Option<(&Bag, &SourceMap)>,
    most_bytes: usize,
) -> String {
    let of =
        if environment.is_empty() { String::new() } else { format!(" for {}", prose(environment)) };
    let heading =
        format!("{}### Portal plan{of}: failed\n\n{}\n", marker(environment), prose(message));
    let mut parts = vec![Part::always(heading)];
    if !details.is_empty() {
        let items = details.iter().map(|detail| format!("- {}\n", code(detail))).collect();
        parts.push(Part { items, ..list("\n".to_owned(), "line", "- ") });
    }
    parts.extend(help.map(|help| Part::always(format!("\n{}\n", prose(help)))));
    if let Some((bag, sources)) = files {
        parts
            .push(Part { items: problems(bag, sources), ..list("\n".to_owned(), "problem", "\n") });
    }
    fit(&parts, most_bytes)
}

/// Problems of files, each in a fence of its own.
fn problems(bag: &Bag, sources: &SourceMap) -> Vec<String> {
    let problems = each_diagnostic(bag, sources, &Styles::default());
    problems.iter().map(|problem| fence("", problem)).collect()
}

fn warnings(bag: &Bag, sources: &SourceMap) -> Part {
    if bag.is_empty() {
        return Part::always(String::new());
    }
    let items = problems(bag, sources);
    let summary = plural(items.len(), "warning");
    let head = format!("\n<details><summary>{summary}</summary>\n\n");
    Part { items, foot: "\n</details>\n".to_owned(), ..list(head, "warning", "\n") }
}

/// What a comment is found by to be written anew.
fn marker(environment: &str) -> String {
    format!("<!-- reconcile:plan:{environment} -->\n")
}

const OWN: &str = "What this change of the files does";

const WAITING: &str = "Waiting to be applied, also without this change";

const DRIFT: &str = "Changed outside of the files: applying this puts it back";

/// Which account, and the counts: all that is certain to be read.
fn heading(report: &RunReport) -> String {
    let plan = &report.plan;
    let name = plan.environment.as_str();
    let account = match &plan.account {
        Some(account) => format!("account {}", code(account.as_str())),
        None => "an account that the key may not name".to_owned(),
    };
    let counts = super::plan::counts(plan, &Styles::default());
    let verdict = match report.verdict() {
        Verdict::Clean => ": nothing to do,",
        Verdict::Pending | Verdict::Blocked => ":",
        Verdict::Applied => ", applied:",
        Verdict::Failed => ", failed:",
        Verdict::Partly => ", partly applied:",
        Verdict::Interrupted => ", interrupted:",
    };
    let title = format!("Portal plan for {}{verdict} {counts}", prose(name));
    let as_of = report.as_of.as_ref().map(|it| format!(", **{}**", prose(it))).unwrap_or_default();
    format!("{}### {title}\n\n{account}, {} mode{as_of}\n", marker(name), plan.mode)
}

/// A list that is not there while it is empty.
fn list(head: String, noun: &'static str, bullet: &'static str) -> Part {
    Part { head, items: Vec::new(), noun, bullet, foot: String::new() }
}

fn blockers(plan: &Plan) -> Part {
    let item = |blocker: &crate::plan::Blocker| {
        let (message, help) = (prose(&blocker.to_string()), prose(&blocker.help()));
        format!("> - **{}**: {message}  \n>   {help}\n", blocker.code())
    };
    let items: Vec<String> = plan.blockers.iter().map(item).collect();
    let head = if items.is_empty() { "" } else { "\n> [!WARNING]\n> Nothing can be applied.\n" };
    Part { items, ..list(head.to_owned(), "reason", "> - ") }
}

/// What customers are going to notice.
fn customers(effects: &[Effect]) -> [Part; 2] {
    let of = |weight: Weight, bullet: &'static str| -> Vec<String> {
        effects
            .iter()
            .filter(|effect| effect.weight == weight)
            .map(|effect| format!("{bullet}{}\n", sentence(effect)))
            .collect()
    };
    let part = |head: &str, items: Vec<String>, bullet| {
        let head = if items.is_empty() { "" } else { head };
        Part { items, ..list(head.to_owned(), "effect", bullet) }
    };
    let danger = part("\n> [!CAUTION]\n", of(Weight::Danger, "> - "), "> - ");
    [danger, part("\n", of(Weight::Plain, "- "), "- ")]
}

/// What customers are going to notice whether or not this change is made.
fn without_this(effects: &[Effect]) -> Part {
    if effects.is_empty() {
        return Part::always(String::new());
    }
    let items = effects.iter().map(|effect| format!("- {}\n", sentence(effect))).collect();
    let summary = format!("{}, also without this change", plural(effects.len(), "effect"));
    let head = format!("\n<details><summary>{summary}</summary>\n\n");
    Part { items, foot: "\n</details>\n".to_owned(), ..list(head, "effect", "- ") }
}

fn sentence(effect: &Effect) -> String {
    let sentences: Vec<String> = effect.sentences.iter().map(|sentence| prose(sentence)).collect();
    format!("{}: {}", names(&effect.roles), sentences.join("; "))
}

/// All of a few roles, or the first and how many more.
fn names(roles: &[Role]) -> String {
    let n_named = if roles.len() <= MOST_NAMES { roles.len() } else { 2 };
    let named: Vec<String> = roles[..n_named].iter().map(|role| code(role.as_str())).collect();
    match roles.len() - n_named {
        0 => named.join(", "),
        n => format!("{} and {n} more", named.join(", ")),
    }
}

fn notes(plan: &Plan) -> Part {
    let lines = super::plan::note_lines(plan);
    let items: Vec<String> = lines.iter().map(|line| format!("- {}\n", prose(line))).collect();
    if items.is_empty() {
        return Part::always(String::new());
    }
    let head = format!("\n<details><summary>{}</summary>\n\n", plural(items.len(), "note"));
    Part { items, foot: "\n</details>\n".to_owned(), ..list(head, "note", "- ") }
}

/// What came of an apply.
fn apply_results(outcome: &str) -> Part {
    let items = outcome.lines().map(|line| format!("{line}\n")).collect();
    let fence = fence_around(outcome);
    let foot = format!("{fence}\n");
    Part { items, foot, ..list(format!("\n{fence}text\n"), "line", "") }
}
