//! Why a command can't go on, for people.

use std::error::Error;
use std::fmt::Display;

use super::USAGE;
use crate::stripe::StripeError;

/// One problem, what to do about it, and the exit code that it means.
#[derive(Debug)]
pub(super) struct CliError {
    /// What happened. Empty if it has been said already.
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) code: u8,
}

impl CliError {
    /// A problem before anything was written.
    pub(super) fn new(message: impl Display) -> Self {
        Self { message: message.to_string(), help: None, code: 1 }
    }

    /// The command line doesn't make sense.
    pub(super) fn usage(message: impl Display) -> Self {
        Self { code: USAGE, ..Self::new(message) }
    }

    /// A problem that has been shown already.
    pub(super) fn said(code: u8) -> Self {
        Self { message: String::new(), help: None, code }
    }

    /// An error with all its causes.
    pub(super) fn chain(error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str(": ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        Self::new(message)
    }

    /// Says what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<StripeError> for CliError {
    fn from(error: StripeError) -> Self {
        let mut message = error.to_string();
        if error.attempts > 1 {
            message.push_str(&format!(", tried {} times", error.attempts));
        }
        if let Some(id) = &error.request_id {
            message.push_str(&format!(" (request {id})"));
        }
        Self { message, help: error.help().map(str::to_owned), code: 1 }
    }
}
