//! Ctrl-C, and a CI runner that cancels a job.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::Duration;

use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::lockfile;

use tempfile::TempDir;

use crate::program::{self, reconcile, wait_until};
use crate::server::Server;

/// Starts an apply of five roles, two at once, sends a signal while the create of number `nth` is
/// under way, and returns the exit code and how many roles the lockfile then has.
fn interrupt(signal: &str, nth: usize) -> (Option<i32>, usize) {
    let folder = tempfile::tempdir().unwrap();
    for role in ["a", "b", "c", "d", "e"] {
        let default = if role == "b" { "default: true\n" } else { "" };
        let text = format!("{default}features: {{ invoice_history: {{ enabled: true }} }}\n");
        fs::write(folder.path().join(format!("{role}.yaml")), text).unwrap();
    }
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    let server = Server::start(emulator.clone());
    server.delay_answers_to_writes(Duration::from_millis(600));
    let apply = || {
        let mut command = reconcile(folder.path(), &server.base);
        command.args(["--yes", "--parallelism=2", "-C", "."]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut child = apply().spawn().unwrap();
    wait_until("the create is under way", || emulator.configurations(false).len() >= nth);
    program::signal(&child, signal);
    let code = child.wait().unwrap().code();
    let locked = lockfile::read(&folder.path().join("test.lock.json")).unwrap().unwrap();
    assert_eq!(
        emulator.configurations(false).len(),
        locked.roles.len(),
        "what was done is recorded"
    );

    server.delay_answers_to_writes(Duration::ZERO);
    let finished = apply().status().unwrap();
    assert_eq!(finished.code(), Some(0), "the next run finishes it");
    assert_eq!(emulator.configurations(false).len(), 5);
    (code, locked.roles.len())
}

#[test]
fn an_interrupted_apply_finishes_and_records_the_request_in_flight() {
    assert_eq!(interrupt("-INT", 1), (Some(130), 1));
}

#[test]
fn an_interrupted_apply_finishes_and_records_all_requests_in_flight() {
    assert_eq!(interrupt("-INT", 3), (Some(130), 3));
}

#[test]
fn a_cancelled_job_finishes_and_records_the_requests_in_flight() {
    assert_eq!(interrupt("-TERM", 3), (Some(130), 3));
}

/// Starts an apply of one role.
fn one_role(folder: &TempDir, server: &Server) -> Child {
    reconcile(folder.path(), &server.base)
        .args(["--yes", "-C", "."])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What it ends with after an interruption: its exit code, and the last line.
fn end(mut child: Child) -> (Option<i32>, String) {
    program::signal(&child, "-INT");
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said.lines().last().unwrap().to_owned())
}

#[test]
fn an_attempt_that_is_not_made_any_more_is_an_interruption_although_no_role_waits() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    fs::write(&file, "default: true\nfeatures: {}\n").unwrap();
    let server = Server::start(Arc::new(Emulator::in_memory(Seed::default())));
    let first = one_role(&folder, &server).wait_with_output().unwrap();
    assert_eq!(first.status.code(), Some(0));
    fs::write(&file, "default: true\nname: A\nfeatures: {}\n").unwrap();
    server.answer_instead("/v1/billing_portal/configurations/", Vec::new());
    let mut child = one_role(&folder, &server);
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().contains("trying again")));
    let (code, last) = end(child);
    assert_eq!(code, Some(130), "{last}");
    assert!(last.starts_with("Interrupted."), "{last}");
    server.be_well();
    assert_eq!(one_role(&folder, &server).wait_with_output().unwrap().status.code(), Some(0));
}

#[test]
fn what_is_done_in_spite_of_an_interruption_is_done() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yaml"), "default: true\nfeatures: {}\n").unwrap();
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    let server = Server::start(emulator.clone());
    server.delay_answers_to_writes(Duration::from_millis(600));
    let child = one_role(&folder, &server);
    wait_until("a create is under way", || !emulator.configurations(false).is_empty());
    let (code, last) = end(child);
    assert_eq!(code, Some(0), "{last}");
    assert!(last.starts_with("Done:"), "{last}");
}

/// A server that answers nothing must not keep a program alive that has nothing to finish.
#[test]
fn a_look_that_takes_for_ever_can_be_interrupted() {
    for arguments in [["--dry-run", "--color=never"], ["lock", "--check"]] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.yaml"), "default: true\nfeatures: {}\n").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut child = reconcile(folder.path(), &base)
            .args(arguments)
            .args(["-C", "."])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let _connection = listener.accept().unwrap();
        program::signal(&child, "-INT");
        assert_eq!(child.wait().unwrap().code(), Some(130), "{arguments:?}");
    }
}

#[test]
fn who_asks_twice_does_not_wait() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yaml"), "default: true\nfeatures: {}\n").unwrap();
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    let server = Server::start(emulator.clone());
    server.delay_answers_to_writes(Duration::from_secs(60));
    let mut child = one_role(&folder, &server);
    wait_until("a create is under way", || !emulator.configurations(false).is_empty());
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    program::signal(&child, "-INT");
    assert!(said.any(|line| line.unwrap().contains("Ctrl-C again ends at once")));
    program::signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
