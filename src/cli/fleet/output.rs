//! What a run on many accounts leaves behind: what it prints, and the files that were asked for.

use super::lines::Lines;
use crate::cli::args::{Format, RunArgs};
use crate::cli::output::{within, write};
use crate::cli::world::World;
use crate::diagnostic::Bag;
use crate::fleet::{Fleet, Results};
use crate::render;
use crate::report::fleet_to_json;
use crate::source::SourceMap;

/// Prints what came of a run, and writes it into files. False if one can't be written: what was
/// applied stays applied.
pub(super) fn report(
    fleet: &Fleet<'_>,
    results: Option<&Results>,
    files: (&Bag, &SourceMap),
    lines: &Lines,
    run: &RunArgs,
    world: &mut World,
) -> bool {
    let markdown = |world: &World| {
        within(run.markdown_max_bytes as usize, |most_bytes| {
            world.exact(&render::fleet_to_markdown(fleet, results, files, most_bytes))
        })
    };
    match run.format {
        Format::Human => {
            let text = world.exact(&render::fleet_outcome(fleet, results, &world.styles));
            world.print(&text);
        }
        Format::Json => lines.end(fleet, results, world),
        Format::Markdown => {
            let text = markdown(world);
            world.print(&text);
        }
    }
    if world.annotates {
        for problem in render::fleet_problems(fleet, results) {
            let text = world.exact(&render::annotation(&problem, None));
            world.eprint(&text);
        }
    }
    let plan = run.plan_out.as_ref().map(|path| {
        let text = format!("{:#}\n", fleet_to_json(fleet, results));
        (path, crate::text::json(text))
    });
    let markdown = run.markdown_out.as_ref().map(|path| (path, markdown(world)));
    let files: Vec<_> = plan.into_iter().chain(markdown).collect();
    let n_written = files.iter().filter(|(path, text)| write(path, text, world)).count();
    n_written == files.len()
}
