//! Texts that are edited in place.

use portal_reconciler::edit::{edit as edited, tree};
use serde_json::Value as Json;

/// What a text says is what it says already; and whatever else is wanted, a text that could be
/// changed says it, and a second change changes nothing.
///
/// The text that is wanted comes behind a line `===`.
pub(crate) fn edit(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (text, wanted) = text.split_once("\n===\n").unwrap_or((text, ""));
    let Ok(says) = tree(text) else { return };
    match edited(text, &says) {
        Ok(same) => assert_eq!(same, text),
        Err(why) => assert!(why.path.len() <= text.len() * 2 + 100),
    }
    let Ok(wanted) = tree(wanted) else { return };
    if !wanted.is_object() {
        return;
    }
    let Ok(after) = edited(text, &wanted) else { return };
    let said = tree(&after).expect("it is YAML");
    assert_eq!(sorted(&said), sorted(&wanted), "{text}\n===\n{after}");
    assert_eq!(edited(&after, &wanted).as_deref(), Ok(after.as_str()));
}

/// Lists have no order, and neither have mappings.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Array(items) => {
            let mut items: Vec<Json> = items.iter().map(sorted).collect();
            items.sort_by_key(Json::to_string);
            Json::Array(items)
        }
        Json::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().map(|(k, v)| (k.clone(), sorted(v))).collect();
            fields.sort_by(|(a, _), (b, _)| a.cmp(b));
            Json::Object(fields.into_iter().collect())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => json.clone(),
    }
}
