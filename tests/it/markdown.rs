//! What is shown of a plan, as those read it who show it: GitHub's parser of Markdown and the runner of
//! its workflows. Nothing foreign gets out of its code or is taken for a command, nothing is lost, and
//! there are never too many bytes.

use std::collections::BTreeMap;

use portal_reconciler::diagnostic::Bag;
use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::model::{Field, Value};
use portal_reconciler::render::{self, Styles, markdown};
use portal_reconciler::report::{RunReport, to_json};
use portal_reconciler::source::SourceMap;
use portal_reconciler::text::shown as visible;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::fuzz::targets::seen::assert_harmless;
use crate::support::Project;

/// In everything that is foreign, so that it is found wherever it gets to.
pub(crate) const CANARY: &str = "qanary";

pub(crate) fn foreign() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "`",
        "````",
        "|",
        "\n",
        "\r",
        "<b>",
        "</details>",
        "-->",
        "&lt;",
        "@octocat",
        "#12",
        "https://evil.example",
        "![x](y)",
        "**",
        "~~~",
        "\\",
        "\n\n",
        "\u{1b}[2J",
        "\u{202e}",
        "+ ",
        "##[error]",
        "::warning::",
        "é",
    ];
    let parts = proptest::collection::vec(select(PARTS), 0..5);
    (parts, 0..5usize).prop_map(|(mut parts, place)| {
        parts.insert(place.min(parts.len()), CANARY);
        format!("x{}x", parts.concat())
    })
}

fn role() -> impl Strategy<Value = Json> {
    let headline = foreign().prop_filter("sixty characters", |text| text.chars().count() <= 60);
    let mode = select(&["at_period_end", "immediately"][..]);
    let metadata = proptest::collection::btree_map("[a-z][a-z`|<>@ ]{0,7}[a-z]", foreign(), 0..3);
    (headline, mode, any::<bool>(), metadata).prop_map(|(headline, mode, sees, metadata)| {
        json!({
            "business_profile": { "headline": headline },
            "features": {
                "invoice_history": { "enabled": sees },
                "subscription_cancel": { "enabled": true, "mode": mode },
            },
            "metadata": metadata,
        })
    })
}

fn files() -> impl Strategy<Value = BTreeMap<String, Json>> {
    proptest::collection::btree_map("[a-z][a-z0-9_-]{0,9}", role(), 1..6).prop_map(|mut roles| {
        if let Some(first) = roles.values_mut().next() {
            first["default"] = json!(true);
        }
        roles
    })
}

/// The report of a plan.
fn planned(project: &Project) -> RunReport {
    RunReport::planned(project.plan(), Bag::default())
}

fn shown(report: &RunReport, most_bytes: usize) -> String {
    markdown(report, &SourceMap::default(), "test.lock.json", most_bytes)
}

/// Holds a document to what it may consist of, and returns what is in its code blocks.
fn checked(markdown: &str) -> String {
    let seen = assert_harmless(markdown);
    assert!(!seen.words.contains(CANARY), "{markdown}");
    let count = |what: &str| markdown.lines().filter(|line| line.starts_with(what)).count();
    assert_eq!(count("<details"), count("</details>"));
    seen.code
}

#[test]
fn nothing_foreign_gets_out_of_its_code_and_nothing_is_lost() {
    let config = ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() };
    proptest!(config, |(before in files(), after in files(), least in 4_000..9_000usize)| {
        let project = Project::new(Emulator::in_memory(Seed::default()));
        project.write(&before);
        let created = planned(&project);
        project.apply();
        project.write(&after);
        let changed = planned(&project);
        for report in [created, changed] {
            let whole = shown(&report, 1_000_000);
            let code = checked(&whole);
            let changes = report.plan.pending().flat_map(|role| &role.changes);
            // That a new one is called like its role is not worth a line.
            for change in changes.filter(|it| it.path != Field::Name.into()) {
                let line = match &change.after {
                    Some(Value::Text(text)) => format!("+ {}: {}\n", change.path, visible(text)),
                    _ => change.path.to_string(),
                };
                prop_assert!(code.contains(&line), "{} is not in {}", line, whole);
            }
            let short = shown(&report, least);
            prop_assert!(short.len() <= least, "{}", short.len());
            checked(&short);
            let heading = whole.lines().nth(1).unwrap();
            prop_assert_eq!(short.lines().nth(1).unwrap(), heading);
        }
    });
}

/// What GitHub's runner would obey of a log. It reads lines that end with `\n`, `\r` or both; a command
/// begins with `::` behind nothing but space, and the old form is obeyed wherever it stands in a line:
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>, read 2026-11-22.
fn commands(log: &str) -> Vec<&str> {
    let lines = log.split(['\n', '\r']);
    let is_command = |line: &&str| {
        let is_new = line.trim_start().strip_prefix("::").is_some_and(|rest| rest.contains("::"));
        is_new || line.find("##[").is_some_and(|start| line[start..].contains(']'))
    };
    lines.filter(is_command).collect()
}

#[test]
fn the_runner_obeys_nothing_that_is_foreign() {
    assert_eq!(commands("a ##[error]b\r  ::add-mask::c\nd :: e ::").len(), 2);
    let config = ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() };
    proptest!(config, |(before in files(), after in files())| {
        let project = Project::new(Emulator::in_memory(Seed::default()));
        project.write(&before);
        project.apply();
        // The account says it now, and the files say something else.
        project.write(&after);
        let report = planned(&project);
        let styles = Styles::default();
        for text in [
            render::plan(&report.plan, &styles),
            render::outcome(&report, "test.lock.json", &styles),
            to_json(&report, &SourceMap::default()),
            shown(&report, 60_000),
        ] {
            prop_assert_eq!(commands(&text), Vec::<&str>::new());
        }
    });
}
