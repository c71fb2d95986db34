//! Answers kept under the key of the request that they belong to.
//!
//! A key stands for one request of one account and mode: the same request again gets the same
//! answer again, another request is refused. Stripe keeps an answer for at least 24 hours, whether
//! it was a success or a refusal, if the endpoint had begun to run.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::ApiError;
use super::form::Pairs;

/// Stripe's documented limits.
const MAX_KEY: usize = 255;
const KEPT_FOR_SECONDS: i64 = 24 * 60 * 60;

/// An answer and what it answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct SavedAnswer {
    key: String,
    path: String,
    parameters: Pairs,
    created: i64,
    pub(super) request_id: String,
    status: u16,
    pub(super) body: Value,
}

/// A request that can be recognised.
pub(super) struct Keyed<'a> {
    pub(super) key: &'a str,
    pub(super) path: &'a str,
    pub(super) parameters: &'a Pairs,
}

impl Keyed<'_> {
    /// The answer to this very request, if it was given before.
    pub(super) fn saved<'s>(
        &self,
        saved: &'s [SavedAnswer],
    ) -> Result<Option<&'s SavedAnswer>, ApiError> {
        if self.key.chars().count() > MAX_KEY {
            return Err(ApiError::invalid(format!(
                "The Idempotency-Key header can have up to {MAX_KEY} characters."
            )));
        }
        let Some(answer) = saved.iter().find(|answer| answer.is_for(self.key)) else {
            return Ok(None);
        };
        if answer.path == self.path && answer.parameters == self.sorted_parameters() {
            Ok(Some(answer))
        } else {
            Err(ApiError::key_reused(self.key))
        }
    }

    /// Keeps an answer.
    pub(super) fn save(
        &self,
        saved: &mut Vec<SavedAnswer>,
        now: i64,
        request_id: &str,
        (status, body): (StatusCode, &Value),
    ) {
        saved.push(SavedAnswer {
            key: self.key.to_owned(),
            path: self.path.to_owned(),
            parameters: self.sorted_parameters(),
            created: now,
            request_id: request_id.to_owned(),
            status: status.as_u16(),
            body: body.clone(),
        });
    }

    /// The order of different parameters means nothing; that of equal ones (`x[]=a&x[]=b`) is kept.
    fn sorted_parameters(&self) -> Pairs {
        let mut parameters = self.parameters.clone();
        parameters.sort_by(|(one, _), (other, _)| one.cmp(other));
        parameters
    }
}

impl SavedAnswer {
    pub(super) fn is_for(&self, key: &str) -> bool {
        self.key == key
    }

    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Forgets what is older than a day.
pub(super) fn prune(saved: &mut Vec<SavedAnswer>, now: i64) {
    saved.retain(|answer| now.saturating_sub(answer.created) < KEPT_FOR_SECONDS);
}
