//! The file: one JSON document, with Stripe's objects as they came.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Raised only when a field changes its meaning or goes away.
const FORMAT_VERSION: u32 = 1;

/// What an account had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    format_version: u32,
    /// When it was taken, as in `2026-11-22T18:00:00Z`.
    pub taken_at: String,
    /// The name of the environment that it was taken for.
    pub environment: String,
    /// Which side of the account it is.
    pub livemode: bool,
    /// The account, unless the key could not tell.
    pub account: Option<String>,
    /// Stripe's objects, by id.
    pub configurations: Vec<Json>,
    /// Stripe's objects, by id: the active ones, and whatever else was asked for.
    pub prices: Vec<Json>,
    /// Stripe's objects, by id: the active ones, unless the key may not see them.
    #[serde(default)]
    pub products: Vec<Json>,
}

/// What snapshots of all versions have.
#[derive(Deserialize)]
struct Head {
    format_version: u32,
}

/// Why a text is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SavedError {
    /// Not the JSON that it should be.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// Written by another version of this program.
    #[error("its format is {0}, and this program's is {FORMAT_VERSION}")]
    Version(u32),
}

impl Saved {
    /// What was recorded, with when and for what.
    pub(super) fn new(
        taken_at: String,
        environment: String,
        livemode: bool,
        account: Option<String>,
        mut configurations: Vec<Json>,
        mut prices: Vec<Json>,
        mut products: Vec<Json>,
    ) -> Self {
        let id = |json: &Json| json.get("id").and_then(Json::as_str).map(str::to_owned);
        for objects in [&mut configurations, &mut prices, &mut products] {
            objects.sort_by_key(id);
            objects.dedup_by_key(|json| id(json));
        }
        let format_version = FORMAT_VERSION;
        Self {
            format_version,
            taken_at,
            environment,
            livemode,
            account,
            configurations,
            prices,
            products,
        }
    }

    /// Reads a file's text.
    pub fn parse(text: &str) -> Result<Self, SavedError> {
        // First, as another version has other fields.
        match serde_json::from_str(text)? {
            Head { format_version: FORMAT_VERSION } => Ok(serde_json::from_str(text)?),
            Head { format_version } => Err(SavedError::Version(format_version)),
        }
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("texts, numbers and lists are JSON");
        crate::text::json(text + "\n")
    }
}
