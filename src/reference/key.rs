//! The keys that files may have.

use serde_json::Value as Json;

use super::{fields, ours, settings, shape};

/// The file that a key belongs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// A role's file.
    Role,
    /// `reconcile.yaml`.
    Settings,
}

impl Home {
    /// The file, in words.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Role => "a role's file",
            Self::Settings => "`reconcile.yaml`",
        }
    }
}

/// A key, and what there is to say about it.
#[derive(Debug, Clone)]
pub struct Key {
    /// The file that it belongs in.
    pub home: Home,
    /// The keys from the outside in, joined by dots. `[]` stands behind lists of mappings, and
    /// `<name>` for a key that the user chooses.
    pub path: String,
    /// What it does. For Stripe's parameters, what customers see of it.
    pub about: &'static str,
    /// What it can be.
    pub value: String,
    /// What counts without it.
    pub default: String,
    /// How to get rid of what it once set.
    pub unset: &'static str,
    /// When it counts, if not always.
    pub counts: Option<String>,
    /// The version of Stripe's API that brought it, if it is Stripe's.
    pub since: Option<&'static str>,
    /// A file that has it.
    pub example: &'static str,
    /// What it can be, as JSON Schema, unless that follows from the keys inside.
    pub shape: Option<Json>,
    /// True if its mapping means nothing without it.
    pub is_required: bool,
}

impl Key {
    /// A key that can be switched on, of which nothing else is said.
    pub(super) fn new(home: Home, path: impl Into<String>, about: &'static str) -> Self {
        Self {
            home,
            path: path.into(),
            about,
            value: "`true` or `false`".to_owned(),
            default: "none".to_owned(),
            unset: "remove it",
            counts: None,
            since: None,
            example: "",
            shape: Some(shape::flag()),
            is_required: false,
        }
    }

    pub(super) fn holds(self, value: impl Into<String>, shape: Json) -> Self {
        Self { value: value.into(), shape: Some(shape), ..self }
    }

    /// It is what the keys inside make of it.
    pub(super) fn holds_keys(self, value: &str) -> Self {
        Self { value: value.to_owned(), shape: None, ..self }
    }

    pub(super) fn default(self, default: &str) -> Self {
        Self { default: default.to_owned(), ..self }
    }

    pub(super) fn unset(self, unset: &'static str) -> Self {
        Self { unset, ..self }
    }

    pub(super) fn counts(self, counts: &str) -> Self {
        Self { counts: Some(counts.to_owned()), ..self }
    }

    pub(super) fn since(self, since: &'static str) -> Self {
        Self { since: Some(since), ..self }
    }

    pub(super) fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    pub(super) fn required(self) -> Self {
        Self { is_required: true, ..self }
    }
}

/// All keys: Stripe's, in the order in which plans show them, then ours, then those of
/// `reconcile.yaml`.
pub fn keys() -> Vec<Key> {
    let mut keys = fields::keys();
    keys.extend(ours::keys());
    keys.extend(settings::keys());
    keys
}
