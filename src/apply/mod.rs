//! Does what an [`ApplicablePlan`](crate::plan::ApplicablePlan) says, and tells what came of it.

mod confirm;
mod execute;
mod types;

pub use execute::execute;
pub use types::{ApplyReport, Event, Outcome, StepResult, WhyNot};
