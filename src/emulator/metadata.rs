//! Metadata: the user's own names and texts, on every object of Stripe's.

use std::collections::BTreeMap;

use super::error::ApiError;
use super::form::{Node, Table};
use super::parameter::Parameter;
use super::params::{Edit, Params};

/// The metadata of an object.
pub(super) type Metadata = BTreeMap<String, String>;

/// What a request asks for: a text for a key, or the empty text that deletes it.
pub(super) type Entries = Vec<(String, String)>;

// Stripe's documented limits of metadata.
const MAX_KEYS: usize = 50;
const MAX_KEY: usize = 40;
const MAX_VALUE: usize = 500;

/// Reads metadata that can be dropped as a whole by the empty string.
pub(super) fn edit(params: &mut Params<'_>) -> Edit<Entries> {
    let entries = params.edit("metadata");
    entries.map(|Whole(entries)| entries)
}

/// Reads metadata that can't be dropped as a whole.
pub(super) fn get(params: &mut Params<'_>) -> Edit<Entries> {
    Edit::from(params.get::<Whole>("metadata").map(|Whole(entries)| entries))
}

/// Merges by key, or drops everything.
pub(super) fn apply(edit: Edit<Entries>, metadata: &mut Metadata) -> Result<(), ApiError> {
    match edit {
        Edit::Keep => {}
        Edit::Clear => metadata.clear(),
        Edit::Set(entries) => {
            for (key, value) in entries {
                if value.is_empty() {
                    metadata.remove(&key);
                } else {
                    metadata.insert(key, value);
                }
            }
        }
    }
    if metadata.len() > MAX_KEYS {
        let n_keys = metadata.len();
        return Err(ApiError::invalid(format!(
            "Metadata can have up to {MAX_KEYS} keys, but this object would have {n_keys}."
        ))
        .param("metadata"));
    }
    Ok(())
}

struct Whole(Entries);

impl Parameter for Whole {
    fn read(params: &Params<'_>, node: Node, path: &str) -> Option<Self> {
        let Node::Table(fields) = node else {
            params.problem(ApiError::invalid("Invalid object").param(path));
            return None;
        };
        match entries(fields, path) {
            Ok(entries) => Some(Self(entries)),
            Err(problem) => {
                params.problem(problem);
                None
            }
        }
    }
}

fn entries(fields: Table, path: &str) -> Result<Entries, ApiError> {
    let read = |(key, node): (String, Node)| {
        let param = format!("{path}[{key}]");
        let Node::Text(value) = node else {
            return Err(ApiError::invalid(
                "Metadata keys can't contain square brackets, and metadata values must be strings.",
            )
            .param(param));
        };
        let (n_key, n_value) = (key.chars().count(), value.chars().count());
        if n_key > MAX_KEY {
            return Err(ApiError::invalid(format!(
                "Metadata keys can have up to {MAX_KEY} characters, but you passed in a key that \
                 is {n_key} characters. Invalid key: {key}"
            ))
            .param(param));
        }
        if n_value > MAX_VALUE {
            return Err(ApiError::invalid(format!(
                "Metadata values can have up to {MAX_VALUE} characters, but you passed in a value \
                 that is {n_value} characters. Invalid value: {value}"
            ))
            .param(param));
        }
        Ok((key, value))
    };
    fields.into_iter().map(read).collect()
}
