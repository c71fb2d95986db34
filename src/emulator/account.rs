//! `GET /v1/account`: who the key belongs to.

use serde_json::{Value, json};

use super::error::ApiError;
use super::expand::Expand;
use super::form::Table;
use super::params;
use super::state::Call;

pub(super) fn retrieve(call: &Call<'_>, fields: Table) -> Result<Value, ApiError> {
    params::read(fields, |params| Expand::read(params, &[]))?;
    Ok(json!({
        "id": call.state.account.id,
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
        "default_currency": "usd",
        "details_submitted": true,
        "email": null,
        "metadata": {},
        "payouts_enabled": true,
        "settings": {
            "dashboard": { "display_name": "Emulated account", "timezone": "Etc/UTC" },
        },
        "type": "standard",
    }))
}
