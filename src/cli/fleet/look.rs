//! A look at all accounts, before anything is agreed to.

use futures_util::StreamExt;
use futures_util::stream;

use super::lines::Lines;
use crate::cli::error::CliError;
use crate::cli::pipeline::Pipeline;
use crate::cli::progress::Progress;
use crate::cli::world::World;
use crate::desired::{Date, ListedAccount};
use crate::fleet::{Shape, State, Survey};
use crate::plan::Plan;

/// An account, and what is to be done in it.
pub(super) type Pending = (ListedAccount, Shape);

/// What was found, and the accounts to which there is something to apply.
pub(super) struct Looked {
    pub(super) survey: Survey,
    pub(super) pending: Vec<Pending>,
}

/// Plans all accounts, as many at once as the key may.
///
/// Returns an error if somebody wants to stop, or the key is refused: then all would fail.
pub(super) async fn look(
    platform: &Pipeline,
    accounts: Vec<ListedAccount>,
    at_once: usize,
    lines: &mut Lines,
    world: &mut World,
) -> Result<Looked, CliError> {
    let today = world.today();
    let progress = Progress::new(accounts.len(), world.stderr_is_terminal, &world.bars);
    let plans = stream::iter(accounts).map(|account| async move {
        let planned = plan(platform, &account, today).await;
        (account, planned)
    });
    let mut plans = std::pin::pin!(plans.buffer_unordered(at_once));
    let mut looked = Looked { survey: Survey::default(), pending: Vec::new() };
    loop {
        let next = tokio::select! {
            next = plans.next() => next,
            error = world.interrupted() => return Err(error),
        };
        let Some((account, planned)) = next else { break };
        progress.advance();
        let (state, plan) = match planned {
            Ok(plan) => (State::of(&plan, &account.vars), Some(plan)),
            Err(error) if error.is_of_key => return Err(error),
            Err(error) => (State::Failed(cause(&error, &account)), None),
        };
        lines.looked(&account.id, &state, plan.as_ref(), world);
        looked.survey.add(&account.id, state.clone(), plan);
        if let State::Pending(shape) = state {
            looked.pending.push((account, shape));
        }
    }
    progress.finish();
    Ok(looked)
}

/// The plan of an account.
pub(super) async fn plan(
    platform: &Pipeline,
    account: &ListedAccount,
    today: Date,
) -> Result<Plan, CliError> {
    let pipeline = platform.on_account(account, today)?;
    let seen = pipeline.look_to_write().await?;
    pipeline.plan(&seen)
}

/// An error in the words that it has in every account.
pub(super) fn cause(error: &CliError, account: &ListedAccount) -> String {
    let of_files = error.files.as_ref().and_then(|(bag, _)| {
        let first = bag.sorted().into_iter().next()?;
        Some(format!("{}: {}", error.message, first.message))
    });
    anonymous(of_files.as_ref().unwrap_or(&error.message), account)
}

/// What Stripe says of an account, so that it is the same for all.
pub(super) fn anonymous(message: &str, account: &ListedAccount) -> String {
    let id = account.id.as_str();
    message.replace(&format!("account '{id}'"), "the account").replace(id, "the account")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::AccountId;
    use crate::stripe::{Effect, Effort, ErrorKind, StripeError};

    #[test]
    fn one_outage_is_one_problem_however_long_each_account_was_tried() {
        let of_account = |id: &str, seconds| {
            let error = CliError::from(StripeError {
                operation: "list the configurations".to_owned(),
                kind: ErrorKind::Server(503),
                request_id: Some(format!("req_{id}")),
                effect: Effect::None,
                effort: Effort {
                    attempts: 6,
                    took: Duration::from_secs(seconds),
                    ..Effort::default()
                },
                is_replay: false,
            });
            let account = ListedAccount::new(AccountId::parse(id).unwrap());
            (cause(&error, &account), error.whole())
        };
        let (one, whole) = of_account("acct_1", 11);
        assert_eq!(one, "can't list the configurations: Stripe answers with status 503");
        assert_eq!(whole, format!("{one}, tried 6 times in 11 s (request req_acct_1)"));
        assert_eq!(of_account("acct_2", 12).0, one);
    }
}
