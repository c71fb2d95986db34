//! The program: arguments, environment, terminal, clock and exit codes. Everything that touches
//! them is in here, one command a file.

mod args;
mod connect;
mod consent;
mod embedded;
mod emulate;
mod error;
mod get;
mod lock;
mod pipeline;
mod progress;
mod reconcile;
mod setup;
mod validate;
mod world;

pub use world::World;

use std::ffi::OsString;
use std::path::Path;

use clap::Parser;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use args::{Args, Command};
use error::CliError;

use crate::report::failure_to_json;
use crate::text::clean;

/// What the program returns for arguments that it doesn't understand.
const USAGE: u8 = 64;

/// Runs the program and returns its exit code.
pub async fn run(arguments: impl IntoIterator<Item = OsString>, world: &mut World) -> u8 {
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => return usage(&error, world),
    };
    log_to_stderr(args.global.verbose, world.stderr_is_terminal);
    world.choose_colors(args.global.color);
    let result = match &args.command {
        Some(_) if args.run != args::RunArgs::default() => Err(CliError::usage(
            "`--dry-run`, `--yes` and the like are for `reconcile` without a command",
        )),
        None => reconcile::run(&args.global, &args.run, world).await,
        Some(Command::Validate) => validate::run(&args.global, world),
        Some(Command::Lock(lock)) => lock::run(&args.global, lock, world).await,
        Some(Command::Get(get)) => get::run(&args.global, get, world),
        Some(Command::Emulate(emulate)) => emulate::run(&args.global, emulate, world).await,
    };
    let code = result.unwrap_or_else(|error| {
        world.complain(&error);
        if args.run.format == args::Format::Json {
            let files = error.files.as_ref().map(|(bag, sources)| (bag, sources));
            world.print(&failure_to_json(&error.message, error.help.as_deref(), error.code, files));
        }
        error.code
    });
    if world.could_not_print() { code.max(1) } else { code }
}

/// A path as it can be shown.
fn shown(path: &Path) -> String {
    clean(&path.display().to_string())
}

/// Prints what clap has to say: help goes to stdout, errors to stderr.
fn usage(error: &clap::Error, world: &mut World) -> u8 {
    let text = error.render().to_string();
    if error.use_stderr() {
        world.eprint(&text);
        USAGE
    } else {
        world.print(&text);
        0
    }
}

fn log_to_stderr(verbose: u8, is_terminal: bool) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let layer = tracing_subscriber::fmt::layer()
        .without_time()
        .with_target(false)
        .with_ansi(is_terminal)
        .with_writer(std::io::stderr);
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    // Fails only in tests that run several times in one process.
    let _ = tracing_subscriber::registry().with(layer).with(ours).try_init();
}
