use serde_json::{Value as Json, json};

use super::DIALECT;
use crate::model::API_VERSION;

/// What `--format json` prints: a plan, what came of it, or why there is none.
pub(super) fn schema() -> Json {
    json!({
        "$schema": DIALECT,
        "description": "What `reconcile --format json` prints: a plan and, after an apply, what came of it; or why there is none.",
        "anyOf": [{ "$ref": "#/$defs/report" }, { "$ref": "#/$defs/failure" }],
        "$defs": {
            "report": report(),
            "failure": failure(),
            "effect": effect(),
            "action": action(),
            "change": change(),
            "value": value(),
            "lock_change": lock_change(),
            "blocker": closed(json!({
                "code": word("What `reconcile explain` explains."),
                "message": text("What is wrong."),
                "help": text("The way out."),
            })),
            "note": note(),
            "diagnostic": diagnostic(),
            "result": result(),
        },
    })
}

/// An object that always has all of these, and nothing else.
pub(super) fn closed(properties: Json) -> Json {
    let names: Vec<String> =
        properties.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

/// Like [`closed`], but these may be missing.
pub(super) fn with_optional(mut object: Json, optional: Json) -> Json {
    if let (Some(properties), Json::Object(optional)) =
        (object["properties"].as_object_mut(), optional)
    {
        properties.extend(optional);
    }
    object
}

fn list_of(name: &str, about: &str) -> Json {
    json!({ "description": about, "type": "array", "items": { "$ref": format!("#/$defs/{name}") } })
}

pub(super) fn text(about: &str) -> Json {
    json!({ "description": about, "type": "string" })
}

fn number(about: &str, least: u64) -> Json {
    json!({ "description": about, "type": "integer", "minimum": least })
}

pub(super) fn text_or_null(about: &str) -> Json {
    json!({ "description": about, "type": ["string", "null"] })
}

pub(super) fn flag(about: &str) -> Json {
    json!({ "description": about, "type": "boolean" })
}

/// A stable word, of which later versions may have more.
fn word(about: &str) -> Json {
    json!({ "description": about, "type": "string", "pattern": "^[a-z-]+$" })
}

/// The parts of the document of a run that failed, by the names that they refer to each other by.
pub(super) fn failure_parts() -> (Json, Json) {
    (failure(), diagnostic())
}

pub(super) fn count() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

pub(super) fn digest(about: &str) -> Json {
    json!({ "description": about, "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" })
}

/// How many roles there is what to do about.
pub(super) fn summary() -> Json {
    let names = [
        "create",
        "adopt",
        "update",
        "reactivate",
        "deactivate",
        "unchanged",
        "drifted",
        "blocked",
    ];
    let counts = names.map(|name| (name.to_owned(), count()));
    closed(Json::Object(counts.into_iter().collect()))
}

fn report() -> Json {
    with_optional(
        closed(json!({
            "format_version": { "description": "Raised only when a key changes its meaning or goes away.", "const": 1 },
            "environment": text("The environment."),
            "account": text_or_null("The account, unless the key may not know."),
            "livemode": flag("Whether it is the account's live mode."),
            "api_version": { "description": "The version of Stripe's API.", "type": "string", "examples": [API_VERSION] },
            "digest": digest("Of everything the plan does; what `--expect-digest` takes."),
            "verdict": {
                "description": "The run in a word.",
                "enum": ["clean", "pending", "blocked", "applied", "failed", "partly", "interrupted"],
            },
            "summary": summary(),
            "effects": list_of("effect", "What customers will notice, danger first; with `--base`, first what is not the base's."),
            "actions": list_of("action", "What is to be done about each role."),
            "lockfile": list_of("lock_change", "Where the lockfile doesn't say what it should."),
            "blockers": list_of("blocker", "What stops an apply before its first write."),
            "notes": list_of("note", "What is worth knowing."),
            "diagnostics": list_of("diagnostic", "Problems of the files."),
        })),
        json!({
            "as_of": text("How old the account is that was planned against, if it was a saved one."),
            "results": list_of("result", "What came of each role, if something was applied."),
            "lockfile_error": text("Why the lockfile could not be written."),
            "remaining": list_of("action", "What was still to be done after that."),
        }),
    )
}

fn failure() -> Json {
    closed(json!({
        "format_version": { "const": 1 },
        "error": closed(json!({
            "message": text("What is wrong."),
            "details": { "description": "What belongs to it, such as what has moved since a plan was reviewed.", "type": "array", "items": { "type": "string" } },
            "help": text_or_null("The way out."),
            "exit_code": { "description": "The program's.", "type": "integer" },
        })),
        "diagnostics": list_of("diagnostic", "Problems of the files."),
    }))
}

fn effect() -> Json {
    with_optional(
        closed(json!({
            "roles": { "type": "array", "items": { "type": "string" } },
            "danger": flag("Whether it needs care."),
            "sentences": {
                "description": "What is going to be true, in English.",
                "type": "array",
                "items": { "type": "string" },
            },
        })),
        json!({ "of_base": flag("With `--base`: whether it is going to be true without the change, too.") }),
    )
}

fn action() -> Json {
    closed(json!({
        "role": text("The role."),
        "action": { "enum": ["create", "adopt", "update", "reactivate", "deactivate", "none"] },
        "id": text_or_null("Its configuration, if there is one."),
        "activates": flag("Whether an inactive one becomes active."),
        "default": flag("Whether it is, or becomes, the account's default."),
        "changes": list_of("change", "Where the configuration is not what is wanted."),
    }))
}

fn change() -> Json {
    closed(json!({
        "path": {
            "description": "Stripe's parameter.",
            "type": "string",
            "examples": ["features.subscription_cancel.mode"],
        },
        "before": { "$ref": "#/$defs/value" },
        "after": { "$ref": "#/$defs/value" },
        "cause": {
            "description": "Whether the file was edited, the account drifted, both, or neither was there before.",
            "enum": ["edited", "drifted", "both", "moved", "new"],
        },
    }))
}

fn value() -> Json {
    let number = json!({ "type": "integer", "minimum": 0 });
    json!({
        "description": "A flag, a text, a list without order, lengths of time, a range of quantities, or null for nothing.",
        "anyOf": [
            { "type": ["boolean", "string", "null"] },
            { "type": "array", "items": { "type": "string" } },
            { "type": "array", "items": closed(json!({ "interval": { "type": "string" }, "interval_count": number })) },
            with_optional(
                closed(json!({ "enabled": { "type": "boolean" } })),
                json!({ "minimum": number, "maximum": { "type": ["integer", "null"] } }),
            ),
        ],
    })
}

fn lock_change() -> Json {
    closed(json!({
        "role": text_or_null("The role, or null for the account."),
        "before": text_or_null("What the lockfile says."),
        "after": text_or_null("What it should say."),
    }))
}

fn note() -> Json {
    json!({
        "type": "object",
        "properties": { "note": word("Which one; what else there is follows from it.") },
        "required": ["note"],
    })
}

fn diagnostic() -> Json {
    closed(json!({
        "code": word("What `reconcile explain` explains."),
        "severity": { "enum": ["error", "warning"] },
        "message": text("What is wrong."),
        "file": text("The file."),
        "line": number("From 1.", 1),
        "column": number("From 1, in characters.", 1),
        "help": text_or_null("What to do."),
    }))
}

fn result() -> Json {
    closed(json!({
        "role": text("The role."),
        "action": { "enum": ["create", "adopt", "update", "reactivate", "none"] },
        "result": {
            "description": "What came of it. After `effect-unknown`, the next run looks at the account again.",
            "enum": ["unchanged", "done", "not-as-asked", "refused", "failed", "effect-unknown", "not-attempted"],
        },
        "id": text_or_null("The configuration."),
        "request_id": text_or_null("Stripe's, for its support."),
        "attempts": number("How often the request was tried; 0 if there was none.", 0),
        "error": text_or_null("Why."),
        "next": text_or_null("What that means for the account, and what the next run does about it."),
    }))
}
