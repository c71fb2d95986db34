//! The README is true: its `console` blocks are one session in a fresh clone, and this is what
//! comes out. `BLESS=1 cargo test readme` writes it down.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::sessions::{copy, replay, shell};

#[test]
fn the_readme_shows_what_comes_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let clone = tempfile::tempdir().unwrap();
    let tracked = |name: &str| !name.starts_with('.') && !name.ends_with(".lock.json");
    copy(&root.join("portal-configs"), &clone.path().join("portal-configs"), tracked);
    // `cargo run` of what is built already.
    let cargo = clone.path().join("bin/cargo");
    fs::create_dir(clone.path().join("bin")).unwrap();
    fs::write(
        &cargo,
        "#!/bin/sh\n[ \"$1 $2 $3\" = 'run --release --' ] && shift 3 && exec reconcile \"$@\"\n",
    )
    .unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();

    let written = fs::read_to_string(root.join("README.md")).unwrap();
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
    if std::env::var_os("BLESS").is_some() {
        fs::write(root.join("README.md"), actual).unwrap();
        return;
    }
    let diff = similar::TextDiff::from_lines(&written, &actual)
        .unified_diff()
        .header("README.md", "what came out")
        .to_string();
    assert!(written == actual, "{diff}\nIf that is right, write it down with BLESS=1.");
}

#[test]
fn a_dry_run_with_the_embedded_stripe_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("portal-configs"), folder.path(), |name| {
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
