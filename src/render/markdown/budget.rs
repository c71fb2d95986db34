//! As much of a document as fits, and the counts of what doesn't.

use crate::text::plural;

/// A part of the document: items between a head and a foot.
pub(super) struct Part {
    /// What comes before the first item.
    pub(super) head: String,
    /// Whole lines or blocks, the most important first.
    pub(super) items: Vec<String>,
    /// What one item is.
    pub(super) noun: &'static str,
    /// What the line begins with that counts the items that are left out, as `- ` in a list.
    pub(super) bullet: &'static str,
    /// What comes after the last item.
    pub(super) foot: String,
}

impl Part {
    /// A text that is always there.
    pub(super) fn always(text: String) -> Self {
        Self { head: text, items: Vec::new(), noun: "", bullet: "", foot: String::new() }
    }

    /// What says that items are left out.
    fn more(&self, n_left_out: usize) -> String {
        match n_left_out {
            0 => String::new(),
            n => format!("{}… and {}\n", self.bullet, plural(n, &format!("more {}", self.noun))),
        }
    }

    /// The bytes that are there however little room there is.
    fn least(&self) -> usize {
        self.head.len() + self.more(self.items.len()).len() + self.foot.len()
    }
}

/// Puts the parts together in at most so many bytes, as long as their heads fit. Whatever is left
/// out is counted, and nothing is cut in two.
pub(super) fn fit(parts: &[Part], most: usize) -> String {
    let mut left = most.saturating_sub(parts.iter().map(Part::least).sum());
    let mut text = String::new();
    for part in parts {
        let n_fitting = part.items.iter().take_while(|item| {
            let fits = item.len() <= left;
            left -= if fits { item.len() } else { 0 };
            fits
        });
        let n_fitting = n_fitting.count();
        text.push_str(&part.head);
        text.extend(part.items[..n_fitting].iter().map(String::as_str));
        text.push_str(&part.more(part.items.len() - n_fitting));
        text.push_str(&part.foot);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_count_is_lost_and_no_byte_too_many(
            sizes in proptest::collection::vec(proptest::collection::vec(0..300usize, 0..20), 1..6),
            room in 0..3000usize,
        ) {
            let part = |sizes: &Vec<usize>| Part {
                head: "head\n".to_owned(),
                items: sizes.iter().map(|size| format!("{}#\n", "x".repeat(*size))).collect(),
                noun: "thing",
                bullet: "- ",
                foot: "foot\n".to_owned(),
            };
            let parts: Vec<Part> = sizes.iter().map(part).collect();
            let least: usize = parts.iter().map(Part::least).sum();
            let text = fit(&parts, least + room);
            prop_assert!(text.len() <= least + room);
            let left_out: usize = text
                .lines()
                .filter_map(|line| line.strip_prefix("- … and ")?.split(' ').next()?.parse::<usize>().ok())
                .sum();
            prop_assert_eq!(text.matches('#').count() + left_out, sizes.iter().flatten().count());
        }
    }
}
