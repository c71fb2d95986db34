//! Many accounts as JSON: a line each, and one document about all of them, which is also the plan that
//! an apply can be held to.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::document;
use super::json::{FORMAT_VERSION, SummaryDto};
use crate::fleet::{Fleet, Group, Results, Shape, State, digest};
use crate::model::AccountId;
use crate::plan::Plan;

/// What was found in an account or came of it, in a word; why, and what was planned, where there is
/// something to say.
pub fn account_to_json(
    account: &AccountId,
    verdict: &str,
    why: Option<&str>,
    plan: Option<&Plan>,
) -> Json {
    let mut line = json!({ "account": account.as_str(), "verdict": verdict });
    if let Some(why) = why {
        line["error"] = why.into();
    }
    if let Some(plan) = plan {
        line["summary"] = json!(SummaryDto::of(plan));
    }
    line
}

/// All accounts, and what came of them if something was to be applied.
pub fn fleet_to_json(fleet: &Fleet<'_>, results: Option<&Results>) -> Json {
    let survey = fleet.survey;
    let count = |word: &str| survey.count(|state| state.as_str() == word);
    let groups = survey.groups();
    let mut document = json!({
        "format_version": FORMAT_VERSION,
        "environment": fleet.environment.as_str(),
        "livemode": fleet.mode.livemode(),
        "platform": fleet.platform.map(AccountId::as_str),
        "accounts": survey.n_accounts(),
        "digest": survey.digest(),
        "clean": count("clean"),
        "pending": count("pending"),
        "blocked": count("blocked"),
        "failed": count("failed"),
        "plans": groups.iter().filter_map(|group| plan(group)).collect::<Vec<_>>(),
        "failures": groups.iter().filter_map(|group| failure(group)).collect::<Vec<_>>(),
    });
    if let Some(results) = results {
        let mut counts = serde_json::Map::new();
        for (outcome, n, _) in results.iter() {
            let before = counts.get(outcome.as_str()).and_then(Json::as_u64).unwrap_or(0);
            counts.insert(outcome.as_str().to_owned(), (before + n as u64).into());
        }
        document["results"] = counts.into();
    }
    json!({ "fleet": document })
}

/// What is to be done in a group of accounts.
fn plan(group: &Group) -> Option<Json> {
    Some(json!({
        "plan": group.state.shape()?.to_string(),
        "verdict": group.state.as_str(),
        "accounts": group.n_accounts,
        "such_as": such_as(group),
        "summary": SummaryDto::of(group.example.as_ref()?),
    }))
}

/// Why a group of accounts can't be planned.
fn failure(group: &Group) -> Option<Json> {
    let State::Failed(why) = &group.state else { return None };
    Some(json!({ "error": why, "accounts": group.n_accounts, "such_as": such_as(group) }))
}

fn such_as(group: &Group) -> Vec<&str> {
    group.named.iter().map(AccountId::as_str).collect()
}

/// The plans of many accounts that somebody has reviewed.
#[derive(Debug)]
pub struct ReviewedFleet {
    plans: BTreeSet<String>,
}

#[derive(Deserialize)]
struct FleetDto {
    digest: String,
    plans: Vec<PlanDto>,
}

#[derive(Deserialize)]
struct PlanDto {
    plan: String,
}

impl ReviewedFleet {
    /// Reads what `--plan-out` wrote.
    ///
    /// Returns an error that says why it is no plan of many accounts.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document = document::parse(text)?;
        if document.get("actions").is_some() {
            return Err("it is the plan of one account".to_owned());
        }
        let fleet = &document["fleet"];
        document::check_version(fleet)?;
        let fleet = FleetDto::deserialize(fleet).map_err(|error| error.to_string())?;
        let mut plans: BTreeSet<String> = fleet.plans.into_iter().map(|it| it.plan).collect();
        plans.remove(&Shape::LOCKFILE.to_string());
        if fleet.digest != digest(&plans) {
            return Err("its plans are not those that its digest stands for".to_owned());
        }
        Ok(Self { plans })
    }

    /// True if a plan of this shape was reviewed, or writes nothing that could be. A shape says for
    /// which environment it is.
    pub fn has(&self, shape: Shape) -> bool {
        shape == Shape::LOCKFILE || self.plans.contains(&shape.to_string())
    }
}
