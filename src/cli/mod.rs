//! The program: arguments, environment, terminal, clock and exit codes. Everything that touches
//! them is in here, one command a file.

mod accept;
mod applying;
mod args;
mod compare;
mod connect;
mod consent;
mod difference;
mod embedded;
mod emulate;
mod error;
mod explain;
mod export;
mod fleet;
mod get;
mod import;
mod like;
mod lock;
mod lockfiles;
mod log;
mod output;
mod pipeline;
mod preview;
mod prices;
mod progress;
mod reconcile;
mod replace;
mod schema;
mod session;
mod setup;
mod show;
mod snapshot;
mod validate;
mod verify;
mod world;

pub use world::World;

use std::ffi::OsString;
use std::path::Path;

use args::{Args, Command};
use clap::{CommandFactory, Parser};
use error::CliError;

use crate::text::clean;

/// What the program returns for arguments that it doesn't understand.
const USAGE: u8 = 64;

/// What can be typed, for those who make completions and manual pages of it.
#[doc(hidden)]
pub fn command() -> clap::Command {
    Args::command()
}

/// Runs the program and returns its exit code.
pub async fn run(arguments: impl IntoIterator<Item = OsString>, world: &mut World) -> u8 {
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => return usage(&error, world),
    };
    log::to_stderr(args.global.verbose, world.bars.clone());
    world.choose_colors(args.global.color);
    world.annotates = args.global.annotations == args::Annotations::Github;
    world.command = args.global.command();
    world.again = args.run.again(&world.command);
    let given = args.run.given();
    let result = match &args.command {
        Some(_) if !given.is_empty() => {
            let error = format!("{} is for `reconcile` without a command", given.join(", "));
            Err(CliError::usage(error))
        }
        None => reconcile::run(&args.global, &args.run, world).await,
        Some(Command::Validate) => validate::run(&args.global, world),
        Some(Command::Lock(lock)) => lock::run(&args.global, lock, world).await,
        Some(Command::Import(import)) => import::run(&args.global, import, world).await,
        Some(Command::Show(show)) => show::run(&args.global, show, world),
        Some(Command::Compare(compare)) => compare::run(&args.global, compare, world).await,
        Some(Command::Accept(accept)) => accept::run(&args.global, accept, world).await,
        Some(Command::Get(get)) => get::run(&args.global, get, world),
        Some(Command::Session(session)) => session::run(&args.global, session, world).await,
        Some(Command::Verify(verify)) => verify::run(&args.global, verify, world).await,
        Some(Command::Export(export)) => export::run(&args.global, export, world),
        Some(Command::Explain(explain)) => explain::run(explain, world),
        Some(Command::Schema(schema)) => schema::run(schema, world),
        Some(Command::Snapshot(snapshot)) => snapshot::run(&args.global, snapshot, world).await,
        Some(Command::Preview(preview)) => preview::run(&args.global, preview, world).await,
        Some(Command::Emulate(emulate)) => emulate::run(&args.global, emulate, world).await,
    };
    let code = result.unwrap_or_else(|error| {
        output::failure(&error, &args.global, &args.run, world);
        error.code
    });
    if world.could_not_print() { code.max(1) } else { code }
}

/// A path as it can be shown.
fn shown(path: &Path) -> String {
    clean(&path.display().to_string())
}

/// A text as a shell takes it for one word.
fn quoted(text: &str) -> String {
    let text = clean(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@+,=%".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
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
