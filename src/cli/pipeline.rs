//! The way from files and account to a plan, which all commands that look at an account share.

use std::path::PathBuf;

use super::args::GlobalArgs;
use super::connect::{self, Target};
use super::error::CliError;
use super::world::World;
use crate::desired::{self, Environment, Files, ProjectFile, Wanted};
use crate::diagnostic::{Bag, Severity};
use crate::lockfile;
use crate::plan::{self, Input, Plan, Policy};
use crate::render;
use crate::source::SourceMap;
use crate::stripe::{Connection, Reader, Snapshot};

/// Everything that stays the same while a run looks at the account once, twice or three times.
pub(super) struct Pipeline {
    pub(super) sources: SourceMap,
    /// Warnings about the files. Errors would have ended the run.
    pub(super) warnings: Bag,
    pub(super) lockfile: PathBuf,
    pub(super) connection: Connection,
    wanted: Wanted,
    reader: Reader,
    policy: Policy,
}

impl Pipeline {
    /// Reads and checks the files, and only then looks for a key.
    ///
    /// Returns an error, with everything wrong with the files already shown, if they can't be used.
    pub(super) fn prepare(
        global: &GlobalArgs,
        max_changes: Option<u64>,
        world: &mut World,
    ) -> Result<Self, CliError> {
        let files = Files::load(&global.configs);
        let (project, mut bag) = ProjectFile::read(&files);
        let (name, environment) = match connect::environment(global, &project) {
            Ok(found) => found,
            // What is wrong with the settings explains why an environment isn't found.
            Err(_) if bag.has_errors() => (None, Environment::default()),
            Err(error) => return Err(error),
        };
        let (wanted, problems) = desired::resolve(&files, &project, &environment);
        bag.extend(problems);
        if bag.has_errors() {
            return Err(CliError::files(bag, files.sources));
        }
        show_warnings(&bag, &files.sources, world);
        let Target { name, connection } = connect::connect(global, name, &environment, world)?;
        Ok(Self {
            sources: files.sources,
            warnings: bag,
            lockfile: connect::lockfile_path(&global.configs, &name),
            reader: Reader::new(connection.clone()),
            connection,
            wanted,
            policy: connect::policy(&name, &environment, max_changes, global),
        })
    }

    /// Looks at the account.
    pub(super) async fn look(&self) -> Result<Snapshot, CliError> {
        Ok(self.reader.snapshot(&self.wanted.lookup_keys()).await?)
    }

    /// Makes a plan of files, lockfile, and what was seen of the account.
    pub(super) fn plan(&self, snapshot: &Snapshot) -> Result<Plan, CliError> {
        let lockfile = lockfile::read(&self.lockfile).map_err(|error| {
            CliError::chain(&error).help(
                "`reconcile lock` rebuilds it from the account; a link has to be removed first",
            )
        })?;
        let desired = desired::bind(&self.wanted, &snapshot.prices)
            .map_err(|bag| CliError::files(bag, self.sources.clone()))?;
        let (live, lockfile, policy) = (&snapshot.live, lockfile.as_ref(), &self.policy);
        Ok(plan::plan(Input { desired: &desired, live, lockfile, policy }))
    }
}

/// Shows what is doubtful about the files, if anything is.
pub(super) fn show_warnings(bag: &Bag, sources: &SourceMap, world: &mut World) {
    if bag.count(Severity::Warning) > 0 {
        let text = render::diagnostics(bag, sources, &world.error_styles);
        world.eprint(&text);
    }
}
