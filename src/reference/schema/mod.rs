//! JSON Schemas of what people write and programs read.
//!
//! They are for editors and other programs. This program's own checks say more, and say it better.

mod fleet;
mod lockfile;
mod plan;
mod settings;
mod tree;

use serde_json::Value as Json;

use super::key::Home;

/// A document that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// A role's file.
    Config,
    /// `reconcile.yaml`.
    Settings,
    /// A lockfile.
    Lockfile,
    /// What `--format json` prints.
    Plan,
    /// What it prints of many accounts, a line each.
    Fleet,
}

impl Document {
    /// Its schema, as text that ends in a newline.
    pub fn schema(self) -> String {
        let schema = match self {
            Self::Config => config(),
            Self::Settings => settings::schema(),
            Self::Lockfile => lockfile::schema(),
            Self::Plan => plan::schema(),
            Self::Fleet => fleet::schema(),
        };
        let mut text = serde_json::to_string_pretty(&schema).expect("it is JSON");
        text.push('\n');
        text
    }
}

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

fn config() -> Json {
    let mut schema = tree::of(Home::Role);
    let about = "A role's file: what customers of this role may do in Stripe's customer portal.";
    tree::describe(&mut schema, about);
    with_dialect(schema)
}

/// The same schema, saying first what it is written in.
fn with_dialect(schema: Json) -> Json {
    let mut whole = serde_json::Map::new();
    whole.insert("$schema".to_owned(), DIALECT.into());
    if let Json::Object(rest) = schema {
        whole.extend(rest);
    }
    Json::Object(whole)
}
