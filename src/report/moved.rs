//! What has moved since a plan was reviewed, by the document that a dry run wrote.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;

use super::document;
use super::json::pending_actions;
use crate::plan::{Plan, plan_digest};
use crate::text::{clean, shown};

/// A plan that somebody has reviewed.
#[derive(Debug, Clone, Deserialize)]
pub struct Reviewed {
    environment: String,
    account: Option<String>,
    livemode: bool,
    /// What was to be applied, in short.
    pub digest: String,
    actions: Vec<Action>,
}

/// What was to be done about a role.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Action {
    role: String,
    action: String,
    id: Option<String>,
    activates: bool,
    default: bool,
    changes: Vec<Change>,
}

#[derive(Debug, Clone, Deserialize)]
struct Change {
    path: String,
    before: Json,
    after: Json,
    cause: String,
}

/// Why something changes is not what is agreed to.
impl PartialEq for Change {
    fn eq(&self, other: &Self) -> bool {
        let Self { path, before, after, cause: _ } = self;
        (path, before, after) == (&other.path, &other.before, &other.after)
    }
}

impl Reviewed {
    /// Reads what `--plan-out` or `--format json` wrote.
    ///
    /// Returns an error that says why it is no plan.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document = document::parse(text)?;
        if document.get("fleet").is_some() {
            return Err("it is the plan of many accounts".to_owned());
        }
        document::check_version(&document)?;
        let mut reviewed: Self =
            serde_json::from_value(document).map_err(|error| error.to_string())?;
        reviewed.actions.retain(|it| it.action != "none");
        Ok(reviewed)
    }

    /// What a plan would do otherwise than this one, a line each. Empty only if it does the very
    /// same.
    pub fn moved(&self, plan: &Plan) -> Vec<String> {
        let mut lines = Vec::new();
        let side = |livemode| if livemode { "live" } else { "test" };
        let now_account = plan.account.as_ref().map(|account| account.as_str());
        lines.extend(differs("environment", &self.environment, plan.environment.as_str()));
        let account = self.account.as_deref().unwrap_or("unknown");
        lines.extend(differs("account", account, now_account.unwrap_or("unknown")));
        lines.extend(differs("mode", side(self.livemode), side(plan.mode.livemode())));
        let now: Vec<Action> = pending_actions(plan)
            .map(|it| serde_json::from_value(it).expect("this is how it is written"))
            .collect();
        let by_role = |actions: &[Action]| -> BTreeMap<(String, Option<String>), Action> {
            let keyed = |it: &Action| ((it.role.clone(), it.id.clone()), it.clone());
            actions.iter().map(keyed).collect()
        };
        let (then, now) = (by_role(&self.actions), by_role(&now));
        let roles: BTreeSet<_> = then.keys().chain(now.keys()).collect();
        for role in roles {
            lines.extend(of_role(&shown(&role.0), then.get(role), now.get(role)));
        }
        // The document's own digest is only right if nobody has edited it.
        let digest = plan_digest(plan);
        if lines.is_empty() && self.digest != digest {
            lines.extend(differs("digest", &self.digest, &digest));
        }
        lines
    }
}

fn differs(what: &str, then: &str, now: &str) -> Option<String> {
    (then != now).then(|| format!("{what}: reviewed {}, now {}", shown(then), shown(now)))
}

fn of_role(role: &str, then: Option<&Action>, now: Option<&Action>) -> Vec<String> {
    let mut lines = Vec::new();
    let word =
        |action: Option<&Action>| action.map_or("nothing to do".to_owned(), |it| clean(&it.action));
    if word(then) != word(now) {
        lines.push(format!("{role}: reviewed {}, now {}", word(then), word(now)));
    }
    if let (Some(then), Some(now)) = (then, now) {
        let flags = [
            ("is the default", then.default, now.default),
            ("is activated", then.activates, now.activates),
        ];
        for (what, then, now) in flags {
            lines.extend(differs(&format!("{role} {what}"), &then.to_string(), &now.to_string()));
        }
    }
    let changes = |action: Option<&Action>| -> BTreeMap<String, Change> {
        let changes = action.map(|it| it.changes.clone()).unwrap_or_default();
        changes.into_iter().map(|it| (it.path.clone(), it)).collect()
    };
    let (then, now) = (changes(then), changes(now));
    let paths: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    for path in paths {
        lines.extend(of_path(role, &clean(path), then.get(path), now.get(path)));
    }
    lines
}

/// What the account has, what the file wants, and which of them has changed since the last apply.
fn of_path(role: &str, path: &str, then: Option<&Change>, now: Option<&Change>) -> Option<String> {
    if then == now {
        return None;
    }
    let arrow = |change: &Change| format!("{} → {}", value(&change.before), value(&change.after));
    let reviewed = then.map_or("no change".to_owned(), arrow);
    let why = |change: &Change| match change.cause.as_str() {
        "drifted" => "; the account has changed since the last apply",
        "edited" => "; the file has changed since the last apply",
        "both" => "; account and file have changed since the last apply",
        "moved" => "; a lookup key stands for another price",
        _ => "",
    };
    let now = now.map_or("no change".to_owned(), |it| arrow(it) + why(it));
    Some(format!("{role} {path}: reviewed {reviewed}, now {now}"))
}

fn value(json: &Json) -> String {
    match json {
        Json::Null => "-".to_owned(),
        Json::String(text) => shown(text),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            clean(&json.to_string())
        }
    }
}
