//! Files that list accounts: an id a line, and behind it variables as `name=value`. Empty lines and
//! lines that begin with `#` mean nothing.
//!
//! Not YAML, because ten thousand accounts with variables are more than a YAML file may have here.

use std::collections::BTreeMap;

use super::ListedAccount;
use crate::desired::variables::Variables;
use crate::desired::{Environment, Files};
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::AccountId;
use crate::source::{FileId, Located, Span};

/// Reads the accounts that a file of the folder lists. What is wrong with it is in the bag.
pub fn listed(
    files: &mut Files,
    name: &Located<String>,
    environment: &Environment,
) -> (Vec<ListedAccount>, Bag) {
    let mut bag = Bag::default();
    // A path could lead out of the folder, and quote a secret in an error.
    let is_name = !name.value.contains(['/', '\\']) && !name.value.starts_with('.');
    if !is_name || name.value.ends_with(".yaml") {
        let message = format!("`{}` can't be a list of accounts", name.value);
        let help = "name a file in this folder, such as `accounts.txt`";
        bag.push(Diagnostic::new(Code::FileName, name.span, message).help(help));
        return (Vec::new(), bag);
    }
    match files.read_beside(&name.value) {
        Ok(file) => {
            let text = &files.sources.file(file).text;
            let listed = parse(text, file, &environment.variables, &mut bag);
            (listed, bag)
        }
        Err(problem) => {
            let message = format!("can't read `{}`: {problem}", name.value);
            bag.push(Diagnostic::new(Code::UnreadableFile, name.span, message));
            (Vec::new(), bag)
        }
    }
}

fn parse(text: &str, file: FileId, known: &Variables, bag: &mut Bag) -> Vec<ListedAccount> {
    let mut listed = Vec::new();
    let mut seen: BTreeMap<AccountId, Span> = BTreeMap::new();
    // Editors on Windows begin with a mark that nobody sees.
    let (mut start, text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (text.len() - rest.len(), rest),
        None => (0, text),
    };
    for line in text.split_inclusive('\n') {
        let span = Span { file, start, end: start + line.trim_end().len() };
        start += line.len();
        let mut words = line.split_whitespace();
        let Some(id) = words.next().filter(|word| !word.starts_with('#')) else { continue };
        let id = match AccountId::parse(id) {
            Ok(id) => id,
            Err(error) => {
                let message = format!("this line must begin with an account's id: {error}");
                bag.push(Diagnostic::new(Code::InvalidId, span, message));
                continue;
            }
        };
        if let Some(first) = seen.insert(id.clone(), span) {
            bag.push(super::twice(&id, span, first));
            continue;
        }
        let mut vars = BTreeMap::new();
        for word in words {
            match word.split_once('=').filter(|(name, _)| !name.is_empty()) {
                Some((name, value)) => {
                    if let Some(diagnostic) = super::unknown(name, span, known) {
                        bag.push(diagnostic);
                    }
                    if vars.insert(name.to_owned(), value.to_owned()).is_some() {
                        let message = format!("`{name}` is written twice");
                        bag.push(Diagnostic::new(Code::DuplicateKey, span, message));
                    }
                }
                None => bag.push(no_variable(word, span)),
            }
        }
        listed.push(ListedAccount { id, vars });
    }
    listed
}

fn no_variable(word: &str, span: Span) -> Diagnostic {
    let help = "behind an account stand its variables, as `name=value`, without space in them";
    Diagnostic::new(Code::WrongType, span, format!("`{word}` is no variable")).help(help)
}
