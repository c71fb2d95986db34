//! Which accounts a fleet is.

use crate::cli::error::CliError;
use crate::cli::pipeline::Pipeline;
use crate::cli::setup::{Setup, check_identity};
use crate::desired::{self, Accounts, Filter, ListedAccount};
use crate::fleet::Shard;
use crate::model::{AccountId, LiveState};
use crate::plan::Policy;
use crate::stripe::ConnectedAccount;

/// Which accounts are meant, as far as the files tell.
pub(super) enum Meant {
    /// These.
    These(Vec<ListedAccount>),
    /// Those of the platform's that are as described.
    Connected(Filter),
}

impl Meant {
    /// Reads the file with the accounts, if there is one. What is wrong with it is in the setup's bag.
    pub(super) fn of(accounts: Accounts, setup: &mut Setup) -> Self {
        match accounts {
            Accounts::Connected(filter) => Self::Connected(filter),
            Accounts::Listed(listed) => Self::These(listed),
            Accounts::File(file) => {
                let Setup { files, environment, bag, .. } = setup;
                let (listed, problems) = desired::listed(files, &file, environment);
                bag.extend(problems);
                Self::These(listed)
            }
        }
    }

    /// The accounts of this run.
    ///
    /// Returns an error if Stripe can't be asked.
    pub(super) async fn find(
        self,
        platform: &Pipeline,
        shard: Option<Shard>,
    ) -> Result<Vec<ListedAccount>, CliError> {
        let mut all = match self {
            Self::These(listed) => listed,
            Self::Connected(filter) => connected(platform, &filter).await?,
        };
        all.retain(|account| shard.is_none_or(|shard| shard.has(&account.id)));
        Ok(all)
    }
}

/// Returns an error if the key isn't that of the platform which the settings name.
pub(super) async fn prove(platform: &Pipeline) -> Result<Option<AccountId>, CliError> {
    let account = platform.reader.account().await?;
    let configurations = Default::default();
    let live = LiveState { account, mode: platform.reader.mode(), configurations };
    let expected = platform.environment.account.clone();
    let policy = Policy::new(platform.environment.name.clone(), expected);
    check_identity(&live, None, &policy)?;
    Ok(live.account)
}

async fn connected(platform: &Pipeline, filter: &Filter) -> Result<Vec<ListedAccount>, CliError> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let (page, has_more) = platform.reader.connected_accounts(after.as_ref()).await?;
        after = page.last().map(|account| account.id.clone());
        all.extend(page.iter().filter(|account| is_meant(account, filter)).map(|account| {
            let value = |key: &String| account.metadata(key).map(str::to_owned);
            let vars = filter.vars.iter();
            let vars = vars.filter_map(|(name, key)| Some((name.clone(), value(key)?))).collect();
            ListedAccount { id: account.id.clone(), vars }
        }));
        if !has_more {
            return Ok(all);
        }
    }
}

fn is_meant(account: &ConnectedAccount, filter: &Filter) -> bool {
    let Filter { metadata, controller, vars: _ } = filter;
    metadata.iter().all(|(key, value)| account.metadata(key) == Some(value))
        && controller.iter().all(|(path, value)| account.controller(path).as_ref() == Some(value))
}
