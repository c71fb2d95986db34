//! JSON Schemas of what people write and programs read.
//!
//! They are for editors and other programs. This program's own checks say more, and say it better.

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
    ///
    /// What people write is generated from the tables that it is read by; what this program writes is
    /// held to its schema by a test.
    pub fn schema(self) -> String {
        let schema = match self {
            Self::Config => config(),
            Self::Settings => settings::schema(),
            Self::Lockfile => return include_str!("lockfile.json").to_owned(),
            Self::Plan => return include_str!("plan.json").to_owned(),
            Self::Fleet => return include_str!("fleet.json").to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::API_VERSION;
    use crate::reference::settings::NAME;

    #[test]
    fn schemas_that_are_written_down_say_what_the_program_says() {
        let parse =
            |document: Document| -> Json { serde_json::from_str(&document.schema()).unwrap() };
        let report = &parse(Document::Plan)["$defs"]["report"]["properties"];
        assert_eq!(report["api_version"]["examples"][0], API_VERSION);
        let lockfile = parse(Document::Lockfile);
        assert_eq!(lockfile["properties"]["environment"]["pattern"], NAME);
        let shared = ["failure", "diagnostic"];
        let [plan, fleet] = [Document::Plan, Document::Fleet].map(parse);
        for name in shared {
            assert_eq!(plan["$defs"][name], fleet["$defs"][name], "{name}");
        }
    }
}
