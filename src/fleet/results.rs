//! What came of an apply to many accounts.

use std::collections::BTreeMap;

use crate::model::AccountId;

/// What came of one account, the worst first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Something was written and something is left, and why, in words that are the same for all to
    /// which it happens.
    Partly(String),
    /// Nothing was written, and why not.
    Failed(String),
    /// It wants something else than what was agreed to. Nothing was written.
    Moved,
    /// Nothing was tried: something went wrong in another account, or no account that went first had
    /// this plan.
    NotTried(WhyNot),
    /// All is done, and a second look finds nothing to do.
    Applied,
    /// Somebody else had done it by then.
    Clean,
}

/// Why an account was left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyNot {
    /// Those that went first had a surprise.
    CanarySurprised,
    /// An account before it had one.
    OthersSurprised,
    /// None of those that went first had this plan.
    NoCanary,
    /// This plan is in none that were reviewed.
    NotReviewed,
    /// Somebody wanted the run to stop.
    Interrupted,
    /// The key was refused.
    KeyRefused,
}

/// How many accounts there are of each outcome, and the first few.
#[derive(Debug, Clone, Default)]
pub struct Results {
    accounts: BTreeMap<Outcome, (usize, Vec<AccountId>)>,
}

impl Outcome {
    /// True if whoever watches those that go first has reason to stop.
    pub fn is_surprise(&self) -> bool {
        match self {
            Self::Partly(_) | Self::Failed(_) | Self::Moved => true,
            Self::NotTried(_) | Self::Applied | Self::Clean => false,
        }
    }

    /// True if something is still to be done.
    pub fn is_left(&self) -> bool {
        !matches!(self, Self::Applied | Self::Clean)
    }

    /// In a word, for programs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Partly(_) => "partly",
            Self::Failed(_) => "failed",
            Self::Moved => "moved",
            Self::NotTried(_) => "not-tried",
            Self::Applied => "applied",
            Self::Clean => "clean",
        }
    }
}

impl WhyNot {
    /// For people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CanarySurprised => "something went wrong in those that went first",
            Self::OthersSurprised => "something went wrong in another one",
            Self::NoCanary => "none of those that went first had their plan",
            Self::NotReviewed => "nobody has reviewed their plan",
            Self::Interrupted => "somebody wanted to stop",
            Self::KeyRefused => "the key was refused",
        }
    }
}

impl Results {
    /// Takes note of an account.
    pub fn add(&mut self, account: &AccountId, outcome: Outcome) {
        let (n_accounts, named) = self.accounts.entry(outcome).or_default();
        *n_accounts += 1;
        super::name(account, named);
    }

    /// Each outcome with how many accounts have it and the first few, the worst first.
    pub fn iter(&self) -> impl Iterator<Item = (&Outcome, usize, &[AccountId])> {
        self.accounts.iter().map(|(outcome, (n, named))| (outcome, *n, named.as_slice()))
    }

    /// True if something is left because somebody wanted the run to stop.
    pub fn was_interrupted(&self) -> bool {
        self.count(|outcome| match outcome {
            Outcome::NotTried(why_not) => *why_not == WhyNot::Interrupted,
            Outcome::Partly(why) => why == WhyNot::Interrupted.as_str(),
            Outcome::Failed(_) | Outcome::Moved | Outcome::Applied | Outcome::Clean => false,
        }) > 0
    }

    /// True if something was written in any account.
    pub fn has_written(&self) -> bool {
        self.count(|outcome| matches!(outcome, Outcome::Applied | Outcome::Partly(_))) > 0
    }

    /// How many accounts have an outcome for which the condition holds.
    pub fn count(&self, is_meant: impl Fn(&Outcome) -> bool) -> usize {
        self.iter().filter(|(outcome, ..)| is_meant(outcome)).map(|(_, n, _)| n).sum()
    }
}
