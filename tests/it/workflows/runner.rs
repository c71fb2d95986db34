//! Runs the shipped workflows' steps, in order, as GitHub's runner would: scripts by bash, and the few
//! actions that they use by what those do to files. GitHub's API is `tests/workflows/gh`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::repository::root;
use tempfile::TempDir;

/// A repository on GitHub, and what a run of a workflow in it has.
#[derive(Clone)]
pub(super) struct Runner {
    home: Arc<TempDir>,
    workflow: Json,
    /// What expressions stand for. One that isn't here is a mistake in the test.
    values: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
}

/// What a job came to.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) succeeded: bool,
    /// Everything that its scripts printed.
    pub(super) log: String,
    pub(super) summary: String,
    /// What its steps have put out: `steps.<id>.outputs.<name>`.
    outputs: BTreeMap<String, String>,
}

impl Job {
    /// What a step has put out.
    pub(super) fn output(&self, step: &str, name: &str) -> &str {
        let output = self.outputs.get(&format!("steps.{step}.outputs.{name}"));
        output.map(String::as_str).unwrap_or_default()
    }
}

impl Runner {
    /// One that has the files of a folder checked out and runs a shipped workflow.
    pub(super) fn new(workflow: &str) -> Self {
        let home = Arc::new(tempfile::tempdir().unwrap());
        for folder in
            ["repository/portal-configs", "base/portal-configs", "artifacts", "github", "bin"]
        {
            fs::create_dir_all(home.path().join(folder)).unwrap();
        }
        copy(&root().join("tests/workflows"), &home.path().join("bin"));
        let runner = Self {
            home,
            workflow: shipped(&format!(".github/workflows/{workflow}")),
            values: BTreeMap::new(),
            variables: BTreeMap::new(),
        };
        runner.write("github/comments.json", "[]");
        runner.write("github/issues.json", "[]");
        for commit in ["repository", "base"] {
            runner.write(&format!("{commit}/.github/portal-environments.json"), "[\"test\"]");
            runner.write(&format!("{commit}/.github/portal-fleet.json"), "null");
        }
        runner.write("github/artifacts.json", r#"{ "artifacts": [] }"#);
        runner
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    pub(super) fn comments(&self) -> Vec<Json> {
        let text = fs::read_to_string(self.path("github/comments.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// What an expression of the workflow stands for from now on.
    pub(super) fn let_be(&mut self, expression: &str, value: &str) {
        self.values.insert(expression.to_owned(), value.to_owned());
    }

    /// What every script has in its environment, as from the machine.
    pub(super) fn variable(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Runs a job on a machine of its own, or the only one of the workflow that it calls.
    pub(super) fn run(&self, name: &str) -> Job {
        let job = &self.workflow["jobs"][name];
        let Some(called) = job["uses"].as_str() else { return self.run_steps(job) };
        let called = shipped(called.strip_prefix("$/").expect("a workflow of the same commit"));
        let jobs = called["jobs"].as_object().unwrap();
        assert_eq!(jobs.len(), 1, "which of them?");
        let mut values = self.values.clone();
        for (name, value) in job["with"].as_object().into_iter().flatten() {
            values.insert(format!("inputs.{name}"), value.as_str().unwrap().to_owned());
        }
        let runner = Self { values, ..self.clone() };
        runner.run_steps(jobs.values().next().unwrap())
    }

    fn run_steps(&self, definition: &Json) -> Job {
        let machine = tempfile::tempdir().unwrap();
        let mut job = Job {
            succeeded: true,
            log: String::new(),
            summary: String::new(),
            outputs: BTreeMap::new(),
        };
        for step in definition["steps"].as_array().expect("steps") {
            let condition = step["if"].as_str().unwrap_or("success()");
            let is_on = (job.succeeded || condition.contains("always()"))
                && condition.split(" && ").all(|term| self.holds(term, &job));
            if is_on && !self.step(step, machine.path(), &mut job) {
                job.succeeded = false;
            }
        }
        job
    }

    /// True if a condition's term is.
    fn holds(&self, term: &str, job: &Job) -> bool {
        let is = |expression, value: &str| self.value(expression, job) == value.trim_matches('\'');
        match (term.split_once(" == "), term.split_once(" != ")) {
            (Some((expression, value)), _) => is(expression, value),
            (_, Some((expression, value))) => !is(expression, value),
            _ => ["always()", "success()"].contains(&term) || self.value(term, job) == "true",
        }
    }

    fn value(&self, expression: &str, job: &Job) -> String {
        if expression.starts_with("steps.") {
            // Steps that were not run have put nothing out.
            return job.outputs.get(expression).cloned().unwrap_or_default();
        }
        let known = self.values.get(expression);
        known.unwrap_or_else(|| panic!("nobody said what `{expression}` is")).clone()
    }

    /// A text with the values of its expressions.
    fn expand(&self, text: &str, job: &Job) -> String {
        let mut parts = text.split("${{");
        let mut expanded = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (expression, rest) = part.split_once("}}").expect("an end");
            expanded.push_str(&self.value(expression.trim(), job));
            expanded.push_str(rest);
        }
        expanded
    }

    fn step(&self, step: &Json, machine: &Path, job: &mut Job) -> bool {
        if let Some(script) = step["run"].as_str() {
            return self.script(script, step, machine, job);
        }
        let with = |name: &str| {
            let option = &step["with"][name];
            let text = option.as_str().map(str::to_owned);
            let flag = option.as_bool().filter(|flag| *flag).map(|flag| flag.to_string());
            text.or(flag).map(|text| self.expand(&text, job))
        };
        let action = step["uses"].as_str().expect("a script or an action");
        match action.split('@').next().unwrap() {
            "actions/checkout" => {
                let folder = with("sparse-checkout").unwrap_or_default();
                // Whoever names a commit means the base; else it is the proposal.
                let repository = if with("ref").is_some() { "base" } else { "repository" };
                let to = machine.join(with("path").unwrap_or_default()).join(&folder);
                copy(&self.path(repository).join(&folder), &to);
                let history = self.path(repository).join(".git");
                if history.exists() {
                    copy(&history, &machine.join(with("path").unwrap_or_default()).join(".git"));
                }
                true
            }
            "actions/upload-artifact" => {
                let artifact = self.path("artifacts").join(with("name").unwrap());
                let from = machine.join(with("path").unwrap());
                let _ = fs::remove_dir_all(&artifact);
                fs::create_dir_all(&artifact).unwrap();
                if from.is_dir() {
                    copy(&from, &artifact);
                } else if from.exists() {
                    let copied = Command::new("cp").arg(&from).arg(&artifact).status().unwrap();
                    assert!(copied.success(), "{} can't be copied", from.display());
                }
                let is_empty = fs::read_dir(&artifact).unwrap().count() == 0;
                if is_empty {
                    fs::remove_dir(&artifact).unwrap();
                }
                !is_empty || with("if-no-files-found").as_deref() == Some("ignore")
            }
            "actions/download-artifact" => self.download(with, machine),
            other => panic!("no stand-in for {other}"),
        }
    }

    fn download(&self, with: impl Fn(&str) -> Option<String>, machine: &Path) -> bool {
        let to = machine.join(with("path").unwrap_or_default());
        let prefix = with("pattern").map(|pattern| pattern.trim_end_matches('*').to_owned());
        let is_meant = |name: &str| match &prefix {
            Some(prefix) => name.starts_with(prefix),
            None => with("name").as_deref() == Some(name),
        };
        let all = fs::read_dir(self.path("artifacts")).unwrap().map(|it| it.unwrap().file_name());
        let meant: Vec<String> =
            all.map(|name| name.into_string().unwrap()).filter(|name| is_meant(name)).collect();
        for name in &meant {
            // A single one gets no folder of its own, whatever it was asked by.
            let is_apart = meant.len() > 1 && with("merge-multiple").is_none();
            let place = if is_apart { to.join(name) } else { to.clone() };
            copy(&self.path("artifacts").join(name), &place);
        }
        !meant.is_empty() || prefix.is_some()
    }

    /// The way the runner starts bash: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>.
    fn script(&self, script: &str, step: &Json, machine: &Path, job: &mut Job) -> bool {
        assert!(!script.contains("${{"), "what is foreign gets into scripts by `env` only");
        let file = machine.join(".step.sh");
        fs::write(&file, script).unwrap();
        let path = std::env::var("PATH").unwrap();
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&file).current_dir(machine);
        bash.env_clear().env("PATH", format!("{}:{path}", self.path("bin").display()));
        bash.env("HOME", machine).env("RECONCILE", env!("CARGO_BIN_EXE_reconcile"));
        bash.env("GITHUB_STAND_IN", self.path("github"));
        let files = ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"].map(|name| (name, machine.join(name)));
        for (name, file) in &files {
            fs::write(file, "").unwrap();
            bash.env(name, file);
        }
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            bash.env(name, self.expand(value.as_str().expect("a text"), job));
        }
        bash.envs(&self.variables);
        let output = bash.output().unwrap();
        job.log.push_str(&String::from_utf8_lossy(&output.stdout));
        job.log.push_str(&String::from_utf8_lossy(&output.stderr));
        let [summary, outputs] = files.map(|(_, file)| fs::read_to_string(file).unwrap());
        job.summary.push_str(&summary);
        for (name, value) in outputs.lines().filter_map(|line| line.split_once('=')) {
            let id = step["id"].as_str().expect("whoever puts something out has an id");
            job.outputs.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
        output.status.success()
    }
}

/// A workflow of this repository.
fn shipped(path: &str) -> Json {
    serde_yaml::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

/// Copies a folder with all that is in it. By a process of its own: a program that this one has open
/// for writing can't be run by another test's.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let status = Command::new("cp").arg("-R").arg(from.join(".")).arg(to).status().unwrap();
    assert!(status.success(), "{} can't be copied", from.display());
}
