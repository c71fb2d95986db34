//! The lockfile on the disk: read plainly, replaced atomically, never through a link.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::format::{self, FormatError};
use crate::model::Lockfile;

/// What new lockfiles are called until they replace the old one.
const PREFIX: &str = ".reconcile-";
const SUFFIX: &str = ".tmp";

/// Ten thousand roles are 500 KB.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// Why the lockfile can't be read or replaced.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// There is no such file.
    #[error("there is no lockfile `{path}`")]
    Missing {
        /// The file.
        path: String,
    },
    /// The disk refused.
    #[error("can't {action} the lockfile `{path}`")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The file has another content than a lockfile.
    #[error("can't use the lockfile `{path}`")]
    Format {
        /// The file.
        path: String,
        /// Why not.
        #[source]
        source: FormatError,
    },
    /// Replacing a link would either lose the link or write where nobody looks.
    #[error("`{path}` is not a regular file; a lockfile is never written through a link")]
    NotAFile {
        /// The file.
        path: String,
    },
    /// Somebody else replaced it since it was read.
    #[error("`{path}` was changed by somebody else during this run")]
    Changed {
        /// The file.
        path: String,
    },
}

/// The lockfile's content, if it exists.
///
/// Returns an error if there is something at the path that is not a lockfile.
pub fn read(path: &Path) -> Result<Option<Lockfile>, LockError> {
    let Some(text) = read_text(path)? else { return Ok(None) };
    let parsed = format::parse(&text);
    parsed.map(Some).map_err(|source| LockError::Format { path: shown(path), source })
}

/// The lockfile's text, if it exists, whatever it says.
///
/// Returns an error if it can't be read.
pub fn read_text(path: &Path) -> Result<Option<String>, LockError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            return Err(LockError::NotAFile { path: shown(path) });
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(io_error("read", path, source)),
    }
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text));
    read.map_err(|source| io_error("read", path, source))?;
    Ok(Some(text))
}

pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> LockError {
    LockError::Io { action, path: shown(path), source }
}

fn delete_if_left(path: &Path) {
    if let Ok(file) = File::open(path)
        && file.try_lock().is_ok()
    {
        let _ = fs::remove_file(path);
    }
}

/// The right to replace a lockfile. A dry run has none.
#[derive(Debug)]
pub struct LockStore {
    path: PathBuf,
    /// What is on the disk as far as this run knows.
    known: Option<String>,
}

impl LockStore {
    /// Opens the lockfile for replacement. Nothing is written yet.
    ///
    /// Returns an error if there is something at the path that can't be replaced.
    pub fn open(path: &Path) -> Result<Self, LockError> {
        Ok(Self { path: path.to_owned(), known: read_text(path)? })
    }

    /// Makes sure that saving is going to work: the file is still what it was when it was opened,
    /// and a new one can be made beside it.
    ///
    /// Returns an error if not. Nothing is changed.
    pub fn check(&self) -> Result<(), LockError> {
        self.check_unchanged()?;
        let probe = self.new_file().map(drop);
        probe.map_err(|source| io_error("write", &self.path, source))
    }

    fn check_unchanged(&self) -> Result<(), LockError> {
        if read_text(&self.path)? == self.known {
            Ok(())
        } else {
            Err(LockError::Changed { path: shown(&self.path) })
        }
    }

    /// Makes the file have this content: first in full beside it, then in one step in its place.
    /// A file that has it already is not touched.
    ///
    /// Returns an error if that isn't possible, if somebody else replaced the file meanwhile, or if nobody
    /// could read it. The old file is then still whole.
    ///
    /// Tells whether anything was written.
    pub fn save(&mut self, lockfile: &Lockfile) -> Result<bool, LockError> {
        format::check_unshared(&lockfile.roles)
            .map_err(|source| LockError::Format { path: shown(&self.path), source })?;
        let text = format::to_text(lockfile);
        self.check_unchanged()?;
        let has_changed = self.known.as_ref() != Some(&text);
        if has_changed {
            self.replace(&text).map_err(|source| io_error("write", &self.path, source))?;
            self.known = Some(text);
        }
        Ok(has_changed)
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        let mut file = self.new_file()?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        // The rename is safe from a power failure only once the folder is written, too. Not all systems
        // let a program ask for that, and the file has been replaced in any case.
        let _ = File::open(self.folder()).and_then(|folder| folder.sync_all());
        Ok(())
    }

    /// A new file in the same folder, which is deleted unless it replaces the lockfile, or this
    /// process is killed. Then the next one deletes it: whoever lives holds a lock on its own.
    fn new_file(&self) -> io::Result<NamedTempFile> {
        // One of many accounts has its lockfile in a folder that may be new.
        fs::create_dir_all(self.folder())?;
        self.sweep();
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        // Without this the lockfile could be read by its writer alone.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        loop {
            let file = builder.tempfile_in(self.folder())?;
            // Where files can't be locked, nobody deletes another's.
            let _ = file.as_file().lock();
            // Somebody may have taken it for a dead process's before it was locked.
            if fs::exists(file.path())? {
                return Ok(file);
            }
        }
    }

    /// Deletes what processes have left that were killed while they wrote. It would end up in a
    /// commit. What can't be deleted does no other harm.
    fn sweep(&self) {
        let Ok(entries) = fs::read_dir(self.folder()) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_new = name.starts_with(PREFIX) && name.ends_with(SUFFIX);
            if is_new && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                delete_if_left(&entry.path());
            }
        }
    }

    fn folder(&self) -> &Path {
        let folder = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        folder.unwrap_or(Path::new("."))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{ConfigurationId, EnvironmentName, Mode, Role};

    fn lockfile(id: &str) -> Lockfile {
        let roles = [(Role::parse("admin").unwrap(), ConfigurationId::parse(id).unwrap())];
        Lockfile {
            environment: EnvironmentName::test(),
            account: None,
            mode: Mode::Test,
            roles: BTreeMap::from(roles),
        }
    }

    #[test]
    fn what_is_saved_is_read_back_and_saving_it_again_touches_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.lock.json");
        let mut store = LockStore::open(&path).unwrap();
        store.save(&lockfile("bpc_1")).unwrap();
        assert_eq!(read(&path).unwrap(), Some(lockfile("bpc_1")));
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        store.save(&lockfile("bpc_1")).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_file_that_somebody_else_replaced_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.lock.json");
        let mut ours = LockStore::open(&path).unwrap();
        LockStore::open(&path).unwrap().save(&lockfile("bpc_1")).unwrap();
        assert!(matches!(ours.save(&lockfile("bpc_2")), Err(LockError::Changed { .. })));
        assert_eq!(read(&path).unwrap(), Some(lockfile("bpc_1")));
    }

    #[test]
    fn what_is_not_going_to_work_is_found_out_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.lock.json");
        let ours = LockStore::open(&path).unwrap();
        assert!(ours.check().is_ok());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written");
        LockStore::open(&path).unwrap().save(&lockfile("bpc_1")).unwrap();
        assert!(matches!(ours.check(), Err(LockError::Changed { .. })));
        let below_a_file = path.join("test.lock.json");
        assert!(matches!(read(&below_a_file), Err(LockError::Io { action: "read", .. })));
    }

    #[test]
    fn what_nobody_could_read_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.lock.json");
        let mut shared = lockfile("bpc_1");
        let id = shared.roles.values().next().unwrap().clone();
        shared.roles.insert(Role::parse("member").unwrap(), id);
        let saved = LockStore::open(&path).unwrap().save(&shared);
        assert!(matches!(saved, Err(LockError::Format { source: FormatError::Shared(_), .. })));
        assert!(!path.exists());
    }

    #[test]
    fn what_a_killed_process_left_is_deleted_and_what_a_living_one_writes_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = LockStore::open(&folder.path().join("test.lock.json")).unwrap();
        let left = folder.path().join(".reconcile-Xy12z3.tmp");
        fs::File::create(&left).unwrap();
        let others = folder.path().join("notes.tmp");
        fs::File::create(&others).unwrap();
        let living = store.new_file().unwrap();
        assert!(!left.exists());
        store.save(&lockfile("bpc_1")).unwrap();
        assert!(living.path().exists() && others.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_neither_read_nor_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target.json");
        LockStore::open(&target).unwrap().save(&lockfile("bpc_1")).unwrap();
        let path = folder.path().join("test.lock.json");
        std::os::unix::fs::symlink(&target, &path).unwrap();
        assert!(matches!(read(&path), Err(LockError::NotAFile { .. })));
        assert!(matches!(LockStore::open(&path), Err(LockError::NotAFile { .. })));
    }
}
