//! From an environment to a connection: which key, which server.

use std::sync::Arc;

use super::args::GlobalArgs;
use super::embedded;
use super::error::CliError;
use super::setup::KEY_VARIABLE;
use super::world::World;
use crate::desired::Environment;
use crate::snapshot::{Replay, Saved};
use crate::stripe::{Connection, Limits, SecretKey};
use crate::transport::{Network, NetworkError, Transport};

/// Connects to the environment's account. Nothing is sent yet.
///
/// Returns an error if there is no key, or not one for this environment.
pub(super) fn connect(
    global: &GlobalArgs,
    environment: &Environment,
    is_dry_run: bool,
    world: &World,
) -> Result<Connection, CliError> {
    connect_through(global, environment, is_dry_run, |transport| transport, world)
}

/// Connects to what was saved of the environment's account.
pub(super) fn connect_to(saved: Saved, world: &World) -> Connection {
    let key = if saved.livemode { "rk_live_snapshot" } else { "rk_test_snapshot" };
    let key = SecretKey::parse(key).expect("a well-formed key");
    Connection::new(Arc::new(Replay::new(saved)), key, Limits::none(), world.interruption())
}

/// Connects through whatever is put before the account.
pub(super) fn connect_through(
    global: &GlobalArgs,
    environment: &Environment,
    is_dry_run: bool,
    through: impl FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport>,
    world: &World,
) -> Result<Connection, CliError> {
    let (transport, key, limits) = match &global.emulator {
        Some(state) => {
            let emulator = embedded::open(&global.configs, state.as_deref(), is_dry_run)?;
            let key = SecretKey::parse("sk_test_emulator").expect("a well-formed key");
            (Arc::new(emulator) as Arc<dyn Transport>, key, Limits::none())
        }
        None => {
            let key = key(environment, world)?;
            let documented = Limits::documented(key.mode());
            let asked =
                environment.max_requests_per_second.map(|n| n.try_into().unwrap_or(u32::MAX));
            let limits = asked.map_or(documented, |rate| documented.with_rate(rate));
            (transport(&key, world)?, key, limits)
        }
    };
    let limits = limits.with_at_once(global.parallelism(world)?);
    let connection = Connection::new(through(transport), key, limits, world.interruption());
    Ok(match &environment.account {
        Some(account) if environment.is_connected => connection.on(account.clone()),
        _ => connection,
    })
}

fn key(environment: &Environment, world: &World) -> Result<SecretKey, CliError> {
    let variable = environment.api_key_env.as_deref().unwrap_or(KEY_VARIABLE);
    let key = world.variable(variable).ok_or_else(|| {
        let error = format!("there is no key: the environment variable `{variable}` is not set");
        CliError::new(error).help("set it to a restricted key of the account, or try everything without one: `reconcile --emulator`")
    })?;
    let key =
        SecretKey::parse(&key).map_err(|error| CliError::new(format!("`{variable}`: {error}")))?;
    if key.mode() != environment.mode {
        let (found, expected) = (key.mode(), environment.mode);
        let error = format!(
            "`{variable}` is a key of {found} mode, but the environment `{}` is of {expected} mode",
            environment.name
        );
        let help = "use the other key, or name the other environment with `-e`; in `reconcile.yaml`, `livemode: true` makes one live";
        return Err(CliError::new(error).help(help));
    }
    Ok(key)
}

fn transport(key: &SecretKey, world: &World) -> Result<Arc<dyn Transport>, CliError> {
    if let Some(stripe) = &world.stripe {
        return Ok(Arc::clone(stripe));
    }
    let network = match world.variable("STRIPE_API_BASE") {
        Some(_) if key.mode().livemode() => {
            let message = "`STRIPE_API_BASE` is set, but a live key is sent to Stripe only";
            return Err(CliError::new(message).help("use a test key, or unset `STRIPE_API_BASE`"));
        }
        Some(base) => Network::to_loopback(&base),
        None => Network::to_stripe(),
    };
    let network = network.map_err(|error| match error {
        NetworkError::Client(_) => CliError::chain(&error),
        NetworkError::NotLoopback | NetworkError::NotAUrl => {
            CliError::new(format!("`STRIPE_API_BASE`: {error}"))
        }
    })?;
    Ok(Arc::new(network))
}
