//! A line an account, for programs: they come as accounts are done, so that nothing has to hold them all.

use serde_json::Value as Json;

use crate::cli::args::{Format, RunArgs};
use crate::cli::world::World;
use crate::fleet::{Fleet, Outcome, Results, State};
use crate::model::AccountId;
use crate::plan::Plan;
use crate::report::{account_to_json, fleet_to_json};

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
        let why = match state {
            State::Pending(_) if !self.is_dry_run => return,
            State::Failed(why) => Some(why.as_str()),
            State::Blocked(_) | State::Pending(_) | State::Clean => None,
        };
        self.print(account, state.as_str(), why, plan, world);
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
        if self.are_wanted {
            print_line(&account_to_json(account, word, why, plan), world);
        }
    }

    /// The last line: all accounts together.
    pub(super) fn end(&self, fleet: &Fleet<'_>, results: Option<&Results>, world: &mut World) {
        print_line(&fleet_to_json(fleet, results), world);
    }
}

fn print_line(line: &Json, world: &mut World) {
    world.print(&crate::text::json(line.to_string() + "\n"));
}
