//! Files, lockfiles and what a run is told, as the program reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use portal_reconciler::desired::{Date, Environment, Files as Loaded, ProjectFile};
use portal_reconciler::import::{self, Place};
use portal_reconciler::lockfile::{self, LockStore};
use portal_reconciler::model::{AccountId, EnvironmentName, Lockfile, Mode, Role};
use portal_reconciler::stripe::Reader;
use serde_json::json;

use super::expected::{File, Files, Lines};
use super::operation::Options;
use super::seen::{Look, Seen};
use crate::crash::case::{Case, Stage, scratch};
use crate::crash::run::block_on;
use crate::support::connection;

const ROLES: [&str; 4] = ["admin", "member", "owner", "viewer"];

impl File {
    pub(super) fn new(role: &str, look: &Look, is_default: bool) -> Self {
        let text = look.file().to_string();
        let mut file = Self { text, look: look.named(role), is_default: false };
        file.say(is_default);
        file
    }

    /// Says `default: true`, or doesn't. Flow mappings and others both begin with keys.
    pub(super) fn say(&mut self, is_default: bool) {
        if self.is_default == is_default {
            return;
        }
        let (block, flow) = ("default: true\n", "{\"default\":true,");
        self.text = match (self.text.strip_prefix('{'), is_default) {
            (Some(rest), true) => format!("{flow}{rest}"),
            (None, true) => format!("{block}{}", self.text),
            (Some(_), false) => self.text.replacen(flow, "{", 1),
            (None, false) => self.text.replacen(block, "", 1),
        };
        self.is_default = is_default;
    }
}

/// Writes a role's file, or writes it anew.
pub(super) fn write(files: &mut Files, role: u8, look: &Look) {
    let role = ROLES[usize::from(role) % ROLES.len()];
    let is_default = files.get(role).is_some_and(|file| file.is_default);
    files.insert(role.to_owned(), File::new(role, look, is_default));
}

/// For each role with several, the one to keep.
pub(super) fn kept(options: &Options, account: &[Seen]) -> BTreeSet<String> {
    let Some(number) = options.keep else { return BTreeSet::new() };
    let mut by_role: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for it in account {
        if let Some(role) = it.role() {
            by_role.entry(role).or_default().push(it);
        }
    }
    let several = by_role.values().filter(|ids| ids.len() > 1);
    let kept = several.map(|ids| {
        let default = ids.iter().find(|it| it.is_default);
        default.unwrap_or_else(|| &ids[usize::from(number) % ids.len()]).id.clone()
    });
    kept.collect()
}

pub(super) fn case(files: &Files, options: &Options, account: &[Seen]) -> Case {
    let folder = scratch();
    for (role, file) in files {
        fs::write(folder.path().join(format!("{role}.yaml")), &file.text).unwrap();
    }
    Case::of_scene("model", folder).told(options.prune, kept(options, account))
}

/// What the lockfile says.
pub(super) fn lines(stage: &Stage) -> Lines {
    let lockfile = lockfile::read(&stage.lockfile()).unwrap();
    let roles = lockfile.map(|lockfile| lockfile.roles).unwrap_or_default();
    roles.into_iter().map(|(role, id)| (role.to_string(), id.to_string())).collect()
}

pub(super) fn save(stage: &Stage, lines: &Lines) {
    let known = lockfile::read(&stage.lockfile()).unwrap();
    let account = known.and_then(|it| it.account).map(|it: AccountId| it.to_string());
    let text = json!({
        "lockfile_version": 1, "environment": "test", "account": account, "livemode": false,
        "roles": lines,
    });
    let lockfile: Lockfile = lockfile::parse(&text.to_string()).unwrap();
    LockStore::open(&stage.lockfile()).unwrap().save(&lockfile).unwrap();
}

/// The role and the file that a configuration is imported as.
pub(super) fn drafted(stage: &Stage, it: &Seen, taken: &BTreeSet<Role>) -> (String, String) {
    let reader = Reader::new(connection(stage.emulator.clone()));
    let live = block_on(reader.snapshot(&BTreeSet::new())).unwrap().live;
    let live = live.configurations.iter().find(|(id, _)| id.as_str() == it.id).unwrap().1;
    let files = Loaded::default();
    let (project, _) = ProjectFile::read(&files);
    let environment = Environment::new(EnvironmentName::test(), Mode::Test);
    let today = Date::parse("2026-11-22").unwrap();
    let place = Place { files: &files, project: &project, environment: &environment, today };
    let role = import::name(live, taken);
    let text = import::draft(&role, live, place, &BTreeMap::new());
    (role.to_string(), text.unwrap_or_else(|why| panic!("{why:?}")))
}
