//! Texts that somebody else wrote, in the forms that Markdown can't be led astray by.
//!
//! A code span, a fence and `<code>` hold no links, mentions, references, images or tags. Prose is
//! our own words; whatever in it isn't a plain word stands in a code span.

use std::fmt::Write;

use crate::text::clean;

use super::NEVER;

/// A visible text as a code span, also in a table.
pub(super) fn code(text: &str) -> String {
    let mut span = String::from("`");
    for c in clean(text).chars() {
        match c {
            '`' | '|' => write!(span, "\\u{{{:x}}}", u32::from(c)).expect(NEVER),
            c => span.push(c),
        }
    }
    // What begins and ends with a space loses both, and nothing is no span at all.
    if text.trim().is_empty() {
        span.push_str("\"\"");
    }
    span.push('`');
    span
}

/// A sentence, with everything in code spans that isn't a plain word: ids, paths, quoted texts.
pub(super) fn prose(text: &str) -> String {
    let text = clean(text);
    let mut prose = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (token, after) = rest.split_at(token_length(rest));
        let plain = token.trim_end_matches([',', ';', ':', '.', ')']);
        let ours = plain.trim_start_matches('(');
        let opening = plain.len() - ours.len();
        if token == " " || is_word(ours) {
            prose.push_str(token);
        } else if ours.is_empty() {
            // Two colons at the start of a line would begin a command of the runner's.
            prose.push_str(&code(token));
        } else if let Some(span) = ours.strip_prefix('`').and_then(|it| it.strip_suffix('`')) {
            let (before, end) = (&token[..opening], &token[plain.len()..]);
            write!(prose, "{before}{}{end}", code(span)).expect(NEVER);
        } else {
            let (before, end) = (&token[..opening], &token[plain.len()..]);
            write!(prose, "{before}{}{end}", code(ours)).expect(NEVER);
        }
        rest = after;
    }
    prose
}

/// Up to the next space; what is quoted belongs together.
fn token_length(text: &str) -> usize {
    let quote = text.chars().next().filter(|c| ['"', '`'].contains(c));
    if text.starts_with(' ') {
        return 1;
    }
    let mut is_escaped = false;
    let mut is_inside = false;
    for (index, c) in text.char_indices() {
        if c == ' ' && !is_inside {
            return index;
        }
        if Some(c) == quote && !is_escaped {
            is_inside = !is_inside;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    text.len()
}

/// Letters, as in `can't` and `read-only`, or a small number: nothing that Markdown or GitHub makes
/// something of, such as a link, a mention or a commit.
fn is_word(token: &str) -> bool {
    let is_number = (1..6).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_digit());
    let is_inside = |c: char| c.is_ascii_alphabetic() || c == '\'' || c == '-';
    let begins = token.starts_with(|c: char| c.is_ascii_alphabetic());
    is_number || begins && token.chars().all(is_inside) || token == "✓" || token == "–"
}

/// Lines as they are, in a fence that none of them can close.
pub(super) fn fence(language: &str, lines: &str) -> String {
    let fence = fence_around(lines);
    format!("{fence}{language}\n{}\n{fence}\n", lines.trim_end_matches('\n'))
}

/// What these lines can't close.
pub(super) fn fence_around(lines: &str) -> String {
    let longest = lines.split(|c: char| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(3.max(longest + 1))
}

/// A text inside of an HTML element, where Markdown isn't looked for.
pub(super) fn html_code(text: &str) -> String {
    let mut html = String::from("<code>");
    for c in clean(text).chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            c if c.is_ascii_alphanumeric() || c == ' ' => html.push(c),
            // Markdown in the line around it would see it.
            c => write!(html, "&#{};", u32::from(c)).expect(NEVER),
        }
    }
    html.push_str("</code>");
    html
}

#[cfg(test)]
mod tests {
    use comrak::nodes::NodeValue;
    use comrak::{Arena, Options, parse_document};
    use proptest::prelude::*;

    use super::*;

    /// What Markdown, GitHub or a browser would make something of.
    fn hostile() -> impl Strategy<Value = String> {
        const PARTS: &[&str] = &[
            "`",
            "```",
            "|",
            "\n",
            "\r",
            "<b>",
            "</details>",
            "<!--",
            "&lt;",
            "@octocat",
            "#12",
            "GH-3",
            "https://evil.example",
            "www.evil.example",
            "a@evil.example",
            "![x](y)",
            "[x](y)",
            "[^1]",
            "**",
            "_",
            "~~",
            "\\",
            "- ",
            "1. ",
            "    ",
            "> ",
            "---",
            ":+1:",
            "$x$",
            "é",
            "\u{202e}",
            "0123abcdef0123",
            " ",
            "\"",
            "word",
            "\t",
            "==",
            "<img src=x>",
        ];
        proptest::collection::vec(proptest::sample::select(PARTS), 0..8)
            .prop_map(|parts| parts.concat())
    }

    /// The kinds of nodes that a text comes to, and the texts that aren't code.
    fn parsed(markdown: &str) -> (Vec<NodeValue>, String) {
        let arena = Arena::new();
        let mut options = Options::default();
        let extension = &mut options.extension;
        extension.table = true;
        extension.autolink = true;
        extension.strikethrough = true;
        extension.footnotes = true;
        extension.tasklist = true;
        extension.alerts = true;
        extension.math_dollars = true;
        let root = parse_document(&arena, markdown, &options);
        let nodes: Vec<NodeValue> =
            root.descendants().map(|node| node.data.borrow().value.clone()).collect();
        let text = |node: &NodeValue| node.text().map(|text| text.to_string());
        let texts = nodes.iter().filter_map(text).collect();
        (nodes, texts)
    }

    proptest! {
        #[test]
        fn a_code_span_is_one_also_in_a_table(text in hostile()) {
            let (nodes, _) = parsed(&format!("a {} b", code(&text)));
            let is_plain = |it: &NodeValue| matches!(
                it,
                NodeValue::Document | NodeValue::Paragraph | NodeValue::Text(_) | NodeValue::Code(_)
            );
            prop_assert!(nodes.iter().all(is_plain), "{:?}", nodes);
            prop_assert_eq!(nodes.iter().filter(|it| matches!(it, NodeValue::Code(_))).count(), 1);
            let table = format!("| x | y |\n|---|---|\n| {} | z |\n", code(&text));
            let (nodes, texts) = parsed(&table);
            let n_cells = nodes.iter().filter(|it| matches!(it, NodeValue::TableCell)).count();
            prop_assert_eq!((n_cells, texts.as_str()), (4, "xyz"));
        }

        #[test]
        fn prose_says_nothing_but_words_and_code(text in hostile()) {
            let (nodes, texts) = parsed(&format!("a {} b", prose(&text)));
            let is_plain = |it: &NodeValue| matches!(
                it,
                NodeValue::Document | NodeValue::Paragraph | NodeValue::Text(_) | NodeValue::Code(_)
            );
            prop_assert!(nodes.iter().all(is_plain), "{:?}", nodes);
            prop_assert!(!texts.contains(['@', '#', '/', '\\', '<', '`', '|', '$']), "{}", texts);
        }

        #[test]
        fn a_fence_holds_what_is_in_it(text in hostile()) {
            // Every line in one is visible.
            let text = text.lines().map(clean).collect::<Vec<_>>().join("\n");
            let (nodes, _) = parsed(&fence("diff", &text));
            let [NodeValue::Document, NodeValue::CodeBlock(block)] = &nodes[..] else {
                panic!("{nodes:?}");
            };
            prop_assert_eq!(block.literal.trim_end_matches('\n'), text.trim_end_matches('\n'));
        }

        #[test]
        fn html_has_no_element_but_our_own(text in hostile()) {
            let html = html_code(&text);
            let inside = html.strip_prefix("<code>").unwrap().strip_suffix("</code>").unwrap();
            prop_assert!(!inside.contains(['<', '>', '"', '`', '\n', '*', '_', '@']));
            let (nodes, texts) = parsed(&format!("<details><summary>{html} x</summary>\n\na\n"));
            prop_assert!(matches!(nodes[1], NodeValue::HtmlBlock(_)));
            prop_assert_eq!(texts, "a");
        }
    }

    #[test]
    fn our_own_sentences_stay_as_they_are() {
        let ours = "customers can't find a way back (from here), for 3 months; it is read-only";
        assert_eq!(prose(ours), ours);
        assert_eq!(prose("can now choose prod_1."), "can now choose `prod_1`.");
        assert_eq!(prose(":: a, b"), "`::` a, b");
        assert_eq!(
            prose("run `reconcile lock`, or \"a \\\" b\""),
            "run `reconcile lock`, or `\"a \\\" b\"`"
        );
    }
}
