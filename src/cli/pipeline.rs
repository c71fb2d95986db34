//! The way from files and account to a plan, which all commands that look at an account share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use super::args::{GlobalArgs, RunArgs};
use super::connect;
use super::embedded;
use super::error::CliError;
use super::setup::{self, Setup, check_identity};
use super::snapshot;
use super::world::World;
use crate::desired::{self, Date, Environment, Files, ListedAccount, ProjectFile, Wanted};
use crate::diagnostic::Bag;
use crate::lockfile;
use crate::model::{Field, FieldPath, Lockfile, LookupKey, PriceHints, PriceId};
use crate::plan::{self, Input, Plan, Policy, RolePlan};
use crate::source::SourceMap;
use crate::stripe::{Connection, ErrorKind, Reader, Snapshot, StripeError};

/// Why what was saved of an account doesn't have what the files want.
const SAVED: &str = "the prices are those that the account had when it was saved; `reconcile snapshot` \
                     saves it as it is now";

/// What a look at the account shows.
pub(super) struct Seen {
    /// What the lockfile said before the account was asked: whatever it names was there by then.
    lockfile: Option<Lockfile>,
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
    /// Why the account may lack prices that the files want, if it isn't a real one.
    lacks: Option<String>,
    pub(super) lockfile: PathBuf,
    pub(super) connection: Connection,
    wanted: Arc<Wanted>,
    /// What the files want without the change that is being reviewed.
    base: Option<Wanted>,
    pub(super) reader: Reader,
    policy: Policy,
    warned_of_prices: Arc<Once>,
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
        let base = run.base.as_ref().and_then(|folder| base(folder, &environment, global, world));
        let saved =
            run.state.as_ref().map(|path| snapshot::read(path, &environment)).transpose()?;
        let as_of = saved.as_ref().map(|saved| snapshot::age(saved, world.now()));
        let of_emulator = global.emulator.is_some().then(|| embedded::lacks("the prices", global));
        let of_saved = saved.is_some().then(|| SAVED.to_owned());
        let connection = match saved {
            Some(saved) => connect::connect_to(saved, world),
            None => connect::connect(global, &environment, run.dry_run, world)?,
        };
        Ok(Self {
            warnings: bag,
            as_of,
            lacks: of_saved.or(of_emulator),
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
            warned_of_prices: Arc::new(Once::new()),
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
            lacks: self.lacks.clone(),
            lockfile,
            reader: Reader::new(connection.clone()),
            connection,
            wanted,
            base: None,
            warned_of_prices: Arc::clone(&self.warned_of_prices),
            policy: Policy { account, is_connected: true, ..self.policy.clone() },
            environment,
        })
    }

    /// The lookup keys of the files.
    pub(super) fn lookup_keys(&self) -> BTreeSet<LookupKey> {
        self.wanted.lookup_keys()
    }

    /// Looks at the account, and at all prices that are going to be sent to it.
    pub(super) async fn look_to_write(&self) -> Result<Seen, CliError> {
        let mut seen = self.look().await?;
        // What was saved has no archived prices, so what isn't there says nothing.
        if self.wanted.price_ids().is_empty() || seen.hints.are_forbidden || self.as_of.is_some() {
            return Ok(seen);
        }
        // What is wrong with it is said once everything is known.
        let Ok(plan) = self.plan(&seen) else { return Ok(seen) };
        if !plan.blockers.is_empty() {
            return Ok(seen);
        }
        let ids = sent_unseen(&plan, &self.wanted, &seen);
        match self.reader.price_hints(&BTreeSet::new(), &ids).await {
            Err(StripeError { kind: ErrorKind::Permission(_), .. }) => self.warn_of_prices(),
            more => seen.hints.by_id.extend(more?.by_id),
        }
        Ok(seen)
    }

    /// Looks at the account.
    pub(super) async fn look(&self) -> Result<Seen, CliError> {
        let mut keys = self.lookup_keys();
        keys.extend(self.base.iter().flat_map(Wanted::lookup_keys));
        let lockfile = lockfile::read(&self.lockfile)?;
        let snapshot = self.reader.snapshot(&keys).await?;
        let hints = hints(&self.wanted, &snapshot, &self.reader).await?;
        if hints.are_forbidden {
            self.warn_of_prices();
        }
        Ok(Seen { lockfile, snapshot, hints })
    }

    /// Says that the key doesn't tell enough, once for all looks at all accounts.
    fn warn_of_prices(&self) {
        self.warned_of_prices.call_once(|| {
            tracing::warn!(
                "the prices that the files name by id are not checked: the key lacks the permission \
                 `rak_plan_read` (`Prices: Read`)"
            );
        });
    }

    /// Makes a plan of files, lockfile, and what was seen of the account.
    pub(super) fn plan(&self, seen: &Seen) -> Result<Plan, CliError> {
        let Seen { lockfile, snapshot, hints } = seen;
        let desired = desired::bind(&self.wanted, &snapshot.prices, hints).map_err(|bag| {
            let help = self.lacks.clone();
            CliError { help, ..CliError::files(bag, self.files.sources.clone()) }
        })?;
        let (live, lockfile, policy) = (&snapshot.live, lockfile.as_ref(), &self.policy);
        Ok(plan::plan(Input { desired: &desired, live, lockfile, policy }))
    }

    /// What would be done without the change that is being reviewed. Nothing if that isn't known.
    pub(super) fn base_plan(&self, seen: &Seen) -> Option<Plan> {
        let base = self.base.as_ref()?;
        let desired = desired::bind(base, &seen.snapshot.prices, &PriceHints::default()).ok()?;
        let (live, lockfile, policy) = (&seen.snapshot.live, seen.lockfile.as_ref(), &self.policy);
        Some(plan::plan(Input { desired: &desired, live, lockfile, policy }))
    }

    /// Returns an error if this is not the account that files and lockfile are about.
    pub(super) fn prove(&self, seen: &Seen) -> Result<(), CliError> {
        check_identity(&seen.snapshot.live, seen.lockfile.as_ref(), &self.policy)
    }
}

/// What a folder wants of an environment. Whatever is wrong with it was there before, and others are
/// told.
fn base(
    folder: &Path,
    environment: &Environment,
    global: &GlobalArgs,
    world: &World,
) -> Option<Wanted> {
    let mut global = GlobalArgs { configs: folder.to_owned(), ..global.clone() };
    // What is meant by no name can be something else there. The embedded Stripe has none.
    if global.emulator.is_none() {
        global.environment = Some(environment.name.to_string());
    }
    let Setup { files, project, environment, bag: problems } =
        Setup::read_any(&global, world).ok()?;
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
        Err(StripeError { kind: ErrorKind::Permission(_), .. }) => {
            PriceHints { are_forbidden: true, ..PriceHints::default() }
        }
        hints => hints?,
    };
    Ok(PriceHints { shared: shared.clone(), ..hints })
}

/// The prices that the plan sends to Stripe because the files name them by id, and that nobody has
/// looked up: a configuration can have one that has been archived since, and Stripe refuses to be
/// sent it again.
fn sent_unseen(plan: &Plan, wanted: &Wanted, seen: &Seen) -> BTreeSet<PriceId> {
    let feature = FieldPath::from(Field::SubscriptionUpdate);
    // A feature of which anything changes is sent as a whole.
    let is_sent =
        |role: &&RolePlan| role.changes.iter().any(|change| change.path.block() == feature.block());
    let roles = plan.pending().filter(is_sent);
    let entries = roles.flat_map(|role| wanted.products(&role.role));
    let mut ids: BTreeSet<PriceId> =
        entries.flat_map(|entry| entry.prices.iter().map(|id| id.value.clone())).collect();
    ids.retain(|id| !seen.hints.by_id.contains_key(id));
    ids
}
