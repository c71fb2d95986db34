//! Portal sessions: addresses with which whoever has them acts as a customer, for a while.
//!
//! A session changes no configuration, so it needs no plan, and a [`Writer`](super::Writer) is not
//! what opens it. Its address is as secret as a password: nothing but [`SessionUrl::reveal`] shows it.

use std::fmt;

use serde_json::Value as Json;
use url::Url;

use super::connection::Connection;
use super::decode::{self, Problem};
use super::endpoint::Endpoint;
use super::error::{Effect, StripeError};
use super::form::Form;
use crate::model::{ConfigurationId, CustomerId, Field, Mode, Role, SubscriptionId};
use crate::transport::{is_anonymous, is_loopback};

const SESSIONS: &str = "/v1/billing_portal/sessions";

/// The right to act as a customer of an account.
pub struct Sessions {
    connection: Connection,
}

/// A session that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    /// The role, for errors.
    pub role: &'a Role,
    /// What the portal offers.
    pub configuration: &'a ConfigurationId,
    /// Whose portal it is.
    pub customer: &'a CustomerId,
    /// Where in the portal it begins, if not at its home.
    pub flow: Option<&'a Flow>,
    /// Where the portal leads back to; without it, to the configuration's `default_return_url`.
    pub return_url: Option<&'a str>,
    /// The portal's language; without it, the browser's.
    pub locale: Option<&'a str>,
}

/// A deep link into the portal. `subscription_update_confirm` is not among them: it needs the items
/// of one particular change.
///
/// Source: <https://docs.stripe.com/api/customer_portal/sessions/create>, version
/// 2026-10-28.endive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flow {
    /// Add a payment method.
    PaymentMethodUpdate,
    /// Change name, address and the like.
    CustomerUpdate,
    /// Cancel a subscription.
    SubscriptionCancel(SubscriptionId),
    /// Switch a subscription's plan.
    SubscriptionUpdate(SubscriptionId),
    /// Pause a subscription.
    SubscriptionPause(SubscriptionId),
}

/// Where a session is. It has no `Display`, and its `Debug` has no secret in it.
#[derive(Clone)]
pub struct SessionUrl(Url);

impl Sessions {
    /// Opens sessions over this connection.
    pub fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Opens a session.
    ///
    /// It has no idempotency key, and is tried again like any other request all the same. If an
    /// answer gets lost, there is one session more, whose address nobody has and which expires
    /// unopened within minutes. A key that depends on the content would return an address that
    /// expired yesterday, and any key would have Stripe keep the address for a day.
    pub async fn open(&self, wanted: &NewSession<'_>) -> Result<SessionUrl, StripeError> {
        let operation = format!("open a session of `{}` for {}", wanted.role, wanted.customer);
        let form = form(wanted);
        let endpoint = Endpoint::CreateSession;
        let answer = self.connection.post(&operation, endpoint, SESSIONS, &form, None).await?;
        read(&answer.body, wanted, self.connection.mode())
            .map_err(|problem| answer.malformed(&operation, problem, Effect::Unknown))
    }
}

impl SessionUrl {
    /// The address. It is plain ASCII.
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for SessionUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionUrl")
    }
}

impl Flow {
    /// The feature without which there is no such link.
    pub fn feature(&self) -> Field {
        match self {
            Self::PaymentMethodUpdate => Field::PaymentMethodUpdate,
            Self::CustomerUpdate => Field::CustomerUpdate,
            Self::SubscriptionCancel(_) => Field::SubscriptionCancel,
            Self::SubscriptionUpdate(_) => Field::SubscriptionUpdate,
            Self::SubscriptionPause(_) => Field::SubscriptionPause,
        }
    }

    /// Stripe's name, and what the link is about.
    fn parts(&self) -> (&'static str, Option<&SubscriptionId>) {
        match self {
            Self::PaymentMethodUpdate => ("payment_method_update", None),
            Self::CustomerUpdate => ("customer_update", None),
            Self::SubscriptionCancel(id) => ("subscription_cancel", Some(id)),
            Self::SubscriptionUpdate(id) => ("subscription_update", Some(id)),
            Self::SubscriptionPause(id) => ("subscription_pause", Some(id)),
        }
    }
}

fn form(wanted: &NewSession<'_>) -> Form {
    let NewSession { role: _, configuration, customer, flow, return_url, locale } = wanted;
    let mut form = Form::default();
    form.push("customer", customer.as_str());
    form.push("configuration", configuration.as_str());
    if let Some((name, subscription)) = flow.map(Flow::parts) {
        form.push("flow_data[type]", name);
        if let Some(id) = subscription {
            form.push(format!("flow_data[{name}][subscription]"), id.as_str());
        }
    }
    for (name, value) in [("return_url", return_url), ("locale", locale)] {
        if let Some(value) = value {
            form.push(name, *value);
        }
    }
    form
}

/// The address of a session that is the one that was wanted. No problem quotes it.
fn read(session: &Json, wanted: &NewSession<'_>, mode: Mode) -> Result<SessionUrl, Problem> {
    if Mode::of_livemode(decode::flag(session, "livemode")?) != mode {
        return Err(format!("the session is not of {mode} mode, but the key is"));
    }
    for (name, wanted) in
        [("customer", wanted.customer.as_str()), ("configuration", wanted.configuration.as_str())]
    {
        if decode::text(session, name)? != wanted {
            return Err(format!("the session's `{name}` is not {wanted}"));
        }
    }
    let url = Url::parse(decode::text(session, "url")?).ok().filter(may_be_opened);
    url.map(SessionUrl).ok_or_else(|| "`url` is not an https address".to_owned())
}

/// True if a browser may be told to open it: it is of the web, or of an emulator on this machine.
fn may_be_opened(url: &Url) -> bool {
    let is_safe = url.scheme() == "https" || url.scheme() == "http" && is_loopback(url);
    is_safe && is_anonymous(url)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_session_that_was_wanted_is_taken_and_nothing_prints_its_address() {
        let role = Role::parse("admin").unwrap();
        let configuration = ConfigurationId::parse("bpc_1").unwrap();
        let customer = CustomerId::parse("cus_1").unwrap();
        let wanted = NewSession {
            role: &role,
            configuration: &configuration,
            customer: &customer,
            flow: None,
            return_url: None,
            locale: None,
        };
        let url = "https://billing.stripe.com/p/session?secret=test_verysecret";
        let right = json!({
            "configuration": "bpc_1", "customer": "cus_1", "livemode": false, "url": url,
        });
        let taken = read(&right, &wanted, Mode::Test).unwrap();
        assert_eq!(taken.reveal(), url);
        assert!(!format!("{taken:?}").contains("verysecret"));
        for (name, value) in [
            ("configuration", json!("bpc_2")),
            ("customer", json!("cus_2")),
            ("livemode", json!(true)),
            ("url", json!("file:///verysecret")),
            ("url", json!("verysecret")),
            ("url", json!("https://user:verysecret@example.com/")),
            ("url", json!("http://billing.stripe.com/verysecret")),
            ("url", json!("http://127.0.0.1.example.com/verysecret")),
            ("url", json!(["verysecret"])),
        ] {
            let mut wrong = right.clone();
            wrong[name] = value;
            let problem = read(&wrong, &wanted, Mode::Test).unwrap_err();
            assert!(!problem.contains("verysecret"), "{problem}");
        }
    }
}
