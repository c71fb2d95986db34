//! Completions for three shells, and a manual page for each command.

use std::fs;
use std::path::Path;

use clap_complete::Shell;
use portal_reconciler::cli::command;

/// Writes them into `completions/` and `man/man1/`.
pub(crate) fn write(folder: &Path) {
    let (completions, man) = (folder.join("completions"), folder.join("man/man1"));
    fs::create_dir_all(&completions).unwrap();
    fs::create_dir_all(&man).unwrap();
    for shell in [Shell::Bash, Shell::Fish, Shell::Zsh] {
        clap_complete::generate_to(shell, &mut command(), "reconcile", &completions).unwrap();
    }
    clap_mangen::generate_to(command(), &man).unwrap();
}
