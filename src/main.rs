//! The `reconcile` program.

use std::process::ExitCode;

use portal_reconciler::cli::{self, World};
use tokio::sync::watch;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(_) => return ExitCode::FAILURE,
    };
    let code = runtime.block_on(async {
        let (stop, interruption) = watch::channel(false);
        tokio::spawn(async move {
            // Without signal handlers the signals do what they always do.
            if wait_for_signal().await.is_ok() {
                let _ = stop.send(true);
            }
        });
        cli::run(std::env::args_os(), &mut World::real(interruption)).await
    });
    // A question that nobody answered must not keep the program alive.
    runtime.shutdown_background();
    ExitCode::from(code)
}

#[cfg(unix)]
async fn wait_for_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn wait_for_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
