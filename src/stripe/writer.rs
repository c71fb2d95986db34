//! Everything that is written to an account. A dry run never makes one of these.

use sha2::{Digest, Sha256};

use super::connection::{Answer, Connection};
use super::decode;
use super::encode::{self, Marker};
use super::endpoint::Endpoint;
use super::error::{Effect, StripeError};
use super::form::Form;
use super::retry::Effort;
use super::{CONFIGURATIONS, EXPAND_PRODUCTS};
use crate::model::{AccountId, ConfigurationId, DesiredRole, FieldPath, LiveConfiguration, Role};

/// The right to change an account.
pub struct Writer {
    connection: Connection,
    account: Option<AccountId>,
}

/// What Stripe made of a write.
#[derive(Debug, Clone)]
pub struct Written {
    /// Which configuration.
    pub id: ConfigurationId,
    /// What it is now.
    pub configuration: LiveConfiguration,
    /// Stripe's id of the request.
    pub request_id: Option<String>,
    /// How often it was tried, and for how long.
    pub effort: Effort,
    /// True if Stripe only repeats what it answered when it was asked for the first time.
    pub is_replay: bool,
}

/// What is to be different about a configuration.
pub struct Update<'a> {
    /// Everything that is wanted.
    pub desired: &'a DesiredRole,
    /// Where it isn't so yet.
    pub changed: &'a [&'a FieldPath],
    /// True if it is to be made active again.
    pub activate: bool,
    /// Whose it is from now on.
    pub marker: &'a Marker,
}

impl Writer {
    /// Writes over this connection, which opens this account, as far as is known.
    pub fn new(connection: Connection, account: Option<AccountId>) -> Self {
        Self { connection, account }
    }

    /// Waits until a create could leave.
    pub async fn ready_to_create(&self) {
        self.connection.ready(Endpoint::CreateConfiguration).await;
    }

    /// Waits until an update could leave.
    pub async fn ready_to_update(&self) {
        self.connection.ready(Endpoint::UpdateConfiguration).await;
    }

    /// Creates a configuration, once, however often Stripe is asked: its answer to the first
    /// request is its answer to all of the same generation for at least a day.
    pub async fn create(
        &self,
        desired: &DesiredRole,
        marker: &Marker,
        generation: u32,
    ) -> Result<Written, StripeError> {
        let operation = format!("create the configuration of `{}`", marker.role);
        let mut form = encode::create(desired, marker);
        form.push("expand[0]", EXPAND_PRODUCTS);
        let key = self.idempotency_key(&form, generation);
        let endpoint = Endpoint::CreateConfiguration;
        self.write(&operation, endpoint, CONFIGURATIONS, &form, Some(&key)).await
    }

    /// The key of a create depends on nothing but what is created and where, so whoever asks for
    /// the same gets the same. It covers every parameter as it is sent: one key with two contents
    /// would be refused.
    fn idempotency_key(&self, form: &Form, generation: u32) -> String {
        let account = self.account.as_ref().map_or("-", AccountId::as_str);
        let mode = self.connection.mode();
        let content = format!("create {generation} {account} {mode} {}", form.encode());
        let digest = Sha256::digest(content.as_bytes());
        digest.iter().fold("reconcile-".to_owned(), |key, byte| key + &format!("{byte:02x}"))
    }

    /// Changes a configuration.
    ///
    /// An update says how things are to be, not what to do, so sending it twice does no harm, and
    /// it has no idempotency key: content that is put back within a day would get the answer of the
    /// first time, and nothing would be written.
    pub async fn update(
        &self,
        id: &ConfigurationId,
        update: &Update<'_>,
    ) -> Result<Written, StripeError> {
        let operation = format!("update the configuration of `{}`", update.marker.role);
        let mut form = encode::update(update.desired, update.changed, update.marker);
        if update.activate {
            form.push("active", "true");
        }
        form.push("expand[0]", EXPAND_PRODUCTS);
        let path = format!("{CONFIGURATIONS}/{id}");
        self.write(&operation, Endpoint::UpdateConfiguration, &path, &form, None).await
    }

    /// Lets nobody use a configuration any more. What it is set to stays.
    pub async fn deactivate(
        &self,
        id: &ConfigurationId,
        role: &Role,
    ) -> Result<Written, StripeError> {
        let operation = format!("deactivate the configuration of `{role}`");
        let mut form = Form::default();
        form.push("active", "false");
        let path = format!("{CONFIGURATIONS}/{id}");
        self.write(&operation, Endpoint::UpdateConfiguration, &path, &form, None).await
    }

    async fn write(
        &self,
        operation: &str,
        endpoint: Endpoint,
        path: &str,
        form: &Form,
        idempotency_key: Option<&str>,
    ) -> Result<Written, StripeError> {
        let answer = self.connection.post(operation, endpoint, path, form, idempotency_key).await?;
        let decoded = decode::configuration(
            &answer.body,
            self.connection.mode(),
            self.connection.account().is_some(),
        );
        // Stripe means success: something was written.
        let (id, configuration) =
            decoded.map_err(|problem| answer.malformed(operation, problem, Effect::Unknown))?;
        let Answer { request_id, effort, is_replay, .. } = answer;
        Ok(Written { id, configuration, request_id, effort, is_replay })
    }
}
