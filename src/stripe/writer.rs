//! Everything that is written to an account. A dry run never makes one of these.

use super::connection::{Answer, Connection};
use super::decode;
use super::encode::{self, Marker};
use super::error::{Effect, ErrorKind, StripeError};
use super::form::Form;
use super::{CONFIGURATIONS, EXPAND_PRODUCTS};
use crate::model::{ConfigurationId, DesiredRole, FieldPath, LiveConfiguration};

/// The right to change an account.
pub struct Writer {
    connection: Connection,
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
}

/// What is to be different about a configuration.
pub struct Update<'a> {
    /// Everything that is wanted.
    pub desired: &'a DesiredRole,
    /// Where it isn't so yet.
    pub changed: &'a [&'a FieldPath],
    /// True if it is to be made active again.
    pub reactivate: bool,
    /// Whose it is from now on.
    pub marker: &'a Marker,
}

impl Writer {
    /// Writes over this connection.
    pub fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Creates a configuration. The key makes sure that it is created once, however often Stripe is
    /// asked: its answer to the first request is its answer to all with the same key for a day.
    pub async fn create(
        &self,
        desired: &DesiredRole,
        marker: &Marker,
        idempotency_key: &str,
    ) -> Result<Written, StripeError> {
        let operation = format!("create the configuration of `{}`", marker.role);
        let form = encode::create(desired, marker);
        self.write(&operation, CONFIGURATIONS, form, Some(idempotency_key)).await
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
        if update.reactivate {
            form.push("active", "true");
        }
        self.write(&operation, &format!("{CONFIGURATIONS}/{id}"), form, None).await
    }

    async fn write(
        &self,
        operation: &str,
        path: &str,
        mut form: Form,
        idempotency_key: Option<&str>,
    ) -> Result<Written, StripeError> {
        form.push("expand[0]", EXPAND_PRODUCTS);
        let Answer { body, request_id } =
            self.connection.post(operation, path, &form, idempotency_key).await?;
        match decode::configuration(&body, self.connection.mode()) {
            Ok((id, configuration)) => Ok(Written { id, configuration, request_id }),
            Err(problem) => Err(StripeError {
                operation: operation.to_owned(),
                kind: ErrorKind::Malformed(problem),
                request_id,
                // Stripe means success: something was written.
                effect: Effect::Unknown,
                attempts: 1,
            }),
        }
    }
}
