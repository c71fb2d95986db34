//! The `reconcile` program.

use std::io::Write;
use std::process::ExitCode;

use portal_reconciler::cli::{self, World};
use portal_reconciler::interruption::{Interrupter, Interruption};

fn main() -> ExitCode {
    // One thread is enough for whoever waits for the network; files are read on all processors.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: can't start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(async {
        let (stop, interruption) = Interruption::new();
        let mut world = World::real(interruption);
        tokio::select! {
            // In this order, so that it listens before anything begins that a signal could interrupt.
            biased;
            () = second_interrupt(&stop) => INTERRUPTED,
            code = cli::run(std::env::args_os(), &mut world) => code,
        }
    });
    // A question that nobody answered must not keep the program alive.
    runtime.shutdown_background();
    ExitCode::from(code)
}

/// What a program returns that was told to stop.
const INTERRUPTED: u8 = 130;

/// Passes the first signal on, and ends with the second Ctrl-C. A CI runner that cancels a job sends
/// SIGTERM some seconds after SIGINT, which is no reason to hurry: what ends the program comes soon
/// after.
async fn second_interrupt(stop: &Interrupter) {
    let heard = tokio::select! {
        heard = interrupt() => heard,
        heard = terminate() => heard,
    };
    // Without signal handlers the signals do what they always do.
    if heard.is_ok() {
        stop.raise();
        if interrupt().await.is_ok() {
            return;
        }
    }
    std::future::pending().await
}

async fn interrupt() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

#[cfg(unix)]
async fn terminate() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}

#[cfg(not(unix))]
async fn terminate() -> std::io::Result<()> {
    std::future::pending().await
}
