//! What somebody has agreed to for many accounts before this run.

use std::fs;

use super::look::Pending;
use crate::cli::args::RunArgs;
use crate::cli::consent;
use crate::cli::error::CliError;
use crate::cli::shown;
use crate::fleet::Survey;
use crate::report::ReviewedFleet;
use crate::text::plural;

/// What was reviewed.
pub(super) enum Agreed {
    /// All that is to be done, of which only the digest is known.
    Digest(String),
    /// Plans, each for whatever account has it.
    Plans(ReviewedFleet),
}

impl Agreed {
    /// What the options say, if they do.
    ///
    /// Returns an error if the file with the plans can't be used.
    pub(super) fn of(run: &RunArgs) -> Result<Option<Self>, CliError> {
        let Some(path) = &run.plan else {
            return Ok(run.expect_digest.clone().map(Self::Digest));
        };
        let text = fs::read_to_string(path).map_err(|error| error.to_string());
        let reviewed = text.and_then(|text| ReviewedFleet::parse(&text)).map_err(|error| {
            let error = format!("can't use the plans in `{}`: {error}", shown(path));
            CliError::new(error).help("`--dry-run --plan-out FILE` writes them")
        })?;
        Ok(Some(Self::Plans(reviewed)))
    }

    /// The accounts to which this may be applied, and those whose plans nobody has seen.
    ///
    /// Returns an error if there is something to do and none of it was agreed to, or not all of it
    /// where it is only to be known.
    pub(super) fn divide(
        &self,
        pending: Vec<Pending>,
        survey: &Survey,
        is_dry_run: bool,
    ) -> Result<(Vec<Pending>, Vec<Pending>), CliError> {
        let reviewed = match self {
            Self::Digest(digest) if *digest == survey.digest() => return Ok((pending, Vec::new())),
            Self::Digest(digest) => return Err(consent::stale(digest, &survey.digest())),
            Self::Plans(reviewed) => reviewed,
        };
        let (agreed, others): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|(_, shape)| reviewed.has(*shape));
        if !others.is_empty() && (agreed.is_empty() || is_dry_run) {
            let have = if others.len() == 1 { "has" } else { "have" };
            let accounts = plural(others.len(), "account");
            let error =
                format!("{accounts} {have} a plan that was not reviewed; nothing was written");
            return Err(CliError { code: 3, ..CliError::new(error).help(consent::LOOK_AGAIN) });
        }
        Ok((agreed, others))
    }
}
