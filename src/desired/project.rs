//! Reads `reconcile.yaml`: the project, its environments, and what all roles have in common.

use std::collections::BTreeMap;

use super::accounts::{self, Accounts, ListedAccount};
use super::reader::Reader;
use super::variables::Variables;
use super::yaml::{self, Node};
use super::{Files, load};
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{AccountId, EnvironmentName, Mode, Project};
use crate::text::suggest;

/// What `reconcile.yaml` says, or what is true without one.
#[derive(Debug)]
pub struct ProjectFile {
    /// Whose configurations these are.
    pub project: Project,
    /// The environments by name. Where the file names none, there is one of each mode.
    pub environments: BTreeMap<EnvironmentName, Environment>,
    /// True if the file names them.
    pub is_declared: bool,
    /// What every role gets that doesn't say otherwise. Read anew for each environment, since its
    /// variables can stand in it.
    pub(super) defaults: Option<Node>,
}

/// One place that the same files are applied to.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its name.
    pub name: EnvironmentName,
    /// The account that it must be.
    pub account: Option<AccountId>,
    /// The side of the account that it must be: test, unless the file says otherwise.
    pub mode: Mode,
    /// The environment variable that has the key, if it isn't `STRIPE_API_KEY`.
    pub api_key_env: Option<String>,
    /// Whether what has no file any more is deactivated.
    pub prune: bool,
    /// More changes than this are refused.
    pub max_changes: Option<u64>,
    /// No more requests a second than this are sent to the account, and to each endpoint of it.
    pub max_requests_per_second: Option<u64>,
    /// The connected accounts that it is, if it is those and not the key's own.
    pub accounts: Option<Accounts>,
    /// True if it is one of those: the key is its platform's.
    pub is_connected: bool,
    pub(super) variables: Variables,
}

const KEYS: [&str; 3] = ["project", "defaults", "environments"];
const ENVIRONMENT_KEYS: [&str; 8] = [
    "account",
    "accounts",
    "livemode",
    "api_key_env",
    "vars",
    "prune",
    "max_changes",
    "max_requests_per_second",
];

impl ProjectFile {
    /// Reads the file, if there is one.
    pub fn read(files: &Files) -> (Self, Bag) {
        let mut bag = Bag::default();
        let mut project = Self {
            project: Project::parse("default").expect("a valid name"),
            environments: [
                (EnvironmentName::test(), Mode::Test),
                (EnvironmentName::live(), Mode::Live),
            ]
            .map(|(name, mode)| (name.clone(), Environment::new(name, mode)))
            .into(),
            is_declared: false,
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
        let entries = reader.mapping(node, load::SETTINGS_FILE, &KEYS);
        if let Some((_, value)) = entries.get("project")
            && let Some(project) = reader.id(value, "project", Project::parse)
        {
            self.project = project.value;
        }
        self.defaults = entries.get("defaults").map(|(_, value)| (*value).clone());
        if let Some((_, environments)) = entries.get("environments") {
            self.environments = environments_in(reader, environments);
            self.is_declared = true;
        }
    }

    /// The environment of this name, or why there is none.
    pub fn environment(&self, name: &EnvironmentName) -> Result<Environment, String> {
        self.environments.get(name).cloned().ok_or_else(|| {
            let names: Vec<&str> = self.environments.keys().map(EnvironmentName::as_str).collect();
            let help = suggest::help(name.as_str(), &names);
            let known_by = if self.is_declared {
                "`reconcile.yaml` has"
            } else {
                "without `reconcile.yaml` there is"
            };
            format!("{known_by} no environment `{name}`; {help}")
        })
    }
}

impl Environment {
    /// One of which nothing is said but its mode.
    pub fn new(name: EnvironmentName, mode: Mode) -> Self {
        Self {
            variables: Variables::of(&name, BTreeMap::new()),
            name,
            account: None,
            mode,
            api_key_env: None,
            prune: false,
            max_changes: None,
            max_requests_per_second: None,
            accounts: None,
            is_connected: false,
        }
    }

    /// One of its accounts, which has variables of its own.
    pub fn of_account(&self, account: &ListedAccount) -> Self {
        let variables = self.variables.with(&account.vars);
        let (account, accounts, is_connected) = (Some(account.id.clone()), None, true);
        Self { account, accounts, is_connected, variables, ..self.clone() }
    }

    /// The same variables, accounts, pruning and most changes, but on the embedded Stripe.
    pub fn emulated(self) -> Self {
        let emulator = Self::new(EnvironmentName::emulator(), Mode::Test);
        let Self { prune, max_changes, accounts, variables, .. } = self;
        Self { prune, max_changes, accounts, variables, ..emulator }
    }
}

fn environments_in(reader: &mut Reader<'_>, node: &Node) -> BTreeMap<EnvironmentName, Environment> {
    let mut environments = BTreeMap::new();
    for (name, (span, value)) in reader.any_mapping(node, "environments") {
        let problem = match EnvironmentName::parse(name) {
            Ok(name) if name == EnvironmentName::emulator() => {
                "`emulator` is the embedded Stripe's".to_owned()
            }
            Ok(name) => {
                environments.insert(name.clone(), environment(reader, name, value));
                continue;
            }
            Err(error) => error.to_string(),
        };
        reader.bag.push(Diagnostic::new(Code::InvalidId, span, problem));
    }
    if matches!(&node.kind, yaml::NodeKind::Map(entries) if entries.is_empty()) {
        let diagnostic =
            Diagnostic::new(Code::WrongType, node.span, "there is no environment here");
        let help =
            "name one, such as `test: {}`; without `environments` there are `test` and `live`";
        reader.bag.push(diagnostic.help(help));
    }
    environments
}

fn environment(reader: &mut Reader<'_>, name: EnvironmentName, node: &Node) -> Environment {
    let what = |key: &str| format!("environments.{name}.{key}");
    let entries = reader.mapping(node, &format!("environments.{name}"), &ENVIRONMENT_KEYS);
    let value = |key: &str| entries.get(key).map(|(_, value)| *value);
    let mut flag = |key| value(key).and_then(|node| reader.flag(node, &what(key))).unwrap_or(false);
    let (is_live, prune) = (flag("livemode"), flag("prune"));
    let vars = value("vars").map(|node| reader.texts(node, &what("vars")));
    let variables = Variables::of(&name, vars.unwrap_or_default());
    Environment {
        account: value("account")
            .and_then(|node| reader.id(node, &what("account"), AccountId::parse))
            .map(|account| account.value),
        mode: Mode::of_livemode(is_live),
        api_key_env: value("api_key_env").and_then(|node| variable_name(reader, node)),
        prune,
        max_changes: value("max_changes")
            .and_then(|node| reader.count(node, &what("max_changes"), 0)),
        max_requests_per_second: value("max_requests_per_second")
            .and_then(|node| reader.count(node, &what("max_requests_per_second"), 1)),
        is_connected: false,
        accounts: value("accounts")
            .and_then(|node| accounts::read(reader, node, &what("accounts"), &variables)),
        variables,
        name,
    }
}

/// The name of an environment variable. Somebody will put the key itself there.
fn variable_name(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let name = reader.text(node, "api_key_env")?;
    let is_name = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !is_name {
        let message =
            "`api_key_env` is the name of an environment variable, such as `STRIPE_LIVE_KEY`";
        let help = "if this was a key, revoke it: it is in a file now";
        reader.report(Diagnostic::new(Code::WrongType, node.span, message).help(help), node);
    }
    is_name.then_some(name)
}
