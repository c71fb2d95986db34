//! Turns a report into texts. Pure: what is shown depends on nothing but what is passed in.

mod annotations;
mod comparison;
mod diagnostics;
mod fields;
mod fleet;
mod markdown;
mod origins;
mod outcome;
mod plan;
mod preview;
mod style;
mod value;
mod verification;

pub use annotations::{annotation, annotations};
pub use comparison::{comparison, price};
pub use diagnostics::diagnostics;
pub use fleet::{fleet, fleet_outcome, fleet_problems};
pub use markdown::{failure_to_markdown, fleet_to_markdown, markdown};
pub use origins::origins;
pub(crate) use outcome::effort;
pub use outcome::outcome;
pub use plan::plan;
pub use preview::{Preview, preview};
pub use style::Styles;
pub use verification::verification;
