//! The embedded Stripe of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::GlobalArgs;
use super::error::CliError;
use crate::emulator::{Emulator, EmulatorError, Seed};

/// Where `reconcile emulate` shows the folder's embedded account, if it isn't told another address.
const PAGES: &str = "http://127.0.0.1:12111";

/// Where the state of a folder's embedded account is kept.
pub(super) fn state_path(configs: &Path) -> PathBuf {
    configs.join(".emulator.json")
}

/// Why the embedded account doesn't have what was asked of it, such as `the prices`.
pub(super) fn lacks(what: &str, global: &GlobalArgs) -> String {
    let state = match &global.emulator {
        Some(Some(state)) => super::shown(state),
        Some(None) | None => ".emulator.json".to_owned(),
    };
    format!(
        "the embedded Stripe has {what} of `emulator.seed.json`, which is read only where there is \
         no state yet: delete `{state}` and `emulator.lock.json` to begin anew"
    )
}

/// The embedded account of a folder. A dry run leaves its file alone, and makes none.
pub(super) fn open(
    configs: &Path,
    state: Option<&Path>,
    is_dry_run: bool,
) -> Result<Emulator, CliError> {
    let state = state.map_or_else(|| state_path(configs), Path::to_owned);
    let seed = seed(configs, None)?;
    let emulator =
        if is_dry_run { Emulator::copy_of(&state, seed) } else { Emulator::at_path(&state, seed) };
    emulator.map(|it| it.with_pages_at(PAGES)).map_err(|error| unusable(&error))
}

/// Says why an account can't be used.
pub(super) fn unusable(error: &EmulatorError) -> CliError {
    let said = CliError::chain(error);
    match error {
        EmulatorError::NotAState { .. } => said.help(
            "if an older version has written it, delete it, and the lockfile of the ids in it, to \
             begin anew",
        ),
        EmulatorError::Seed { .. } | EmulatorError::Io { .. } | EmulatorError::Refused(_) => said,
    }
}

/// What an account has at first: by the file that is named, or by the folder's own, or nothing.
pub(super) fn seed(configs: &Path, named: Option<&Path>) -> Result<Seed, CliError> {
    let own = configs.join("emulator.seed.json");
    let path = match named {
        Some(path) => path,
        None if own.exists() => &own,
        None => return Ok(Seed::default()),
    };
    let shown = super::shown(path);
    let text = fs::read_to_string(path)
        .map_err(|error| CliError::new(format!("can't read `{shown}`: {error}")))?;
    Seed::parse(&text).map_err(|error| CliError::new(format!("`{shown}`: {error}")))
}
