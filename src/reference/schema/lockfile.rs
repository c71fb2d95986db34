use serde_json::{Value as Json, json};

use super::DIALECT;
use crate::reference::settings::NAME;

/// A lockfile, of the version that this program writes.
pub(super) fn schema() -> Json {
    json!({
        "$schema": DIALECT,
        "description": "Maps the roles of an environment to the ids of their portal configurations.",
        "type": "object",
        "properties": {
            "lockfile_version": { "const": 1 },
            "environment": {
                "description": "The environment whose ids these are.",
                "type": "string",
                "pattern": NAME,
                "examples": ["test"],
            },
            "account": {
                "description": "The account whose ids these are; null where the key can't tell and the settings don't say.",
                "type": ["string", "null"],
                "pattern": "^acct_[A-Za-z0-9_]+$",
                "examples": ["acct_1ABC"],
            },
            "livemode": {
                "description": "Whether the ids are of the account's live mode.",
                "type": "boolean",
            },
            "roles": {
                "description": "The id of each role's configuration, which apps pass to `billing_portal/sessions`.",
                "type": "object",
                "propertyNames": { "pattern": NAME },
                "additionalProperties": { "type": "string", "pattern": "^bpc_[A-Za-z0-9_]+$" },
                "examples": [{ "admin": "bpc_1ABC", "viewer": "bpc_1DEF" }],
            },
        },
        "required": ["lockfile_version", "environment", "account", "livemode", "roles"],
        "additionalProperties": false,
    })
}
