//! Account and lockfile after a run, without what differs from account to account.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use portal_reconciler::emulator::Emulator;
use serde_json::Value as Json;

use super::case::Stage;

/// What there is, by whose it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ending {
    /// Ours by role, without ids and times, and however many there are; those of others by id, as
    /// they are.
    pub(super) configurations: BTreeMap<String, Vec<Json>>,
    /// The lockfile's text, with roles instead of ids.
    pub(super) lockfile: String,
    /// New lockfiles that nobody finished, beside it.
    pub(super) litter: Vec<String>,
}

impl Ending {
    pub(super) fn of(stage: &Stage) -> Self {
        Self::at(&stage.emulator, &stage.lockfile())
    }

    pub(super) fn at(emulator: &Emulator, lockfile: &Path) -> Self {
        let mut configurations: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        let mut text = fs::read_to_string(lockfile).unwrap_or_default();
        for mut configuration in emulator.configurations(false) {
            let id = configuration["id"].as_str().unwrap().to_owned();
            let Some(role) = role_of(&configuration) else {
                configurations.entry(id).or_default().push(configuration);
                continue;
            };
            text = text.replace(&id, &role);
            for name in ["id", "created", "updated"] {
                configuration[name] = Json::Null;
            }
            if configuration["login_page"]["url"].is_string() {
                configuration["login_page"]["url"] = "somewhere".into();
            }
            configurations.entry(role).or_default().push(configuration);
        }
        let beside = fs::read_dir(lockfile.parent().unwrap()).unwrap();
        let names = beside.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let litter = names.filter(|name| name.ends_with(".tmp")).collect();
        Self { configurations, lockfile: text, litter }
    }
}

/// Whose a configuration is, if it has the marker of a role and isn't an application's.
pub(super) fn role_of(configuration: &Json) -> Option<String> {
    let marker = |name: &str| configuration["metadata"][name].as_str();
    let (project, role) = (marker("reconcile_project")?, marker("reconcile_role")?);
    let is_ours = configuration["application"].is_null() && project != "theirs";
    is_ours.then(|| format!("role {role}"))
}
