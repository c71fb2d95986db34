//! `reconcile compare`: do two environments offer the same portals?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::args::{CompareArgs, GlobalArgs};
use super::connect;
use super::error::CliError;
use super::pipeline;
use super::setup::{Setup, check_identity};
use super::world::World;
use crate::compare::{Side, compare};
use crate::desired::{self, Environment};
use crate::lockfile;
use crate::model::{
    AccountId, DesiredState, EnvironmentName, LiveConfiguration, LiveState, LookupKey, Mode,
    PriceBook, Role,
};
use crate::plan::{Policy, lock_from};
use crate::render;
use crate::stripe::Reader;

/// What is known of an environment.
struct Known {
    name: EnvironmentName,
    /// The options with which it is the one that is meant.
    global: GlobalArgs,
    desired: DesiredState,
    live: LiveState,
    prices: PriceBook,
    reader: Reader,
}

/// Looks at both accounts, and writes nothing anywhere. Returns 1 if they differ.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &CompareArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    if global.environment.is_some() {
        return Err(CliError::usage("`compare` has its environments behind it, not behind `-e`"));
    }
    if global.emulator.is_some() {
        let error =
            "the embedded Stripe is one account, which is all that it could be compared with";
        return Err(CliError::usage(error).help("leave `--emulator` out"));
    }
    let [first, second] = tokio::select! {
        known = look_at_both(args, global, world) => known?,
        error = world.interrupted() => return Err(error),
    };
    let comparison = compare([&side(&first)?, &side(&second)?]);
    let text = render::comparison(&comparison, [&first.name, &second.name], &world.styles);
    world.print(&text);
    Ok(if comparison.is_same() { 0 } else { 1 })
}

async fn look_at_both(
    args: &CompareArgs,
    global: &GlobalArgs,
    world: &World,
) -> Result<[Known; 2], CliError> {
    let mut both =
        [look(&args.first, global, world).await?, look(&args.second, global, world).await?];
    // Each side has to know what the other's keys stand for.
    let keys: BTreeSet<LookupKey> =
        both.iter().flat_map(|known| known.prices.keys()).cloned().collect();
    for known in &mut both {
        let missing = keys.iter().filter(|key| !known.prices.contains_key(*key)).cloned().collect();
        let (prices, _shared) = known
            .reader
            .prices(&missing)
            .await
            .map_err(|error| CliError::from(error).of(&known.name, &known.global))?;
        known.prices.extend(prices);
    }
    Ok(both)
}

/// Looks at one environment. Errors say which it is.
async fn look(name: &str, global: &GlobalArgs, world: &World) -> Result<Known, CliError> {
    let global = GlobalArgs { environment: Some(name.to_owned()), ..global.clone() };
    let setup = Setup::read(&global, world)?;
    let name = setup.environment.name.clone();
    known(setup, &global, world).await.map_err(|error| error.of(&name, &global))
}

async fn known(setup: Setup, global: &GlobalArgs, world: &World) -> Result<Known, CliError> {
    let lockfile = setup.lockfile(global);
    let Setup { files, project, environment, mut bag } = setup;
    let (wanted, problems) = desired::resolve(&files, &project, &environment, world.today());
    bag.extend(problems);
    if bag.has_errors() {
        return Err(CliError::files(bag, files.sources));
    }
    let reader = Reader::new(connect::connect(global, &environment, true, world)?);
    let keys = wanted.lookup_keys();
    let snapshot = reader.snapshot(&keys).await?;
    prove(&environment, &lockfile, snapshot.live.account.clone(), snapshot.live.mode)?;
    let hints = pipeline::hints(&wanted, &snapshot, &reader).await?;
    let desired = desired::bind(&wanted, &snapshot.prices, &hints)
        .map_err(|bag| CliError::files(bag, files.sources))?;
    let live = snapshot.live;
    let ids = live.configurations.values().flat_map(|it| it.settings.prices()).collect();
    let mut prices = reader.keyed_prices(&ids).await?;
    prices.extend(snapshot.prices);
    let (name, global) = (environment.name, global.clone());
    Ok(Known { name, global, desired, live, prices, reader })
}

/// Returns an error if this isn't the account that the settings and the lockfile of an environment are
/// about.
pub(super) fn prove(
    environment: &Environment,
    lockfile: &Path,
    account: Option<AccountId>,
    mode: Mode,
) -> Result<(), CliError> {
    let lockfile = lockfile::read(lockfile)?;
    let live = LiveState { account, mode, configurations: BTreeMap::new() };
    let policy = Policy::new(environment.name.clone(), environment.account.clone());
    check_identity(&live, lockfile.as_ref(), &policy)
}

fn side(known: &Known) -> Result<Side<'_>, CliError> {
    let (lockfile, problems) = lock_from(&known.live, &known.desired.project, &known.name);
    if let Some(blocker) = problems.first() {
        return Err(CliError::from(blocker).of(&known.name, &known.global));
    }
    let live: BTreeMap<Role, &LiveConfiguration> = lockfile
        .roles
        .into_iter()
        .map(|(role, id)| (role, &known.live.configurations[&id]))
        .collect();
    Ok(Side { desired: &known.desired, live, prices: &known.prices })
}
