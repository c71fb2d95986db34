//! Problems as GitHub shows them: at the line of the file, in the list of changed files.
//!
//! The grammar: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>,
//! read 2026-11-22. A step may have ten of each kind; those beyond are not shown anywhere.

use std::fmt::Write;

use super::plan::NEVER;
use crate::diagnostic::{Bag, Diagnostic, Severity};
use crate::source::SourceMap;
use crate::text::clean;

/// As many as a step may have of one kind.
const MOST: usize = 10;

/// More than this of a message is cut off anyway.
const MOST_CHARS: usize = 4_000;

/// A command a problem, errors first; the last one counts those that there is no room for.
pub fn annotations(bag: &Bag, sources: &SourceMap) -> String {
    let mut text = String::new();
    for (severity, kind) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
        let all = bag.sorted();
        let problems: Vec<&Diagnostic> =
            all.into_iter().filter(|it| it.code.severity() == severity).collect();
        let n_shown = if problems.len() <= MOST { problems.len() } else { MOST - 1 };
        for problem in &problems[..n_shown] {
            text.push_str(&at_line(kind, problem, sources));
        }
        if let n @ 1.. = problems.len() - n_shown {
            let message = format!("and {n} more, which the log of this step shows");
            text.push_str(&command(kind, &[], &message));
        }
    }
    text
}

/// A problem that is not one of a file.
pub fn annotation(message: &str, help: Option<&str>) -> String {
    let help = help.map(|help| format!("\n{}", clean(help))).unwrap_or_default();
    command("error", &[], &(clean(message) + &help))
}

fn at_line(kind: &str, problem: &Diagnostic, sources: &SourceMap) -> String {
    let (line, column) = sources.position(problem.at);
    let path = clean(&sources.file(problem.at.file).path);
    let help = problem.help.as_deref().map(|help| format!("\n{}", clean(help)));
    let message = clean(&problem.message) + help.as_deref().unwrap_or_default();
    let (line, column) = (line.to_string(), column.to_string());
    let title = problem.code.as_str();
    let properties = [("file", path.as_str()), ("line", &line), ("col", &column), ("title", title)];
    command(kind, &properties, &message)
}

/// `::error file=a.yaml,line=1::message`. The percent sign is what escapes, so it is escaped first.
fn command(kind: &str, properties: &[(&str, &str)], message: &str) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let mut text = format!("::{kind}");
    for (index, (key, value)) in properties.iter().enumerate() {
        let sign = if index == 0 { ' ' } else { ',' };
        let value = data(value).replace(':', "%3A").replace(',', "%2C");
        write!(text, "{sign}{key}={value}").expect(NEVER);
    }
    let message: String = message.chars().take(MOST_CHARS).collect();
    format!("{text}::{}\n", data(&message))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Span;

    /// What the runner makes of a line: the command, its properties, its message.
    fn obeyed(line: &str) -> (String, Vec<(String, String)>, String) {
        let rest = line.trim_start().strip_prefix("::").expect("a command");
        let (head, message) = rest.split_once("::").expect("its end");
        let (kind, properties) = head.split_once(' ').unwrap_or((head, ""));
        let plain = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
        let property = |pair: &str| {
            let (key, value) = pair.split_once('=').expect("a value");
            (key.to_owned(), plain(&value.replace("%3A", ":").replace("%2C", ",")))
        };
        let properties = properties.split(',').filter(|it| !it.is_empty()).map(property);
        (kind.to_owned(), properties.collect(), plain(message))
    }

    fn hostile() -> impl Strategy<Value = String> {
        const PARTS: &[&str] = &[
            "::",
            ",",
            ":",
            "=",
            "%",
            "%0A",
            "%25",
            "\n",
            "\r",
            "##[error]",
            "::error::",
            " ",
            "x",
            "é",
            "\u{85}",
            "\u{2028}",
        ];
        proptest::collection::vec(proptest::sample::select(PARTS), 0..8).prop_map(|it| it.concat())
    }

    proptest! {
        #[test]
        fn the_runner_reads_exactly_what_was_meant(
            path in hostile(),
            message in hostile(),
            help in proptest::option::of(hostile()),
        ) {
            let mut sources = SourceMap::default();
            let file = sources.add(path.clone(), "a: 1\nb: 2\n".to_owned());
            let mut bag = Bag::default();
            let mut problem =
                Diagnostic::new(Code::UnknownKey, Span { file, start: 5, end: 6 }, message.clone());
            problem.help = help.clone();
            bag.push(problem);
            let text = annotations(&bag, &sources);
            prop_assert_eq!(text.lines().count(), 1);
            prop_assert!(!text.trim_end().contains(['\r', '\n']) && !text.contains("##["));
            let (kind, properties, read) = obeyed(text.trim_end_matches('\n'));
            let expected = [
                ("file", clean(&path)), ("line", "2".to_owned()), ("col", "1".to_owned()),
                ("title", "unknown-key".to_owned()),
            ];
            let expected = expected.map(|(key, value)| (key.to_owned(), value));
            prop_assert_eq!((kind.as_str(), properties), ("error", expected.to_vec()));
            let help = help.map(|help| format!("\n{}", clean(&help))).unwrap_or_default();
            prop_assert_eq!(read, clean(&message) + &help);
        }
    }

    #[test]
    fn of_many_problems_nine_are_shown_and_the_others_counted() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.yaml".to_owned(), "a".repeat(30));
        let mut bag = Bag::default();
        for start in 0..12 {
            let span = Span { file, start, end: start + 1 };
            bag.push(Diagnostic::new(Code::UnknownKey, span, "no"));
        }
        let text = annotations(&bag, &sources);
        assert_eq!(text.lines().count(), MOST);
        assert!(
            text.ends_with("::error::and 3 more, which the log of this step shows\n"),
            "{text}"
        );
    }
}
