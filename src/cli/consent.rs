//! May this plan be applied? Somebody has to have said so.

use super::args::RunArgs;
use super::error::CliError;
use super::world::World;
use crate::plan::Plan;
use crate::render::clean;

/// How somebody agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consent {
    /// Before the plan was made.
    Given,
    /// After having read it, which may have taken a while.
    Answered,
}

/// Finds out whether the plan may be applied.
///
/// A live account asks for the environment's name even with `--yes`, if somebody is there to
/// answer: a key left over in a terminal is how accidents happen. A reviewed plan needs no answer.
///
/// Returns an error if nobody agreed.
pub(super) fn ask(
    plan: &Plan,
    digest: &str,
    run: &RunArgs,
    world: &mut World,
) -> Result<Consent, CliError> {
    let is_somebody_there = world.stdin_is_terminal && world.stderr_is_terminal;
    if let Some(expected) = &run.expect_digest {
        return if expected == digest { Ok(Consent::Given) } else { Err(stale(expected, digest)) };
    }
    let n_pending = plan.pending().count();
    let roles = crate::render::plural(n_pending, "role");
    let answer = match (is_somebody_there, plan.mode.livemode(), run.yes) {
        (true, true, _) => {
            let question = format!(
                "\nThis changes the LIVE portal of {roles}. To apply, type the environment's name ({}): ",
                clean(&plan.environment)
            );
            world.ask(&question).map(|answer| answer == plan.environment)
        }
        (true, false, false) => world
            .ask(&format!("\nApply to {roles}? [y/N] "))
            .map(|answer| matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes")),
        (_, _, true) => return Ok(Consent::Given),
        (false, _, false) => {
            let help = "say `--yes`, or `--expect-digest` with the digest of a plan that was reviewed; `--dry-run` only shows";
            return Err(CliError::new(
                "nobody is there to agree to this plan; nothing was written",
            )
            .help(help));
        }
    };
    match answer {
        Ok(true) => Ok(Consent::Answered),
        Ok(false) => Err(CliError::new("not agreed; nothing was written")),
        Err(error) => {
            Err(CliError::new(format!("can't read the answer: {error}; nothing was written")))
        }
    }
}

/// The plan is not the one that somebody agreed to.
pub(super) fn stale(expected: &str, digest: &str) -> CliError {
    CliError {
        message: format!(
            "this is not the plan that was agreed to: its digest is {digest}, not {expected}; nothing was written"
        ),
        help: Some(
            "look at the plan again: the files or the account have changed since".to_owned(),
        ),
        code: 3,
    }
}
