//! The bracketed form encoding of Stripe's first API, decoded.
//!
//! `features[invoice_history][enabled]=true` is a path and a text. Both spellings of a list are
//! understood (`x[]=a` and `x[0]=a`), brackets may be raw or percent-encoded, and the same rules
//! hold for a query string and for a body. What a text means is the reader's business.

use std::borrow::Cow;

use percent_encoding::percent_decode;
use serde_json::Value;

/// Names and texts in the order in which they were sent.
pub(super) type Pairs = Vec<(String, String)>;

/// One level of names.
pub(super) type Table = Vec<(String, Node)>;

/// Stripe's deepest parameter has seven levels. Deeper ones are refused, so that no input can make
/// a tree that is too deep to walk or to drop.
const MAX_DEPTH: usize = 20;

/// The largest configuration has some hundreds. Building the tree takes quadratic time, so without
/// a bound one request could keep everybody else waiting for minutes.
const MAX_PAIRS: usize = 5000;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A text: a scalar, or the empty string that clears a field.
    Text(String),
    /// More names. A list is a table whose names are numbers.
    Table(Table),
}

/// Why a form can't be decoded.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FormError {
    #[error("Invalid request: the parameters aren't valid UTF-8.")]
    NotUtf8,
    #[error("Invalid request: there are more than {MAX_PAIRS} parameters.")]
    TooMany,
    #[error("Invalid request: the parameter {0} is nested too deeply.")]
    TooDeep(String),
    #[error("Invalid request: the parameter {0} is both a value and an object.")]
    Mixed(String),
}

/// Splits a form into its decoded pairs.
pub(super) fn pairs(form: &[u8]) -> Result<Pairs, FormError> {
    let mut pairs = Pairs::new();
    for pair in form.split(|byte| *byte == b'&') {
        if pair.is_empty() {
            continue;
        }
        if pairs.len() == MAX_PAIRS {
            return Err(FormError::TooMany);
        }
        let (name, text) = match pair.iter().position(|byte| *byte == b'=') {
            Some(equals) => (&pair[..equals], &pair[equals + 1..]),
            None => (pair, &[][..]),
        };
        pairs.push((unescape(name)?, unescape(text)?));
    }
    Ok(pairs)
}

/// Builds the tree that the pairs describe.
pub(super) fn tree(pairs: &[(String, String)]) -> Result<Table, FormError> {
    let mut root = Table::new();
    for (name, text) in pairs {
        let path = segments(name);
        if path.len() > MAX_DEPTH {
            return Err(FormError::TooDeep(name.clone()));
        }
        insert(&mut root, &path, text).ok_or_else(|| FormError::Mixed(name.clone()))?;
    }
    Ok(root)
}

/// The tree that a form with these JSON values would give; null is an absent field.
pub(super) fn from_json(value: Value) -> Option<Node> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(Node::Text(yes.to_string())),
        Value::Number(number) => Some(Node::Text(number.to_string())),
        Value::String(text) => Some(Node::Text(text)),
        // An empty list has no form encoding; clearing is what whoever writes `[]` means.
        Value::Array(items) if items.is_empty() => Some(Node::Text(String::new())),
        Value::Array(items) => Some(Node::Table(
            items
                .into_iter()
                .enumerate()
                .filter_map(|(index, item)| Some((index.to_string(), from_json(item)?)))
                .collect(),
        )),
        Value::Object(fields) => Some(Node::Table(
            fields
                .into_iter()
                .filter_map(|(name, field)| Some((name, from_json(field)?)))
                .collect(),
        )),
    }
}

fn unescape(bytes: &[u8]) -> Result<String, FormError> {
    let spaced: Cow<'_, [u8]> = if bytes.contains(&b'+') {
        Cow::Owned(bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect())
    } else {
        Cow::Borrowed(bytes)
    };
    percent_decode(&spaced).decode_utf8().map(Cow::into_owned).map_err(|_| FormError::NotUtf8)
}

/// `a[b][]` is `a`, `b` and the empty segment. As on Stripe's servers a bracket inside of brackets
/// begins another level: `metadata[a[b]]` is `metadata`, `a`, `b`.
fn segments(name: &str) -> Vec<&str> {
    let Some((root, mut rest)) = name.split_once('[') else {
        return vec![name];
    };
    let mut path = vec![root];
    loop {
        let end = rest.find(['[', ']']).unwrap_or(rest.len());
        path.push(&rest[..end]);
        match rest[end..].find('[') {
            Some(open) => rest = &rest[end + open + 1..],
            None => return path,
        }
    }
}

/// Returns nothing where a text and a table claim the same name.
fn insert(table: &mut Table, path: &[&str], text: &str) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let name =
        if first.is_empty() { element(table, rest.first().copied()) } else { (*first).to_owned() };
    let position = table.iter().position(|(held, _)| *held == name);
    if rest.is_empty() {
        let node = Node::Text(text.to_owned());
        match position.map(|position| &mut table[position].1) {
            None => table.push((name, node)),
            Some(Node::Table(_)) => return None,
            Some(Node::Text(held)) => text.clone_into(held),
        }
        return Some(());
    }
    let position = position.unwrap_or_else(|| {
        table.push((name, Node::Table(Table::new())));
        table.len() - 1
    });
    match &mut table[position].1 {
        Node::Table(inner) => insert(inner, rest, text),
        Node::Text(_) => None,
    }
}

/// Which element `x[]` means: the last one while it lacks the name that follows (`x[][a]=1&x[][b]=2`
/// is one element), else a new one.
fn element(table: &Table, next: Option<&str>) -> String {
    let continues = match (table.last(), next) {
        (Some((_, Node::Table(last))), Some(next)) => {
            !next.is_empty() && last.iter().all(|(name, _)| name != next)
        }
        _ => false,
    };
    match table.last() {
        Some((name, _)) if continues => name.clone(),
        _ => table.len().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(form: &str) -> Table {
        tree(&pairs(form.as_bytes()).unwrap()).unwrap()
    }

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    fn table<const N: usize>(fields: [(&str, Node); N]) -> Node {
        Node::Table(fields.map(|(name, node)| (name.to_owned(), node)).into())
    }

    #[test]
    fn both_spellings_of_a_list_and_of_brackets_are_one() {
        let expected = vec![("x".to_owned(), table([("0", text("a")), ("1", text("b"))]))];
        assert_eq!(decoded("x[]=a&x[]=b"), expected);
        assert_eq!(decoded("x[0]=a&x[1]=b"), expected);
        assert_eq!(decoded("x%5B0%5D=a&x%5B%5D=b"), expected);
    }

    #[test]
    fn unnumbered_objects_begin_where_a_name_repeats() {
        let expected = vec![(
            "x".to_owned(),
            table([
                ("0", table([("a", text("1")), ("b", text("2"))])),
                ("1", table([("a", text("3"))])),
            ]),
        )];
        assert_eq!(decoded("x[][a]=1&x[][b]=2&x[][a]=3"), expected);
    }

    #[test]
    fn plus_is_a_space_and_a_lone_name_is_empty() {
        assert_eq!(
            decoded("a=x+y%2Bz&b"),
            vec![("a".to_owned(), text("x y+z")), ("b".to_owned(), text(""))]
        );
    }

    #[test]
    fn a_text_and_an_object_of_one_name_are_refused() {
        let refused = tree(&pairs(b"a=1&a[b]=2").unwrap());
        assert_eq!(refused, Err(FormError::Mixed("a[b]".to_owned())));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused() {
        assert_eq!(pairs(b"a=%ff"), Err(FormError::NotUtf8));
    }

    #[test]
    fn a_form_of_too_many_parameters_is_refused() {
        let form = |n_pairs: usize| pairs("a=&".repeat(n_pairs).as_bytes());
        assert_eq!(form(MAX_PAIRS).map(|pairs| pairs.len()), Ok(MAX_PAIRS));
        assert_eq!(form(MAX_PAIRS + 1), Err(FormError::TooMany));
    }

    #[test]
    fn a_name_of_a_thousand_levels_is_refused() {
        let name = format!("a{}", "[b]".repeat(1000));
        let refused = tree(&[(name.clone(), String::new())]);
        assert_eq!(refused, Err(FormError::TooDeep(name)));
    }
}
