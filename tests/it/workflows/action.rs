//! `.github/actions/reconcile`: the program for workflows of other repositories.

use std::fs;
use std::process::Command;

use serde_json::Value as Json;

use crate::repository::root;

#[test]
fn the_action_builds_the_program_of_its_own_commit() {
    let folder = root().join(".github/actions/reconcile");
    let action = fs::read_to_string(folder.join("action.yml")).unwrap();
    let action: Json = serde_yaml::from_str(&action).unwrap();
    let [step] = action["runs"]["steps"].as_array().unwrap().as_slice() else { panic!("{action}") };
    let script = step["run"].as_str().unwrap();
    assert!(!script.contains("${{"), "what is foreign gets into scripts by `env` only");
    let machine = tempfile::tempdir().unwrap();
    let (output, bin) = (machine.path().join("output"), root().join("tests/workflows"));
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let status = Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .env("PATH", path)
        .env("RECONCILE", env!("CARGO_BIN_EXE_reconcile"))
        .env("GITHUB_ACTION_PATH", &folder)
        .env("GITHUB_OUTPUT", &output)
        .env("RUNNER_TEMP", machine.path())
        .status();
    assert!(status.unwrap().success());
    let output = fs::read_to_string(output).unwrap();
    let program = output.trim().strip_prefix("program=").unwrap();
    let version = Command::new(program).arg("--version").output();
    let version = String::from_utf8(version.unwrap().stdout).unwrap();
    assert_eq!(version.trim(), concat!("reconcile ", env!("CARGO_PKG_VERSION")));
}
