//! What a run came to, as one value that every renderer takes.

mod document;
mod effects;
mod fleet;
mod json;
mod moved;
mod rights;

pub use effects::{Effect, Weight, after, effects, effects_beyond};
pub use fleet::{ReviewedFleet, account_to_json, fleet_to_json};
pub use json::{failure_to_json, to_json};
pub use moved::Reviewed;
pub use rights::{COLUMNS, Cell, Row, rights};

use crate::apply::ApplyReport;
use crate::diagnostic::Bag;
use crate::model::Role;
use crate::plan::{FieldChange, Plan, plan_digest};

/// What a run came to.
#[derive(Debug)]
pub struct RunReport {
    /// What was to be done.
    pub plan: Plan,
    /// What would be done without the change that is being reviewed, if that is known.
    pub base: Option<Plan>,
    /// What came of it, unless nothing was to be tried.
    pub apply: Option<ApplyReport>,
    /// What was still to be done after that, by a second look at the account.
    pub remaining: Option<Plan>,
    /// True if there should have been a second look and it failed.
    pub could_not_look_again: bool,
    /// What the account is, if it isn't the real one but what was saved of it.
    pub as_of: Option<String>,
    /// Problems of the files that stop nothing.
    pub diagnostics: Bag,
}

/// A run in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There was nothing to do.
    Clean,
    /// There is something to do, and this run was not to do it.
    Pending,
    /// Something stops it.
    Blocked,
    /// Everything is done.
    Applied,
    /// Nothing was written.
    Failed,
    /// Some of it is done, or what is done is not what was wanted.
    Partly,
    /// The user or the system asked to stop.
    Interrupted,
}

impl RunReport {
    /// The report of a run that has made a plan and not done anything yet.
    pub fn planned(plan: Plan, diagnostics: Bag) -> Self {
        Self {
            plan,
            base: None,
            apply: None,
            remaining: None,
            could_not_look_again: false,
            as_of: None,
            diagnostics,
        }
    }

    /// The run in a word.
    pub fn verdict(&self) -> Verdict {
        let Some(apply) = &self.apply else {
            return if !self.plan.blockers.is_empty() {
                Verdict::Blocked
            } else if self.plan.is_empty() {
                Verdict::Clean
            } else {
                Verdict::Pending
            };
        };
        let has_converged =
            !self.could_not_look_again && self.remaining.as_ref().is_none_or(Plan::is_empty);
        if apply.was_interrupted {
            Verdict::Interrupted
        } else if apply.is_complete() && has_converged {
            Verdict::Applied
        } else if apply.may_have_written() {
            Verdict::Partly
        } else {
            Verdict::Failed
        }
    }

    /// What customers are going to notice: first what the change that is being reviewed does, then what
    /// would be done without it as well.
    pub fn effects(&self) -> (Vec<Effect>, Vec<Effect>) {
        match &self.base {
            None => (effects(&self.plan), Vec::new()),
            Some(base) => effects_beyond(&self.plan, base),
        }
    }

    /// True if this would be done as well without the change that is being reviewed.
    pub fn is_of_base(&self, role: &Role, change: &FieldChange) -> bool {
        let Some(base) = &self.base else { return false };
        let Ok(place) = base.roles.binary_search_by(|it| it.role.cmp(role)) else { return false };
        let is_it = |it: &FieldChange| {
            (&it.path, &it.before, &it.after) == (&change.path, &change.before, &change.after)
        };
        base.roles[place].changes.iter().any(is_it)
    }

    /// The digest of what the plan does.
    pub fn digest(&self) -> String {
        plan_digest(&self.plan)
    }
}

impl Verdict {
    /// The stable word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Pending => "pending",
            Self::Blocked => "blocked",
            Self::Applied => "applied",
            Self::Failed => "failed",
            Self::Partly => "partly",
            Self::Interrupted => "interrupted",
        }
    }

    /// The program's exit code. Documented in the README and never renumbered.
    pub const fn exit_code(self, is_detailed: bool) -> u8 {
        match self {
            Self::Clean | Self::Applied => 0,
            Self::Pending => {
                if is_detailed {
                    2
                } else {
                    0
                }
            }
            Self::Blocked | Self::Failed => 1,
            Self::Partly => 4,
            Self::Interrupted => 130,
        }
    }
}
