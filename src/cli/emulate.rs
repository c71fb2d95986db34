//! `reconcile emulate`: the embedded Stripe for others to talk to.

use std::sync::Arc;

use tokio::net::TcpListener;

use super::args::{EmulateArgs, GlobalArgs};
use super::embedded;
use super::error::CliError;
use super::world::World;
use crate::emulator::{Emulator, serve};

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
    let seed = embedded::seed(&global.configs, args.seed.as_deref())?;
    let emulator = if args.in_memory {
        Emulator::in_memory(seed)
    } else {
        let state = args.state.clone().unwrap_or_else(|| embedded::state_path(&global.configs));
        Emulator::at_path(&state, seed).map_err(|error| CliError::chain(&error))?
    };
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        CliError::new(format!("can't listen on `{}`: {error}", args.listen))
            .help("`--listen 127.0.0.1:0` takes any free port")
    })?;
    let address =
        listener.local_addr().map_err(|error| CliError::new(format!("can't listen: {error}")))?;
    world.print(&format!("http://{address}\n"));
    world.eprint("Takes any key that looks like one, such as sk_test_123. Ctrl-C stops it.\n");
    let shutdown = async {
        world.interrupted().await;
    };
    serve(listener, Arc::new(emulator), shutdown).await;
    Ok(0)
}
