//! `--like`: what was tried in one environment means the same where it is promoted to.

use super::args::GlobalArgs;
use super::compare;
use super::connect;
use super::error::CliError;
use super::pipeline::{Pipeline, Seen};
use super::setup::Setup;
use super::world::World;
use crate::compare::{differing_prices, not_compared};
use crate::render;
use crate::stripe::Reader;
use crate::text::clean;

/// Returns an error that names them if lookup keys of the files stand for other amounts, currencies or
/// intervals than in the environment of this name.
pub(super) async fn check(
    name: &str,
    pipeline: &Pipeline,
    seen: &Seen,
    global: &GlobalArgs,
    world: &mut World,
) -> Result<(), CliError> {
    let global = GlobalArgs { environment: Some(name.to_owned()), account: None, ..global.clone() };
    let setup = Setup::read_any(&global, world)?;
    if setup.environment.accounts.is_some() {
        let name = &setup.environment.name;
        let error = format!("`--like {name}` can't be: `{name}` is many accounts");
        return Err(CliError::usage(error).help("name an environment that is one account"));
    }
    let lockfile = setup.lockfile(&global);
    let reader = Reader::new(connect::connect(&global, &setup.environment, true, world)?);
    let keys = pipeline.lookup_keys();
    let prices = tokio::select! {
        prices = async {
            compare::prove(&setup.environment, &lockfile, reader.account().await?, reader.mode())?;
            Ok::<_, CliError>(reader.prices(&keys).await?)
        } => prices.map_err(|error| error.of(&setup.environment.name, &global))?,
        error = world.interrupted() => return Err(error),
    };
    let (there, here) = (&setup.environment.name, &pipeline.environment.name);
    let (prices, _shared) = prices;
    let books = [&prices, &seen.snapshot.prices];
    for key in not_compared(&keys, books) {
        let key = clean(key.as_str());
        world.eprint(&format!(
            "warning: {key} has tiers in `{there}` and in `{here}`, which are not compared\n"
        ));
    }
    let differing = differing_prices(&keys, books);
    if differing.is_empty() {
        return Ok(());
    }
    let details = differing.iter().map(|(key, prices)| {
        let [first, second] = prices.each_ref().map(|it| render::price(it.as_ref()));
        format!("{}: {there} {first}, {here} {second}", clean(key.as_str()))
    });
    let error =
        format!("prices of `{here}` are not what they are in `{there}`; nothing was written");
    let help = "a price can't be changed: make another one in the Dashboard, and transfer the lookup key to it";
    Err(CliError { details: details.collect(), ..CliError::new(error).help(help) })
}
