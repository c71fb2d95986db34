//! Creates a configuration once, whatever has happened before.
//!
//! Stripe answers a create that it has seen within a day with its first answer, whatever that was
//! and whatever has become of it since. That is what keeps a lost answer from becoming a second
//! configuration, and it is wrong in two cases, in which the request is sent as another generation
//! of itself: the answer names a configuration that was known before and isn't this role's any
//! more, or it is an old refusal.

use std::time::Duration;

use crate::plan::{Plan, RolePlan};
use crate::stripe::{Effect, ErrorKind, Marker, Reader, StripeError, Writer, Written};

/// Every run within a day of a refusal goes through the old ones first. Whoever tries more often
/// than this has to wait.
const MOST_GENERATIONS: u32 = 20;

/// Creates the role's configuration.
pub(super) async fn create(
    plan: &Plan,
    step: &RolePlan,
    marker: &Marker,
    reader: &Reader,
    writer: &Writer,
) -> Result<Written, StripeError> {
    let mut generation = 0;
    loop {
        let outcome = writer.create(&step.desired, marker, generation).await;
        let is_of_the_past = match &outcome {
            Ok(written) => written.is_replay && plan.seen.contains(&written.id),
            Err(error) => is_old_refusal(error) && !exists(error, marker, reader).await,
        };
        generation += 1;
        match outcome {
            outcome if !is_of_the_past => return outcome,
            Err(error) if generation == MOST_GENERATIONS => return Err(error),
            Ok(old) if generation == MOST_GENERATIONS => return Err(only_old(step, old)),
            _ => {}
        }
    }
}

/// Nothing was created: all that Stripe answers is what it answered before.
fn only_old(step: &RolePlan, old: Written) -> StripeError {
    let problem = format!(
        "it is {}, which was there before; Stripe forgets its old answers after a day",
        old.id
    );
    StripeError {
        operation: format!("create the configuration of `{}`", step.role),
        kind: ErrorKind::Malformed(problem),
        request_id: old.request_id,
        effect: Effect::None,
        effort: old.effort,
        is_replay: true,
    }
}

/// True if the very first attempt of this run was answered with what an earlier run was told. A
/// replay of what this run was told itself is no news, and what it did may not be visible yet.
/// Nobody remembers attempts that were refused because of a limit.
fn is_old_refusal(error: &StripeError) -> bool {
    error.is_replay && error.effort.attempts - error.effort.limited == 1
}

/// An old server error may have come after the configuration was made. Where that isn't known, it
/// may be there.
///
/// Stripe's lists are said to show what was just made, but nobody promises it, so after a server
/// error one that doesn't is followed by others.
async fn exists(error: &StripeError, marker: &Marker, reader: &Reader) -> bool {
    let pauses = match error.effect {
        Effect::None => [].as_slice(),
        Effect::Unknown => [1, 3].as_slice(),
    };
    let is_there = async || reader.has_marked(&marker.project, &marker.role).await.unwrap_or(true);
    for pause in pauses {
        if is_there().await {
            return true;
        }
        tokio::time::sleep(Duration::from_secs(*pause)).await;
    }
    is_there().await
}
