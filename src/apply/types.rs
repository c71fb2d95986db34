//! What came of an apply, as data.

use crate::model::{ConfigurationId, Role};
use crate::plan::Action;
use crate::stripe::{Effect, Effort, ErrorKind, StripeError};

/// What came of everything that was to be done.
#[derive(Debug, Clone)]
pub struct ApplyReport {
    /// One entry a configuration, by role.
    pub outcomes: Vec<Outcome>,
    /// Why the lockfile could not be written, if so. What it should say is in the outcomes, and
    /// `reconcile lock` writes it.
    pub lock_error: Option<String>,
    /// True if something is left because the user or the system asked to stop.
    pub was_interrupted: bool,
}

/// What came of one configuration.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The role.
    pub role: Role,
    /// What was to be done.
    pub action: Action,
    /// What came of it.
    pub result: StepResult,
    /// Stripe's id of the request, if there was one that was answered.
    pub request_id: Option<String>,
    /// How often that request was tried, and for how long. Nothing if there was none.
    pub effort: Effort,
}

/// What came of what was to be done.
#[derive(Debug, Clone)]
pub enum StepResult {
    /// There was nothing to do.
    Unchanged,
    /// It is done.
    Done(ConfigurationId),
    /// Something was written, but Stripe's answer is not what was asked for.
    NotAsAsked {
        /// Which configuration.
        id: ConfigurationId,
        /// Where the answer differs, by Stripe's names.
        differences: Vec<String>,
    },
    /// It failed. The error knows whether something may have happened all the same.
    Failed(StripeError),
    /// It was not tried.
    NotAttempted(WhyNot),
}

impl StepResult {
    /// It in a word that doesn't change, for programs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Done(_) => "done",
            Self::NotAsAsked { .. } => "not-as-asked",
            Self::Failed(error) if error.effect == Effect::Unknown => "effect-unknown",
            Self::Failed(error) if is_refusal(error) => "refused",
            Self::Failed(_) => "failed",
            Self::NotAttempted(_) => "not-attempted",
        }
    }

    /// True if nothing is left to do.
    pub(super) const fn is_fine(&self) -> bool {
        match self {
            Self::Unchanged | Self::Done(_) => true,
            Self::NotAsAsked { .. } | Self::Failed(_) | Self::NotAttempted(_) => false,
        }
    }

    /// What that means for the account, and what the next run is going to do about it. Nothing if
    /// there is nothing left to do.
    pub fn next(&self) -> Option<&'static str> {
        match self {
            Self::Unchanged | Self::Done(_) => None,
            Self::NotAsAsked { .. } => {
                Some("the next run compares again, and updates what differs")
            }
            Self::Failed(error) if error.effect == Effect::Unknown => Some(
                "it may have been done all the same; the next run looks and doesn't do it twice",
            ),
            Self::Failed(error) if is_refusal(error) => Some(
                "nothing was changed; the next run tries again, and is refused again unless the \
                 cause is gone",
            ),
            Self::Failed(_) => Some("nothing was changed; the next run tries again"),
            Self::NotAttempted(_) => Some("nothing was changed; the next run does it"),
        }
    }
}

/// True if Stripe understood and said no.
fn is_refusal(error: &StripeError) -> bool {
    matches!(
        error.kind,
        ErrorKind::Authentication(_) | ErrorKind::Permission(_) | ErrorKind::Refused { .. }
    )
}

/// Why something was not tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// The user or the system asked to stop.
    Interrupted,
    /// The key is no good: everything else would fail too.
    KeyRefused,
    /// The default could not be created, so that this one would have become it.
    DefaultFailed,
    /// Another one than was meant has become the account's default.
    OtherDefault,
    /// Something else failed, and what would be deactivated may be what is used instead of it.
    OthersFailed,
    /// The lockfile could not be written, so that another id would be lost, too.
    LockfileFailed,
}

impl WhyNot {
    /// In a user's words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interrupted => "the run was interrupted",
            Self::KeyRefused => "the key is refused",
            Self::DefaultFailed => {
                "the account's default could not be created, and this one would have become it"
            }
            Self::OtherDefault => "another one than was meant has become the account's default",
            Self::OthersFailed => {
                "nothing is deactivated before everything else is done, and something isn't"
            }
            Self::LockfileFailed => "the lockfile can't be written",
        }
    }
}

/// What happens while an apply is under way.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A role is being worked on.
    Started(&'a Role),
    /// A role is finished.
    Finished(&'a Outcome),
}

impl ApplyReport {
    /// The first thing that went wrong, if anything did.
    pub fn first_problem(&self) -> Option<String> {
        let of_role = self.outcomes.iter().find_map(|outcome| match &outcome.result {
            StepResult::Failed(error) => Some(error.to_string()),
            StepResult::NotAsAsked { differences, .. } => {
                let (role, differences) = (&outcome.role, differences.join(", "));
                Some(format!("Stripe stored something else of `{role}` at {differences}"))
            }
            StepResult::Done(_) | StepResult::Unchanged | StepResult::NotAttempted(_) => None,
        });
        self.lock_error.clone().or(of_role)
    }

    /// True if something in the account has changed, or may have.
    pub fn may_have_written(&self) -> bool {
        self.outcomes.iter().any(|outcome| match &outcome.result {
            StepResult::Done(_) | StepResult::NotAsAsked { .. } => true,
            StepResult::Failed(error) => error.effect == Effect::Unknown,
            StepResult::Unchanged | StepResult::NotAttempted(_) => false,
        })
    }

    /// True if everything that was to be done is done.
    pub fn is_complete(&self) -> bool {
        self.lock_error.is_none() && self.outcomes.iter().all(|outcome| outcome.result.is_fine())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_says_whether_it_may_have_been_done_and_whether_to_try_again() {
        let failed = |kind: ErrorKind, effect| {
            StepResult::Failed(StripeError {
                operation: "create".to_owned(),
                kind,
                request_id: None,
                effect,
                effort: Effort::default(),
                is_replay: false,
            })
        };
        let refused =
            ErrorKind::Refused { status: 400, code: None, param: None, message: "no".to_owned() };
        for (result, word, next) in [
            (
                failed(ErrorKind::Server(500), Effect::Unknown),
                "effect-unknown",
                "may have been done",
            ),
            (failed(ErrorKind::Server(500), Effect::None), "failed", "tries again"),
            (failed(refused, Effect::None), "refused", "is refused again"),
        ] {
            assert_eq!(result.as_str(), word);
            let says = result.next().unwrap();
            assert!(says.contains(next), "{says}");
            assert_eq!(says.contains("is refused again"), word == "refused", "{says}");
        }
    }
}
