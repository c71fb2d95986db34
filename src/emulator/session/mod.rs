//! Portal sessions: short-lived links for one customer. Stripe has no request that reads them, so
//! what is kept of them is what their page needs.

mod flow;
mod offered;
mod page;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) use page::answer;

use self::flow::Flow;
use super::configuration::{self, Configuration};
use super::customers::Customer;
use super::error::ApiError;
use super::expand::Expand;
use super::form::Table;
use super::ids::letters;
use super::parameter::WebAddress;
use super::params::{self, Params};
use super::state::Call;
use super::vocabulary::{AfterExpiration, FlowType, Locale};
use http::StatusCode;

/// Beyond this many, the oldest are forgotten: nobody follows their links any more.
const MOST_KEPT: usize = 1_000;

/// What a session's link leads to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Session {
    /// What only whoever has the link knows.
    token: String,
    created: i64,
    configuration: String,
    customer: String,
    /// What a deep link leads to.
    flow: Option<FlowType>,
    locale: Option<Locale>,
    return_url: Option<String>,
}

pub(super) fn create(call: &mut Call<'_>, fields: Table) -> Result<Value, ApiError> {
    let new = params::read(fields, New::read)?;
    let customer = customer(call, &new)?;
    let configuration = portal(call, new.configuration.as_deref())?;
    if let Some(flow) = &new.flow {
        flow.check(call, &configuration)?;
    }
    let id = call.state.account.next_id("bps");
    let side = if call.livemode() { "" } else { "test_" };
    let token = format!("{side}{}", letters(&format!("{id} session"), 32));
    let return_url = new.return_url.or_else(|| configuration.default_return_url.clone());
    let url = format!("{}/p/session/{token}", call.caller.pages);
    keep(
        call,
        Session {
            token,
            created: call.now,
            configuration: configuration.id.clone(),
            customer: customer.clone(),
            flow: new.flow.as_ref().and_then(Flow::kind),
            locale: new.locale,
            return_url: return_url.clone(),
        },
    );
    Ok(json!({
        "id": id,
        "object": "billing_portal.session",
        "after_expiration": new.after_expiration,
        "configuration": if new.expand.wants("configuration") {
            configuration::json(call, &configuration, &new.expand.below("configuration"))
        } else {
            json!(configuration.id)
        },
        "created": call.now,
        "customer": customer,
        "customer_account": null,
        "flow": new.flow.as_ref().map(Flow::json),
        "livemode": call.livemode(),
        "locale": new.locale,
        "on_behalf_of": new.on_behalf_of,
        "return_url": return_url,
        "url": url,
    }))
}

fn keep(call: &mut Call<'_>, session: Session) {
    let sessions = &mut call.side_mut().sessions;
    sessions.push(session);
    let n_too_many = sessions.len().saturating_sub(MOST_KEPT);
    sessions.drain(..n_too_many);
}

/// What a request for a session asks for.
struct New {
    after_expiration: Option<Value>,
    configuration: Option<String>,
    customer: Option<String>,
    customer_account: Option<String>,
    expand: Expand,
    flow: Option<Flow>,
    locale: Option<Locale>,
    on_behalf_of: Option<String>,
    return_url: Option<String>,
}

impl New {
    fn read(params: &mut Params<'_>) -> Self {
        let expandable: Vec<String> = configuration::EXPANDABLE
            .iter()
            .map(|path| format!("configuration.{path}"))
            .chain(["configuration".to_owned()])
            .collect();
        let expandable: Vec<&str> = expandable.iter().map(String::as_str).collect();
        Self {
            after_expiration: params.object("after_expiration", after_expiration),
            configuration: params.get("configuration"),
            customer: params.get("customer"),
            customer_account: params.get("customer_account"),
            expand: Expand::read(params, &expandable),
            flow: params.object("flow_data", Flow::read),
            locale: params.get("locale"),
            on_behalf_of: params.get("on_behalf_of"),
            return_url: params.get("return_url").map(|WebAddress(address)| address),
        }
    }
}

fn after_expiration(params: &mut Params<'_>) -> Value {
    params.require(&["type"]);
    let kind = params.get::<AfterExpiration>("type");
    let expires_at = params.object("customer_login", |params| params.get::<i64>("expires_at"));
    json!({
        "customer_login": expires_at.map(|expires_at| json!({ "expires_at": expires_at })),
        "type": kind,
    })
}

/// The customer's id. Customers of the newer kind, which are accounts, aren't emulated: none exist.
fn customer(call: &Call<'_>, new: &New) -> Result<String, ApiError> {
    match (&new.customer, &new.customer_account) {
        (Some(id), None) => Ok(call.at_param::<Customer>(id, "customer")?.id.clone()),
        (None, Some(id)) => Err(ApiError::refused(format!("No such customer_account: '{id}'"))
            .code("resource_missing")
            .param("customer_account")),
        (Some(_), Some(_)) => Err(ApiError::invalid(
            "You may only specify one of these parameters: customer, customer_account.",
        )),
        (None, None) => Err(ApiError::missing("customer")),
    }
}

/// The configuration that is named, or else the default.
fn portal(call: &Call<'_>, id: Option<&str>) -> Result<Configuration, ApiError> {
    let configuration = match id {
        Some(id) => call.at_param(id, "configuration")?,
        None => call.side().default_configuration().ok_or_else(|| no_default(call.livemode()))?,
    };
    if configuration.active {
        return Ok(configuration.clone());
    }
    let status = if call.quirks.inactive_configuration_is_404 {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::BAD_REQUEST
    };
    let id = &configuration.id;
    Err(ApiError::refused(format!(
        "The configuration `{id}` is inactive. Only active configurations can be used to create \
         portal sessions."
    ))
    .status(status)
    .param("configuration")
    .unrecorded())
}

/// The text was reported by many users.
fn no_default(livemode: bool) -> ApiError {
    let (mode, path) = if livemode { ("live", "") } else { ("test", "test/") };
    ApiError::refused(format!(
        "No configuration provided and your {mode} mode default configuration has not been \
         created. Provide a configuration or create your default by saving your customer portal \
         settings in {mode} mode at https://dashboard.stripe.com/{path}settings/billing/portal."
    ))
}
