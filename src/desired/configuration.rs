//! Reads a role's file: Stripe's parameters by the schema, and the keys of our own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::declared::Declared;
use super::reader::Reader;
use super::waivers;
use super::yaml::Node;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::{Field, FieldPath, Interval, IntervalUnit, Kind, Value};
use crate::source::{Located, Span};
use crate::text::suggest;

/// Reads everything that a role's file, or `defaults`, may say.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Declared {
    let mut declared = Declared::default();
    section(reader, &mut declared, "", node);
    declared
}

/// Reads the mapping at a path of the schema.
fn section(reader: &mut Reader<'_>, declared: &mut Declared, prefix: &str, node: &Node) {
    let mut keys = children(prefix);
    if prefix.is_empty() {
        keys.extend(["metadata", "default", "unmanaged", "waive"]);
    }
    let n_problems = reader.bag.len();
    let entries = reader.mapping_with_advice(node, prefix, &keys, advice);
    if reader.bag.len() > n_problems {
        declared.misread.insert(prefix.to_owned());
    }
    for (key, (key_span, value)) in entries {
        let path = join(prefix, key);
        entry(reader, declared, &path, key_span, value);
    }
}

/// Reads what is at a path of the schema.
fn entry(
    reader: &mut Reader<'_>,
    declared: &mut Declared,
    path: &str,
    key_span: Span,
    value: &Node,
) {
    match path {
        "default" => {
            let flag = reader.flag(value, "default");
            declared.default = flag.map(|flag| Located::new(flag, value.span));
        }
        "unmanaged" => unmanaged(reader, declared, value),
        "waive" => declared.waivers = waivers::read(reader, value),
        FieldPath::METADATA => metadata(reader, declared, value),
        FieldPath::PRODUCTS => whole(reader, declared, path, |reader, declared| {
            declared.products = super::products::read(reader, value, key_span);
        }),
        _ => match Field::at(path) {
            Some(field) => whole(reader, declared, path, |reader, declared| {
                self::field(reader, declared, field, value);
            }),
            None => {
                declared.sections.insert(path.to_owned(), key_span);
                section(reader, declared, path, value);
            }
        },
    }
}

/// Reads a value, and remembers if it could not be read as a whole.
fn whole<'r>(
    reader: &mut Reader<'r>,
    declared: &mut Declared,
    path: &str,
    read: impl FnOnce(&mut Reader<'r>, &mut Declared),
) {
    let n_errors = reader.bag.count(Severity::Error);
    read(reader, declared);
    if reader.bag.count(Severity::Error) > n_errors {
        declared.broken.insert(path.to_owned());
    }
}

/// The keys of the mapping at a path of the schema.
fn children(prefix: &str) -> Vec<&'static str> {
    static CHILDREN: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
        let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in paths() {
            let (mut around, mut rest) = ("", path);
            loop {
                let child = rest.split('.').next().unwrap_or_default();
                let siblings = children.entry(around).or_default();
                if !siblings.contains(&child) {
                    siblings.push(child);
                }
                let Some((_, below)) = rest.split_once('.') else { break };
                rest = below;
                around = path.strip_suffix(rest).unwrap_or_default().trim_end_matches('.');
            }
        }
        children
    });
    CHILDREN.get(prefix).cloned().unwrap_or_default()
}

/// The paths of all parameters but metadata.
fn paths() -> impl Iterator<Item = &'static str> {
    Field::ALL.iter().map(|field| field.path()).chain([FieldPath::PRODUCTS])
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}

/// What to do about keys that people write because Stripe's API or the Dashboard has them.
fn advice(prefix: &str, key: &str) -> Option<String> {
    match (prefix, key) {
        ("", "is_default") => {
            return Some(
                "write `default: true` in the role that manages the account's default".into(),
            );
        }
        ("", "active") => return Some("a configuration that has a file is always active".into()),
        ("login_page", "url") => return Some("Stripe makes the URL; it can't be chosen".into()),
        _ => {}
    }
    let mut homes = paths().filter_map(|path| {
        let (home, last) = path.rsplit_once('.')?;
        (last == key && home != prefix).then_some(home)
    });
    let is_ambiguous = key == "enabled" || suggest::nearest(key, &children(prefix)).is_some();
    if is_ambiguous { None } else { homes.next().map(|home| format!("it belongs in `{home}`")) }
}

fn unmanaged(reader: &mut Reader<'_>, declared: &mut Declared, node: &Node) {
    for item in reader.list(node, "unmanaged").unwrap_or_default() {
        let Some(path) = reader.text(item, "unmanaged") else { continue };
        if is_known(&path) {
            declared.unmanaged.push(Located::new(path, item.span));
            continue;
        }
        let message = format!("`{path}` is not the path of a parameter");
        let paths: Vec<&str> = paths().collect();
        let otherwise = "a path looks like `business_profile.headline`";
        let help = suggest::help_or(&path, &paths, otherwise);
        reader.report(Diagnostic::new(Code::UnknownValue, item.span, message).help(help), item);
    }
}

/// True for the path of a field, of a mapping around fields, of the products, or of metadata.
fn is_known(path: &str) -> bool {
    let is_around = |whole: &str| {
        whole.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    path != "features" && paths().any(is_around)
        || path == FieldPath::METADATA
        || path.strip_prefix("metadata.").is_some_and(|key| !key.is_empty())
}

fn metadata(reader: &mut Reader<'_>, declared: &mut Declared, node: &Node) {
    for (key, (key_span, value)) in reader.any_mapping(node, FieldPath::METADATA) {
        if let Some(text) = reader.text(value, &format!("metadata.{key}")) {
            let span = Span { end: value.span.end.max(key_span.end), ..key_span };
            declared.metadata.insert(key.to_owned(), Located::new(text, span));
        }
    }
}

fn field(reader: &mut Reader<'_>, declared: &mut Declared, field: Field, node: &Node) {
    let what = field.path();
    let value = match field.spec().kind {
        Kind::Flag => reader.flag(node, what).map(|flag| Some(Value::Flag(flag))),
        Kind::Text(_) => reader.text(node, what).map(|text| Value::text(&text)),
        Kind::Url => reader.text(node, what).map(|text| Value::url(&text)),
        // What can't be emptied is as good as absent.
        Kind::Choice(_) if node.is_empty_text() => return,
        Kind::Choice(choices) => reader.choice(node, what, choices).map(|word| Value::text(&word)),
        Kind::Set(members) => {
            set(reader, node, what, |reader, item| reader.choice(item, what, members))
        }
        Kind::TypedSet(members) => {
            set(reader, node, what, |reader, item| typed_member(reader, item, what, members))
        }
        Kind::IdSet => set(reader, node, what, |reader, item| reader.text(item, what)),
        Kind::Intervals => intervals(reader, node, what),
    };
    if let Some(value) = value {
        declared.values.insert(field, Located::new(value, node.span));
    }
}

fn set(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    mut member: impl FnMut(&mut Reader<'_>, &Node) -> Option<String>,
) -> Option<Option<Value>> {
    let items = reader.list(node, what)?;
    let mut members: Vec<Located<String>> = Vec::with_capacity(items.len());
    for item in items {
        let Some(text) = member(reader, item) else { continue };
        match members.iter().find(|first| first.value == text) {
            Some(first) => {
                let message = format!("`{text}` is in `{what}` twice");
                let diagnostic = Diagnostic::new(Code::RepeatedValue, item.span, message);
                reader.report(diagnostic.related(first.span, "first here"), item);
            }
            None => members.push(Located::new(text, item.span)),
        }
    }
    Some(Value::set(members.into_iter().map(|member| member.value)))
}

/// `{ type: … }`
fn typed_member(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    members: &[&str],
) -> Option<String> {
    let entries = reader.mapping(node, what, &["type"]);
    match entries.get("type") {
        Some((_, value)) => reader.choice(value, what, members),
        None => {
            reader.missing(node.span, what, "type");
            None
        }
    }
}

fn intervals(reader: &mut Reader<'_>, node: &Node, what: &str) -> Option<Option<Value>> {
    let words = IntervalUnit::ALL.map(IntervalUnit::as_str);
    let mut intervals = Vec::new();
    for item in reader.list(node, what)? {
        let entries = reader.mapping(item, what, &["interval", "interval_count"]);
        let Some((_, unit)) = entries.get("interval") else {
            reader.missing(item.span, what, "interval");
            continue;
        };
        let unit = reader.choice(unit, what, &words).and_then(|word| IntervalUnit::parse(&word));
        let count = match entries.get("interval_count") {
            Some((_, node)) => {
                let count = reader.count(node, what, 0);
                let fitting = count.and_then(|count| u32::try_from(count).ok());
                if count.is_some() && fitting.is_none() {
                    let message = "no pause is that long";
                    let help = "use at most three years in all, or `type: indefinite`";
                    let diagnostic = Diagnostic::new(Code::OutOfRange, node.span, message);
                    reader.report(diagnostic.help(help), node);
                }
                fitting
            }
            None => Some(1),
        };
        intervals.extend(unit.zip(count).map(|(unit, count)| Interval { unit, count }));
    }
    Some(Value::intervals(intervals))
}
