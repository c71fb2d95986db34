//! `reconcile compare`: do two environments offer the same portals?

use std::collections::{BTreeMap, BTreeSet};

use super::args::{CompareArgs, GlobalArgs};
use super::connect;
use super::error::CliError;
use super::pipeline;
use super::setup::Setup;
use super::world::World;
use crate::compare::{Side, compare};
use crate::desired;
use crate::model::{
    DesiredState, EnvironmentName, LiveConfiguration, LiveState, LookupKey, PriceBook, Role,
};
use crate::plan::{Policy, identity, lock_from};
use crate::render;
use crate::stripe::Reader;

/// What is known of an environment.
struct Known {
    name: EnvironmentName,
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
    let mut first = look(&args.first, global, world).await?;
    let mut second = look(&args.second, global, world).await?;
    // Each side has to know what the other's keys stand for.
    let keys: BTreeSet<LookupKey> =
        first.prices.keys().chain(second.prices.keys()).cloned().collect();
    for known in [&mut first, &mut second] {
        let missing = keys.iter().filter(|key| !known.prices.contains_key(*key)).cloned().collect();
        known.prices.extend(known.reader.prices(&missing).await?);
    }
    let comparison = compare([&side(&first)?, &side(&second)?]);
    let text = render::comparison(&comparison, [&first.name, &second.name], &world.styles);
    world.print(&text);
    Ok(if comparison.is_same() { 0 } else { 1 })
}

/// Looks at one environment.
async fn look(name: &str, global: &GlobalArgs, world: &mut World) -> Result<Known, CliError> {
    let global = GlobalArgs { environment: Some(name.to_owned()), ..global.clone() };
    let Setup { files, project, environment, mut bag } = Setup::read(&global, world)?;
    let (wanted, problems) = desired::resolve(&files, &project, &environment, world.today());
    bag.extend(problems);
    if bag.has_errors() {
        return Err(CliError::files(bag, files.sources));
    }
    let reader = Reader::new(connect::connect(&global, &environment, true, world)?);
    let keys = wanted.lookup_keys();
    let snapshot = tokio::select! {
        snapshot = reader.snapshot(&keys) => snapshot?,
        error = world.interrupted() => return Err(error),
    };
    let policy = Policy::new(environment.name, environment.account);
    if let Some(blocker) = identity(&snapshot.live, None, &policy).first() {
        return Err(CliError::new(blocker).help(blocker.help()));
    }
    let hints = pipeline::hints(&wanted, &snapshot, &reader).await?;
    let desired = desired::bind(&wanted, &snapshot.prices, &hints)
        .map_err(|bag| CliError::files(bag, files.sources))?;
    let live = snapshot.live;
    let ids = live.configurations.values().flat_map(|it| it.settings.prices()).collect();
    let mut prices = reader.keyed_prices(&ids).await?;
    prices.extend(snapshot.prices);
    Ok(Known { name: policy.environment, desired, live, prices, reader })
}

fn side(known: &Known) -> Result<Side<'_>, CliError> {
    let (lockfile, problems) = lock_from(&known.live, &known.desired.project, &known.name);
    if let Some(blocker) = problems.first() {
        return Err(CliError::new(blocker).help(blocker.help()));
    }
    let live: BTreeMap<Role, &LiveConfiguration> = lockfile
        .roles
        .into_iter()
        .map(|(role, id)| (role, &known.live.configurations[&id]))
        .collect();
    Ok(Side { desired: &known.desired, live, prices: &known.prices })
}
