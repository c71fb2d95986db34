//! Files that are written in one step, so that nobody ever reads half of one.

#[cfg(unix)]
use std::fs::Permissions;
use std::io::{self, Write};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::NamedTempFile;

use super::error::CliError;

/// A whole file beside the one that it is going to be, as readable as the user wants new files to be.
pub(super) fn beside(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".reconcile-");
    #[cfg(unix)]
    builder.permissions(Permissions::from_mode(0o666));
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A file can't be written. The whole error would name a file that nobody knows.
pub(super) fn failed(path: &Path, error: &io::Error) -> CliError {
    CliError::new(format!("can't write `{}`: {}", super::shown(path), error.kind()))
}
