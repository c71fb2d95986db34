//! Stripe's own SDKs, unchanged, against the emulator.
//!
//! They come from the registries, so these tests run only where `RECONCILE_REAL_CLIENTS=1` asks for
//! them. There, a missing tool is a failure.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use portal_reconciler::emulator::{Emulator, Seed, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

fn are_wanted() -> bool {
    std::env::var_os("RECONCILE_REAL_CLIENTS").is_some_and(|value| value == "1")
}

#[test]
fn stripes_sdk_for_node_takes_the_emulator_for_stripe() {
    if !are_wanted() {
        return;
    }
    let folder = installed("node", "package.json", |folder| {
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(folder);
        npm
    });
    // Node looks for packages beside the file that imports them.
    fs::copy(client("node").join("scenario.js"), folder.join("scenario.js"))
        .expect("the scenario can be copied");
    let mut node = Command::new("node");
    node.arg(folder.join("scenario.js"));
    run_scenario(node);
}

#[test]
fn stripes_sdk_for_python_takes_the_emulator_for_stripe() {
    if !are_wanted() {
        return;
    }
    let folder = installed("python", "requirements.txt", |folder| {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--target"])
            .arg(folder)
            .arg("--requirement")
            .arg(folder.join("requirements.txt"));
        pip
    });
    let mut python = Command::new("python3");
    python.arg(client("python").join("scenario.py")).env("PYTHONPATH", folder);
    run_scenario(python);
}

/// Where a client's pin and scenario are.
fn client(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name)
}

/// Installs what a pin names into a folder below the target folder, unless the same pin has been
/// installed there before.
fn installed(name: &str, pin: &str, install: impl Fn(&Path) -> Command) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(name);
    let wanted = client(name).join(pin);
    let done = folder.join("installed");
    let read = |path: &Path| fs::read_to_string(path).ok();
    if read(&done).is_none_or(|pin| Some(pin) != read(&wanted)) {
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the former installation can be removed");
        }
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::copy(&wanted, folder.join(pin)).expect("the pin can be copied");
        succeed(install(&folder));
        fs::copy(&wanted, done).expect("the installation can be marked as done");
    }
    folder
}

/// Runs a scenario against an empty account on loopback.
fn run_scenario(mut scenario: Command) {
    let runtime = tokio::runtime::Runtime::new().expect("there is a runtime");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("there is a port");
    let address = listener.local_addr().expect("the port is known");
    let (stop, stopped) = oneshot::channel::<()>();
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    let server = runtime.spawn(serve(listener, emulator, async move {
        drop(stopped.await);
    }));
    scenario.env("STRIPE_URL", format!("http://{address}")).env("STRIPE_KEY", "sk_test_51Scenario");
    succeed(scenario);
    drop(stop);
    runtime.block_on(server).expect("the server stops when told to");
}

#[track_caller]
fn succeed(mut command: Command) {
    let program = command.get_program().display().to_string();
    let output =
        command.output().unwrap_or_else(|error| panic!("`{program}` can't be run: {error}"));
    assert!(
        output.status.success(),
        "`{program}` failed with {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
