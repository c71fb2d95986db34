//! "Did you mean".

/// The candidate that was probably meant, if one is near enough to be worth saying.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let exact = candidates.iter().find(|candidate| candidate.eq_ignore_ascii_case(word));
    exact.copied().or_else(|| most_similar(word, candidates))
}

/// The candidate that has most in common with a word; of several, the first by name.
fn most_similar<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // Below this the suggestions are random: `name` for `mode`.
    const SIMILARITY: f64 = 0.6;
    let similar = candidates.iter().map(|candidate| (similarity(word, candidate), *candidate));
    let near = similar.filter(|(similarity, _)| *similarity >= SIMILARITY);
    near.max_by(|(a, one), (b, other)| a.total_cmp(b).then(other.cmp(one))).map(|(_, near)| near)
}

/// How much of two words is common to both, in order: from 0 for nothing to 1 for everything.
fn similarity(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // The length of what the beginnings of both have in common, row by row of the usual table.
    let mut row = vec![0_usize; other.len() + 1];
    for a in &one {
        let mut diagonal = 0;
        for (column, b) in other.iter().enumerate() {
            let above = row[column + 1];
            row[column + 1] = if a == b { diagonal + 1 } else { above.max(row[column]) };
            diagonal = above;
        }
    }
    let n_common = row[other.len()] as f64;
    2.0 * n_common / (one.len() + other.len()).max(1) as f64
}

/// ``did you mean `x`?`` or the list of what is possible.
pub fn help(word: &str, candidates: &[&str]) -> String {
    let possible = match candidates {
        [] => "there is none".to_owned(),
        _ => format!("possible: {}", list(candidates)),
    };
    help_or(word, candidates, &possible)
}

/// ``did you mean `x`?`` or something else, where a list would be too long.
pub fn help_or(word: &str, candidates: &[&str], otherwise: &str) -> String {
    nearest(word, candidates)
        .map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}

/// `` `a`, `b`, `c` ``
pub fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_as_similar_as_others_find_them(one in "[a-c_]{1,8}", other in "[a-c_]{1,8}") {
            let theirs = similar::TextDiff::from_chars(&one, &other).ratio();
            prop_assert!((similarity(&one, &other) - f64::from(theirs)).abs() < 0.001);
        }
    }

    #[test]
    fn the_nearest_is_meant_and_nothing_that_is_far() {
        assert_eq!(nearest("emial", &["email", "name"]), Some("email"));
        assert_eq!(nearest("EMAIL", &["emails", "email"]), Some("email"));
        assert_eq!(nearest("mode", &["name"]), None);
        assert_eq!(nearest("ab", &["abd", "abc"]), Some("abc"), "the first by name");
        assert_eq!(nearest("", &[""]), Some(""));
        assert_eq!(nearest("", &["x"]), None);
    }
}
