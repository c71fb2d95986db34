//! Many connected accounts at once: which of them a run is about, which are alike, and which go first.
//!
//! Each account has its own plan, made and applied as that of any account. What is here only counts and
//! compares them, in memory that grows with the number of different plans, not with that of accounts.

mod canary;
mod results;
mod shape;
mod shard;
mod survey;

pub use canary::Canary;
pub use results::{Outcome, Results, WhyNot};
pub use shape::{Shape, digest};
pub use shard::Shard;
pub use survey::{Fleet, Group, State, Survey};

use crate::model::AccountId;

/// More accounts that are alike than these are counted, not named.
const MOST_NAMED: usize = 3;

/// Names an account if it is one of the first few. Returns its place among those that are named.
fn name(account: &AccountId, named: &mut Vec<AccountId>) -> usize {
    let place = named.binary_search(account).unwrap_or_else(|place| place);
    if place < MOST_NAMED {
        named.insert(place, account.clone());
        named.truncate(MOST_NAMED);
    }
    place
}
