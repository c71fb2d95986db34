//! The program as another process, which knows nothing of the environment that tests run in.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROFILE: &str = "LLVM_PROFILE_FILE";

/// The program in a folder.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reconcile"));
    command.current_dir(folder).env_clear().envs(profile());
    command
}

/// The program in a folder, with a key for the Stripe at this address.
pub(crate) fn reconcile(folder: &Path, base: &str) -> Command {
    let mut command = program(folder);
    command.env("STRIPE_API_KEY", "sk_test_1").env("STRIPE_API_BASE", base);
    command
}

/// Where `.ci/coverage` collects what programs have done.
pub(crate) fn profile() -> Option<(&'static str, OsString)> {
    std::env::var_os(PROFILE).map(|file| (PROFILE, file))
}

/// Sends a signal, such as `-INT`.
#[track_caller]
pub(crate) fn signal(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// Waits for what a program does, but not as long as CI would.
#[track_caller]
pub(crate) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "a minute, and not yet: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// `reconcile emulate`, which keeps its account in memory.
pub(crate) fn emulate(folder: &Path, options: &[&str]) -> Command {
    let mut command = program(folder);
    command.args(["emulate", "--in-memory", "--listen=127.0.0.1:0"]).args(options);
    command
}

/// A running `reconcile emulate`, which ends with this value.
pub(crate) struct Emulate {
    child: Child,
    /// Where it is served.
    pub(crate) base: String,
}

impl Emulate {
    pub(crate) fn start(folder: &Path, options: &[&str]) -> Self {
        let mut command = emulate(folder, options);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, base: line.trim().to_owned() }
    }
}

impl Drop for Emulate {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
