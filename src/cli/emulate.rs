//! `reconcile emulate`: the embedded Stripe for others to talk to.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::args::GlobalArgs;
use super::embedded;
use super::error::CliError;
use super::world::World;
use crate::emulator::{Emulator, Limits, QuirkError, Quirks, serve};

#[derive(Debug, clap::Args)]
pub(super) struct EmulateArgs {
    /// Where to listen. Only loopback addresses are possible.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:12111")]
    listen: SocketAddr,
    /// Keep the state in this file instead of the folder's own, which `--emulator` uses, too.
    #[arg(long, value_name = "FILE", conflicts_with = "in_memory")]
    state: Option<PathBuf>,
    /// Keep the state in memory only: it ends with the program.
    #[arg(long)]
    in_memory: bool,
    /// What the account has at first (products, prices, customers, configurations), if there is no
    /// state yet. By default the folder's `emulator.seed.json`.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Let every request take so long, such as `100ms` or `2s`. Stripe has acted by then; the same
    /// idempotency key meanwhile is a conflict.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    latency: Option<Duration>,
    /// Refuse more requests a second than Stripe does: 100 on the live side, 25 on the test side and
    /// to each endpoint; or than this number.
    #[arg(
        long,
        value_name = "NUMBER",
        num_args = 0..=1,
        require_equals = true,
        value_parser = clap::value_parser!(u32).range(1..=10_000)
    )]
    rate_limit: Option<Option<u32>>,
    /// Behave otherwise where nobody knows how Stripe does, such as `words_are_sorted` or
    /// `list_delay=2`. A wrong name lists them all.
    #[arg(long, value_name = "QUIRK")]
    quirk: Vec<String>,
}

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
    let quirks = quirks(args, world)?;
    let seed = embedded::seed(&global.configs, args.seed.as_deref())?;
    let emulator = if args.in_memory {
        Emulator::in_memory(seed)
    } else {
        let state = args.state.clone().unwrap_or_else(|| embedded::state_path(&global.configs));
        Emulator::at_path(&state, seed).map_err(|error| embedded::unusable(&error))?
    };
    let emulator = with_limits(emulator, args).with_quirks(quirks);
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        CliError::new(format!("can't listen on `{}`: {error}", args.listen))
            .help("`--listen 127.0.0.1:0` takes any free port")
    })?;
    let address =
        listener.local_addr().map_err(|error| CliError::new(format!("can't listen: {error}")))?;
    world.print(&format!("http://{address}\n"));
    world.eprint(
        "Takes any key that looks like one, such as sk_test_123, unless the seed says otherwise. \
         Ctrl-C stops it.\n",
    );
    let shutdown = async {
        world.interrupted().await;
    };
    serve(listener, Arc::new(emulator), shutdown).await;
    Ok(0)
}

/// What the command line switches on.
fn quirks(args: &EmulateArgs, world: &mut World) -> Result<Quirks, CliError> {
    let mut quirks = Quirks::default();
    for quirk in &args.quirk {
        quirks.set(quirk).map_err(|error| {
            let help = match &error {
                QuirkError::Unknown(_) => {
                    world.eprint(&Quirks::list());
                    "the list above has them all"
                }
                QuirkError::Value { .. } => "write it as `--quirk NAME=VALUE`",
            };
            CliError::usage(&error).help(help)
        })?;
    }
    Ok(quirks)
}

fn with_limits(mut emulator: Emulator, args: &EmulateArgs) -> Emulator {
    if let Some(limit) = args.rate_limit {
        emulator = emulator.with_limits(limit.map_or_else(Limits::default, Limits::per_second));
    }
    emulator.with_latency(args.latency.unwrap_or_default())
}

/// Reads `100ms` or `2s`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write it as `100ms` or `2s`".to_owned();
    let (number, unit): (&str, fn(u64) -> Duration) = match text.strip_suffix("ms") {
        Some(number) => (number, Duration::from_millis),
        None => (text.strip_suffix('s').ok_or_else(wrong)?, Duration::from_secs),
    };
    number.parse().map(unit).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit() {
        assert_eq!(duration("100ms"), Ok(Duration::from_millis(100)));
        assert_eq!(duration("2s"), Ok(Duration::from_secs(2)));
        for wrong in ["100", "s", "-1s", "1.5s", "1 s", "2m"] {
            duration(wrong).unwrap_err();
        }
    }
}
