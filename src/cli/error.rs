//! Why a command can't go on, for people.

use std::error::Error;
use std::fmt::Display;

use super::USAGE;
use crate::diagnostic::Bag;
use crate::model::EnvironmentName;
use crate::render;
use crate::source::SourceMap;
use crate::stripe::{ErrorKind, StripeError};

/// One problem, what to do about it, and the exit code that it means.
#[derive(Debug)]
pub(super) struct CliError {
    pub(super) message: String,
    /// What belongs to it, a line each.
    pub(super) details: Vec<String>,
    pub(super) help: Option<String>,
    pub(super) code: u8,
    /// The problems of the files, if it is those.
    pub(super) files: Option<(Bag, SourceMap)>,
    /// True if nothing else that needs the key can succeed either.
    pub(super) is_of_key: bool,
}

impl CliError {
    /// A problem before anything was written.
    pub(super) fn new(message: impl Display) -> Self {
        Self {
            message: message.to_string(),
            details: Vec::new(),
            help: None,
            code: 1,
            files: None,
            is_of_key: false,
        }
    }

    /// The files can't be used.
    pub(super) fn files(bag: Bag, sources: SourceMap) -> Self {
        Self { files: Some((bag, sources)), ..Self::new("the files can't be used") }
    }

    /// The command line doesn't make sense.
    pub(super) fn usage(message: impl Display) -> Self {
        Self { code: USAGE, ..Self::new(message) }
    }

    /// Says which of several environments it is about. The commands that it names are for that one.
    pub(super) fn of(mut self, environment: &EnvironmentName) -> Self {
        self.details.push(format!("that is of the environment `{environment}`"));
        let command = format!("`reconcile -e {environment} ");
        self.help = self.help.map(|help| help.replace("`reconcile ", &command));
        self
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
        message.push_str(&render::effort(error.effort));
        if let Some(id) = &error.request_id {
            message.push_str(&format!(" (request {id})"));
        }
        let is_of_key = matches!(error.kind, ErrorKind::Authentication(_));
        Self { help: error.help(), is_of_key, ..Self::new(message) }
    }
}
