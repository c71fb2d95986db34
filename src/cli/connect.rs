//! From options and environment variables to a connection: which environment, which key, which
//! server.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::GlobalArgs;
use super::error::CliError;
use super::world::World;
use crate::desired::{Environment, ProjectFile};
use crate::emulator::{Emulator, Seed};
use crate::plan::Policy;
use crate::stripe::{Connection, SecretKey};
use crate::transport::{Network, Transport};

/// The environment of a run with the embedded Stripe, so that its lockfile is never a real one's.
pub(super) const EMULATOR: &str = "emulator";

/// Where a run goes.
pub(super) struct Target {
    /// The environment's name.
    pub(super) name: String,
    pub(super) connection: Connection,
}

/// The environment of `reconcile.yaml` that is meant, and its name there.
///
/// Returns an error if there are several and none is named: a guess could be the live one.
pub(super) fn environment(
    global: &GlobalArgs,
    project: &ProjectFile,
) -> Result<(Option<String>, Environment), CliError> {
    let name =
        match (&global.environment, project.environments.keys().collect::<Vec<_>>().as_slice()) {
            (Some(name), _) => name.clone(),
            (None, []) => return Ok((None, Environment::default())),
            (None, [only]) => (*only).clone(),
            (None, several) => {
                let names: Vec<String> =
                    several.iter().map(|name| format!("`-e {name}`")).collect();
                let help = format!("say which: {}", names.join(", "));
                return Err(CliError::usage("`reconcile.yaml` has several environments").help(help));
            }
        };
    let environment = project.environment(&name).map_err(CliError::usage)?;
    Ok((Some(name), environment))
}

/// Connects to the server that is meant, with the key that is meant.
pub(super) fn connect(
    global: &GlobalArgs,
    name: Option<String>,
    environment: &Environment,
    world: &World,
) -> Result<Target, CliError> {
    if let Some(state) = &global.emulator {
        let emulator = embedded(&global.configs, state.as_deref())?;
        let key = SecretKey::parse("sk_test_emulator").expect("a well-formed key");
        return Ok(Target {
            name: EMULATOR.into(),
            connection: Connection::new(Arc::new(emulator), key),
        });
    }
    let variable = environment.api_key_env.as_deref().unwrap_or("STRIPE_API_KEY");
    let key = world.variable(variable).ok_or_else(|| {
        CliError::new(format!("there is no key: the environment variable `{variable}` is not set"))
            .help("set it to a restricted key of the account, or try everything without one: `reconcile --emulator`")
    })?;
    let key =
        SecretKey::parse(&key).map_err(|error| CliError::new(format!("`{variable}`: {error}")))?;
    let transport: Arc<dyn Transport> = match world.variable("STRIPE_API_BASE") {
        Some(_) if key.mode().livemode() => {
            let message = "`STRIPE_API_BASE` is set, but a live key is sent to Stripe only";
            return Err(CliError::new(message).help("use a test key, or unset `STRIPE_API_BASE`"));
        }
        Some(base) => Arc::new(network(Network::to_loopback(&base), "`STRIPE_API_BASE`: ")?),
        None => Arc::new(network(Network::to_stripe(), "")?),
    };
    let name = name.unwrap_or_else(|| key.mode().to_string());
    Ok(Target { name, connection: Connection::new(transport, key) })
}

fn network(
    network: Result<Network, crate::transport::NetworkError>,
    what: &str,
) -> Result<Network, CliError> {
    network.map_err(|error| CliError::new(format!("{what}{error}")))
}

/// The embedded Stripe, with the state and the seed that belong to a folder.
fn embedded(configs: &Path, state: Option<&Path>) -> Result<Emulator, CliError> {
    let state = state.map_or_else(|| configs.join(".emulator.json"), Path::to_owned);
    let seed = configs.join("emulator.seed.json");
    let seed = if seed.exists() { read_seed(&seed)? } else { Seed::default() };
    Emulator::at_path(&state, seed).map_err(|error| CliError::chain(&error))
}

/// Reads what an emulated account has at first.
pub(super) fn read_seed(path: &Path) -> Result<Seed, CliError> {
    let shown = super::shown(path);
    let text = fs::read_to_string(path)
        .map_err(|error| CliError::new(format!("can't read `{shown}`: {error}")))?;
    Seed::parse(&text).map_err(|error| CliError::new(format!("`{shown}`: {error}")))
}

/// Where an environment's lockfile is.
pub(super) fn lockfile_path(configs: &Path, environment: &str) -> PathBuf {
    configs.join(format!("{environment}.lock.json"))
}

/// What the settings and the command line allow.
pub(super) fn policy(
    name: &str,
    environment: &Environment,
    max_changes: Option<u64>,
    global: &GlobalArgs,
) -> Policy {
    // The embedded account is neither of the real ones.
    let is_real = global.emulator.is_none();
    Policy {
        environment: name.to_owned(),
        account: environment.account.clone().filter(|_| is_real),
        mode: environment.mode.filter(|_| is_real),
        max_changes: max_changes.or(environment.max_changes),
    }
}
