//! What programs are built of, and what the steps of workflows hand on.

use serde_json::Value as Json;

use super::policy::{jobs, workflows};
use crate::repository::root;

/// What a workflow may use of others. None of them keeps anything from one run for the next one, unless
/// an input says so.
const ACTIONS: &[&str] = &[
    "actions/attest",
    "actions/checkout",
    "actions/download-artifact",
    "actions/setup-node",
    "actions/upload-artifact",
];

/// What keeps what was built without being an action.
const CACHES: &[&str] = &["sccache", "rustc_wrapper", "rustc-wrapper", "cache-from"];

/// What no job has that builds: what comes from other jobs and runs, keys, and tools that could change
/// what is built.
const FOREIGN: &[&str] =
    &["download-artifact", "gh_token", "gh run", "secrets.", "cargo install", ".ci/sbom"];

fn steps(job: &Json) -> impl Iterator<Item = &Json> {
    job["steps"].as_array().into_iter().flatten()
}

/// A job's scripts, or those of an action.
fn scripts(job: &Json) -> impl Iterator<Item = &str> {
    steps(job).filter_map(|step| step["run"].as_str())
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn what_ships_or_applies_is_built_of_nothing_but_its_commit() {
    let mut n_builds = 0;
    for (name, workflow) in workflows() {
        for (job_name, job) in jobs(&workflow) {
            let at = format!("{name}: {job_name}");
            assert!(job["container"].is_null() && job["services"].is_null(), "{at} has an image");
            steps(job).for_each(|step| keeps_nothing(&at, step));
            let text = job.to_string().to_lowercase();
            for cache in CACHES {
                assert!(!text.contains(cache), "{at} has {cache}");
            }
            if !scripts(job).any(|it| it.contains("cargo build") || it.contains(".ci/release")) {
                continue;
            }
            n_builds += 1;
            for foreign in FOREIGN {
                assert!(!text.contains(foreign), "{at} builds beside {foreign}");
            }
            for line in scripts(job).flat_map(str::lines).filter(|it| it.contains("cargo build")) {
                assert!(line.contains("--locked"), "{at}: {line}");
            }
        }
    }
    assert!(n_builds >= 4, "the jobs that build were not found");
}

/// A step that uses no action but those that are known, and lets none of them keep a cache.
fn keeps_nothing(at: &str, step: &Json) {
    let Some(action) = step["uses"].as_str() else { return };
    let action = action.split('@').next().unwrap();
    assert!(ACTIONS.contains(&action), "{at} uses {action}");
    let inputs = step["with"].as_object().cloned().unwrap_or_default();
    for (input, value) in &inputs {
        assert!(!input.contains("cache") || value == false, "{at} has a cache");
    }
    let is_off = inputs.contains_key("package-manager-cache");
    assert!(is_off || !action.ends_with("/setup-node"), "{at} may have a cache");
}

#[test]
fn a_pull_request_is_planned_as_if_it_were_merged() {
    let plan = workflows().into_iter().find(|(name, _)| name == "plan.yml").unwrap().1;
    let mut n_merged = 0;
    for (job_name, job) in jobs(&plan) {
        for step in steps(job) {
            let is_checkout = step["uses"].as_str().is_some_and(|it| it.contains("/checkout@"));
            match step["with"]["ref"].as_str() {
                // Without one GitHub checks out what a merge would make of the base.
                None => n_merged += usize::from(is_checkout),
                Some(base) => {
                    assert!(base.contains("base") && !base.contains("head"), "{job_name}")
                }
            }
        }
    }
    assert!(n_merged >= 2, "the files were not checked and planned");
}

#[test]
fn what_a_step_hands_on_is_one_line() {
    let mut all: Vec<(String, String)> = Vec::new();
    for (name, workflow) in workflows() {
        let of_job = jobs(&workflow).flat_map(|(_, job)| scripts(job).map(str::to_owned));
        all.extend(of_job.map(|script| (name.clone(), script)));
    }
    let action: Json = serde_yaml::from_str(&read(".github/actions/reconcile/action.yml")).unwrap();
    all.extend(scripts(&action["runs"]).map(|script| ("action.yml".to_owned(), script.to_owned())));
    let mut n_handed_on = 0;
    for (name, script) in all {
        for other in ["GITHUB_ENV", "GITHUB_PATH", "::set-output", "::add-path"] {
            assert!(!script.contains(other), "{name} sets {other}");
        }
        for line in script.lines().filter(|line| line.contains("GITHUB_OUTPUT")) {
            n_handed_on += 1;
            let value = line
                .split_once("echo \"")
                .and_then(|(_, rest)| rest.split_once("\" >> \"$GITHUB_OUTPUT\""))
                .and_then(|(said, _)| said.split_once('='));
            let value = value.unwrap_or_else(|| panic!("{name}: {line}")).1;
            let variables = value.split('$').skip(1).map(|rest| {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                &rest[..end.unwrap_or(rest.len())]
            });
            for variable in variables {
                let is_one_line = variable == "RUNNER_TEMP"
                    || script.contains(&format!("{variable}=$(jq -ce "))
                    || script.contains(&format!("[[ \"${variable}\" =~ ^["));
                assert!(is_one_line, "{name}: {line}");
            }
        }
    }
    assert!(n_handed_on >= 6, "the outputs were not found");
}

/// The scripts of the steps with this id in these workflows.
fn scripts_of(id: &str, names: &[&str]) -> Vec<String> {
    let is_meant = |(name, _): &(String, Json)| names.contains(&name.as_str());
    let mut found = Vec::new();
    for (_, workflow) in workflows().into_iter().filter(is_meant) {
        let steps = jobs(&workflow).flat_map(|(_, job)| steps(job)).filter(|step| step["id"] == id);
        found.extend(steps.map(|step| step["run"].as_str().unwrap().to_owned()));
    }
    found
}

#[test]
fn what_workflows_ask_alike_they_ask_with_one_script() {
    let newest = scripts_of("tip", &["apply.yml", "fleet.yml"]);
    assert!(newest.len() == 4 && newest.iter().all(|script| *script == newest[0]), "{newest:#?}");
    let environments = scripts_of("environments", &["drift.yml", "plan.yml"]);
    assert!(environments[1].starts_with(&environments[0]), "{environments:#?}");
}

#[test]
fn new_versions_wait_and_what_is_known_to_be_bad_does_not_pass() {
    let updates: Json = serde_yaml::from_str(&read(".github/dependabot.yml")).unwrap();
    for update in updates["updates"].as_array().unwrap() {
        assert!(update["cooldown"]["default-days"].as_u64() >= Some(7), "{update}");
    }
    for of in ["cargo", "github-actions"] {
        let is_there = |update: &Json| update["package-ecosystem"] == of;
        assert!(updates["updates"].as_array().unwrap().iter().any(is_there), "{of}");
    }
    assert!(read(".ci/run").contains("step .ci/deny bans licenses sources\n"));
    let ci = workflows().into_iter().find(|(name, _)| name == "ci.yml").unwrap().1;
    let asks = jobs(&ci).any(|(_, job)| scripts(job).any(|script| script == ".ci/deny advisories"));
    assert!(asks && ci["on"]["schedule"].is_array(), "nobody asks for advisories");
}

/// That it builds, too, is what `ci.yml` shows.
#[test]
fn the_package_is_the_program_and_what_says_whose_it_is() {
    let listed = std::process::Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(root())
        .output();
    let listed = String::from_utf8(listed.unwrap().stdout).unwrap();
    let (program, others): (Vec<&str>, Vec<&str>) =
        listed.lines().partition(|file| file.starts_with("src/"));
    assert!(program.len() > 200 && program.contains(&"src/main.rs"), "{listed}");
    let known = ["Cargo.lock", "Cargo.toml", "LICENSE", "README.md"];
    assert!(known.iter().all(|file| others.contains(file)), "{others:?}");
    let made = [".cargo_vcs_info.json", "Cargo.toml.orig"];
    assert!(others.iter().all(|file| known.contains(file) || made.contains(file)), "{others:?}");
}
