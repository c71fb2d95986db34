//! A line an account, for programs: they come as accounts are done, so that nothing has to hold them all.

use serde_json::{Value as Json, json};

use crate::cli::args::{Format, RunArgs};
use crate::cli::world::World;
use crate::fleet::{Outcome, Results, State, Survey};
use crate::model::AccountId;
use crate::plan::Plan;

/// Prints them, if they are wanted.
pub(super) struct Lines {
    are_wanted: bool,
    /// Whether what is pending is going to have another line.
    is_dry_run: bool,
}

impl Lines {
    pub(super) fn new(run: &RunArgs) -> Self {
        Self { are_wanted: run.format == Format::Json, is_dry_run: run.dry_run }
    }

    /// An account about which nothing more is going to happen.
    pub(super) fn looked(
        &mut self,
        account: &AccountId,
        state: &State,
        plan: Option<&Plan>,
        world: &mut World,
    ) {
        let (word, why) = match state {
            State::Blocked(_) => ("blocked", None),
            State::Pending(_) if !self.is_dry_run => return,
            State::Pending(_) => ("pending", None),
            State::Failed(why) => ("failed", Some(why.as_str())),
            State::Clean => ("clean", None),
        };
        self.print(account, word, why, plan, world);
    }

    /// An account in which something was done, or nothing after all.
    pub(super) fn applied(&mut self, account: &AccountId, outcome: &Outcome, world: &mut World) {
        let why = match outcome {
            Outcome::Partly(why) | Outcome::Failed(why) => Some(why.as_str()),
            Outcome::NotTried(why_not) => Some(why_not.as_str()),
            Outcome::Moved | Outcome::Applied | Outcome::Clean => None,
        };
        self.print(account, outcome.as_str(), why, None, world);
    }

    fn print(
        &mut self,
        account: &AccountId,
        word: &str,
        why: Option<&str>,
        plan: Option<&Plan>,
        world: &mut World,
    ) {
        if !self.are_wanted {
            return;
        }
        let mut line = json!({ "account": account.as_str(), "verdict": word });
        if let Some(why) = why {
            line["error"] = why.into();
        }
        if let Some(plan) = plan {
            let summary = plan.summary();
            line["summary"] = json!({
                "create": summary.create,
                "adopt": summary.adopt,
                "update": summary.update,
                "reactivate": summary.reactivate,
                "deactivate": summary.deactivate,
                "unchanged": summary.unchanged,
                "drifted": summary.drifted,
                "blocked": summary.blocked,
            });
        }
        print_line(&line, world);
    }

    /// The last line: all accounts together.
    pub(super) fn end(&self, survey: &Survey, results: Option<&Results>, world: &mut World) {
        if !self.are_wanted {
            return;
        }
        let mut fleet = json!({
            "format_version": 1,
            "accounts": survey.n_accounts(),
            "digest": survey.digest(),
            "clean": survey.count(|state| *state == State::Clean),
            "pending": survey.count(|state| matches!(state, State::Pending(_))),
            "blocked": survey.count(|state| matches!(state, State::Blocked(_))),
            "failed": survey.count(|state| matches!(state, State::Failed(_))),
        });
        if let Some(results) = results {
            let mut counts = serde_json::Map::new();
            for (outcome, n, _) in results.iter() {
                let before = counts.get(outcome.as_str()).and_then(Json::as_u64).unwrap_or(0);
                counts.insert(outcome.as_str().to_owned(), (before + n as u64).into());
            }
            fleet["results"] = counts.into();
        }
        print_line(&json!({ "fleet": fleet }), world);
    }
}

fn print_line(line: &Json, world: &mut World) {
    world.print(&crate::text::json(line.to_string() + "\n"));
}
