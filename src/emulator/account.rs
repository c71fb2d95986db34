//! Accounts: the one that the key belongs to, and those that are connected to it.

use serde_json::{Value, json};

use super::error::ApiError;
use super::expand::Expand;
use super::form::Table;
use super::list::{self, Page};
use super::params;
use super::state::{Call, Listed, State};

impl Listed for State {
    fn id(&self) -> &str {
        &self.account.id
    }

    fn created(&self) -> i64 {
        self.account.created
    }
}

/// `GET /v1/account`
pub(super) fn own(call: &Call<'_>, fields: Table) -> Result<Value, ApiError> {
    params::read(fields, |params| Expand::read(params, &[]))?;
    Ok(json(call.state))
}

/// `GET /v1/accounts/{id}`
pub(super) fn retrieve(call: &mut Call<'_>, id: &str, fields: Table) -> Result<Value, ApiError> {
    params::read(fields, |params| Expand::read(params, &[]))?;
    let mut reachable = call.connected.iter().chain([&*call.state]);
    let account = reachable.find(|account| account.account.id == id);
    account.map(json).ok_or_else(|| call.caller.no_access(id))
}

/// `GET /v1/accounts`
pub(super) fn list(call: &Call<'_>, fields: Table) -> Result<Value, ApiError> {
    let page = params::read(fields, |params| {
        params.not_emulated(&["created"]);
        Expand::read_in_list(params, &[]);
        Page::read(params)
    })?;
    let unknown = |id: &str, param: &str| {
        let unknown = ApiError::refused(format!("No such account: '{id}'"));
        unknown.code("resource_missing").param(param)
    };
    let found = list::page(call, call.connected, &page, |_| true, unknown)?;
    Ok(found.json("/v1/accounts", json))
}

fn json(account: &State) -> Value {
    let account = &account.account;
    let mut json = json!({
        "id": account.id,
        "object": "account",
        "business_profile": {
            "mcc": null,
            "name": "Emulated account",
            "support_address": null,
            "support_email": null,
            "support_phone": null,
            "support_url": null,
            "url": null,
        },
        "business_type": null,
        "capabilities": {},
        "charges_enabled": true,
        "country": "US",
        "created": account.created,
        "default_currency": "usd",
        "details_submitted": true,
        "email": null,
        "metadata": account.metadata,
        "payouts_enabled": true,
        "settings": {
            "dashboard": { "display_name": "Emulated account", "timezone": "Etc/UTC" },
        },
        "type": "standard",
    });
    if let Some(controller) = &account.controller {
        json["controller"] = controller.clone();
    }
    json
}
