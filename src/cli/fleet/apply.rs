//! Applying to many accounts what was agreed to, the canaries first.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::lines::Lines;
use super::look::{Pending, anonymous, cause};
use crate::cli::applying::{carry_out, look_again, open_lock};
use crate::cli::error::CliError;
use crate::cli::pipeline::Pipeline;
use crate::cli::progress::Progress;
use crate::cli::world::World;
use crate::desired::{Date, ListedAccount};
use crate::fleet::{Canary, Outcome, Results, Shape, State, WhyNot};
use crate::interruption::Interruption;
use crate::report::{RunReport, Verdict};

/// What an apply goes by.
pub(super) struct Run<'r> {
    pub(super) platform: &'r Pipeline,
    pub(super) at_once: usize,
    pub(super) canary: Option<Canary>,
    pub(super) lines: &'r mut Lines,
}

impl Run<'_> {
    /// Applies to all of these accounts, or to some of them and then, if nothing was a surprise, to
    /// the others. Those whose plans nobody has seen are left.
    pub(super) async fn apply(
        &mut self,
        (pending, unseen): (Vec<Pending>, Vec<Pending>),
        world: &mut World,
    ) -> Results {
        let mut results = Results::default();
        for (account, _) in unseen {
            self.record(&account, Outcome::NotTried(WhyNot::NotReviewed), &mut results, world);
        }
        let Some(canary) = self.canary else {
            self.apply_all(pending, None, &mut results, world).await;
            return results;
        };
        let (first, others) = canary.choose(pending);
        let tried: BTreeSet<Shape> = first.iter().map(|(_, shape)| *shape).collect();
        self.apply_all(first, Some(WhyNot::CanarySurprised), &mut results, world).await;
        let why_not = if results.count(Outcome::is_surprise) > 0 {
            Some(WhyNot::CanarySurprised)
        } else {
            was_stopped(&results)
        };
        let (known, unknown): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|(_, shape)| why_not.is_none() && tried.contains(shape));
        self.apply_all(known, Some(WhyNot::OthersSurprised), &mut results, world).await;
        for (account, _) in unknown {
            let outcome = Outcome::NotTried(why_not.unwrap_or(WhyNot::NoCanary));
            self.record(&account, outcome, &mut results, world);
        }
        results
    }

    /// Applies to all of these accounts. If a surprise is a reason to stop, nothing more is begun after
    /// one.
    async fn apply_all(
        &mut self,
        pending: Vec<Pending>,
        stops: Option<WhyNot>,
        results: &mut Results,
        world: &mut World,
    ) {
        let (interruption, today) = (world.interruption(), world.today());
        let progress = Progress::new(pending.len(), world.stderr_is_terminal, &world.bars);
        let mut waiting = pending.into_iter();
        let mut running = FuturesUnordered::new();
        let mut why_not = None;
        loop {
            while why_not.is_none() && running.len() < self.at_once {
                let Some((account, shape)) = waiting.next() else { break };
                let (platform, interruption) = (self.platform, interruption.clone());
                running.push(async move {
                    let applied = one(platform, &account, shape, interruption, today).await;
                    (account, applied)
                });
            }
            tokio::select! {
                biased;
                Some((account, applied)) = running.next() => {
                    progress.advance();
                    let outcome = match applied {
                        Ok(outcome) => outcome,
                        Err(error) => {
                            if error.is_of_key {
                                why_not = Some(WhyNot::KeyRefused);
                            }
                            Outcome::Failed(cause(&error, &account))
                        }
                    };
                    if outcome.is_surprise() {
                        why_not = why_not.or(stops);
                    }
                    self.record(&account, outcome, results, world);
                }
                () = interruption.raised(), if why_not.is_none() && !running.is_empty() => {
                    why_not = Some(WhyNot::Interrupted);
                }
                else => break,
            }
        }
        progress.finish();
        for (account, _) in waiting {
            let why_not = why_not.unwrap_or(WhyNot::Interrupted);
            self.record(&account, Outcome::NotTried(why_not), results, world);
        }
    }

    fn record(
        &mut self,
        account: &ListedAccount,
        outcome: Outcome,
        results: &mut Results,
        world: &mut World,
    ) {
        self.lines.applied(&account.id, &outcome, world);
        results.add(&account.id, outcome);
    }
}

/// Why no more was begun, if nothing more may be begun at all.
fn was_stopped(results: &Results) -> Option<WhyNot> {
    results.iter().find_map(|(outcome, ..)| match outcome {
        Outcome::NotTried(why_not @ (WhyNot::Interrupted | WhyNot::KeyRefused)) => Some(*why_not),
        Outcome::NotTried(
            WhyNot::CanarySurprised
            | WhyNot::OthersSurprised
            | WhyNot::NoCanary
            | WhyNot::NotReviewed,
        )
        | Outcome::Partly(_)
        | Outcome::Failed(_)
        | Outcome::Moved
        | Outcome::Applied
        | Outcome::Clean => None,
    })
}

/// Looks at one account again, and applies what was agreed to if that is still what is to be done.
async fn one(
    platform: &Pipeline,
    account: &ListedAccount,
    shape: Shape,
    interruption: Interruption,
    today: Date,
) -> Result<Outcome, CliError> {
    let pipeline = platform.on_account(account, today)?;
    // Before anything is asked: what somebody else writes meanwhile is not to be replaced.
    let mut locks = open_lock(&pipeline)?;
    let plan = pipeline.plan(&pipeline.look_to_write().await?)?;
    match State::of(&plan, &account.vars) {
        State::Clean => return Ok(Outcome::Clean),
        // Somebody else may have done it by then, and left the lockfile.
        State::Pending(now) if now == shape || now == Shape::LOCKFILE => {}
        State::Pending(_) | State::Blocked(_) | State::Failed(_) => return Ok(Outcome::Moved),
    }
    let mut report = RunReport::planned(plan.clone(), Default::default());
    let plan = plan.into_applicable().expect("what is pending isn't blocked");
    let applied = carry_out(&plan, &pipeline, &mut locks, interruption, |_| {}).await?;
    let may_have_written = applied.may_have_written();
    let why = applied.first_problem();
    report.apply = Some(applied);
    let looked = if may_have_written { look_again(&pipeline, &mut report).await } else { Ok(()) };
    let why = why.or_else(|| looked.err().map(|error| cause(&error, account)));
    let words = || {
        let why = why.clone().unwrap_or_else(|| "a second look finds something to do".to_owned());
        anonymous(&why, account)
    };
    Ok(match report.verdict() {
        Verdict::Applied | Verdict::Clean => Outcome::Applied,
        Verdict::Failed => Outcome::Failed(words()),
        Verdict::Interrupted if may_have_written => {
            Outcome::Partly(WhyNot::Interrupted.as_str().to_owned())
        }
        Verdict::Interrupted => Outcome::NotTried(WhyNot::Interrupted),
        Verdict::Partly | Verdict::Pending | Verdict::Blocked => Outcome::Partly(words()),
    })
}
