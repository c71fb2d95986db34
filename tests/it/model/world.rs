//! The real thing: files, an account, and two machines with a lockfile each.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use portal_reconciler::emulator::{Dashboard, Exchange, Quirks};
use portal_reconciler::model::Role;

use super::expected::{Before, File, Files};
use super::files::{case, drafted, kept, lines, save, write};
use super::judge::{Runs, judge_lines, judge_obstacles, judge_well};
use super::operation::{Maker, Operation, Options, Trouble};
use super::seen::{Look, Seen, Whose};
use crate::crash::case::Stage;
use crate::crash::fault::{Fault, disturbances};
use crate::crash::network::{Network, Reach};
use crate::crash::run::{look, run, run_both_with_delay};

/// How long Stripe takes, so that runs can get into each other's way.
const LATENCY: Duration = Duration::from_millis(10);

pub(super) struct World {
    files: Files,
    machines: [Arc<Stage>; 2],
}

impl World {
    pub(super) fn new() -> Self {
        let nobody = File { text: "features: {}".into(), look: Look::default(), is_default: false };
        let anything =
            case(&Files::from([("nobody".to_owned(), nobody)]), &Options::default(), &[]);
        let stage = anything.stage_far_away(Quirks::default(), LATENCY);
        let other = stage.elsewhere();
        Self { files: Files::new(), machines: [stage, other] }
    }

    pub(super) fn follow(&mut self, operation: &Operation) {
        match operation {
            Operation::Write { role, look } => self.write(*role, look),
            Operation::Remove { file } => {
                if let Some(role) = nth(self.files.keys(), *file).cloned() {
                    self.files.remove(&role);
                }
            }
            Operation::MarkDefault { file } => {
                let role = nth(self.files.keys(), *file).cloned();
                self.files.iter_mut().for_each(|(name, it)| it.say(role.as_ref() == Some(name)));
            }
            Operation::UnmarkDefault => self.files.values_mut().for_each(|it| it.say(false)),
            Operation::Edit { configuration, look } => {
                self.in_dashboard(*configuration, |dashboard, id| {
                    drop(dashboard.edit(id, &look.form()));
                });
            }
            Operation::Make { whose, look } => self.make(*whose, look),
            Operation::Switch { configuration, active } => {
                // The default can't be deactivated.
                self.in_dashboard(*configuration, |dashboard, id| {
                    drop(dashboard.edit(id, &format!("active={active}")));
                });
            }
            Operation::Promote { configuration } => {
                self.in_dashboard(*configuration, |dashboard, id| drop(dashboard.promote(id)));
            }
            Operation::Disown { configuration } => self.disown(*configuration),
            Operation::LoseLockfile { machine } => {
                drop(fs::remove_file(self.machine(*machine).lockfile()));
            }
            Operation::Wait => self.machines[0].wait_for_days(),
            Operation::Run { machine, options, trouble } => self.run(*machine, options, *trouble),
            Operation::DryRun { machine, options } => self.dry_run(*machine, options),
            Operation::RunBoth { delay, written } => self.run_both(*delay, written.as_ref()),
            Operation::Import { machine, configuration } => self.import(*machine, *configuration),
        }
    }

    fn write(&mut self, role: u8, look: &Look) {
        write(&mut self.files, role, look);
    }

    fn in_dashboard(&self, configuration: u8, act: impl FnOnce(&Dashboard<'_>, &str)) {
        let account = self.account();
        if let Some(it) = nth(account.iter(), configuration) {
            act(&self.machines[0].emulator.dashboard(false), &it.id);
        }
    }

    fn make(&self, whose: Maker, look: &Look) {
        let form = look.form();
        let theirs = "metadata[reconcile_project]=theirs&metadata[reconcile_role]=admin";
        let emulator = &self.machines[0].emulator;
        let form = match whose {
            Maker::Application => {
                drop(emulator.dashboard(false).add_for_application("ca_1", &form));
                return;
            }
            Maker::Nobody => form,
            Maker::OtherProject => format!("{form}&{theirs}"),
        };
        let request = http::Request::post("/v1/billing_portal/configurations")
            .header("authorization", "Bearer sk_test_1")
            .body(form.into_bytes());
        assert_eq!(emulator.handle(request.unwrap()).status(), 200);
    }

    /// Only ours: nobody takes markers off what others own.
    fn disown(&self, configuration: u8) {
        let mut account = self.account();
        account.retain(|it| it.role().is_some());
        let marker = ["project", "role", "digest"].map(|key| format!("metadata[reconcile_{key}]="));
        if let Some(it) = nth(account.iter(), configuration) {
            let dashboard = self.machines[0].emulator.dashboard(false);
            dashboard.edit(&it.id, &marker.join("&")).unwrap();
        }
    }

    fn run(&self, machine: u8, options: &Options, trouble: Option<Trouble>) {
        if self.files.is_empty() {
            return;
        }
        let stage = self.machine(machine);
        let before = self.before(stage, options);
        let case = case(&self.files, options, &before.account);
        let n_asked = stage.emulator.exchanges().len();
        let came_to = run(&case, stage, Network::new(stage, trouble.map(fault)));
        let (after, lines) = (self.account(), lines(stage));
        let trail = std::slice::from_ref(&before);
        Runs { before: trail }.judge(&after);
        judge_lines(&before.lines, &lines, &after);
        if trouble.is_none() {
            let exchanges = &stage.emulator.exchanges()[n_asked..];
            let has_written = |it: &&Exchange| it.method != "GET" && !it.replayed;
            let n_writes = exchanges.iter().filter(has_written).count();
            judge_well(&before, (&came_to, n_writes), &after, &lines);
        }
    }

    fn dry_run(&self, machine: u8, options: &Options) {
        if self.files.is_empty() {
            return;
        }
        let stage = self.machine(machine);
        let before = self.before(stage, options);
        let n_asked = stage.emulator.exchanges().len();
        let plan = look(&case(&self.files, options, &before.account), stage);
        judge_obstacles(&before, &plan.expect("the account can be read"));
        let exchanges = &stage.emulator.exchanges()[n_asked..];
        assert!(exchanges.iter().all(|exchange| exchange.method == "GET"));
        assert_eq!((self.account(), lines(stage)), (before.account, before.lines));
    }

    fn run_both(&mut self, delay: u8, written: Option<&(u8, Look, Look)>) {
        let mut others = self.files.clone();
        if let Some((role, here, there)) = written {
            self.write(*role, here);
            others.clone_from(&self.files);
            write(&mut others, *role, there);
        }
        if self.files.is_empty() {
            return;
        }
        let [one, other] = &self.machines;
        let options = Options::default();
        let before = [one, other].map(|stage| self.before(stage, &options));
        let before = [before[0].clone(), Before { files: others.clone(), ..before[1].clone() }];
        let cases = [&self.files, &others].map(|files| case(files, &options, &before[0].account));
        let delay = Duration::from_millis(delay.into());
        run_both_with_delay((&cases[0], one), (&cases[1], other), delay);
        let after = self.account();
        Runs { before: &before }.judge(&after);
        for (stage, before) in self.machines.iter().zip(&before) {
            judge_lines(&before.lines, &lines(stage), &after);
        }
    }

    /// What is nobody's, can be used and has no line yet becomes a role's that has no name yet.
    fn import(&mut self, machine: u8, configuration: u8) {
        let stage = self.machine(machine).clone();
        let (account, mut lines) = (self.account(), lines(&stage));
        let free = account.iter().filter(|it| {
            let is_new = !lines.values().any(|id| *id == it.id);
            it.whose == Whose::Nobody && it.active && is_new
        });
        let free: Vec<&Seen> = free.collect();
        let Some(it) = nth(free.iter(), configuration) else { return };
        if it.is_default && self.files.values().any(|file| file.is_default) {
            return;
        }
        let taken = self.files.keys().chain(lines.keys());
        let taken = taken.map(|name| Role::parse(name).unwrap()).collect();
        let (role, text) = drafted(&stage, it, &taken);
        self.files
            .insert(role.clone(), File { text, look: it.look.clone(), is_default: it.is_default });
        lines.insert(role, it.id.clone());
        save(&stage, &lines);
    }

    fn machine(&self, machine: u8) -> &Arc<Stage> {
        &self.machines[usize::from(machine) % 2]
    }

    fn account(&self) -> Vec<Seen> {
        self.machines[0].emulator.configurations(false).into_iter().map(Seen::of).collect()
    }

    fn before(&self, stage: &Stage, options: &Options) -> Before {
        let account = self.account();
        let keep = kept(options, &account);
        let (files, lines) = (self.files.clone(), lines(stage));
        Before { files, account, lines, prune: options.prune, keep }
    }
}

fn nth<I: ExactSizeIterator>(mut items: I, number: u8) -> Option<I::Item> {
    let n_items = items.len();
    (n_items > 0).then(|| items.nth(usize::from(number) % n_items).expect("it is below"))
}

fn fault(trouble: Trouble) -> (Fault, Reach) {
    let mut faults = disturbances();
    faults.extend([Fault::DeathBefore, Fault::DeathAfter, Fault::DeathAtLockfile]);
    let fault = faults.swap_remove(usize::from(trouble.kind) % faults.len());
    let request = usize::from(trouble.request);
    let reach = if trouble.stays && !fault.is_death() {
        Reach::From(request)
    } else {
        Reach::Once(request)
    };
    (fault, reach)
}
