//! The way from files and account to a plan, which all commands that look at an account share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{GlobalArgs, RunArgs};
use super::connect;
use super::error::CliError;
use super::setup::{self, Setup};
use super::snapshot;
use super::world::World;
use crate::desired::{self, Date, Environment, Files, ListedAccount, ProjectFile, Wanted};
use crate::diagnostic::Bag;
use crate::lockfile;
use crate::model::{EnvironmentName, Lockfile, LookupKey, PriceHints, PriceId};
use crate::plan::{self, Input, Plan, Policy, identity};
use crate::source::SourceMap;
use crate::stripe::{Connection, ErrorKind, Reader, Snapshot, StripeError};

/// Why the embedded Stripe doesn't have what the files want.
const SEED: &str = "the embedded Stripe has the prices of `emulator.seed.json`, which is read only where there is no state yet: \
                    delete `.emulator.json` and `emulator.lock.json` to begin anew";

/// Why what was saved of an account doesn't have what the files want.
const SAVED: &str = "the prices are those that the account had when it was saved; `reconcile snapshot` \
                     saves it as it is now";

/// What a look at the account shows.
pub(super) struct Seen {
    pub(super) snapshot: Snapshot,
    hints: PriceHints,
}

/// Everything that stays the same while a run looks at the account once, twice or three times.
pub(super) struct Pipeline {
    pub(super) files: Arc<Files>,
    pub(super) project: Arc<ProjectFile>,
    pub(super) environment: Environment,
    /// Warnings about the files. Errors would have ended the run.
    pub(super) warnings: Bag,
    /// What the account is, if it is one that was saved.
    pub(super) as_of: Option<String>,
    pub(super) lockfile: PathBuf,
    pub(super) connection: Connection,
    wanted: Arc<Wanted>,
    /// What the files want without the change that is being reviewed.
    base: Option<Wanted>,
    pub(super) reader: Reader,
    policy: Policy,
}

impl Pipeline {
    /// Checks the files, and only then looks for a key.
    ///
    /// Returns an error, with everything wrong with the files already shown, if they can't be used.
    pub(super) fn prepare(
        setup: Setup,
        global: &GlobalArgs,
        run: &RunArgs,
        warn: fn(&mut World, &Bag, &SourceMap),
        world: &mut World,
    ) -> Result<Self, CliError> {
        let lockfile = setup.lockfile(global);
        let Setup { files, project, environment, mut bag } = setup;
        let (wanted, problems) = desired::resolve(&files, &project, &environment, world.today());
        bag.extend(problems);
        if bag.has_errors() {
            return Err(CliError::files(bag, files.sources));
        }
        warn(world, &bag, &files.sources);
        let base = run.base.as_ref().and_then(|folder| base(folder, &environment, world));
        let saved =
            run.state.as_ref().map(|path| snapshot::read(path, &environment)).transpose()?;
        let as_of = saved.as_ref().map(|saved| snapshot::age(saved, world.now()));
        let connection = match saved {
            Some(saved) => connect::connect_to(saved, world),
            None => connect::connect(global, &environment, run.dry_run, world)?,
        };
        Ok(Self {
            warnings: bag,
            as_of,
            lockfile,
            reader: Reader::new(connection.clone()),
            connection,
            wanted: Arc::new(wanted),
            policy: Policy {
                environment: environment.name.clone(),
                account: environment.account.clone(),
                max_changes: run.max_changes.or(environment.max_changes),
                is_vouched_for: run.max_changes.is_some(),
                prune: run.prune || environment.prune,
                keep: run.keep.iter().cloned().collect(),
                is_connected: environment.is_connected,
            },
            base,
            files: Arc::new(files),
            project: Arc::new(project),
            environment,
        })
    }

    /// The way to the plan of one of the environment's accounts. Its variables are checked as the
    /// environment's are.
    ///
    /// Returns an error if the files can't be used with them.
    pub(super) fn on_account(
        &self,
        account: &ListedAccount,
        today: Date,
    ) -> Result<Self, CliError> {
        let environment = self.environment.of_account(account);
        let wanted = if account.vars.is_empty() {
            Arc::clone(&self.wanted)
        } else {
            let (wanted, bag) = desired::resolve(&self.files, &self.project, &environment, today);
            if bag.has_errors() {
                return Err(CliError::files(bag, self.files.sources.clone()));
            }
            Arc::new(wanted)
        };
        let connection = self.connection.on(account.id.clone());
        let lockfile = setup::lockfile_of_account(&self.lockfile, &account.id);
        let account = Some(account.id.clone());
        Ok(Self {
            files: Arc::clone(&self.files),
            project: Arc::clone(&self.project),
            warnings: Bag::default(),
            as_of: None,
            lockfile,
            reader: Reader::new(connection.clone()),
            connection,
            wanted,
            base: None,
            policy: Policy { account, is_connected: true, ..self.policy.clone() },
            environment,
        })
    }

    /// The lookup keys of the files.
    pub(super) fn lookup_keys(&self) -> BTreeSet<LookupKey> {
        self.wanted.lookup_keys()
    }

    /// Looks at the account.
    pub(super) async fn look(&self) -> Result<Seen, CliError> {
        let mut keys = self.lookup_keys();
        keys.extend(self.base.iter().flat_map(Wanted::lookup_keys));
        let snapshot = self.reader.snapshot(&keys).await?;
        let hints = hints(&self.wanted, &snapshot, &self.reader).await?;
        Ok(Seen { snapshot, hints })
    }

    /// Makes a plan of files, lockfile, and what was seen of the account.
    pub(super) fn plan(&self, seen: &Seen) -> Result<Plan, CliError> {
        let Seen { snapshot, hints } = seen;
        let lockfile = self.read_lockfile()?;
        let desired = desired::bind(&self.wanted, &snapshot.prices, hints).map_err(|bag| {
            let error = CliError::files(bag, self.files.sources.clone());
            if self.policy.environment == EnvironmentName::emulator() {
                error.help(SEED)
            } else if self.as_of.is_some() {
                error.help(SAVED)
            } else {
                error
            }
        })?;
        let (live, lockfile, policy) = (&snapshot.live, lockfile.as_ref(), &self.policy);
        Ok(plan::plan(Input { desired: &desired, live, lockfile, policy }))
    }

    /// What would be done without the change that is being reviewed. Nothing if that isn't known.
    pub(super) fn base_plan(&self, seen: &Seen) -> Result<Option<Plan>, CliError> {
        let Some(base) = &self.base else { return Ok(None) };
        let lockfile = self.read_lockfile()?;
        let desired = desired::bind(base, &seen.snapshot.prices, &PriceHints::default());
        let (live, lockfile, policy) = (&seen.snapshot.live, lockfile.as_ref(), &self.policy);
        let plan = |desired| plan::plan(Input { desired: &desired, live, lockfile, policy });
        Ok(desired.ok().map(plan))
    }

    /// Returns an error if this is not the account that files and lockfile are about.
    pub(super) fn prove(&self, snapshot: &Snapshot) -> Result<(), CliError> {
        let lockfile = self.read_lockfile()?;
        match identity(&snapshot.live, lockfile.as_ref(), &self.policy) {
            None => Ok(()),
            Some(blocker) => Err(CliError::new(&blocker).help(blocker.help())),
        }
    }

    fn read_lockfile(&self) -> Result<Option<Lockfile>, CliError> {
        lockfile::read(&self.lockfile).map_err(|error| {
            CliError::chain(&error).help(
                "`reconcile lock` rebuilds it from the account; a link has to be removed first",
            )
        })
    }
}

/// What a folder wants of an environment. Whatever is wrong with it was there before, and others are
/// told.
fn base(folder: &Path, environment: &Environment, world: &World) -> Option<Wanted> {
    let files = Files::load(folder);
    let (project, problems) = ProjectFile::read(&files);
    let environment = project.environment(&environment.name).ok()?;
    let (wanted, bag) = desired::resolve(&files, &project, &environment, world.today());
    (!problems.has_errors() && !bag.has_errors()).then_some(wanted)
}

/// What helps to say why prices are missing. Where none is, and no file names a price that no
/// configuration has yet, nothing is asked.
pub(super) async fn hints(
    wanted: &Wanted,
    snapshot: &Snapshot,
    reader: &Reader,
) -> Result<PriceHints, CliError> {
    let mut keys = wanted.lookup_keys();
    let Snapshot { live, prices, shared } = snapshot;
    keys.retain(|key| !prices.contains_key(key) && !shared.contains_key(key));
    let mut ids = wanted.price_ids();
    let configurations = live.configurations.values();
    let in_use: BTreeSet<PriceId> = configurations.flat_map(|it| it.settings.prices()).collect();
    ids.retain(|id| !in_use.contains(id));
    let hints = match reader.price_hints(&keys, &ids).await {
        // Then Stripe is going to say what is wrong with them.
        Err(StripeError { kind: ErrorKind::Permission(_), .. }) => PriceHints::default(),
        hints => hints?,
    };
    Ok(PriceHints { shared: shared.clone(), ..hints })
}
