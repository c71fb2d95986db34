//! Why a command can't go on, for people.

use std::error::Error;
use std::fmt::Display;

use super::USAGE;
use super::args::GlobalArgs;
use crate::diagnostic::Bag;
use crate::lockfile::{FormatError, LockError};
use crate::model::EnvironmentName;
use crate::plan::Blocker;
use crate::render;
use crate::source::SourceMap;
use crate::stripe::{ErrorKind, StripeError};

/// One problem, what to do about it, and the exit code that it means.
#[derive(Debug)]
pub(super) struct CliError {
    pub(super) message: String,
    /// How often it was tried, and Stripe's id of the request. It is other words in each account, so
    /// that it is no part of what tells two problems apart.
    pub(super) effort: String,
    /// What belongs to it, a line each.
    pub(super) details: Vec<String>,
    pub(super) help: Option<String>,
    pub(super) code: u8,
    /// The problems of the files, if it is those.
    pub(super) files: Option<(Bag, SourceMap)>,
    /// True if nothing else that needs the key can succeed either.
    pub(super) is_of_key: bool,
    /// The program's name and options in the commands that the help names, if not those of this run.
    pub(super) command: Option<Box<str>>,
}

impl CliError {
    /// A problem before anything was written.
    pub(super) fn new(message: impl Display) -> Self {
        Self {
            message: message.to_string(),
            effort: String::new(),
            details: Vec::new(),
            help: None,
            code: 1,
            files: None,
            is_of_key: false,
            command: None,
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
    pub(super) fn of(mut self, environment: &EnvironmentName, global: &GlobalArgs) -> Self {
        self.details.push(format!("that is of the environment `{environment}`"));
        self.command = Some(global.command().into());
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

    /// The problem with all that is known of it, for people.
    pub(super) fn whole(&self) -> String {
        format!("{}{}", self.message, self.effort)
    }

    /// Says what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<StripeError> for CliError {
    fn from(error: StripeError) -> Self {
        let mut effort = render::effort(error.effort);
        if let Some(id) = &error.request_id {
            effort.push_str(&format!(" (request {id})"));
        }
        let is_of_key = matches!(error.kind, ErrorKind::Authentication(_));
        Self { effort, help: error.help(), is_of_key, ..Self::new(error) }
    }
}

impl From<&Blocker> for CliError {
    fn from(blocker: &Blocker) -> Self {
        Self::new(blocker).help(blocker.help())
    }
}

impl From<LockError> for CliError {
    fn from(error: LockError) -> Self {
        let said = Self::chain(&error);
        match error {
            LockError::Format { source: FormatError::Shared(_), .. } => {
                said.help("remove the line of the role that it isn't")
            }
            // It says itself what to do: an older program must not rebuild it.
            LockError::Format { source: FormatError::Version(_), .. } => said,
            LockError::Format { .. } => said.help("`reconcile lock` rebuilds it from the account"),
            LockError::NotAFile { .. } => {
                said.help("remove it; `reconcile lock` rebuilds the lockfile from the account")
            }
            LockError::Missing { .. } | LockError::Io { .. } | LockError::Changed { .. } => said,
        }
    }
}
