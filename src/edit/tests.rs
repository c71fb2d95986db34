use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

/// Edits, and edits again: the second time there must be nothing left to do.
fn edited(text: &str, wanted: Json) -> String {
    let once = edit(text, &wanted).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(edit(&once, &wanted).as_ref(), Ok(&once));
    once
}

#[test]
fn a_value_is_replaced_where_it_stands_and_keeps_its_quotes() {
    for (before, value, after) in [
        ("a: 1 # one\n", json!(2), "a: 2 # one\n"),
        ("a: 'x'\nb: 1\n", json!("it's"), "a: 'it''s'\nb: 1\n"),
        ("a: \"x\"\nb: 1\n", json!("y"), "a: \"y\"\nb: 1\n"),
        ("a: x\nb: 1\n", json!("y: z"), "a: \"y: z\"\nb: 1\n"),
        ("a: |\n  x # no comment\n  y\n# c\nb: 1\n", json!("z"), "a: z\n# c\nb: 1\n"),
        ("a: x\n  y # c\nb: 1\n", json!("z"), "a: z # c\nb: 1\n"),
        ("a:\nb: 1\n", json!(true), "a: true\nb: 1\n"),
        ("{ a: x, b: 1 }\n", json!("z"), "{ a: z, b: 1 }\n"),
        ("a: [x, y]\nb: 1", json!([]), "a: []\nb: 1"),
        ("a: # c\n  - x # d\n  - y\nb: 1\n", json!([]), "# c\n# d\na: []\nb: 1\n"),
    ] {
        let mut wanted = tree(before).unwrap();
        wanted["a"] = value;
        assert_eq!(edited(before, wanted), after);
    }
}

#[test]
fn a_new_key_comes_after_the_last_one_with_the_same_indentation() {
    let wanted = json!({ "a": { "b": { "c": 1, "d": true, "e": ["x"] } } });
    for (before, after) in [
        (
            "a:\n    b:\n        c: 1 # c\n\n# end\n",
            "a:\n    b:\n        c: 1 # c\n        d: true\n        e: [x]\n\n# end\n",
        ),
        ("a: { b: { c: 1 } } # c\n", "a: { b: { c: 1, d: true, e: [x] } } # c\n"),
        ("a:\n  b: {} # c\n", "a:\n  b: # c\n    c: 1\n    d: true\n    e: [x]\n"),
        ("a: # c\n", "a: # c\n  b:\n    c: 1\n    d: true\n    e: [x]\n"),
        ("a: { f: { g: { h: 1 } } }\n", "a: { b: { c: 1, d: true, e: [x] } }\n"),
        ("# c", "# c\na:\n  b:\n    c: 1\n    d: true\n    e: [x]\n"),
        ("a:\r\n  b:\r\n    c: 1", "a:\r\n  b:\r\n    c: 1\r\n    d: true\r\n    e: [x]"),
    ] {
        assert_eq!(edited(before, wanted.clone()), after);
    }
}

#[test]
fn a_key_goes_with_its_line_and_its_comment_stays() {
    let wanted = json!({ "a": { "x": 1 } });
    for (before, after) in [
        ("a:\n  # why\n  b: 2 # c\n  x: 1\n", "a:\n  # why\n  # c\n  x: 1\n"),
        ("a:\n  x: 1\n  b: # c\n    - 1 # d\n    - 2\n", "a:\n  x: 1\n  # c\n  # d\n"),
        ("a:\n  x: 1\nb: 2", "a:\n  x: 1"),
        ("a:\n  x: 1\nb: 2 # c", "a:\n  x: 1\n# c"),
        ("a: { b: 2, x: 1 }\n", "a: { x: 1 }\n"),
        ("a: { x: 1, b: 2 }\n", "a: { x: 1 }\n"),
        ("a: {\n  x: 1, # c\n  b: 2 # d\n}\n", "a: {\n  # c\n  x: 1 # d\n}\n"),
        ("a: { x: 1 }\nb: \"#no\"\n", "a: { x: 1 }\n"),
    ] {
        assert_eq!(edited(before, wanted.clone()), after);
    }
}

#[test]
fn members_of_lists_come_and_go_one_by_one() {
    let wanted = json!({ "a": ["x", "z"] });
    for (before, after) in [
        ("a: [x, y] # c\n", "a: [x, z] # c\n"),
        ("a: [ \"y\", 'x', ]\n", "a: [ 'x', z, ]\n"),
        ("a:\n- x # x\n- y # y\n", "a:\n- x # x\n# y\n- z\n"),
        ("a: [z, x]\n", "a: [z, x]\n"),
    ] {
        assert_eq!(edited(before, wanted.clone()), after);
    }
}

#[test]
fn a_mapping_in_a_list_changes_where_it_stands() {
    let before = "p:\n  # Team\n  - keys: [t1, t2] # t\n  # Pro\n  - keys: [p1]\n    q: { is: true, most: 5 }\n";
    let wanted = json!({ "p": [
        { "keys": ["p1", "p2"], "q": { "is": true, "most": 9 } },
        { "keys": ["t1", "t2"] },
        { "keys": ["m"], "q": { "is": false } },
    ] });
    let after = "p:\n  # Team\n  - keys: [t1, t2] # t\n  # Pro\n  - keys: [p1, p2]\n    q: { is: true, most: 9 }\n  - keys: [m]\n    q: { is: false }\n";
    assert_eq!(edited(before, wanted), after);
    let wanted = json!({ "p": [{ "q": { "is": true, "most": 5 }, "id": "p1" }] });
    let after = "p:\n  # Team\n  # t\n  # Pro\n  - q: { is: true, most: 5 }\n    id: p1\n";
    assert_eq!(edited(before, wanted), after);
}

#[test]
fn what_is_shared_is_left_alone() {
    let shared = |text: &str, wanted: Json| edit(text, &wanted).unwrap_err();
    let aliased = "a: &x { n: 1 }\nb: *x\n";
    let b = json!({ "a": { "n": 1 }, "b": { "n": 2 } });
    assert_eq!(shared(aliased, b), CantEdit::shared("b"));
    // Changing the original changes the other one, too.
    let a = json!({ "a": { "n": 2 }, "b": { "n": 1 } });
    assert_eq!(shared(aliased, a), CantEdit::shared("b"));
    let merged = "a: &x { n: 1 }\nb:\n  <<: *x\n  m: 1\n";
    let n = json!({ "a": { "n": 1 }, "b": { "n": 2, "m": 1 } });
    assert_eq!(shared(merged, n), CantEdit::shared("b.n"));
    let without = json!({ "a": { "n": 1 }, "b": { "m": 1 } });
    assert_eq!(shared(merged, without), CantEdit::shared("b.n"));
    // What stands beside a merge is nobody else's.
    let m = json!({ "a": { "n": 1 }, "b": { "n": 1, "m": 2, "k": 3 } });
    assert_eq!(edited(merged, m), "a: &x { n: 1 }\nb:\n  <<: *x\n  m: 2\n  k: 3\n");
    let gone = json!({ "b": { "n": 1 } });
    assert!(edit(aliased, &gone).is_err());
}

#[test]
fn foreign_texts_are_read_back_as_they_are() {
    for text in [
        "a: b",
        "#x",
        "x #y",
        "-",
        "- x",
        "true",
        "No",
        "1",
        "0x1",
        "~",
        "",
        " x ",
        "x\ny",
        "'",
        "\"",
        "\\",
        "{x}",
        "[x]",
        "*x",
        "&x",
        "!x",
        "%x",
        "@x",
        "`x",
        "x:",
        "é",
        "🔑",
        "\u{202e}x",
        "x\u{fe0f}",
        "x\u{e0041}",
        "\u{7f}",
        "\u{85}",
        "\u{feff}",
        "https://a.example/?b=c&d=%20#e",
        "$${x}",
        "?",
        "? x",
        "---",
        "...",
    ] {
        for quotes in ["x", "'x'", "\"x\""] {
            for before in
                [format!("a: {quotes}\nb: 1\n"), format!("{{ a: {quotes}, b: [ {quotes} ] }}")]
            {
                let mut wanted = tree(&before).unwrap();
                wanted["a"] = json!(text);
                assert_eq!(tree(&edited(&before, wanted.clone())).unwrap(), wanted);
            }
        }
    }
}

#[test]
fn what_says_the_same_stays_as_it_is() {
    let text = "b:   2\na: [ y,x ] # c\n\n\n";
    assert_eq!(edited(text, json!({ "a": ["x", "y"], "b": 2 })), text);
}

/// A value as it can be in a file, without anything empty.
fn value() -> impl Strategy<Value = Json> {
    let word = || "[a-c#: '\"é\\[{&*!|>-]{1,5}".prop_map(Json::from);
    let leaf =
        prop_oneof![any::<bool>().prop_map(Json::from), (0..99i64).prop_map(Json::from), word()];
    let words = || proptest::collection::vec(word(), 1..3).prop_map(Json::from);
    prop_oneof![leaf, words()].prop_recursive(3, 12, 3, |inner| {
        let map = mapping(inner);
        prop_oneof![map.clone(), proptest::collection::vec(map, 1..3).prop_map(Json::from)]
    })
}

fn mapping(value: impl Strategy<Value = Json> + Clone + 'static) -> BoxedStrategy<Json> {
    proptest::collection::btree_map("[a-e]{1,2}", value, 1..4)
        .prop_map(|map| Json::Object(map.into_iter().collect::<Map<_, _>>()))
        .boxed()
}

/// A text that says this, with brackets from some depth on, and with comments.
fn written(tree: &Json, indent: usize, flow_from: usize, text: &mut String, n: &mut usize) {
    for (key, value) in tree.as_object().unwrap() {
        let margin = " ".repeat(indent);
        let key = serde_json::to_string(key).unwrap();
        *n += 1;
        text.push_str(&format!("{margin}# above {n}\n\n{margin}{key}:"));
        if value.is_object() && indent < flow_from {
            text.push_str(&format!("   # beside {n}\n"));
            written(value, indent + 3, flow_from, text, n);
        } else if let Json::Array(items) = value
            && indent < flow_from
        {
            text.push_str(&format!("   # beside {n}\n"));
            for item in items {
                *n += 1;
                text.push_str(&format!("{margin}- {item}   # item {n}\n"));
            }
        } else {
            text.push_str(&format!("  {value}   # beside {n}\n"));
        }
    }
}

/// A word that becomes part of a mapping is another item: only a mapping can change into one.
#[test]
fn a_word_in_a_list_can_become_a_mapping_that_has_it() {
    for (text, edited) in [
        ("y: [b]\n", "y: [{ a: [b] }]\n"),
        ("y:\n  - b # beside\n", "y:\n  # beside\n  - a: [b]\n"),
    ] {
        assert_eq!(edit(text, &json!({ "y": [{ "a": ["b"] }] })).as_deref(), Ok(edited));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is wanted instead: the text says it, has all its comments, and stays as it is when it
    /// is edited again.
    #[test]
    fn an_edited_text_says_what_is_wanted_and_keeps_its_comments(
        tree in mapping(value().boxed()),
        wanted in mapping(value().boxed()),
        flow_from in 0..8usize,
    ) {
        let mut text = String::new();
        written(&tree, 0, flow_from, &mut text, &mut 0);
        prop_assert_eq!(super::tree(&text), Ok(tree), "{}", text);
        prop_assert_eq!(super::tree(&super::written(&wanted)), Ok(wanted.clone()));
        let edited = edit(&text, &wanted);
        let edited = edited.unwrap_or_else(|error| panic!("{error}\n{text}{wanted}"));
        prop_assert!(difference::first(&Document::read(&edited).unwrap(), &wanted).unwrap().is_none());
        let comments = |text: &str| text.matches("# above ").count() + text.matches("# beside ").count() + text.matches("# item ").count();
        prop_assert_eq!(comments(&text), comments(&edited), "{}{}", text, edited);
        prop_assert_eq!(edit(&edited, &wanted), Ok(edited));
    }

    /// What stands before and behind the one key that changes is the same, byte for byte.
    #[test]
    fn lines_that_have_nothing_to_do_with_a_change_stay(
        before in mapping(value().boxed()),
        behind in mapping(value().boxed()),
        was in value(),
        is in proptest::option::of(value()),
        flow_from in 0..8usize,
    ) {
        let rename = |tree: Json, prefix: &str| -> Map<String, Json> {
            let Json::Object(entries) = tree else { unreachable!() };
            entries.into_iter().map(|(key, value)| (format!("{prefix}{key}"), value)).collect()
        };
        let (before, behind) = (rename(before, "x"), rename(behind, "z"));
        let mut n = 0;
        let mut part = |tree: &Map<String, Json>| {
            let mut text = String::new();
            written(&Json::Object(tree.clone()), 0, flow_from, &mut text, &mut n);
            text
        };
        let (start, end) = (part(&before), part(&behind));
        let middle = part(&Map::from_iter([("y".to_owned(), was)]));
        let is = is.map(|is| ("y".to_owned(), is));
        let wanted: Map<String, Json> = before.into_iter().chain(is).chain(behind).collect();
        let edited = edit(&format!("{start}{middle}{end}"), &Json::Object(wanted)).unwrap();
        prop_assert!(edited.starts_with(&start) && edited.ends_with(&end), "{}", edited);
    }
}
