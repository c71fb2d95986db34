//! Does what an [`ApplicablePlan`](crate::plan::ApplicablePlan) says, and tells what came of it.

mod confirm;
mod create;
mod execute;
mod types;

pub use execute::{Account, execute};
pub use types::{ApplyReport, Event, Outcome, StepResult, WhyNot};
