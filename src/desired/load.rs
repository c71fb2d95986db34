//! The only place that reads the user's files.
//!
//! Regular files only, opened once and never through a link: a pull request could otherwise point
//! a "YAML file" at a secret and have the error message quote it.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::Role;
use crate::source::{FileId, SourceMap, Span};

/// No file of a portal configuration is larger: ten products and fifty metadata keys are 30 KiB.
const MAX_BYTES: u64 = 1024 * 1024;

/// A hundred thousand accounts with a variable each.
const MAX_BYTES_OF_LISTS: u64 = 16 * 1024 * 1024;

/// The name of the file that has settings instead of a role.
pub(super) const SETTINGS_FILE: &str = "reconcile.yaml";

/// The texts that were found.
#[derive(Debug, Default)]
pub struct Files {
    /// All texts.
    pub sources: SourceMap,
    /// `reconcile.yaml`, if there is one.
    pub(super) settings: Option<FileId>,
    /// A file for each role, by name.
    pub(super) roles: Vec<(Role, FileId)>,
    /// What is wrong with the folder.
    pub(super) bag: Bag,
    folder: PathBuf,
}

impl Files {
    /// Reads the folder. Every problem is in the bag; what could be read is there all the same.
    pub fn load(folder: &Path) -> Self {
        let mut files = Self { folder: folder.to_owned(), ..Self::default() };
        let mut names = match names_in(folder) {
            Ok(names) => names,
            Err(error) => {
                let folder = folder.display().to_string();
                files.report(
                    &folder,
                    Code::UnreadableFile,
                    format!("can't read the folder: {error}"),
                    None,
                );
                return files;
            }
        };
        names.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (name, file_type) in names {
            files.take(folder, &name, file_type);
        }
        if files.roles.is_empty() && !files.bag.has_errors() {
            let folder = folder.display().to_string();
            let help = "add a file for each role, such as `viewer.yaml`".to_owned();
            files.report(
                &folder,
                Code::NoRoles,
                "there is no role in this folder".into(),
                Some(help),
            );
        }
        files
    }

    /// The same settings, and one role with this text.
    pub fn of_one_role(&self, role: Role, text: String) -> Self {
        let mut sources = self.sources.clone();
        let file = sources.add(format!("{role}.yaml"), text);
        let (roles, folder) = (vec![(role, file)], self.folder.clone());
        Self { sources, settings: self.settings, roles, bag: Bag::default(), folder }
    }

    /// Reads another file of the folder.
    ///
    /// Returns an error that says why it can't be read.
    pub(super) fn read_beside(&mut self, name: &str) -> Result<FileId, String> {
        let path = self.folder.join(name);
        match read(&path, MAX_BYTES_OF_LISTS) {
            Ok(Some(text)) => Ok(self.sources.add(path.display().to_string(), text)),
            Ok(None) => Err("it is larger than 16 MiB".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The text of a role's file.
    pub fn text_of(&self, role: &Role) -> Option<&str> {
        let (_, file) = self.roles.iter().find(|(name, _)| name == role)?;
        Some(&self.sources.file(*file).text)
    }

    /// The roles that have a file.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.iter().map(|(role, _)| role)
    }

    /// A problem with a path as a whole.
    fn report(&mut self, path: &str, code: Code, message: String, help: Option<String>) {
        let file = self.sources.add(path.to_owned(), String::new());
        let mut diagnostic = Diagnostic::new(code, Span { file, start: 0, end: 0 }, message);
        diagnostic.help = help;
        self.bag.push(diagnostic);
    }

    fn take(&mut self, folder: &Path, name: &str, file_type: FileType) {
        let path = folder.join(name);
        let shown = path.display().to_string();
        let Some(stem) = name.strip_suffix(".yaml") else {
            if let Some((stem, ending)) = name.rsplit_once('.')
                && ["yml", "yaml"].contains(&ending.to_ascii_lowercase().as_str())
            {
                let message = format!("`.{ending}` files are not read");
                let help = format!("rename it to `{stem}.yaml`");
                self.report(&shown, Code::FileName, message, Some(help));
            }
            return;
        };
        let role = if name == SETTINGS_FILE { None } else { Some(Role::parse(stem)) };
        if let Some(Err(error)) = &role {
            let help = "rename it, such as to `viewer.yaml`".to_owned();
            self.report(&shown, Code::FileName, error.to_string(), Some(help));
            return;
        }
        if !file_type.is_file() {
            let message = "not a regular file; links are not followed".to_owned();
            let help = "put a regular file in its place, or take it away".to_owned();
            self.report(&shown, Code::NotAFile, message, Some(help));
            return;
        }
        match read(&path, MAX_BYTES) {
            Ok(Some(text)) => {
                let file = self.sources.add(shown, text);
                match role {
                    Some(Ok(role)) => self.roles.push((role, file)),
                    _ => self.settings = Some(file),
                }
            }
            Ok(None) => {
                let help = "a role's file is some kilobytes: move what is no portal configuration";
                let message = "larger than 1 MiB".to_owned();
                self.report(&shown, Code::FileTooLarge, message, Some(help.to_owned()));
            }
            Err(error) => {
                self.report(&shown, Code::UnreadableFile, format!("can't read it: {error}"), None);
            }
        }
    }
}

/// Names that don't begin with a dot. A name that is not Unicode can't be a role's.
fn names_in(folder: &Path) -> io::Result<Vec<(String, FileType)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push((name, entry.file_type()?));
        }
    }
    Ok(names)
}

/// The text, or nothing if it is too large.
fn read(path: &Path, max_bytes: u64) -> io::Result<Option<String>> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    // The name may have become a link or a pipe since the folder was listed.
    if !metadata.is_file() || fs::symlink_metadata(path)?.is_symlink() {
        return Err(io::Error::other("not a regular file"));
    }
    // Without room it is read in pieces of 32 bytes. One byte more shows that it has ended.
    let n_bytes = usize::try_from(metadata.len().min(max_bytes)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(n_bytes + 1);
    file.take(max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Ok(None);
    }
    String::from_utf8(bytes).map(Some).map_err(|_| io::Error::other("it is not UTF-8"))
}
