//! The program, run as users run it.

use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};

use crate::emulated::Emulated;
use crate::say;

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_reconcile");

/// The key of every emulated account.
pub(crate) const KEY: &str = "sk_test_bench";

/// What a process of its own is told to measure one run.
pub(crate) const MEASURE: &str = "--measure";

/// What a run took.
pub(crate) struct Run {
    /// Seconds until something was printed.
    pub(crate) first_output: f64,
    /// Seconds until the end.
    pub(crate) wall: f64,
    /// Bytes of memory at most.
    pub(crate) memory: f64,
}

/// Runs the program once, which must succeed.
///
/// What children have used is known of all of them together only, so each run has a process of its
/// own around it, which is this one again.
pub(crate) fn run(arguments: &[&str], folder: &Path, stripe: Option<&Emulated>) -> Run {
    let this = std::env::current_exe().expect("this is a program");
    let mut command = Command::new(this);
    command.arg(MEASURE).args([PROGRAM, "-C"]).arg(folder).args(arguments).env_clear();
    if let Some(stripe) = stripe {
        command.env("STRIPE_API_KEY", KEY).env("STRIPE_API_BASE", stripe.base());
    }
    measured(command)
}

/// Runs any program once, which must succeed.
pub(crate) fn run_other(program: &str) -> Run {
    let this = std::env::current_exe().expect("this is a program");
    let mut command = Command::new(this);
    command.args([MEASURE, program]);
    measured(command)
}

fn measured(mut command: Command) -> Run {
    let output = command.output().expect("it can be run again");
    let text = String::from_utf8(output.stdout).expect("numbers");
    assert!(
        output.status.success(),
        "{command:?}: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let numbers: Vec<f64> =
        text.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    let &[first_output, wall, memory] = numbers.as_slice() else { panic!("not three: {text}") };
    Run { first_output, wall, memory }
}

/// Runs a command, and prints what it took.
pub(crate) fn measure(command: &[&str]) -> ExitCode {
    let [program, arguments @ ..] = command else { panic!("there is a program") };
    let began = Instant::now();
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it can be run");
    let mut stdout = child.stdout.take().expect("it is piped");
    let mut first = [0];
    // There may be none.
    let _ = stdout.read(&mut first).expect("it can be read");
    let first_output = began.elapsed();
    std::io::copy(&mut stdout, &mut std::io::sink()).expect("it can be read");
    let status = child.wait().expect("it ends");
    let wall = began.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system keeps account");
    let memory = usage.max_rss() * 1024;
    say(&format!("{} {} {memory}\n", first_output.as_secs_f64(), wall.as_secs_f64()));
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
