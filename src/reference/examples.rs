//! Files that have a problem, and the same files without it.
//!
//! They are in `examples.txt`: `== CODE` begins an example, `-- wrong FILE` and `-- right FILE` a
//! file of it.

use crate::diagnostic::Code;

const TEXT: &str = include_str!("examples.txt");

/// Files with a problem, and files without it.
#[derive(Debug, Clone, Default)]
pub struct Example {
    /// Names and texts of files with the problem.
    pub wrong: Vec<(&'static str, &'static str)>,
    /// Names and texts of files without it.
    pub right: Vec<(&'static str, &'static str)>,
}

/// The example of a code, or nothing if no short text can show it.
pub fn example(code: Code) -> Option<Example> {
    let sections = TEXT.split("\n== ").filter_map(|section| section.split_once("\n-- "));
    let (_, files) = sections.into_iter().find(|(heading, _)| *heading == code.as_str())?;
    let mut example = Example::default();
    for file in files.split("\n-- ") {
        let (heading, text) = file.split_once('\n').expect("a file has a text");
        match heading.split_once(' ') {
            Some(("wrong", name)) => example.wrong.push((name, text)),
            Some(("right", name)) => example.right.push((name, text)),
            _ => unreachable!("examples.txt: `{heading}`"),
        }
    }
    Some(example)
}
