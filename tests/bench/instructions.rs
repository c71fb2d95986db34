//! How many instructions a role takes, and whether a role of many takes as many as one of few.
//!
//! Valgrind counts them, so that neither a slow machine nor a busy one makes a difference, and this
//! can be part of every change's checks. Needs `valgrind`.

use std::path::Path;
use std::process::Command;

use crate::folder;
use crate::program::PROGRAM;
use crate::table::{Bound, Table};

/// How many roles there are. The more, the better a square shows among the rest; what looks at every
/// role for each role makes twice as many instructions of the last one. It takes half a minute.
const N_ROLES: [usize; 3] = [20, 200, 2_000];

/// What is counted: a command, with files that are right or all wrong, and how many thousand
/// instructions a role may take, a tenth to a fifth more than it does.
const COMMANDS: [(&str, &[&str], bool, f64); 3] = [
    ("validate", &["validate", "-e", "test"], true, 610.0),
    ("plan", &["--emulator", "--dry-run"], true, 880.0),
    ("validate, every file wrong", &["validate", "-e", "test"], false, 860.0),
];

/// The instructions that each further role takes.
pub(crate) fn rows(table: &mut Table) {
    for (what, command, are_right, budget) in COMMANDS {
        let counts = N_ROLES.map(|n| {
            let folder =
                folder::with_texts(n, |_, text| if are_right { text } else { wrong(&text) });
            count(command, folder.path())
        });
        let [few, some, many] = match counts.into_iter().collect::<Result<Vec<f64>, _>>() {
            Ok(counts) => [counts[0], counts[1], counts[2]],
            Err(why) => {
                table.missing(&format!("instructions, {what}"), &why);
                continue;
            }
        };
        let each = |n: f64, roles: [usize; 2]| n / (roles[1] - roles[0]) as f64 / 1e3;
        let of_few = each(some - few, [N_ROLES[0], N_ROLES[1]]);
        let of_many = each(many - some, [N_ROLES[1], N_ROLES[2]]);
        let what = format!("instructions a role, {what}");
        table.row(&what, (of_many, budget), "budget", "k", Bound::AtMost(1.0));
        let against = format!("with {} instead of {}", N_ROLES[1], N_ROLES[2]);
        table.row("", (of_many, of_few), &against, "k", Bound::AtMost(1.03));
    }
}

fn wrong(text: &str) -> String {
    text.replace("invoice_history", "invoice_histroy")
}

/// The instructions of one run, whatever it exits with.
fn count(command: &[&str], folder: &Path) -> Result<f64, String> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null", PROGRAM]);
    valgrind.args(command).arg("-C").arg(folder);
    let output = valgrind.output().map_err(|error| format!("`valgrind`: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.rsplit_once("Collected : ").map(|(_, rest)| rest);
    let number = collected.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| "`valgrind` didn't count".to_owned())
}
