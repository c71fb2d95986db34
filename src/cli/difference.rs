//! Two texts side by side, the way `diff -u` shows them.

use std::fmt::Write;

use similar::ChangeTag;
use similar::algorithms::{Capture, Replace, myers};
use similar::udiff::UnifiedHunkHeader;

use crate::text::{NEVER, clean};

/// How many equal lines around a difference are shown.
const CONTEXT: usize = 3;

/// What differs between two texts of these names, as it can be shown.
pub(super) fn shown(names: [&str; 2], old: &str, new: &str) -> String {
    let diff = format!("--- {}\n+++ {}\n{}", names[0], names[1], unified(old, new));
    // A line that ends otherwise would look the same.
    let lines = diff.split_terminator('\n').map(|line| line.replace('\r', "\\r"));
    lines.map(|line| clean(&line) + "\n").collect()
}

/// The lines that differ, and what is around them. Nothing if none do.
fn unified(old: &str, new: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    // One algorithm: `similar::TextDiff` could use any, and so half a megabyte of the program would
    // be algorithms that nobody chooses.
    let mut differences = Replace::new(Capture::new());
    myers::diff(&mut differences, &old, 0..old.len(), &new, 0..new.len())
        .expect("capturing can't fail");
    let mut text = String::new();
    for hunk in differences.into_inner().into_grouped_ops(CONTEXT) {
        writeln!(text, "{}", UnifiedHunkHeader::new(&hunk)).expect(NEVER);
        for change in hunk.iter().flat_map(|difference| difference.iter_changes(&old, &new)) {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            let line = change.value();
            write!(text, "{sign}{line}").expect(NEVER);
            if !line.ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use similar::TextDiff;

    use super::*;

    proptest! {
        #[test]
        fn no_more_lines_differ_than_others_find(old in "([abc]\n){0,9}", new in "([abc]\n){0,9}") {
            let differing = |text: &str| {
                text.lines().filter(|line| line.starts_with(['-', '+'])).count()
            };
            let theirs = TextDiff::from_lines(&old, &new).unified_diff().to_string();
            prop_assert_eq!(differing(&unified(&old, &new)), differing(&theirs));
        }
    }

    #[test]
    fn changes_have_lines_around_them_and_a_missing_newline_is_told() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12";
        let new = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n";
        let expected = "@@ -2,11 +2,11 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n 10\n 11\n\
                        -12\n\\ No newline at end of file\n+12\n";
        assert_eq!(unified(old, new), expected);
        assert_eq!(unified(old, old), "");
    }
}
