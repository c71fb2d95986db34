//! Everything that is read from an account. This type can't write.

use std::collections::{BTreeMap, BTreeSet};

use super::connection::{Answer, Connection};
use super::decode::{self, Problem};
use super::endpoint::Endpoint;
use super::error::{Effect, ErrorKind, StripeError};
use super::form::Form;
use super::retry::Effort;
use super::{CONFIGURATIONS, EXPAND_PRODUCTS};
use crate::model::{
    AccountId, ConfigurationId, LiveConfiguration, LiveState, LookupKey, Mode, Owner, PriceBook,
    Project, Role, SharedKeys,
};

/// The most that Stripe gives at once.
pub(super) const PAGE: usize = 100;

/// Far above any account; a server that pages for ever must end somewhere.
const MOST_PAGES: usize = 1_000;

/// What is wrong with a list that begins again.
pub(super) const STANDSTILL: &str = "its pages don't advance";

/// What is tried, as the rest of "can't …".
const LIST: &str = "list the configurations";

/// The right to read an account.
#[derive(Clone)]
pub struct Reader {
    pub(super) connection: Connection,
}

/// What an account has, as of one moment, and the prices that were asked for.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The configurations.
    pub live: LiveState,
    /// The prices.
    pub prices: PriceBook,
    /// The keys that stand for no price, because they would stand for several.
    pub shared: SharedKeys,
}

impl Reader {
    /// Reads over this connection.
    pub fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// The side of the account that is read.
    pub fn mode(&self) -> Mode {
        self.connection.mode()
    }

    /// Reads everything that a plan needs: all configurations with their products, which account
    /// this is, and the active prices that have these lookup keys.
    ///
    /// Returns an error if any of it can't be had, or isn't what Stripe documents.
    pub async fn snapshot(
        &self,
        lookup_keys: &BTreeSet<LookupKey>,
    ) -> Result<Snapshot, StripeError> {
        // The longest way begins first.
        let (configurations, prices, account) = tokio::join!(
            biased;
            self.configurations(),
            self.prices(lookup_keys),
            self.account(),
        );
        // If several fail, it is always the same one that is told.
        let (configurations, (prices, shared), account) = (configurations?, prices?, account?);
        let mode = self.mode();
        Ok(Snapshot { live: LiveState { account, mode, configurations }, prices, shared })
    }

    /// True if the account has a configuration with this marker.
    pub async fn has_marked(&self, project: &Project, role: &Role) -> Result<bool, StripeError> {
        let marked = Owner::Marked { project: project.clone(), role: role.clone() };
        Ok(self.configurations().await?.values().any(|it| it.owner == marked))
    }

    /// The account, unless the key may not know. A connected account isn't asked: every request
    /// names it, and Stripe refuses one that the key has no right to.
    ///
    /// Returns an error if Stripe can't be asked.
    pub async fn account(&self) -> Result<Option<AccountId>, StripeError> {
        if let Some(account) = self.connection.account() {
            return Ok(Some(account.clone()));
        }
        let operation = "ask which account this is";
        match self
            .connection
            .get(operation, Endpoint::Account, "/v1/account", &Form::default())
            .await
        {
            Ok(answer) => {
                answer.read(operation, |body| decode::id_of(body, AccountId::parse)).map(Some)
            }
            Err(StripeError { kind: ErrorKind::Permission(message), .. }) => {
                Ok(account_in(&message))
            }
            Err(error) => Err(error),
        }
    }

    async fn configurations(
        &self,
    ) -> Result<BTreeMap<ConfigurationId, LiveConfiguration>, StripeError> {
        let is_connected = self.connection.account().is_some();
        let mut configurations = BTreeMap::new();
        let mut answer = self.page_of_configurations(None).await?;
        for _ in 0..MOST_PAGES {
            let malformed = |problem| answer.malformed(LIST, problem, Effect::None);
            let read = || -> Result<Vec<_>, Problem> {
                let (items, _) = decode::page(&answer.body)?;
                items
                    .iter()
                    .map(|item| decode::configuration(item, self.mode(), is_connected))
                    .collect()
            };
            let (items, has_more) = decode::page(&answer.body).map_err(malformed)?;
            if !has_more {
                configurations.extend(read().map_err(malformed)?);
                return Ok(configurations);
            }
            let last = items.last().ok_or_else(|| malformed(STANDSTILL.to_owned()))?;
            let cursor = decode::id(last).map_err(malformed)?;
            // This page is read while the next one is on its way.
            let (next, items) =
                tokio::join!(self.page_of_configurations(Some(cursor.as_str())), async { read() });
            let n_before = configurations.len();
            configurations.extend(items.map_err(malformed)?);
            if configurations.len() == n_before {
                return Err(malformed(STANDSTILL.to_owned()));
            }
            answer = next?;
        }
        let kind = ErrorKind::Malformed(format!("there are more than {MOST_PAGES} pages"));
        let operation = LIST.to_owned();
        let (effect, effort) = (Effect::None, Effort::default());
        Err(StripeError { operation, kind, request_id: None, effect, effort, is_replay: false })
    }

    async fn page_of_configurations(&self, cursor: Option<&str>) -> Result<Answer, StripeError> {
        let mut form = Form::default();
        form.push("limit", PAGE.to_string());
        form.push("expand[0]", format!("data.{EXPAND_PRODUCTS}"));
        if let Some(cursor) = cursor {
            form.push("starting_after", cursor);
        }
        self.connection.get(LIST, Endpoint::ListConfigurations, CONFIGURATIONS, &form).await
    }
}

/// The account that Stripe names when it refuses to say which it is: "… on account 'acct_…'".
fn account_in(message: &str) -> Option<AccountId> {
    let start = message.find("acct_")?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = message[start..].find(|c| !is_part(c)).map_or(message.len(), |length| start + length);
    AccountId::parse(&message[start..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_to_name_the_account_names_it() {
        let message = "The provided key 'rk_test_****x' does not have the required permissions for \
                       this endpoint on account 'acct_1Ab2'. Having the 'rak_x' permission would help.";
        assert_eq!(account_in(message).unwrap().as_str(), "acct_1Ab2");
        assert_eq!(account_in("no account here"), None);
    }
}
