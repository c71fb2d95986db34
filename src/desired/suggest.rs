//! "Did you mean".

/// The candidate that was probably meant, if one is near enough to be worth saying.
pub(super) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // Below this the suggestions are random: `name` for `mode`.
    const SIMILARITY: f32 = 0.6;
    let exact = candidates.iter().find(|candidate| candidate.eq_ignore_ascii_case(word));
    exact
        .copied()
        .or_else(|| similar::get_close_matches(word, candidates, 1, SIMILARITY).first().copied())
}

/// ``did you mean `x`?`` or the list of what is possible.
pub fn help(word: &str, candidates: &[&str]) -> String {
    match nearest(word, candidates) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("possible: {}", list(candidates)),
    }
}

/// `` `a`, `b`, `c` ``
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
