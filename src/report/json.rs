//! The report as JSON: a published, versioned document that doesn't change when the program inside
//! does.

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::{Effect, RunReport, Weight};
use crate::apply::{Outcome, StepResult};
use crate::diagnostic::{Bag, Diagnostic};
use crate::model::{API_VERSION, ConfigurationId, Owner, Quantity, Role, Value};
use crate::plan::{Blocker, Cause, FieldChange, LockChange, Note, Plan, Retirement, RolePlan};
use crate::source::SourceMap;

/// Raised only when a field changes its meaning or goes away.
pub(super) const FORMAT_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format_version: u32,
    environment: String,
    account: Option<String>,
    livemode: bool,
    api_version: &'static str,
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<&'a str>,
    verdict: &'static str,
    summary: SummaryDto,
    effects: Vec<Json>,
    #[serde(serialize_with = "actions")]
    actions: &'a Plan,
    lockfile: Vec<Json>,
    blockers: Vec<Json>,
    notes: Vec<Json>,
    diagnostics: Vec<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<Json>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lockfile_error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<Vec<Json>>,
}

#[derive(Serialize)]
pub(super) struct SummaryDto {
    create: usize,
    adopt: usize,
    update: usize,
    reactivate: usize,
    deactivate: usize,
    unchanged: usize,
    drifted: usize,
    blocked: usize,
}

impl SummaryDto {
    pub(super) fn of(plan: &Plan) -> Self {
        let summary = plan.summary();
        Self {
            create: summary.create,
            adopt: summary.adopt,
            update: summary.update,
            reactivate: summary.reactivate,
            deactivate: summary.deactivate,
            unchanged: summary.unchanged,
            drifted: summary.drifted,
            blocked: summary.blocked,
        }
    }
}

/// The report as one JSON document, ending in a newline.
pub fn to_json(report: &RunReport, sources: &SourceMap) -> String {
    let plan = &report.plan;
    let apply = report.apply.as_ref();
    let document = Document {
        format_version: FORMAT_VERSION,
        environment: plan.environment.to_string(),
        account: plan.account.as_ref().map(ToString::to_string),
        livemode: plan.mode.livemode(),
        api_version: API_VERSION,
        digest: report.digest(),
        as_of: report.as_of.as_deref(),
        verdict: report.verdict().as_str(),
        summary: SummaryDto::of(plan),
        effects: all_effects(report),
        actions: plan,
        lockfile: plan.lock_changes.iter().map(lock_change).collect(),
        blockers: plan.blockers.iter().map(blocker).collect(),
        notes: plan.notes.iter().map(note).collect(),
        diagnostics: diagnostics(&report.diagnostics, sources),
        results: apply.map(|apply| apply.outcomes.iter().map(outcome).collect()),
        lockfile_error: apply.and_then(|apply| apply.lock_error.clone()),
        remaining: report.remaining.as_ref().map(|plan| pending_actions(plan).collect()),
    };
    to_text(&document)
}

/// The document of a run that could not make a plan, or was not allowed to apply it.
pub fn failure_to_json(
    message: &str,
    details: &[String],
    help: Option<&str>,
    exit_code: u8,
    files: Option<(&Bag, &SourceMap)>,
) -> String {
    to_text(&json!({
        "format_version": FORMAT_VERSION,
        "error": { "message": message, "details": details, "help": help, "exit_code": exit_code },
        "diagnostics": files.map(|(bag, sources)| diagnostics(bag, sources)).unwrap_or_default(),
    }))
}

fn to_text(document: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(document).expect("texts, numbers and lists are JSON");
    text.push('\n');
    crate::text::json(text)
}

fn diagnostics(bag: &Bag, sources: &SourceMap) -> Vec<Json> {
    bag.sorted().into_iter().map(|it| diagnostic(it, sources)).collect()
}

/// What customers will notice; where there is a base, each says whether it is the base's.
fn all_effects(report: &RunReport) -> Vec<Json> {
    let (own, of_base) = report.effects();
    let own = own.iter().map(|it| (it, false));
    let all = own.chain(of_base.iter().map(|it| (it, true)));
    let document = |(it, is_of_base): (&Effect, bool)| {
        let mut document = json!({
            "roles": it.roles.iter().map(Role::as_str).collect::<Vec<_>>(),
            "danger": it.weight == Weight::Danger,
            "sentences": it.sentences,
        });
        if report.base.is_some() {
            document["of_base"] = is_of_base.into();
        }
        document
    };
    all.map(document).collect()
}

/// What is to be done, one after the other: most of the document is here.
fn actions<S: Serializer>(plan: &Plan, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(all_actions(plan.roles.iter(), plan))
}

/// What there is to do, without the roles about which nothing is.
pub(super) fn pending_actions(plan: &Plan) -> impl Iterator<Item = Json> {
    all_actions(plan.pending(), plan)
}

/// What is to be done about these roles, and about what goes out of use.
fn all_actions<'p>(
    roles: impl Iterator<Item = &'p RolePlan>,
    plan: &'p Plan,
) -> impl Iterator<Item = Json> {
    roles.map(action).chain(plan.retired.iter().map(retirement))
}

fn retirement(retirement: &Retirement) -> Json {
    json!({
        "role": retirement.role.as_str(),
        "action": retirement.action().as_str(),
        "id": retirement.id.as_str(),
        "activates": false,
        "activates_cause": null,
        "default": false,
        "changes": [],
    })
}

fn action(plan: &RolePlan) -> Json {
    json!({
        "role": plan.role.as_str(),
        "action": plan.action.as_str(),
        "id": plan.action.id().map(|id| id.as_str()),
        "activates": plan.activates,
        "activates_cause": plan.deactivated_outside.then_some(Cause::Drifted.as_str()),
        "default": plan.is_default,
        "changes": plan.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &FieldChange) -> Json {
    json!({
        "path": change.path.to_string(),
        "before": value(change.before.as_ref()),
        "after": value(change.after.as_ref()),
        "cause": change.cause.as_str(),
    })
}

fn value(value: Option<&Value>) -> Json {
    match value {
        None => Json::Null,
        Some(Value::Flag(flag)) => json!(flag),
        Some(Value::Text(text)) => json!(text),
        Some(Value::Set(members)) => json!(members),
        Some(Value::Intervals(intervals)) => intervals
            .iter()
            .map(|it| json!({ "interval": it.unit.as_str(), "interval_count": it.count }))
            .collect(),
        Some(Value::Unknown(text)) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        Some(Value::Quantity(Quantity::Fixed)) => json!({ "enabled": false }),
        Some(Value::Quantity(Quantity::Adjustable { minimum, maximum })) => {
            json!({ "enabled": true, "minimum": minimum, "maximum": maximum })
        }
    }
}

fn lock_change(change: &LockChange) -> Json {
    match change {
        LockChange::Role { role, before, after } => json!({
            "role": role.as_str(),
            "before": before.as_ref().map(|id| id.as_str()),
            "after": after.as_ref().map(|id| id.as_str()),
        }),
        LockChange::Account { before, after } => json!({
            "role": null,
            "before": before.as_ref().map(|account| account.as_str()),
            "after": after.as_ref().map(|account| account.as_str()),
        }),
    }
}

fn blocker(blocker: &Blocker) -> Json {
    json!({ "code": blocker.code(), "message": blocker.to_string(), "help": blocker.help() })
}

fn note(note: &Note) -> Json {
    match note {
        Note::Orphan { role, id, is_default } => json!({
            "note": "orphan",
            "role": role.as_str(),
            "id": id.as_str(),
            "active": true,
            "default": is_default,
        }),
        Note::Leftovers(leftovers) => {
            json!({ "note": "leftovers", "configurations": configurations(leftovers) })
        }
        Note::Spares(spares) => {
            json!({ "note": "spares", "configurations": configurations(spares) })
        }
        Note::Foreign { count } => json!({ "note": "foreign", "count": count }),
        Note::ForeignDefault { id, owner } => {
            json!({ "note": "foreign-default", "id": id.as_str(), "owner": owner_word(owner) })
        }
        Note::Kept { role, field, value } => json!({
            "note": "kept",
            "role": role.as_str(),
            "path": field.path(),
            "value": self::value(Some(value)),
        }),
        Note::NewFields { paths } => json!({ "note": "new-fields", "paths": paths }),
        Note::IdleUnmanaged { role, paths } => {
            json!({ "note": "idle-unmanaged", "role": role.as_str(), "paths": paths })
        }
        Note::Unmanaged { role, paths } => {
            json!({ "note": "unmanaged", "role": role.as_str(), "paths": paths })
        }
    }
}

fn configurations(all: &[(Role, ConfigurationId)]) -> Vec<Json> {
    let one =
        |(role, id): &(Role, ConfigurationId)| json!({ "role": role.as_str(), "id": id.as_str() });
    all.iter().map(one).collect()
}

fn owner_word(owner: &Owner) -> &'static str {
    match owner {
        Owner::Marked { .. } => "project",
        Owner::Application(_) => "application",
        Owner::Unreadable => "unreadable",
        Owner::Unmarked => "unmarked",
    }
}

fn diagnostic(diagnostic: &Diagnostic, sources: &SourceMap) -> Json {
    let (line, column) = sources.position(diagnostic.at);
    json!({
        "code": diagnostic.code.as_str(),
        "severity": diagnostic.code.severity().as_str(),
        "message": diagnostic.message,
        "file": sources.file(diagnostic.at.file).path,
        "line": line,
        "column": column,
        "help": diagnostic.help,
    })
}

fn outcome(outcome: &Outcome) -> Json {
    let result = &outcome.result;
    let (id, error) = match result {
        StepResult::Unchanged => (outcome.action.id(), None),
        StepResult::Done(id) => (Some(id), None),
        StepResult::NotAsAsked { id, differences } => {
            let error = format!("Stripe stored something else at {}", differences.join(", "));
            (Some(id), Some(error))
        }
        StepResult::Failed(error) => (outcome.action.id(), Some(error.to_string())),
        StepResult::NotAttempted(why_not) => {
            (outcome.action.id(), Some(why_not.as_str().to_owned()))
        }
    };
    json!({
        "role": outcome.role.as_str(),
        "action": outcome.action.as_str(),
        "result": result.as_str(),
        "id": id.map(|id| id.as_str()),
        "request_id": outcome.request_id,
        "attempts": outcome.effort.attempts,
        "error": error,
        "next": result.next(),
    })
}
