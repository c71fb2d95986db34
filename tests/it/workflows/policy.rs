//! What no workflow may do.

use std::fs;

use serde_json::Value as Json;

use crate::repository::root;

/// The shipped workflows, by name.
pub(super) fn workflows() -> Vec<(String, Json)> {
    let entries = fs::read_dir(root().join(".github/workflows")).unwrap();
    let mut workflows: Vec<(String, Json)> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, serde_yaml::from_str(&text).unwrap())
        })
        .collect();
    workflows.sort_by(|a, b| a.0.cmp(&b.0));
    workflows
}

pub(super) fn jobs(workflow: &Json) -> impl Iterator<Item = (&String, &Json)> {
    workflow["jobs"].as_object().unwrap().iter()
}

fn environment(job: &Json) -> &str {
    let environment = &job["environment"];
    environment["name"].as_str().or(environment.as_str()).unwrap_or_default()
}

#[test]
fn no_workflow_gives_a_pull_request_what_can_write() {
    let mut n_with_key = 0;
    for (name, workflow) in workflows() {
        let triggers: Vec<&String> = workflow["on"].as_object().unwrap().keys().collect();
        for privileged in ["pull_request_target", "workflow_run", "issue_comment"] {
            assert!(!triggers.iter().any(|it| *it == privileged), "{name} is run by {privileged}");
        }
        assert_eq!(
            workflow["permissions"],
            serde_json::json!({}),
            "{name} gives every job a right"
        );
        let is_of_pull_request = triggers.iter().any(|it| *it == "pull_request");
        for (job_name, job) in jobs(&workflow) {
            let text = job.to_string();
            assert_ne!(job["secrets"], "inherit", "{name}: {job_name}");
            let has_key = text.contains("secrets.");
            n_with_key += usize::from(has_key);
            if has_key {
                assert!(!text.contains("cargo build"), "{name}: {job_name} builds beside a key");
                assert!(environment(job).starts_with("stripe-"), "{name}: {job_name}");
            }
            if is_of_pull_request {
                let is_of_main =
                    !environment(job).is_empty() && !environment(job).starts_with("stripe-plan-");
                assert!(!is_of_main, "{name}: {job_name} has the key that writes");
                assert_ne!(job["permissions"]["contents"], "write", "{name}: {job_name}");
            }
        }
    }
    assert!(n_with_key >= 4, "the jobs with keys were not found");
}

#[test]
fn no_job_has_both_a_key_and_a_token_that_writes() {
    for (name, workflow) in workflows() {
        for (job_name, job) in jobs(&workflow) {
            let rights = job["permissions"].as_object().cloned().unwrap_or_default();
            let writes = rights.values().any(|right| right == "write");
            let runs_project = job.to_string().contains("actions/checkout");
            assert!(!(writes && job.to_string().contains("secrets.")), "{name}: {job_name}");
            assert!(!(writes && runs_project), "{name}: {job_name} has the project beside a token");
        }
    }
}

#[test]
fn every_action_is_one_commit() {
    for (name, workflow) in workflows() {
        for (job_name, job) in jobs(&workflow) {
            if let Some(workflow) = job["uses"].as_str() {
                assert!(workflow.starts_with("$/"), "{name}: {job_name} calls {workflow}");
                continue;
            }
            for step in job["steps"].as_array().unwrap() {
                let Some(action) = step["uses"].as_str() else { continue };
                let commit = action.split('@').nth(1).unwrap_or_default();
                let is_commit = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
                assert!(is_commit, "{name}: {job_name} uses {action}");
            }
        }
    }
}
