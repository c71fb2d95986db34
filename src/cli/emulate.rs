//! `reconcile emulate`: the embedded Stripe for others to talk to.

use std::sync::Arc;

use tokio::net::TcpListener;

use super::args::{EmulateArgs, GlobalArgs};
use super::connect::read_seed;
use super::error::CliError;
use super::world::World;
use crate::emulator::{Emulator, Seed, serve};

/// Serves until somebody wants it to stop.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &EmulateArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    if !args.listen.ip().is_loopback() {
        let error = CliError::usage(format!("`{}` is not on this machine", args.listen));
        return Err(
            error.help("the emulator takes any test key, so it listens on loopback addresses only")
        );
    }
    let default_seed = global.configs.join("emulator.seed.json");
    let seed = match &args.seed {
        Some(path) => read_seed(path)?,
        None if default_seed.exists() => read_seed(&default_seed)?,
        None => Seed::default(),
    };
    let emulator = match &args.state {
        Some(path) => Emulator::at_path(path, seed).map_err(|error| CliError::chain(&error))?,
        None => Emulator::in_memory(seed),
    };
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        CliError::new(format!("can't listen on `{}`: {error}", args.listen))
            .help("`--listen 127.0.0.1:0` takes any free port")
    })?;
    let address =
        listener.local_addr().map_err(|error| CliError::new(format!("can't listen: {error}")))?;
    world.print(&format!("http://{address}\n"));
    world.eprint("Takes any test key, such as sk_test_123. Stop it with Ctrl-C.\n");
    let shutdown = async {
        world.interrupted().await;
    };
    serve(listener, Arc::new(emulator), shutdown).await;
    Ok(0)
}
