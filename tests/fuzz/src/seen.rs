//! What may be shown to people and runners, whatever it was made of.

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};

/// Holds a text of several lines to having nothing in it that can't be seen, and nothing that GitHub's
/// runner obeys. Controls that end lines are ours.
pub(crate) fn assert_visible(text: &str) {
    let hidden = text.chars().find(|c| *c != '\n' && is_hidden(*c));
    assert_eq!(hidden, None, "in {text:?}");
    assert!(!text.contains("##["), "{text:?}");
    let is_command = |line: &&str| line.trim_start().starts_with("::");
    assert_eq!(text.lines().find(is_command), None);
}

/// Controls, and what changes the order in which others are shown.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Holds a text to being commands of GitHub's runner, one a line, and nothing else.
pub(crate) fn assert_annotations(text: &str) {
    assert!(text.is_empty() || text.ends_with('\n'));
    assert!(!text.contains("##["), "{text:?}");
    for line in text.split_terminator('\n') {
        assert_eq!(line.chars().find(|c| is_hidden(*c)), None, "in {line:?}");
        let rest = line.strip_prefix("::error").or_else(|| line.strip_prefix("::warning"));
        let (properties, _) = rest.and_then(|rest| rest.split_once("::")).expect("a command");
        let n_commas = properties.matches(',').count();
        assert!(properties.is_empty() || n_commas == 3, "{line:?}");
    }
}

/// A document, as GitHub shows it.
#[derive(Default)]
pub(crate) struct Seen {
    /// What is in blocks of code.
    pub(crate) code: String,
    /// What is in no code at all.
    pub(crate) words: String,
}

/// Holds Markdown to plain words, code, and the few elements that the program itself writes.
pub(crate) fn assert_harmless(markdown: &str) -> Seen {
    assert_visible(markdown);
    let mut seen = Seen::default();
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
    for node in parse_document(&arena, markdown, &options).descendants() {
        let node = &node.data.borrow().value;
        if let NodeValue::Text(text) = node {
            assert!(!text.contains(['@', '#', '\\', '<', '`', '|', '$']), "{text:?}");
            seen.words.push_str(text);
        } else if let NodeValue::HtmlBlock(block) = node {
            assert_our_html(&block.literal);
            seen.words.push_str(&block.literal);
        } else if let NodeValue::HtmlInline(html) = node {
            assert_our_html(html);
            seen.words.push_str(html);
        } else if let NodeValue::CodeBlock(block) = node {
            seen.code.push_str(&block.literal);
        } else {
            assert!(is_ours(node), "{node:?} in {markdown}");
        }
    }
    seen
}

fn is_ours(node: &NodeValue) -> bool {
    matches!(
        node,
        NodeValue::Document
            | NodeValue::Heading(_)
            | NodeValue::Paragraph
            | NodeValue::Strong
            | NodeValue::Code(_)
            | NodeValue::List(_)
            | NodeValue::Item(_)
            | NodeValue::Alert(_)
            | NodeValue::Table(_)
            | NodeValue::TableRow(_)
            | NodeValue::TableCell
            | NodeValue::LineBreak
            | NodeValue::SoftBreak
    )
}

fn assert_our_html(html: &str) {
    let ours = [
        "<details>",
        "<details open>",
        "</details>",
        "<summary>",
        "</summary>",
        "<code>",
        "</code>",
        "<sub>",
        "</sub>",
        "<!-- reconcile:plan:test -->",
        "<!-- reconcile:plan: -->",
    ];
    let rest = ours.iter().fold(html.to_owned(), |rest, element| rest.replace(element, ""));
    assert!(!rest.contains(['<', '>']), "{html}");
}
