//! Words, and texts that somebody else wrote.
//!
//! Headlines, metadata, URLs and Stripe's messages can hold anything: escape sequences that rewrite
//! a terminal, `::commands::` that a CI runner obeys, characters that reverse what is read. Nothing
//! foreign is shown but through [`shown`] or [`clean`].

use std::fmt::Write;

use crate::model::{Interval, Quantity, Value};

/// A foreign value: as it is if it is a plain word, else in quotes with everything escaped that is
/// not plainly visible.
pub fn shown(text: &str) -> String {
    let is_plain_char = |c: char| c.is_ascii_alphanumeric() || "_-./:@+~%?=&,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain_char) && !text.starts_with("::") {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => push_visible(&mut quoted, c),
        }
    }
    quoted.push('"');
    quoted
}

/// A foreign sentence, on one line: everything escaped that is not plainly visible.
pub fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => line.push(' '),
            c => push_visible(&mut line, c),
        }
    }
    line
}

/// Old runner commands, `##[…]`, are obeyed anywhere in a line.
fn push_visible(text: &mut String, c: char) {
    let is_command = c == '[' && text.ends_with("##");
    if is_command || is_invisible(c) {
        write!(text, "\\u{{{:x}}}", u32::from(c)).expect("writing to a string can't fail");
    } else {
        text.push(c);
    }
}

/// Controls, and characters of Unicode's category "format" and its kin: those that change how
/// others are shown, or are not shown at all.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
            | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f
            | 0xfeff | 0xffa0 | 0xfff0..=0xfffb | 0xe0000..=0xe0fff)
}

/// `1 role`, `2 roles`
pub fn plural(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

/// A value on one line; what is empty is `-`.
pub(super) fn value(value: Option<&Value>) -> String {
    match value {
        None => "-".to_owned(),
        Some(Value::Flag(flag)) => flag.to_string(),
        Some(Value::Text(text)) => shown(text),
        Some(Value::Set(members)) => {
            let members: Vec<String> = members.iter().map(|member| shown(member)).collect();
            format!("[{}]", members.join(", "))
        }
        Some(Value::Intervals(intervals)) => {
            let words: Vec<String> =
                intervals.iter().map(|interval| interval_words(*interval)).collect();
            words.join(", ")
        }
        Some(Value::Quantity(quantity)) => match quantity {
            Quantity::Fixed => "fixed".to_owned(),
            Quantity::Adjustable { minimum, maximum: Some(most) } => format!("{minimum} to {most}"),
            Quantity::Adjustable { minimum, maximum: None } => format!("{minimum} or more"),
        },
    }
}

fn interval_words(interval: Interval) -> String {
    plural(interval.count as usize, interval.unit.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_words_stay_as_they_are() {
        for plain in ["at_period_end", "https://example.com/a?b=c", "price_1ABC"] {
            assert_eq!(shown(plain), plain);
        }
        assert_eq!(shown("Hello, \"you\""), r#""Hello, \"you\"""#);
        assert_eq!(shown("日本語"), "\"日本語\"");
        assert_eq!(shown(""), "\"\"");
    }

    #[test]
    fn nothing_foreign_moves_the_cursor_or_commands_a_runner() {
        assert_eq!(shown("a\u{1b}[2Jb\r\nc"), r#""a\u{1b}[2Jb\r\nc""#);
        assert_eq!(shown("save ##[add-mask]e"), r###""save ##\u{5b}add-mask]e""###);
        assert_eq!(shown("::stop-commands::x"), "\"::stop-commands::x\"");
        assert_eq!(clean("a\u{202e}b\nc"), r"a\u{202e}b c");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_one_visible_line(text in any::<String>()) {
            for line in [shown(&text), clean(&text)] {
                prop_assert!(!line.contains(is_invisible));
                prop_assert!(!line.contains("##["));
            }
            prop_assert!(!shown(&text).trim_start().starts_with("::"));
        }
    }
}
