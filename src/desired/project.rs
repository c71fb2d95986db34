//! Reads `reconcile.yaml`: the project, its environments, and what all roles have in common.

use std::collections::BTreeMap;

use super::reader::{Entries, Reader};
use super::suggest;
use super::variables::Variables;
use super::yaml::{self, Node};
use super::{Files, load};
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{AccountId, Mode, Project};
use crate::source::Span;

/// What `reconcile.yaml` says, or what is true without one.
#[derive(Debug)]
pub struct ProjectFile {
    /// Whose configurations these are.
    pub project: Project,
    /// The environments by name. None are named where there is no file.
    pub environments: BTreeMap<String, Environment>,
    /// What every role gets that doesn't say otherwise. Read anew for each environment, since its
    /// variables can stand in it.
    pub(super) defaults: Option<Node>,
}

/// One place that the same files are applied to.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// The account that it must be.
    pub account: Option<AccountId>,
    /// The side of the account that it must be.
    pub mode: Option<Mode>,
    /// The environment variable that has the key, if it isn't `STRIPE_API_KEY`.
    pub api_key_env: Option<String>,
    /// More changes than this are refused.
    pub max_changes: Option<u64>,
    pub(super) variables: Variables,
}

const KEYS: [&str; 3] = ["project", "defaults", "environments"];
const ENVIRONMENT_KEYS: [&str; 5] = ["account", "livemode", "api_key_env", "vars", "max_changes"];

impl ProjectFile {
    /// Reads the file, if there is one.
    pub fn read(files: &Files) -> (Self, Bag) {
        let mut bag = Bag::default();
        let mut project = Self {
            project: Project::parse("default").expect("a valid name"),
            environments: BTreeMap::new(),
            defaults: None,
        };
        let Some(file) = files.settings else { return (project, bag) };
        match yaml::parse(&files.sources, file) {
            Ok(node) => {
                let variables = Variables::default();
                let mut reader = Reader { variables: &variables, bag: &mut bag };
                project.fill(&mut reader, &node);
            }
            Err(error) => bag.push(Diagnostic::new(Code::YamlSyntax, error.span, error.message)),
        }
        (project, bag)
    }

    fn fill(&mut self, reader: &mut Reader<'_>, node: &Node) {
        let entries = reader.mapping(node, load::SETTINGS_FILE, &KEYS, |_| None);
        if let Some((_, value)) = entries.get("project")
            && let Some(project) = reader.id(value, "project", Project::parse)
        {
            self.project = project.value;
        }
        self.defaults = entries.get("defaults").map(|(_, value)| (*value).clone());
        let Some((_, environments)) = entries.get("environments") else { return };
        for (name, (span, value)) in
            reader.mapping(environments, "environments", &environments.keys(), |_| None)
        {
            // The name becomes part of the lockfile's.
            match Project::parse(name) {
                Ok(_) => {
                    let environment = environment(reader, name, value);
                    self.environments.insert(name.to_owned(), environment);
                }
                Err(_) => {
                    let message = format!("`{name}` can't be the name of an environment");
                    let help =
                        "use lowercase letters, digits, `-` and `_`, beginning with a letter";
                    reader.bag.push(Diagnostic::new(Code::InvalidId, span, message).help(help));
                }
            }
        }
    }

    /// The environment of this name, or why there is none.
    pub fn environment(&self, name: &str) -> Result<Environment, String> {
        if self.environments.is_empty() {
            return Ok(Environment::default());
        }
        let names: Vec<&str> = self.environments.keys().map(String::as_str).collect();
        self.environments.get(name).cloned().ok_or_else(|| {
            format!("`reconcile.yaml` has no environment `{name}`; {}", suggest::help(name, &names))
        })
    }
}

fn environment(reader: &mut Reader<'_>, name: &str, node: &Node) -> Environment {
    let entries =
        reader.mapping(node, &format!("environments.{name}"), &ENVIRONMENT_KEYS, |_| None);
    let value = |key: &str| entries.get(key).map(|(_, value)| *value);
    Environment {
        account: value("account")
            .and_then(|node| reader.id(node, "account", AccountId::parse))
            .map(|account| account.value),
        mode: value("livemode")
            .and_then(|node| reader.flag(node, "livemode"))
            .map(Mode::of_livemode),
        api_key_env: value("api_key_env").and_then(|node| variable_name(reader, node)),
        max_changes: value("max_changes").and_then(|node| reader.count(node, "max_changes")),
        variables: variables(reader, &entries),
    }
}

/// The name of an environment variable. Somebody will put the key itself there.
fn variable_name(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let name = reader.text(node, "api_key_env")?;
    let is_name = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !is_name {
        // Points at the start only, so that the snippet's label says enough and no more is said.
        let at = Span { end: node.span.start, ..node.span };
        let message =
            "`api_key_env` is the name of an environment variable, such as `STRIPE_LIVE_KEY`";
        let help = "if this was a key, revoke it: it is in a file now";
        reader.report(Diagnostic::new(Code::WrongType, at, message).help(help), node);
    }
    is_name.then_some(name)
}

fn variables(reader: &mut Reader<'_>, entries: &Entries<'_>) -> Variables {
    let mut variables = BTreeMap::new();
    if let Some((_, vars)) = entries.get("vars") {
        for (name, (_, value)) in reader.mapping(vars, "vars", &vars.keys(), |_| None) {
            if let Some(text) = reader.text(value, &format!("vars.{name}")) {
                variables.insert(name.to_owned(), text);
            }
        }
    }
    Variables::new(variables)
}
