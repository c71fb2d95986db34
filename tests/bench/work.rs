//! How much work it is to get from files to the text of a plan.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::resource::{UsageWho, getrusage};
use nix::unistd::Pid;
use portal_reconciler::desired::{self, Date, Environment, Files, ProjectFile, Wanted};
use portal_reconciler::diagnostic::Bag;
use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::interruption::Interruption;
use portal_reconciler::model::{EnvironmentName, Lockfile, Mode};
use portal_reconciler::plan::{Input, Policy, plan};
use portal_reconciler::render::{self, Styles};
use portal_reconciler::report::RunReport;
use portal_reconciler::source::SourceMap;
use portal_reconciler::stripe::{Connection, Limits, Reader, SecretKey, Snapshot};
use serde_json::Value as Json;

use crate::folder;
use crate::table::{Bound, Table, median};

/// What is not the network's: load, resolve, bind, plan, render.
pub(crate) fn rows(table: &mut Table) {
    let snapshot = snapshot(&folder::seed(0));
    let measured = |n_roles: usize, n_runs: usize| {
        let folder = folder::with_roles(n_roles);
        let (ours, yaml) =
            (0..n_runs).map(|_| (work(folder.path(), &snapshot), parse(folder.path()))).unzip();
        (median(ours), median(yaml))
    };
    let ((some, yaml), (many, _)) = on_one_processor(|| (measured(1_000, 15), measured(10_000, 3)));
    let what = "work for 1000 roles: load, resolve, plan, render";
    let against = "for the YAML library alone";
    table.row(what, (some * 1e3, yaml * 1e3), against, "ms", Bound::AtMost(2.5));
    let what = "work for 10000 roles";
    let linear = (many * 1e3, some * 1e4);
    table.row(what, linear, "ten times that", "ms", Bound::AtMost(1.25));
}

/// Threads that share a core make each other's processor time longer, so there is one.
fn on_one_processor<T>(measure: impl FnOnce() -> T) -> T {
    const THIS: Pid = Pid::from_raw(0);
    let all = sched_getaffinity(THIS).expect("the system tells");
    let first = (0..CpuSet::count()).find(|number| all.is_set(*number).expect("it is in the set"));
    let mut one = CpuSet::new();
    one.set(first.expect("this runs on some processor")).expect("it is in the set");
    sched_setaffinity(THIS, &one).expect("it may be fewer");
    let measured = measure();
    sched_setaffinity(THIS, &all).expect("they were these before");
    measured
}

/// Seconds of processor time, from files to the text of their plan.
fn work(folder: &Path, snapshot: &Snapshot) -> f64 {
    let began = processor_time();
    let (_, report) = planned(folder, snapshot, None);
    let styles = Styles::new(false);
    let text = render::plan(&report.plan, &styles) + &render::outcome(&report, "", &styles);
    let ended = processor_time();
    assert!(text.contains(" to create"), "{text}");
    (ended - began).as_secs_f64()
}

/// Seconds of processor time, from files to trees.
fn parse(folder: &Path) -> f64 {
    let began = processor_time();
    for file in fs::read_dir(folder).expect("the folder is there") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read_to_string(path).expect("a text");
            let tree: Result<Json, _> = serde_yaml::from_str(&text);
            assert!(tree.is_ok_and(|tree| tree.is_object()), "{text}");
        }
    }
    (processor_time() - began).as_secs_f64()
}

fn processor_time() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the system keeps account");
    [usage.user_time(), usage.system_time()]
        .map(|time| {
            let (seconds, micros) = (time.tv_sec(), time.tv_usec());
            Duration::from_secs(seconds.cast_unsigned())
                + Duration::from_micros(micros.cast_unsigned())
        })
        .iter()
        .sum()
}

/// What a folder comes to in an account.
pub(crate) fn planned(
    folder: &Path,
    snapshot: &Snapshot,
    lockfile: Option<&Lockfile>,
) -> (SourceMap, RunReport) {
    let files = Files::load(folder);
    let wanted = wanted(&files);
    let desired = desired::bind(&wanted, &snapshot.prices, &Default::default())
        .unwrap_or_else(|bag| panic!("{bag:?}"));
    let policy = Policy::new(EnvironmentName::test(), None);
    let input = Input { desired: &desired, live: &snapshot.live, lockfile, policy: &policy };
    (files.sources, RunReport::planned(plan(input), Bag::default()))
}

fn wanted(files: &Files) -> Wanted {
    let (project, bag) = ProjectFile::read(files);
    assert!(!bag.has_errors(), "{bag:?}");
    let environment = Environment::new(EnvironmentName::test(), Mode::Test);
    let today = Date::parse("2026-11-22").expect("a day");
    let (wanted, bag) = desired::resolve(files, &project, &environment, today);
    assert!(!bag.has_errors(), "{bag:?}");
    wanted
}

/// What an account has that began so, with the prices that the files name.
pub(crate) fn snapshot(seed: &Json) -> Snapshot {
    let seed = Seed::parse(&seed.to_string()).unwrap_or_else(|error| panic!("{error}"));
    let key = SecretKey::parse(crate::program::KEY).expect("a key");
    let emulator = Arc::new(Emulator::in_memory(seed));
    let connection = Connection::new(emulator, key, Limits::none(), Interruption::never());
    let folder = folder::with_roles(3);
    let keys = wanted(&Files::load(folder.path())).lookup_keys();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let snapshot = runtime.expect("a runtime").block_on(Reader::new(connection).snapshot(&keys));
    snapshot.unwrap_or_else(|error| panic!("{error}"))
}
