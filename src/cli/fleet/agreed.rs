//! What somebody has agreed to for many accounts before this run.

use super::look::Pending;
use crate::cli::consent::{self, Agreed};
use crate::cli::error::CliError;
use crate::fleet::Survey;
use crate::report::ReviewedFleet;
use crate::text::plural;

impl Agreed<ReviewedFleet> {
    /// The accounts to which this may be applied, and those whose plans nobody has seen.
    ///
    /// Returns an error if none of it was agreed to, or in a dry run not all of it.
    pub(super) fn divide(
        &self,
        pending: Vec<Pending>,
        survey: &Survey,
        is_dry_run: bool,
    ) -> Result<(Vec<Pending>, Vec<Pending>), CliError> {
        let reviewed = match self {
            Self::Digest(digest) if *digest == survey.digest() => return Ok((pending, Vec::new())),
            Self::Digest(digest) => return Err(consent::stale(digest, &survey.digest())),
            Self::Plan(reviewed) => reviewed,
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
