//! All cases, all requests, all faults.

use std::panic::{AssertUnwindSafe, catch_unwind};

use portal_reconciler::emulator::{LimitReason, Mishap, Quirks};

use super::case::Case;
use super::ending::Ending;
use super::fault::{Fault, disturbances, lies};
use super::honesty::{bad_lines, false_claims, unnamed_writes};
use super::network::{Network, Reach, Sent};
use super::run::{run, run_well};
use super::scenes::{of_history, of_sessions};

/// How a case ends if nothing happens.
struct Reference {
    ending: Ending,
    /// False if Stripe refuses what the files want.
    is_converged: bool,
    sent: Vec<Sent>,
}

impl Case {
    pub(super) fn has_something_to_write(&self) -> bool {
        let plan = run_well(self, &self.stage(Quirks::default())).plan;
        plan.is_some_and(|plan| plan.blockers.is_empty() && plan.pending().next().is_some())
    }

    fn reference(&self) -> Reference {
        let stage = self.stage(Quirks::default());
        let run = run(self, &stage, Network::watched(&stage));
        let (ending, is_converged) = (Ending::of(&stage), run.is_converged());
        Reference { ending, is_converged, sent: run.sent }
    }
}

/// What is tried.
struct Trial<'a> {
    case: &'a Case,
    reference: &'a Reference,
    fault: &'a Fault,
    reach: Reach,
    /// What happens to all requests after that.
    then: Option<Fault>,
    next: Next,
}

/// When the next run comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// At once.
    Now,
    /// When Stripe has forgotten the keys.
    DaysLater,
    /// At once, and lists don't show yet what is new. Another one comes when they do.
    AheadOfLists,
}

/// For how many seconds lists lag behind.
const LIST_DELAY: u32 = 2;

/// Lets a run meet a fault, and runs again without. Returns what isn't as it should be.
fn attempt(trial: &Trial<'_>) -> Vec<String> {
    let Trial { case, reference, fault, reach, then, next } = trial;
    let list_delay = if *next == Next::AheadOfLists { LIST_DELAY } else { 0 };
    let stage = case.stage(Quirks { list_delay, ..Quirks::default() });
    let before = stage.emulator.configurations(false);
    if matches!(fault, Fault::DeathAtLockfile) {
        stage.leave_half_a_lockfile();
    }
    let (Reach::Once(index) | Reach::From(index)) = *reach;
    let then = then.clone().map(|then| (then, Reach::From(index + 1)));
    let faults = [((*fault).clone(), *reach)].into_iter().chain(then);
    let faulty = run(case, &stage, Network::new(&stage, faults));
    let wanted = (!fault.is_a_lie()).then_some(&reference.ending);
    let mut wrong = unnamed_writes(&faulty);
    wrong.extend(false_claims(&faulty, &stage, &before, wanted));
    wrong.extend(bad_lines(&faulty, &stage));
    match next {
        Next::Now => {}
        Next::DaysLater => stage.wait_for_days(),
        Next::AheadOfLists => {
            wrong.extend(unnamed_writes(&run_well(case, &stage)));
            stage.clock.pass(LIST_DELAY.into());
            run_well(case, &stage);
            stage.clock.pass(LIST_DELAY.into());
        }
    }
    let clean = run_well(case, &stage);
    wrong.extend(unnamed_writes(&clean));
    if clean.is_converged() != reference.is_converged {
        wrong.push(format!("the clean run comes to {:?} {:?}", clean.report, clean.remaining));
    }
    let ending = Ending::of(&stage);
    if ending != reference.ending {
        wrong.push(format!("it ends in {ending:#?}\nnot in {:#?}", reference.ending));
    }
    wrong
}

/// Tries each fault at each request of each case, once and for ever.
fn try_all(cases: &[Case], faults: &[Fault], next: Next) {
    let mut verdict = Verdict::default();
    for case in cases {
        let reference = &case.reference();
        // What happens to a read leaves nothing behind that could be forgotten, or not be seen.
        let is_relevant = |sent: &Sent| next == Next::Now || sent.is_write;
        let sent = reference.sent.iter().enumerate().filter(|(_, sent)| is_relevant(sent));
        for (index, sent) in sent {
            for fault in faults.iter().filter(|fault| fault.concerns(sent)) {
                for reach in reaches(fault, (index, sent), next) {
                    verdict.add(&Trial { case, reference, fault, reach, then: None, next });
                }
            }
        }
    }
    verdict.assert_nothing_wrong();
}

/// What came of all trials.
#[derive(Default)]
struct Verdict {
    n_trials: usize,
    wrong: Vec<String>,
}

impl Verdict {
    fn add(&mut self, trial: &Trial<'_>) {
        self.n_trials += 1;
        let found = catch_unwind(AssertUnwindSafe(|| attempt(trial)));
        let found = found.unwrap_or_else(|_| vec!["it panics".to_owned()]);
        let Trial { case, reference: _, fault, reach, then, next } = trial;
        let place = || format!("{}, {fault:?}, {reach:?}, {then:?}, {next:?}", case.name);
        self.wrong.extend(found.into_iter().map(|it| format!("{}: {it}", place())));
    }

    #[track_caller]
    fn assert_nothing_wrong(&self) {
        let Self { n_trials, wrong } = self;
        let some = wrong.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n");
        assert!(wrong.is_empty(), "{} in {n_trials} trials, such as:\n{some}", wrong.len());
    }
}

/// Which requests it is that something happens to.
///
/// Who is dead stays dead. Nobody asks again who is told a lie, so of reads it is all the same. Days
/// later only what the same run couldn't make good makes a difference, and lists lag behind only
/// for a moment.
fn reaches(fault: &Fault, (index, sent): (usize, &Sent), next: Next) -> Vec<Reach> {
    let (once, for_ever) = (Reach::Once(index), Reach::From(index));
    match next {
        _ if fault.is_death() => vec![once],
        Next::Now if fault.is_a_lie() && !sent.is_write => vec![for_ever],
        Next::Now => vec![once, for_ever],
        Next::DaysLater => vec![for_ever],
        Next::AheadOfLists => vec![once],
    }
}

#[test]
fn the_matrix_has_cases() {
    let (of_sessions, of_history) = (of_sessions(), of_history());
    assert!(of_sessions.len() >= 8, "{}", of_sessions.len());
    assert_eq!(of_history.len(), 10);
}

#[test]
fn whatever_happens_to_a_request_of_a_session_the_next_run_makes_it_good() {
    try_all(&of_sessions(), &disturbances(), Next::Now);
}

#[test]
fn whatever_happens_to_an_account_with_a_history_the_next_run_makes_it_good() {
    try_all(&of_history(), &disturbances(), Next::Now);
}

/// Stripe acts, its answer is lost, and what comes to the next attempts would by itself mean that
/// nothing has happened.
#[test]
fn what_a_lost_answer_leaves_open_stays_open_whatever_comes_then() {
    let mut verdict = Verdict::default();
    let reason = LimitReason::GlobalRate;
    let lost = Fault::Emulated(Mishap::LostAnswer);
    let innocent = [Mishap::RateLimited(reason), Mishap::LockTimeout].map(Fault::Emulated);
    for case in of_history() {
        let reference = &case.reference();
        let writes = reference.sent.iter().enumerate().filter(|(_, sent)| sent.is_write);
        for (index, _) in writes {
            for then in innocent.iter().chain([&Fault::Unreachable]) {
                let (case, fault, reach, next) = (&case, &lost, Reach::Once(index), Next::Now);
                let then = Some(then.clone());
                verdict.add(&Trial { case, reference, fault, reach, then, next });
            }
        }
    }
    verdict.assert_nothing_wrong();
}

#[test]
fn the_next_run_may_as_well_come_days_later() {
    try_all(&of_history(), &disturbances(), Next::DaysLater);
}

#[test]
fn the_next_run_may_as_well_come_before_lists_show_what_is_new() {
    try_all(&of_history(), &disturbances(), Next::AheadOfLists);
}

#[test]
fn answers_of_wrong_types_are_never_acted_upon() {
    try_all(&of_sessions(), &lies(), Next::Now);
    try_all(&of_history(), &lies(), Next::Now);
}

#[test]
fn a_process_that_dies_at_a_request_leaves_nothing_that_the_next_run_does_not_find() {
    let deaths = [Fault::DeathBefore, Fault::DeathAfter, Fault::DeathAtLockfile];
    for next in [Next::Now, Next::DaysLater, Next::AheadOfLists] {
        try_all(&of_sessions(), &deaths, next);
        try_all(&of_history(), &deaths, next);
    }
}
