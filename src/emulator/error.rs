//! A refusal in Stripe's envelope: `{"error": {"type": …, "code": …, "message": …, "param": …}}`.

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use super::quirks::Quirks;

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) message: String,
    pub(super) param: Option<String>,
    kind: &'static str,
    code: Option<&'static str>,
    /// Whether somebody has recorded the words, or they are only in the style of others.
    is_recorded: bool,
    /// Headers that the answer has besides the usual ones.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the endpoint had begun to run. Only then is the answer kept under the request's
    /// idempotency key.
    pub(super) endpoint_ran: bool,
}

impl ApiError {
    /// A refusal by the endpoint itself, because of what the account holds.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "invalid_request_error",
            code: None,
            message: message.into(),
            param: None,
            is_recorded: true,
            headers: Vec::new(),
            endpoint_ran: true,
        }
    }

    /// A refusal of the parameters as such, before the endpoint ran.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self { endpoint_ran: false, ..Self::refused(message) }
    }

    /// A required parameter is absent.
    pub(super) fn missing(param: impl Into<String>) -> Self {
        let param = param.into();
        Self::invalid(format!("Missing required param: {param}."))
            .code("parameter_missing")
            .param(param)
    }

    /// A list has more elements than Stripe takes.
    pub(super) fn too_many(param: impl Into<String>, most: usize) -> Self {
        let param = param.into();
        Self::invalid(format!("Array {param} exceeded maximum {most} allowed elements."))
            .param(param)
            .unrecorded()
    }

    /// A number is out of its bounds: "greater than or equal to 1".
    pub(super) fn out_of_bounds(param: impl Into<String>, bound: &str) -> Self {
        Self::invalid(format!("This value must be {bound}."))
            .code("parameter_invalid_integer")
            .param(param)
            .unrecorded()
    }

    /// A price is another product's.
    pub(super) fn foreign_price(param: impl Into<String>, price: &str, product: &str) -> Self {
        Self::refused(format!("The price `{price}` does not belong to the product `{product}`."))
            .param(param)
            .unrecorded()
    }

    /// No usable key.
    pub(super) fn unauthorized(message: impl Into<String>) -> Self {
        Self::invalid(message).status(StatusCode::UNAUTHORIZED)
    }

    /// An idempotency key was used for another request before.
    pub(super) fn key_reused(key: &str) -> Self {
        Self {
            kind: "idempotency_error",
            ..Self::invalid(format!(
                "Keys for idempotent requests can only be used with the same parameters they were \
                 first used with. Try using a key other than '{key}' if you meant to execute a \
                 different request."
            ))
        }
    }

    /// The same idempotency key came with a request that is still running. The text was recorded by
    /// users.
    pub(super) fn key_in_use(key: &str) -> Self {
        Self::invalid(format!(
            "There is currently another in-progress request using this Idempotent Key (that \
             probably means you submitted twice, and the other request is still going through): \
             {key}. Please try again later."
        ))
        .status(StatusCode::CONFLICT)
        .code("idempotency_key_in_use")
    }

    /// Another request is changing the same object. The text was recorded by users.
    pub(super) fn lock_timeout() -> Self {
        Self::invalid(
            "This object cannot be accessed right now because another API request or Stripe \
             process is currently accessing it. If you see this error intermittently, retry the \
             request. If you see this error frequently and are making multiple concurrent requests \
             to a single object, make your requests serially or at a lower rate.",
        )
        .status(StatusCode::TOO_MANY_REQUESTS)
        .code("lock_timeout")
    }

    /// Stripe's failure in the middle of a request.
    pub(super) fn failed() -> Self {
        Self { endpoint_ran: true, ..Self::internal("An unknown error occurred") }
    }

    /// The emulator's own failure, such as a state file that can't be read.
    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            kind: "api_error",
            ..Self::invalid(message)
        }
    }

    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(super) fn code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    pub(super) fn param(self, param: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..self }
    }

    pub(super) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Nobody has recorded what Stripe says here.
    pub(super) fn unrecorded(self) -> Self {
        Self { is_recorded: false, ..self }
    }

    /// The refusal as an account with these quirks words it.
    pub(super) fn in_the_words_of(self, quirks: &Quirks) -> Self {
        if self.is_recorded || !quirks.unrecorded_refusals_are_worded_otherwise {
            return self;
        }
        let message = "Your request could not be processed.".to_owned();
        Self { message, code: None, param: None, ..self }
    }

    /// The body of the answer.
    pub(super) fn envelope(&self, request_id: &str, livemode: bool) -> Value {
        let mut error = Map::new();
        if let Some(code) = self.code {
            let page = code.replace('_', "-");
            error.insert("code".to_owned(), json!(code));
            error.insert(
                "doc_url".to_owned(),
                json!(format!("https://stripe.com/docs/error-codes/{page}")),
            );
        }
        error.insert("message".to_owned(), json!(self.message));
        if let Some(param) = &self.param {
            error.insert("param".to_owned(), json!(param));
        }
        let side = if livemode { "" } else { "test/" };
        error.insert(
            "request_log_url".to_owned(),
            json!(format!("https://dashboard.stripe.com/{side}logs/{request_id}")),
        );
        error.insert("type".to_owned(), json!(self.kind));
        json!({ "error": error })
    }
}
