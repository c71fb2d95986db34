//! A document that `--plan-out` wrote, read again.

use serde_json::Value as Json;

use super::json::FORMAT_VERSION;
use crate::text::clean;

/// The document, which must be about a plan and not about why there is none.
pub(super) fn parse(text: &str) -> Result<Json, String> {
    let document: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    match document.get("error") {
        None => Ok(document),
        Some(error) => {
            let message = error.get("message").and_then(Json::as_str).unwrap_or_default();
            Err(format!("it says that there was no plan: {}", clean(message)))
        }
    }
}

/// Returns an error if another version of this program has written it, which may have given it
/// another shape.
pub(super) fn check_version(document: &Json) -> Result<(), String> {
    match document.get("format_version").and_then(Json::as_u64) {
        Some(version) if version == u64::from(FORMAT_VERSION) => Ok(()),
        Some(version) => {
            Err(format!("its format is {version}, and this program's is {FORMAT_VERSION}"))
        }
        None => Err("it has no `format_version`".to_owned()),
    }
}
