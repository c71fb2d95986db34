use serde_json::{Value as Json, json};

use super::DIALECT;
use super::plan::{
    closed, count, digest, failure_parts, flag, summary, text, text_or_null, with_optional,
};

/// What `--format json` prints of many accounts, a line each, and the last one about all of them,
/// which `--plan-out` writes as well; or why there is nothing.
pub(super) fn schema() -> Json {
    let (failure, diagnostic) = failure_parts();
    json!({
        "$schema": DIALECT,
        "description": "A line of what `reconcile --format json` prints of many accounts, and what `--plan-out` writes of them: an account, all of them, or why nothing could be done.",
        "anyOf": [
            { "$ref": "#/$defs/account" },
            { "$ref": "#/$defs/fleet" },
            { "$ref": "#/$defs/failure" },
        ],
        "$defs": {
            "account": account(),
            "fleet": closed(json!({ "fleet": fleet() })),
            "failure": failure,
            "diagnostic": diagnostic,
        },
    })
}

const OUTCOMES: [&str; 6] = ["partly", "failed", "moved", "not-tried", "applied", "clean"];

fn account() -> Json {
    let verdicts = ["blocked", "pending"].iter().chain(&OUTCOMES);
    with_optional(
        closed(json!({
            "account": text("The account."),
            "verdict": {
                "description": "What was found in it, or what came of it.",
                "enum": verdicts.collect::<Vec<_>>(),
            },
        })),
        json!({
            "error": text("Why it failed, or was left alone."),
            "summary": summary(),
        }),
    )
}

fn fleet() -> Json {
    let results = OUTCOMES.map(|name| (name.to_owned(), count()));
    let results: serde_json::Map<String, Json> = results.into_iter().collect();
    let such_as = json!({
        "description": "The first few accounts, by id.",
        "type": "array",
        "items": { "type": "string" },
    });
    let plan = closed(json!({
        "plan": digest("Of what is done in each of these accounts, apart from ids."),
        "verdict": { "description": "Whether it can be done.", "enum": ["pending", "blocked"] },
        "accounts": count(),
        "such_as": such_as,
        "summary": summary(),
    }));
    let failure = closed(json!({ "error": text("Why."), "accounts": count(), "such_as": such_as }));
    with_optional(
        closed(json!({
            "format_version": { "description": "Raised only when a key changes its meaning or goes away.", "const": 1 },
            "environment": text("The environment."),
            "livemode": flag("Whether it is the accounts' live mode."),
            "platform": text_or_null("The account that they are connected to, unless the key may not know."),
            "accounts": count(),
            "digest": digest("Of all different plans; what `--expect-digest` takes."),
            "clean": count(),
            "pending": count(),
            "blocked": count(),
            "failed": count(),
            "plans": { "description": "Each different plan, the worst first.", "type": "array", "items": plan },
            "failures": { "description": "Why accounts can't be planned.", "type": "array", "items": failure },
        })),
        json!({ "results": {
            "description": "How many accounts there are of each outcome, if something was applied.",
            "type": "object",
            "properties": results,
            "additionalProperties": false,
        } }),
    )
}
