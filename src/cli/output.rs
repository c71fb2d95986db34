//! What a run leaves behind: one document on stdout, and the files that were asked for.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::args::{Format, GlobalArgs, RunArgs};
use super::consent::is_somebody_there;
use super::error::CliError;
use super::pipeline::Pipeline;
use super::replace;
use super::setup;
use super::shown;
use super::world::World;
use crate::model::EnvironmentName;
use crate::render::{self, Styles};
use crate::report::{RunReport, failure_to_json, to_json};

/// Shows what there is to do to whoever may have to agree to it.
///
/// Returns an error if it can't be shown and would be applied.
pub(super) fn show(
    run: &RunArgs,
    world: &mut World,
    render: impl Fn(&Styles) -> String,
) -> Result<(), CliError> {
    match run.format {
        Format::Human => world.print(&world.exact(&render(&world.styles))),
        // Stdout has one document, at the end.
        Format::Json | Format::Markdown if is_somebody_there(world) && !run.dry_run => {
            world.eprint(&world.exact(&render(&world.error_styles)));
        }
        Format::Json | Format::Markdown => {}
    }
    if world.could_not_print() && !run.dry_run {
        return Err(CliError::new("the plan can't be shown, so it is not applied"));
    }
    Ok(())
}

/// Prints what came of a run, and writes it into files. False if one can't be written: what was
/// applied stays applied.
pub(super) fn report(
    report: &RunReport,
    pipeline: &Pipeline,
    run: &RunArgs,
    world: &mut World,
) -> bool {
    let lockfile = shown(&pipeline.lockfile);
    let json = || to_json(report, &pipeline.files.sources);
    let markdown = |world: &World| {
        let sources = &pipeline.files.sources;
        within(run.markdown_max_bytes as usize, |most_bytes| {
            world.exact(&render::markdown(report, sources, &lockfile, most_bytes))
        })
    };
    let text = match run.format {
        Format::Human => world.exact(&render::outcome(report, &lockfile, &world.styles)),
        Format::Json => json(),
        Format::Markdown => markdown(world),
    };
    world.print(&text);
    if world.annotates {
        for blocker in &report.plan.blockers {
            let text = render::annotation(&blocker.to_string(), Some(&blocker.help()));
            world.eprint(&world.exact(&text));
        }
    }
    let plan = run.plan_out.as_ref().map(|path| (path, json()));
    let markdown = run.markdown_out.as_ref().map(|path| (path, markdown(world)));
    let files: Vec<_> = plan.into_iter().chain(markdown).collect();
    let n_written = files.iter().filter(|(path, text)| write(path, text, world)).count();
    n_written == files.len()
}

/// Prints why a run made no plan, or may not apply it, and writes it into files.
pub(super) fn failure(error: &CliError, global: &GlobalArgs, run: &RunArgs, world: &mut World) {
    world.complain(error);
    let files = error.files.as_ref().map(|(bag, sources)| (bag, sources));
    let help = error.help.as_deref();
    let message = error.whole();
    let json = || failure_to_json(&message, &error.details, help, error.code, files);
    let environment = setup::named(global).ok().flatten();
    let name = environment.as_ref().map(EnvironmentName::as_str).unwrap_or_default();
    let markdown = |world: &World| {
        let details = &error.details;
        within(run.markdown_max_bytes as usize, |most_bytes| {
            let text =
                render::failure_to_markdown(name, &message, details, help, files, most_bytes);
            world.exact_of(&text, error)
        })
    };
    match run.format {
        Format::Human => {}
        Format::Json => world.print(&json()),
        Format::Markdown => world.print(&markdown(world)),
    }
    let plan = run.plan_out.as_ref().map(|path| (path, json()));
    let markdown = run.markdown_out.as_ref().map(|path| (path, markdown(world)));
    for (path, text) in plan.into_iter().chain(markdown) {
        write(path, &text, world);
    }
}

/// A text of at most so many bytes, from one that grows after it was made: its commands get options.
pub(super) fn within(most_bytes: usize, make: impl Fn(usize) -> String) -> String {
    let mut room = most_bytes;
    loop {
        let text = make(room);
        let excess = text.len().saturating_sub(most_bytes);
        if excess == 0 || room == 0 {
            return text;
        }
        room = room.saturating_sub(excess);
    }
}

/// Writes a file in one step; but `/dev/stdout` and pipes can't be replaced.
pub(super) fn write(path: &Path, text: &str, world: &mut World) -> bool {
    let write = || -> io::Result<()> {
        if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
            return File::options().append(true).open(path)?.write_all(text.as_bytes());
        }
        replace::beside(path, text)?.persist(path)?;
        Ok(())
    };
    let written = write();
    if let Err(error) = &written {
        world.complain(&replace::failed(path, error));
    }
    written.is_ok()
}
