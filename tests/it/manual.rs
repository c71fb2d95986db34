//! What a release has beside the program says what the program can.

#[path = "../manual/files.rs"]
mod files;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use portal_reconciler::cli::command;

/// What bash offers behind these words.
fn offered(completions: &Path, words: &[&str]) -> BTreeSet<String> {
    let script = "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1))
        _reconcile reconcile \"${@: -1}\" \"${@: -2:1}\"; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let mut bash = Command::new("bash");
    bash.args(["--noprofile", "--norc", "-c", script, "bash"]).arg(completions).args(words);
    let output = bash.output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_completes_commands_options_and_values() {
    let folder = tempfile::tempdir().unwrap();
    files::write(folder.path());
    let completions = folder.path().join("completions");
    let bash = completions.join("reconcile.bash");
    let first = offered(&bash, &["reconcile", ""]);
    for command in command().get_subcommands() {
        assert!(first.contains(command.get_name()), "{first:?}");
        for file in ["_reconcile", "reconcile.fish"] {
            let text = fs::read_to_string(completions.join(file)).unwrap();
            assert!(text.contains(command.get_name()), "{file}: {}", command.get_name());
        }
    }
    assert!(offered(&bash, &["reconcile", "--dry"]).contains("--dry-run"));
    assert!(offered(&bash, &["reconcile", "export", "--format", "ty"]).contains("typescript"));
}

#[test]
fn each_command_has_a_page_with_its_options_and_the_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    files::write(folder.path());
    let page = |name: &str| {
        let text = fs::read_to_string(folder.path().join("man/man1").join(name)).unwrap();
        // Where a line could break roff wants its hyphens to be told apart.
        text.replace("\\-", "-")
    };
    let all = page("reconcile.1");
    for said in ["Exit codes:", "130  interrupted", "--expect-digest"] {
        assert!(all.contains(said), "{said} is missing");
    }
    for command in command().get_subcommands() {
        let page = page(&format!("reconcile-{}.1", command.get_name()));
        for option in command.get_arguments().filter_map(|argument| argument.get_long()) {
            assert!(page.contains(&format!("--{option}")), "{option} is missing");
        }
    }
}
