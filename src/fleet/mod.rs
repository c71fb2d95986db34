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
