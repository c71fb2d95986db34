//! Names as identifiers.

use std::collections::BTreeMap;

use super::{CantExport, Format};

/// `Role` within a sentence, without and with its article.
pub(super) fn noun(of: &str) -> (String, String) {
    let noun = of.to_ascii_lowercase();
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let with_article = format!("{article} {noun}");
    (noun, with_article)
}

/// How each name is spelled in a language.
///
/// Returns an error if two are spelled alike: whoever writes one would get the other.
pub(super) fn spelled<'a>(
    names: &[&'a str],
    format: Format,
    spell: impl Fn(&str) -> String,
) -> Result<BTreeMap<&'a str, String>, CantExport> {
    let mut by_spelling = BTreeMap::new();
    for name in names {
        let spelling = spell(name);
        if let Some(other) = by_spelling.insert(spelling.clone(), *name) {
            let names = [other.to_owned(), (*name).to_owned()];
            return Err(CantExport::Collision { format, names, spelling });
        }
    }
    Ok(by_spelling.into_iter().map(|(spelling, name)| (name, spelling)).collect())
}

/// `team-admin` as `TeamAdmin`.
pub(super) fn camel_case(name: &str) -> String {
    let capitalized = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    };
    name.split(['-', '_']).map(capitalized).collect()
}
