//! Large accounts, slow lists, and two runs at once.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use portal_reconciler::emulator::{Emulator, Quirks, Seed};
use serde_json::json;
use tempfile::TempDir;

use crate::program;
use crate::server::Server;
use crate::support::Project;

#[test]
fn an_account_of_any_size_is_read_a_hundred_at_a_time_and_in_one_plan() {
    let project = Project::new(Emulator::in_memory(Seed::default()));
    let role = |default: bool| json!({ "default": default, "features": { "invoice_history": { "enabled": true } } });
    let roles = (0..250).map(|n| (format!("role-{n}"), role(n == 0)));
    project.write(&roles.collect::<BTreeMap<_, _>>());
    project.apply();
    let n_before = project.emulator.exchanges().len();
    assert!(project.plan().is_empty());
    let exchanges = &project.emulator.exchanges()[n_before..];
    let lists =
        exchanges.iter().filter(|it| it.path == "/v1/billing_portal/configurations").count();
    assert_eq!((lists, exchanges.len()), (3, 4), "three pages, and which account it is");
}

/// A folder with two roles, for the program itself.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (role, text) in [("a", "default: true\nfeatures: {}\n"), ("b", "features: {}\n")] {
        fs::write(folder.path().join(format!("{role}.yaml")), text).unwrap();
    }
    folder
}

fn reconcile(folder: &TempDir, server: &Server) -> Child {
    command(folder, server).arg("--yes").stderr(Stdio::null()).spawn().unwrap()
}

fn command(folder: &TempDir, server: &Server) -> Command {
    let mut command = program::reconcile(folder.path(), &server.base);
    command.args(["-C", "."]).stdout(Stdio::null());
    command
}

/// Two machines, each with its own clone.
#[test]
fn two_runs_at_once_end_in_one_configuration_a_role() {
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    let server = Server::start(emulator.clone());
    server.delay_answers_to_writes(Duration::from_millis(300));
    let folders = [folder(), folder()];
    let runs = folders.each_ref().map(|folder| reconcile(folder, &server));
    for mut run in runs {
        run.wait().unwrap();
    }
    assert_eq!(emulator.configurations(false).len(), 2);
    let lockfiles = folders.each_ref().map(|folder| {
        assert_eq!(reconcile(folder, &server).wait().unwrap().code(), Some(0));
        fs::read_to_string(folder.path().join("test.lock.json")).unwrap()
    });
    assert_eq!(lockfiles[0], lockfiles[1]);
    assert_eq!(emulator.configurations(false).len(), 2);
}

/// Nobody promises that a list shows at once what was just created.
#[test]
fn a_list_that_lags_behind_is_waited_for() {
    let quirks = Quirks { list_delay: 2, ..Quirks::default() };
    let emulator = Arc::new(Emulator::in_memory(Seed::default()).with_quirks(quirks));
    let server = Server::start(emulator.clone());
    let folder = folder();
    assert_eq!(reconcile(&folder, &server).wait().unwrap().code(), Some(0));
    assert_eq!(emulator.configurations(false).len(), 2);
}

#[test]
fn what_another_run_writes_while_the_account_is_asked_is_not_replaced() {
    const THEIRS: &str = "{\"lockfile_version\": 1, \"environment\": \"test\", \
        \"account\": null, \"livemode\": false, \"roles\": {\"viewer\": \"bpc_1Theirs\"}}";
    let seed = json!({ "configurations": [{ "is_default": true, "features": {} }] }).to_string();
    for subcommand in ["lock", "import"] {
        let emulator = Arc::new(Emulator::in_memory(Seed::parse(&seed).unwrap()));
        let server = Server::start(emulator.clone());
        let folder = folder();
        let lists = "/v1/billing_portal/configurations";
        let busy = b"HTTP/1.1 500 X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        server.answer_instead(lists, busy.to_vec());
        let run = command(&folder, &server).arg(subcommand).stderr(Stdio::piped()).spawn().unwrap();
        while emulator.exchanges().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let path = folder.path().join("test.lock.json");
        fs::write(&path, THEIRS).unwrap();
        server.be_well();
        let output = run.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("was changed by somebody else during this run"), "{said}");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(fs::read_to_string(&path).unwrap(), THEIRS);
    }
}
