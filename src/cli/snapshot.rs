//! `reconcile snapshot`: what the account has, for plans without a key; and such plans.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::args::{GlobalArgs, SnapshotArgs};
use super::connect;
use super::error::CliError;
use super::output;
use super::setup::Setup;
use super::world::World;
use super::{quoted, shown};
use crate::desired::Environment;
use crate::snapshot::{Recorder, Saved};
use crate::stripe::Reader;
use crate::text::plural;

/// Reads everything that a plan may need, and saves what Stripe answered.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &SnapshotArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    let Setup { files, environment, bag, .. } = Setup::read(global, world)?;
    if bag.has_errors() {
        return Err(CliError::files(bag, files.sources));
    }
    let mut recorder = None;
    let listen = |transport| {
        let listening = Arc::new(Recorder::new(transport));
        recorder = Some(Arc::clone(&listening));
        listening as Arc<_>
    };
    let connection = connect::connect_through(global, &environment, true, listen, world)?;
    let reader = Reader::new(connection);
    let no_keys = Default::default();
    let n_prices = tokio::select! {
        read = async {
            let (all, n_prices, products) = tokio::join!(
                reader.snapshot(&no_keys),
                reader.list_active_prices(),
                reader.list_active_products(),
            );
            all.and(products).and(n_prices)
        } => read?,
        error = world.interrupted() => return Err(error),
    };
    let recorder = recorder.expect("whoever connects is listened to");
    let taken_at = humantime::format_rfc3339_seconds(world.now()).to_string();
    let saved = recorder.take(taken_at, environment.name.to_string(), environment.mode.livemode());
    if !output::write(&args.file, &saved.to_text(), world) {
        return Ok(1);
    }
    let n_configurations = plural(saved.configurations.len(), "configuration");
    let (file, n_prices) = (shown(&args.file), plural(n_prices, "price"));
    world.print(&world.exact(&format!(
        "{file}: {n_configurations} and {n_prices} of {}\n`reconcile --dry-run --state {}` plans against it\n",
        environment.name,
        quoted(&file)
    )));
    Ok(0)
}

/// Reads a snapshot for an environment.
///
/// Returns an error if it isn't one, or of another environment.
pub(super) fn read(path: &Path, environment: &Environment) -> Result<Saved, CliError> {
    let file = shown(path);
    let text = fs::read_to_string(path).map_err(|error| error.to_string());
    let saved = text.and_then(|text| Saved::parse(&text).map_err(|error| error.to_string()));
    let saved = saved.map_err(|error| {
        CliError::new(format!("can't use the snapshot `{file}`: {error}"))
            .help("`reconcile snapshot FILE` takes one")
    })?;
    let (name, mode) = (environment.name.as_str(), environment.mode);
    if saved.environment != name || saved.livemode != mode.livemode() {
        let side = if saved.livemode { "live" } else { "test" };
        let of = &saved.environment;
        let error = format!(
            "`{file}` is a snapshot of `{of}` ({side} mode), and this is `{name}` ({mode} mode)"
        );
        return Err(CliError::new(error).help("name its environment with `-e`"));
    }
    Ok(saved)
}

/// How old a snapshot is, in words. Whoever has edited it may have written anything.
pub(super) fn age(saved: &Saved, now: SystemTime) -> String {
    let taken = humantime::parse_rfc3339(&saved.taken_at).ok();
    let Some(taken) = taken else {
        return "as it was at a time that its snapshot doesn't tell".to_owned();
    };
    let at = format!("as it was at {}", humantime::format_rfc3339_seconds(taken));
    // Another machine's clock can be ahead.
    let Ok(age) = now.duration_since(taken) else { return at };
    let minutes = Duration::from_secs(age.as_secs() / 60 * 60);
    let ago = match minutes.as_secs() {
        0 => "just now".to_owned(),
        _ => format!("{} ago", humantime::format_duration(minutes)),
    };
    format!("{at}, {ago}")
}
