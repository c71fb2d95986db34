//! The accounts that are connected to a platform's.

use serde_json::Value as Json;

use super::decode;
use super::endpoint::Endpoint;
use super::error::{Effect, StripeError};
use super::form::Form;
use super::reader::{PAGE, Reader, STANDSTILL};
use crate::model::AccountId;

const ACCOUNTS: &str = "/v1/accounts";

/// What is being tried, for errors.
const OPERATION: &str = "list the connected accounts";

/// A connected account, and what it tells of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectedAccount {
    /// Which it is.
    pub id: AccountId,
    /// Stripe's object.
    pub json: Json,
}

impl ConnectedAccount {
    /// The value of its metadata at a key.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.json.get("metadata")?.get(key)?.as_str()
    }

    /// The value of its `controller` at a dotted path, as text.
    pub fn controller(&self, path: &str) -> Option<String> {
        let controller = self.json.get("controller")?;
        match path.split('.').try_fold(controller, |json, name| json.get(name))? {
            Json::String(text) => Some(text.clone()),
            Json::Bool(flag) => Some(flag.to_string()),
            Json::Number(number) => Some(number.to_string()),
            Json::Null | Json::Array(_) | Json::Object(_) => None,
        }
    }
}

impl Reader {
    /// This right, on an account that is connected to the key's own.
    pub fn on(&self, account: AccountId) -> Self {
        Self { connection: self.connection.on(account) }
    }

    /// A hundred of the connected accounts, behind the one that is named, and whether there are more.
    ///
    /// Returns an error if they can't be had.
    pub async fn connected_accounts(
        &self,
        after: Option<&AccountId>,
    ) -> Result<(Vec<ConnectedAccount>, bool), StripeError> {
        let mut form = Form::default();
        form.push("limit", PAGE.to_string());
        if let Some(after) = after {
            form.push("starting_after", after.as_str());
        }
        let endpoint = Endpoint::ListAccounts;
        let answer = self.connection.get(OPERATION, endpoint, ACCOUNTS, &form).await?;
        let account = |json: &Json| {
            let id = decode::id_of(json, AccountId::parse)?;
            Ok(ConnectedAccount { id, json: json.clone() })
        };
        let (accounts, has_more) = answer.read(OPERATION, |body| {
            let (items, has_more) = decode::page(body)?;
            let accounts: Result<Vec<_>, String> = items.iter().map(account).collect();
            Ok((accounts?, has_more))
        })?;
        let is_standing = has_more && accounts.last().map(|it| &it.id) == after;
        if is_standing || has_more && accounts.is_empty() {
            return Err(answer.malformed(OPERATION, STANDSTILL.to_owned(), Effect::None));
        }
        Ok((accounts, has_more))
    }
}
