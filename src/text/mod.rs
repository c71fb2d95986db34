//! Words, and texts that somebody else wrote.
//!
//! File names, keys and values in files, headlines, metadata, URLs and Stripe's messages can hold
//! anything: escape sequences that rewrite a terminal, `::commands::` that a CI runner obeys,
//! characters that reverse what is read. Nothing foreign is shown but through [`shown`], [`clean`],
//! [`masked`] or [`json`].

pub mod suggest;

use std::borrow::Cow;
use std::fmt::Write;

/// Why a text can always be written to a text.
pub const NEVER: &str = "writing to a string can't fail";

/// A foreign value: as it is if it is a plain word, else in quotes with everything escaped that is
/// not plainly visible, and no key.
pub fn shown(text: &str) -> String {
    let text = &*without_keys(text);
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

/// A foreign sentence, on one line: everything escaped that is not plainly visible, and no key.
pub fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in without_keys(text).chars() {
        match c {
            '\n' | '\r' | '\t' => line.push(' '),
            c => push_visible(&mut line, c),
        }
    }
    line
}

/// A text of the same length in bytes in which everything is visible, for those who point at bytes
/// of it: lines and tabs stay, whatever else can't be seen becomes a replacement character, and keys
/// can't be read.
pub fn masked(text: &str) -> String {
    let text = without_keys(text);
    let mask = |(index, c): (usize, char)| match c {
        '\n' | '\t' => c,
        '\r' if text[index..].starts_with("\r\n") => c,
        '[' if text[..index].ends_with("##") => '(',
        c if !is_invisible(c) => c,
        c => match c.len_utf8() {
            1 => '?',
            2 => '\u{bf}',
            3 => '\u{fffd}',
            _ => '\u{1fbc4}',
        },
    };
    text.char_indices().map(mask).collect()
}

/// The same text with stars for all of a Stripe key but what says of which kind it is. Somebody will
/// put one into a file, and whatever points there would show it to everybody who sees a log.
fn without_keys(text: &str) -> Cow<'_, str> {
    const KINDS: [&str; 4] = ["sk_live_", "rk_live_", "sk_test_", "rk_test_"];
    let mut shown = Cow::Borrowed(text);
    for (start, kind) in KINDS.iter().flat_map(|kind| text.match_indices(kind)) {
        let is_inside = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        let start = start + kind.len();
        let end = start + text[start..].chars().take_while(is_inside).count();
        shown.to_mut().replace_range(start..end, &"*".repeat(end - start));
    }
    shown
}

/// A JSON text with everything escaped inside of its strings that is not plainly visible. It stays
/// the same document.
pub fn json(text: String) -> String {
    // Serializers escape controls, so hardly any document has something left to escape.
    if !text.contains(|c| c != '\n' && is_invisible(c)) && !text.contains("##[") {
        return text;
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        let is_command = c == '[' && escaped.ends_with("##");
        if c != '\n' && (is_command || is_invisible(c)) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").expect(NEVER);
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Old runner commands, `##[…]`, are obeyed anywhere in a line.
fn push_visible(text: &mut String, c: char) {
    let is_command = c == '[' && text.ends_with("##");
    if is_command || is_invisible(c) {
        write!(text, "\\u{{{:x}}}", u32::from(c)).expect(NEVER);
    } else {
        text.push(c);
    }
}

/// Controls, and characters of Unicode's category "format" and its kin: those that change how
/// others are shown, or are not shown at all.
pub fn is_invisible(c: char) -> bool {
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

    #[test]
    fn a_key_is_shown_as_one_and_stays_secret() {
        let (text, shown) =
            ("é: sk_live_51Abc, rk_test_x_1 risk_test", "é: sk_live_*****, rk_test_*** risk_test");
        assert_eq!(masked(text), shown);
        assert_eq!(clean(text), shown);
        assert_eq!(super::shown("sk_live_51Abc"), "\"sk_live_*****\"");
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

        #[test]
        fn what_is_masked_keeps_its_length_and_its_lines(text in any::<String>()) {
            let masked = masked(&text);
            prop_assert_eq!(masked.len(), text.len());
            prop_assert_eq!(masked.lines().count(), text.lines().count());
            prop_assert!(!masked.replace("\r\n", "").contains(|c| c != '\n' && c != '\t' && is_invisible(c)));
            prop_assert!(!masked.contains("##["));
        }

        #[test]
        fn json_stays_the_same_document(text in any::<String>()) {
            let document = serde_json::json!({ "a": text, &text: [text] });
            let escaped = json(serde_json::to_string_pretty(&document).unwrap());
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), document);
            prop_assert!(!escaped.contains(|c| c != '\n' && is_invisible(c)));
            prop_assert!(!escaped.contains("##["));
        }
    }
}
