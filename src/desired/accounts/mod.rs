//! The accounts of an environment that is many: those that are connected to a platform's own.

mod file;

use std::collections::BTreeMap;

pub use file::listed;

use super::reader::Reader;
use super::variables::Variables;
use super::yaml::{Node, NodeKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::AccountId;
use crate::source::{Located, Span};
use crate::text::suggest;

/// Which connected accounts an environment is.
#[derive(Debug, Clone)]
pub enum Accounts {
    /// Those of the platform's that are as described.
    Connected(Filter),
    /// These.
    Listed(Vec<ListedAccount>),
    /// Those that this file of the folder lists.
    File(Located<String>),
}

/// Which connected accounts are meant, and what they tell of themselves. Where nothing is asked, all
/// of them are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Values of its metadata, by key.
    pub metadata: BTreeMap<String, String>,
    /// Values of its `controller`, by dotted path.
    pub controller: BTreeMap<String, String>,
    /// Variables, and the keys of its metadata that have their values.
    pub vars: BTreeMap<String, String>,
}

/// An account that is named, and its own variables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedAccount {
    /// Which it is.
    pub id: AccountId,
    /// What it has instead of the environment's.
    pub vars: BTreeMap<String, String>,
}

impl ListedAccount {
    /// One that has no variables of its own.
    pub fn new(id: AccountId) -> Self {
        Self { id, vars: BTreeMap::new() }
    }
}

const FILTER_KEYS: [&str; 4] = ["file", "metadata", "controller", "vars"];

/// Reads the value of `accounts`.
pub(super) fn read(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    known: &Variables,
) -> Option<Accounts> {
    match &node.kind {
        NodeKind::Text(word) if word == "all" => Some(Accounts::Connected(Filter::default())),
        NodeKind::List(items) => {
            let mut listed = Vec::new();
            for item in items {
                listed.extend(listed_account(reader, item, what, known));
            }
            let ids = listed.iter().map(|(account, node)| (&account.id, *node)).collect();
            report_twice(reader, ids);
            Some(Accounts::Listed(listed.into_iter().map(|(account, _)| account).collect()))
        }
        NodeKind::Map(_) => described(reader, node, what, known),
        NodeKind::Text(_)
        | NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Integer(_)
        | NodeKind::Float => {
            let message = format!("`{what}` must be `all`, a list of accounts, or a description");
            let help =
                "write `accounts: all`, `accounts: [acct_…]` or `accounts: { file: accounts.txt }`";
            reader.report(Diagnostic::new(Code::WrongType, node.span, message).help(help), node);
            None
        }
    }
}

/// An item of a list: an id, or an id with variables.
fn listed_account<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    what: &str,
    known: &Variables,
) -> Option<(ListedAccount, &'n Node)> {
    let what = format!("{what}[]");
    let NodeKind::Map(_) = &node.kind else {
        let id = reader.id(node, &what, AccountId::parse)?;
        return Some((ListedAccount::new(id.value), node));
    };
    let entries = reader.mapping(node, &what, &["account", "vars"]);
    let Some((_, id)) = entries.get("account") else {
        reader.missing(node.span, &what, "account");
        return None;
    };
    let vars = entries.get("vars");
    let vars = vars.map(|(_, vars)| variables(reader, vars, &format!("{what}.vars"), known));
    let id = reader.id(id, &format!("{what}.account"), AccountId::parse)?;
    Some((ListedAccount { id: id.value, vars: vars.unwrap_or_default() }, node))
}

fn described(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    known: &Variables,
) -> Option<Accounts> {
    let entries = reader.mapping(node, what, &FILTER_KEYS);
    if let Some((span, file)) = entries.get("file") {
        if entries.len() > 1 {
            let message = format!("`{what}` is either a file or a description, not both");
            reader.report(Diagnostic::new(Code::WrongType, *span, message), file);
        }
        let name = reader.text(file, &format!("{what}.file"))?;
        return Some(Accounts::File(Located::new(name, file.span)));
    }
    let mut part = |name: &str| {
        let part = entries.get(name);
        part.map(|(_, node)| reader.texts(node, &format!("{what}.{name}"))).unwrap_or_default()
    };
    Some(Accounts::Connected(Filter {
        metadata: part("metadata"),
        controller: part("controller"),
        vars: entries
            .get("vars")
            .map(|(_, node)| variables(reader, node, &format!("{what}.vars"), known))
            .unwrap_or_default(),
    }))
}

/// A mapping of texts by variable. Only variables of the environment have a value for accounts that
/// say nothing.
fn variables(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    known: &Variables,
) -> BTreeMap<String, String> {
    let texts = reader.texts(node, what);
    for (name, (span, _)) in reader.any_mapping(node, what) {
        if let Some(diagnostic) = unknown(name, span, known) {
            reader.bag.push(diagnostic);
        }
    }
    texts
}

/// What is wrong with a variable that the environment doesn't have.
fn unknown(name: &str, at: Span, known: &Variables) -> Option<Diagnostic> {
    let names = known.names();
    if names.contains(&name) {
        return None;
    }
    let message =
        format!("`{name}` is no variable of the environment, so no account can override it");
    let help = if names.is_empty() {
        "add it under `vars` of the environment; accounts that don't say otherwise have that value"
            .to_owned()
    } else {
        suggest::help(name, &names)
    };
    Some(Diagnostic::new(Code::UndefinedVariable, at, message).help(help))
}

/// Twice the same account would be two runs at once on it.
fn report_twice(reader: &mut Reader<'_>, ids: Vec<(&AccountId, &Node)>) {
    let mut seen: BTreeMap<&AccountId, Span> = BTreeMap::new();
    for (id, node) in ids {
        if let Some(first) = seen.insert(id, node.span) {
            reader.report(twice(id, node.span, first), node);
        }
    }
}

fn twice(id: &AccountId, at: Span, first: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::DuplicateKey, at, format!("`{id}` is listed twice"));
    diagnostic.related(first, "first here")
}
