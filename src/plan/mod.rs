//! What has to be done to make an account equal to the files: one pure function.
//!
//! Nothing here reads a file, a socket, a clock or a random number. Equal inputs give equal plans,
//! in whatever order files, pages and lists came.

mod blocker;
mod cause;
mod diff;
mod digest;
mod guard;
mod lock;
mod matching;
mod notes;
mod planner;
mod retire;
mod types;
mod unknown;

pub(crate) use blocker::describe;
pub use blocker::{Blocker, Duplicate};
pub use diff::{FieldDiff, diff};
pub use digest::plan_digest;
pub use guard::identity;
pub use lock::{lines_of_unmarked, lock_from};
pub use planner::{Input, Policy, plan};
pub use types::{
    Action, ApplicablePlan, Cause, FieldChange, LockChange, Note, Plan, Retirement, RolePlan,
    Summary,
};
pub use unknown::keep_unknown;
