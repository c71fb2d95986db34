//! What a look at many accounts has found.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::shape::{self, Shape};
use crate::model::{AccountId, EnvironmentName, Mode};
use crate::plan::Plan;

/// What there is to do in an account, the worst first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It can't be planned, and why not, in words that are the same for all to which it happens.
    Failed(String),
    /// A plan of this shape, which something blocks.
    Blocked(Shape),
    /// A plan of this shape.
    Pending(Shape),
    /// Nothing.
    Clean,
}

/// Accounts about which the same is to be done.
#[derive(Debug, Clone)]
pub struct Group {
    /// What.
    pub state: State,
    /// How many they are.
    pub n_accounts: usize,
    /// The first few, by id.
    pub named: Vec<AccountId>,
    /// The plan of one of them; nothing where there is none to show.
    pub example: Option<Plan>,
}

/// A look at all accounts of an environment.
#[derive(Debug, Clone, Copy)]
pub struct Fleet<'f> {
    /// The environment.
    pub environment: &'f EnvironmentName,
    /// The side of the accounts.
    pub mode: Mode,
    /// The account that they are connected to, unless the key may not know.
    pub platform: Option<&'f AccountId>,
    /// What was found in them.
    pub survey: &'f Survey,
}

/// All groups.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    groups: BTreeMap<State, Group>,
}

impl State {
    /// What a plan says, of an account with these variables of its own.
    pub fn of(plan: &Plan, vars: &BTreeMap<String, String>) -> Self {
        match Shape::of(plan, vars) {
            None => Self::Clean,
            Some(shape) if plan.blockers.is_empty() => Self::Pending(shape),
            Some(shape) => Self::Blocked(shape),
        }
    }

    /// What its plan does, if there is one that does something.
    pub fn shape(&self) -> Option<Shape> {
        match self {
            Self::Blocked(shape) | Self::Pending(shape) => Some(*shape),
            Self::Failed(_) | Self::Clean => None,
        }
    }

    /// In a word, for programs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Failed(_) => "failed",
            Self::Blocked(_) => "blocked",
            Self::Pending(_) => "pending",
            Self::Clean => "clean",
        }
    }
}

impl Group {
    /// Shapes are in no order that anybody knows.
    fn order(&self) -> impl Ord + '_ {
        let (rank, why) = match &self.state {
            State::Failed(why) => (0, why.as_str()),
            State::Blocked(_) => (1, ""),
            State::Pending(_) => (2, ""),
            State::Clean => (3, ""),
        };
        (rank, Reverse(self.n_accounts), &self.named, why)
    }
}

impl Survey {
    /// Takes note of an account. The plan that is shown is that of the first account by id, so that
    /// the order in which answers came doesn't show.
    pub fn add(&mut self, account: &AccountId, state: State, plan: Option<Plan>) {
        let group = self.groups.entry(state.clone()).or_insert_with(|| Group {
            state,
            n_accounts: 0,
            named: Vec::new(),
            example: None,
        });
        group.n_accounts += 1;
        let place = super::name(account, &mut group.named);
        if place == 0 && group.state != State::Clean {
            group.example = plan;
        }
    }

    /// The groups, the worst first, and of those the ones with the most accounts.
    pub fn groups(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.groups.values().collect();
        groups.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
        groups
    }

    /// How many accounts there are.
    pub fn n_accounts(&self) -> usize {
        self.groups.values().map(|group| group.n_accounts).sum()
    }

    /// How many accounts are in groups for which the condition holds.
    pub fn count(&self, is_meant: impl Fn(&State) -> bool) -> usize {
        self.groups.values().filter(|it| is_meant(&it.state)).map(|group| group.n_accounts).sum()
    }

    /// True if something was changed outside of the files in an account. All of a group have it in
    /// common.
    pub fn has_drifted(&self) -> bool {
        let mut plans = self.groups.values().filter_map(|group| group.example.as_ref());
        plans.any(|plan| plan.summary().drifted > 0)
    }

    /// What stands for everything that there is to do in accounts.
    pub fn digest(&self) -> String {
        let shapes = self.groups.keys().filter_map(State::shape);
        let shapes = shapes.filter(|shape| *shape != Shape::LOCKFILE);
        shape::digest(&shapes.map(|shape| shape.to_string()).collect())
    }
}
