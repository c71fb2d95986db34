//! Where the account is kept: in memory, or in a file that several processes share.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::world::World;

/// Why the emulator can't start or can't keep its account.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The seed isn't what it should be.
    #[error("{place}: {message}")]
    Seed {
        /// Which part of the seed, such as `prices[0].currency`.
        place: String,
        /// What is wrong with it.
        message: String,
    },
    /// The state file can't be read, locked or written.
    #[error("can't {action} `{path}`")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The state file isn't one.
    #[error("`{path}` isn't the state of an emulator")]
    NotAState {
        /// The file.
        path: PathBuf,
        /// Why it can't be understood.
        source: serde_json::Error,
    },
    /// Stripe's Dashboard wouldn't do this either.
    #[error("{0}")]
    Refused(String),
}

/// The account's place.
pub(super) enum Store {
    Memory(World),
    File(StateFile),
}

impl Store {
    /// Acts on the account, and keeps what has become of it.
    pub(super) fn with<T>(
        &mut self,
        act: impl FnOnce(&mut World) -> T,
    ) -> Result<T, EmulatorError> {
        match self {
            Self::Memory(state) => Ok(act(state)),
            Self::File(file) => file.with(act),
        }
    }

    /// Begins anew with this state, whatever there is, even if it can't be read.
    pub(super) fn begin_anew(&mut self, seed: World) -> Result<(), EmulatorError> {
        match self {
            Self::Memory(state) => *state = seed,
            Self::File(file) => file.begin_anew(seed)?,
        }
        Ok(())
    }
}

/// The state in a file, if there is one. Files are replaced as a whole, so it takes no lock.
pub(super) fn read(path: &Path) -> Result<Option<World>, EmulatorError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(io_error("read", path, source)),
    };
    parse(path, &bytes).map(Some)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<World, EmulatorError> {
    let parsed = serde_json::from_slice(bytes);
    parsed.map_err(|source| EmulatorError::NotAState { path: path.to_owned(), source })
}

/// An account in a file.
pub(super) struct StateFile {
    path: PathBuf,
    /// Beside the state and not the state itself, because replacing a file leaves a lock behind on
    /// the old one.
    lock: File,
    /// What the file held when this process saw it last, if it has, and what that meant.
    seen: Option<Vec<u8>>,
    state: World,
}

impl StateFile {
    /// Opens the file, or creates it with this state.
    pub(super) fn open(path: &Path, seed: World) -> Result<Self, EmulatorError> {
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(lock_path(path))
            .map_err(|source| io_error("create", path, source))?;
        let mut file = Self { path: path.to_owned(), lock, seen: None, state: seed };
        file.with(|_| ())?;
        Ok(file)
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut World) -> T) -> Result<T, EmulatorError> {
        self.locked(|file| {
            file.refresh()?;
            let mut state = file.state.clone();
            let done = act(&mut state);
            file.save(state)?;
            Ok(done)
        })
    }

    fn begin_anew(&mut self, seed: World) -> Result<(), EmulatorError> {
        self.locked(|file| {
            file.seen = None;
            file.save(seed)
        })
    }

    fn locked<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, EmulatorError>,
    ) -> Result<T, EmulatorError> {
        self.lock.lock().map_err(|source| io_error("lock", &self.path, source))?;
        let done = act(self);
        self.lock.unlock().map_err(|source| io_error("unlock", &self.path, source))?;
        done
    }

    /// Reads what another process may have written.
    fn refresh(&mut self) -> Result<(), EmulatorError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            // Nobody has written it yet: the seed stands.
            Err(source) if source.kind() == io::ErrorKind::NotFound && self.seen.is_none() => {
                return Ok(());
            }
            Err(source) => return Err(io_error("read", &self.path, source)),
        };
        if self.seen.as_ref() != Some(&bytes) {
            self.state = parse(&self.path, &bytes)?;
            self.seen = Some(bytes);
        }
        Ok(())
    }

    /// Replaces the file if the account is another than the one in it. Readers see the old file or the new one. The
    /// file isn't synced to the disk: losing an emulated account with the machine's power is fine.
    fn save(&mut self, state: World) -> Result<(), EmulatorError> {
        let failed = |source| io_error("write", &self.path, source);
        let mut bytes =
            serde_json::to_vec_pretty(&state).map_err(io::Error::from).map_err(failed)?;
        bytes.push(b'\n');
        if self.seen.as_ref() == Some(&bytes) {
            return Ok(());
        }
        let mut temporary =
            tempfile::NamedTempFile::new_in(directory(&self.path)).map_err(failed)?;
        temporary.write_all(&bytes).map_err(failed)?;
        temporary.persist(&self.path).map_err(|error| failed(error.error))?;
        self.seen = Some(bytes);
        self.state = state;
        Ok(())
    }
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> EmulatorError {
    EmulatorError::Io { action, path: path.to_owned(), source }
}

/// `state.json` is locked through `.state.json.lock`.
fn lock_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{}.lock", name.trim_start_matches('.')))
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}
