//! The README is true: its `console` blocks are one session in a fresh clone, and this is what
//! comes out. `BLESS=1 cargo test readme` writes it down.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use clap::error::ErrorKind;
use portal_reconciler::cli;
use portal_reconciler::emulator::{Emulator, Seed};

use crate::repository::{assert_written_down, root};
use crate::server::Server;
use crate::sessions::{copy, replay, shell};

#[test]
fn the_readme_shows_what_comes_out() {
    let clone = tempfile::tempdir().unwrap();
    let tracked = |name: &str| !name.starts_with('.') && !name.ends_with(".lock.json");
    copy(&root().join("portal-configs"), &clone.path().join("portal-configs"), tracked);
    // `cargo run` of what is built already.
    let cargo = clone.path().join("bin/cargo");
    fs::create_dir(clone.path().join("bin")).unwrap();
    fs::write(
        &cargo,
        "#!/bin/sh\n[ \"$1 $2 $3\" = 'run --release --' ] && shift 3 && exec reconcile \"$@\"\n",
    )
    .unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();

    let written = fs::read_to_string(root().join("README.md")).unwrap();
    let mut actual = String::new();
    let mut rest = written.as_str();
    while let Some((before, block)) = rest.split_once("```console\n") {
        let (session, after) = block.split_once("```\n").unwrap();
        let came_out = replay(session, |command| shell(command, clone.path(), &[]));
        // A terminal shows both streams alike.
        let came_out: String =
            came_out.lines().map(|line| line.trim_start_matches("2> ").to_owned() + "\n").collect();
        actual.push_str(&format!("{before}```console\n{came_out}```\n"));
        rest = after;
    }
    actual.push_str(rest);
    assert_written_down("README.md", &actual);
}

#[test]
fn a_dry_run_with_the_embedded_stripe_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("portal-configs"), folder.path(), |name| {
        !name.starts_with('.') && !name.ends_with(".lock.json")
    });
    let files = || {
        fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect::<Vec<_>>()
    };
    let before = files();
    let printed = shell("reconcile -C . --emulator --dry-run", folder.path(), &[]);
    assert!(printed.contains("Plan: 3 to create"), "{printed}");
    assert_eq!(files(), before);
}

/// The blocks that are for a shell, in order.
fn commands(readme: &str) -> Vec<&str> {
    readme.split("```sh\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect()
}

/// What is only different because Stripe is here, nobody answers, and the program is built already.
const HERE: [(&str, &str); 5] = [
    ("cargo install --path .\n", ""),
    ("rk_test_…", "rk_test_123"),
    ("\nreconcile   ", "\nreconcile --yes   "),
    ("https://api.stripe.com", "$STRIPE_API_BASE"),
    ("cus_…", "cus_acme"),
];

#[test]
fn what_is_to_be_typed_for_an_account_of_ones_own_works_as_it_stands() {
    let root = root();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let commands = commands(&readme);
    let first = commands.iter().position(|block| block.starts_with(HERE[0].0)).unwrap();
    let mut typed = commands[first..first + 3].concat();
    for (there, here) in HERE {
        assert!(typed.contains(there), "{there:?} is not in\n{typed}");
        typed = typed.replace(there, here);
    }
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join("portal-configs"), &folder.path().join("portal-configs"), |name| {
        !name.starts_with('.') && !name.ends_with(".lock.json")
    });
    fs::create_dir(folder.path().join("src")).unwrap();
    let seed = fs::read_to_string(root.join("portal-configs/emulator.seed.json")).unwrap();
    let server = Server::start(Arc::new(Emulator::in_memory(Seed::parse(&seed).unwrap())));
    let base = [("STRIPE_API_BASE", server.base.as_str())];
    let printed = shell(&format!("set -e\n{typed}"), folder.path(), &base);
    assert!(printed.contains("\"object\": \"billing_portal.session\""), "{printed}");
    assert!(!printed.contains("[exit"), "{printed}");
    let exported = fs::read_to_string(folder.path().join("src/portal.ts")).unwrap();
    assert!(exported.contains("portalConfiguration"), "{exported}");
}

#[test]
fn every_command_that_is_named_is_one() {
    let root = root();
    let pages =
        ["README.md", "tests/README.md", "src/emulator/README.md", "src/reference/README.md"];
    let github =
        ["CONTRIBUTING.md", "FAILURES.md", "SECURITY.md"].map(|page| format!(".github/{page}"));
    let mut n_named = 0;
    for page in pages.map(str::to_owned).into_iter().chain(github) {
        let text = fs::read_to_string(root.join(&page)).unwrap();
        let spans = text.split('`').skip(1).step_by(2).filter(|span| !span.contains('\n'));
        let typed = commands(&text).into_iter().flat_map(str::lines);
        let named = spans.chain(typed).filter(|command| command.starts_with("reconcile "));
        for command in named {
            n_named += 1;
            if let Err(error) = parse(command) {
                panic!("{page}: {command}\n{error}");
            }
        }
    }
    assert!(n_named > 40, "{n_named}");
}

/// Whether the program takes a command, in which something may stand for something else. A command that
/// is only named may lack arguments.
fn parse(command: &str) -> Result<(), clap::Error> {
    let command = command.split(['#', '&', '|', '>']).next().unwrap_or_default();
    let words = command.replace(['[', ']', '…'], " ").replace("FORMAT", "go");
    let stands_for_another = |word: &str| word.chars().all(|c| c.is_ascii_uppercase());
    let has_one = words.split_whitespace().any(stands_for_another);
    let parsed = cli::command().try_get_matches_from(words.split_whitespace());
    match parsed.map_err(|error| (error.kind(), error)) {
        Ok(_) | Err((ErrorKind::MissingRequiredArgument | ErrorKind::DisplayHelp, _)) => Ok(()),
        Err((ErrorKind::ValueValidation, _)) if has_one => Ok(()),
        Err((_, error)) => Err(error),
    }
}
