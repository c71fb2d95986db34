//! What `reconcile explain` says.

use super::codes::{Entry, codes};
use super::examples::{Example, example};
use super::key::{Key, keys};
use crate::diagnostic::Code;
use crate::text::suggest;

/// Explains a code, a key, or all keys of a mapping.
///
/// A key's last part is enough. If several keys end in it, all of them are explained.
///
/// # Errors
///
/// There is nothing of this name; says what could have been meant.
pub fn explain(name: &str) -> Result<String, String> {
    if let Some(entry) = codes().into_iter().find(|entry| entry.code == name) {
        return Ok(code(&entry));
    }
    let path = path(name);
    let all = keys();
    let ending = format!(".{path}");
    let meant: Vec<String> = all
        .iter()
        .filter(|key| key.path == path || key.path.ends_with(&ending))
        .map(self::key)
        .collect();
    if !meant.is_empty() {
        return Ok(meant.join("\n"));
    }
    let inside = |key: &&Key| {
        let mut around = key.path.as_str();
        std::iter::from_fn(|| {
            around = around.rsplit_once('.')?.0;
            Some(around.trim_end_matches("[]"))
        })
        .any(|around| around == path || around.ends_with(&ending))
    };
    let inside: Vec<&Key> = all.iter().filter(inside).collect();
    if inside.is_empty() { Err(unknown(name, &all)) } else { Ok(keys_list(&inside)) }
}

/// Everything that can be explained, a line each.
pub fn index() -> String {
    let mut text = String::from("Keys:\n");
    text.push_str(&keys_list(&keys().iter().collect::<Vec<_>>()));
    text.push_str("\nCodes:\n");
    let codes = codes();
    let width = codes.iter().map(|entry| entry.code.len()).max().unwrap_or(0);
    for Entry { code, meaning, .. } in codes {
        text.push_str(&format!("  {code:width$}  {}\n", first_sentence(&meaning)));
    }
    text
}

fn keys_list(keys: &[&Key]) -> String {
    let width = keys.iter().map(|key| key.path.len()).max().unwrap_or(0);
    let line = |key: &&Key| format!("  {:width$}  {}\n", key.path, first_sentence(key.about));
    keys.iter().map(line).collect()
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.')
}

/// A path as plans and diagnostics show it, without which item of a list it is.
fn path(name: &str) -> String {
    let mut path = String::new();
    let mut rest = name;
    while let Some((before, inside)) = rest.split_once('[') {
        path.push_str(before);
        path.push_str("[]");
        rest = inside.split_once(']').map_or("", |(_, after)| after);
    }
    path.push_str(rest);
    if path.starts_with("metadata.") { "metadata".to_owned() } else { path }
}

fn unknown(name: &str, keys: &[Key]) -> String {
    let codes = codes();
    let mut names: Vec<&str> = codes.iter().map(|entry| entry.code).collect();
    for key in keys {
        names.push(&key.path);
        names.extend(key.path.rsplit('.').next());
    }
    suggest::help_or(name, &names, "without a name, it lists what there is")
}

fn code(entry: &Entry) -> String {
    let mut text = format!("{}[{}]\n\n{}\n", entry.kind, entry.code, wrapped(&entry.meaning));
    if let Some(way_out) = entry.way_out {
        text.push_str(&format!("{}\n", wrapped(way_out)));
    }
    if let Some(Example { wrong, right }) = Code::parse(entry.code).and_then(example) {
        text.push_str(&files("This has it:", &wrong));
        text.push_str(&files("This doesn't:", &right));
    }
    text
}

fn files(heading: &str, files: &[(&str, &str)]) -> String {
    let mut text = format!("\n{heading}\n");
    for (name, content) in files {
        text.push_str(&format!("\n  # portal-configs/{name}\n{}", indented(content, "  ")));
    }
    text
}

fn key(key: &Key) -> String {
    let mut text = format!("{}, in {}\n\n{}\n\n", key.path, key.home.file(), wrapped(key.about));
    let rows = [
        ("value", Some(key.value.clone())),
        ("default", Some(key.default.clone())),
        ("unset", Some(key.unset.to_owned())),
        ("counts", key.counts.clone()),
        ("since", key.since.map(|since| format!("Stripe's API version {since}"))),
    ];
    for (name, value) in rows {
        if let Some(value) = value {
            let value = indented(&wrapped(&value), "           ");
            text.push_str(&format!("  {name:7}  {}", value.trim_start()));
        }
    }
    text.push_str(&format!("\n{}", indented(key.example, "  ")));
    text
}

fn indented(text: &str, by: &str) -> String {
    text.lines().map(|line| format!("{by}{line}\n")).collect()
}

/// Lines of at most 80 characters.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 80;
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= WIDTH {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}
