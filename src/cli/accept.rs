//! `reconcile accept`: files that want what the account has come to have.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::args::{AcceptArgs, GlobalArgs, RunArgs};
use super::difference;
use super::error::CliError;
use super::pipeline::Pipeline;
use super::prices::keyed_prices;
use super::replace;
use super::setup::Setup;
use super::world::World;
use crate::accept::{Accepted, Unacceptable, accept};
use crate::import::Place;
use crate::model::{FieldPath, PriceBook, Role, Settings};
use crate::plan::{Action, Cause, FieldChange, Plan, RolePlan};
use crate::render;
use crate::stripe::Snapshot;
use crate::text::{clean, plural, suggest};

/// Looks at the account, edits all files in memory, and writes them only if every one can say what
/// it has to.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &AcceptArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    // What is doubtful about files that are about to change is for the next plan to say.
    let pipeline = Pipeline::prepare(
        Setup::read(global, world)?,
        global,
        &RunArgs::looking(),
        |_, _, _| {},
        world,
    )?;
    let named = named(&args.roles, &pipeline)?;
    let seen = tokio::select! {
        seen = pipeline.look() => seen?,
        error = world.interrupted() => return Err(error),
    };
    pipeline.prove(&seen)?;
    let plan = pipeline.plan(&seen)?;
    let snapshot = &seen.snapshot;
    let chosen = choose(&plan, &named, world)?;
    if chosen.is_empty() {
        world.print("Nothing to accept.\n");
        return Ok(0);
    }
    let settings: Vec<&Settings> = chosen.iter().map(|role| live(role, snapshot)).collect();
    let ids = settings.iter().flat_map(|settings| settings.prices()).collect();
    let mut prices = keyed_prices(&ids, &pipeline.reader, world).await?;
    prices.extend(snapshot.prices.clone());
    let mut edits = Vec::new();
    for (role, settings) in chosen.iter().zip(settings) {
        edits.extend(edit(role, settings, &prices, &pipeline, world)?);
    }
    if edits.len() < chosen.len() {
        return Err(CliError::new(
            "not every file can want what the account has; none was written",
        )
        .help("name the roles that can be accepted, as in `reconcile accept ROLE`"));
    }
    for (n_written, (role, accepted)) in edits.iter().enumerate() {
        write(&path(global, role), accepted, world).map_err(|error| {
            let details = match n_written {
                0 => Vec::new(),
                n => vec![format!("{} edited before that", plural(n, "file"))],
            };
            CliError { details, ..error }
        })?;
        warn(role, accepted, global, world);
    }
    finish(edits.len(), &pipeline, world);
    Ok(0)
}

/// The roles that the command line names.
fn named(roles: &[String], pipeline: &Pipeline) -> Result<BTreeSet<Role>, CliError> {
    let with_file: BTreeSet<&Role> = pipeline.files.roles().collect();
    let names: Vec<&str> = with_file.iter().map(|role| role.as_str()).collect();
    let parse = |text: &String| match Role::parse(text) {
        Ok(role) if with_file.contains(&role) => Ok(role),
        _ => {
            let error = CliError::usage(format!("there is no file of a role `{}`", clean(text)));
            Err(error.help(suggest::help(text, &names)))
        }
    };
    roles.iter().map(parse).collect()
}

/// The roles whose files are to be edited. Says which are left alone, and why.
///
/// Returns an error if there is nothing to accept of one that is named.
fn choose<'p>(
    plan: &'p Plan,
    named: &BTreeSet<Role>,
    world: &mut World,
) -> Result<Vec<&'p RolePlan>, CliError> {
    if let Some(role) = named.iter().find(|name| !plan.roles.iter().any(|it| it.role == **name)) {
        let reasons: Vec<String> = plan.blockers.iter().map(ToString::to_string).collect();
        let error = format!("`{role}` can't be accepted: {}", reasons.join("; "));
        return Err(CliError::new(error).help("`reconcile --dry-run` shows what is in the way"));
    }
    let mut chosen = Vec::new();
    for plan in &plan.roles {
        let is_named = named.contains(&plan.role);
        let has = |cause: Cause| plan.changes.iter().any(|change| change.cause == cause);
        let role = &plan.role;
        if plan.activates && (is_named || named.is_empty()) {
            let text = format!(
                "note: `{role}` is inactive in the account, which no file can want; `reconcile` makes it active again, and without `{role}.yaml` it stays inactive\n"
            );
            let text = world.exact(&text);
            world.eprint(&text);
        }
        if !is_named {
            if named.is_empty() && has(Cause::Both) {
                let text = format!(
                    "left alone: `{role}`, because its file and the account changed the same value; `reconcile accept {role}` takes the account's\n"
                );
                let text = world.exact(&text);
                world.eprint(&text);
            } else if named.is_empty() && has(Cause::Drifted) {
                chosen.push(plan);
            }
            continue;
        }
        match plan.action {
            Action::Create => {
                let error = format!("the account has no configuration of `{role}` yet");
                return Err(CliError::new(error).help("`reconcile` creates it"));
            }
            // A role that has a file is never deactivated.
            Action::None(_) | Action::Deactivate(_) => {}
            Action::Adopt(_) | Action::Update(_) | Action::Reactivate(_) => {
                if plan.changes.iter().any(|change| !is_edit(change)) {
                    chosen.push(plan);
                } else if !plan.changes.is_empty() {
                    let error = format!("`{role}` has not drifted: only its file was edited");
                    return Err(CliError::new(error).help("`reconcile` applies the edit"));
                }
            }
        }
    }
    Ok(chosen)
}

/// True if only the file is another one, or what it stands for.
fn is_edit(change: &FieldChange) -> bool {
    matches!(change.cause, Cause::Edited | Cause::Moved)
}

/// What the account has for a role.
fn live<'s>(plan: &RolePlan, snapshot: &'s Snapshot) -> &'s Settings {
    let id = plan.action.id().expect("what is only to be created was not chosen");
    &snapshot.live.configurations[id].settings
}

/// The edit of a role's file, unless there can't be one: then says why.
fn edit(
    plan: &RolePlan,
    live: &Settings,
    prices: &PriceBook,
    pipeline: &Pipeline,
    world: &mut World,
) -> Result<Option<(Role, Accepted)>, CliError> {
    let edits = plan.changes.iter().filter(|change| is_edit(change));
    let except: BTreeSet<FieldPath> = edits.map(|change| change.path.clone()).collect();
    let place = Place {
        files: &pipeline.files,
        project: &pipeline.project,
        environment: &pipeline.environment,
        today: world.today(),
    };
    let role = &plan.role;
    let why_not = match accept(role, live, &except, place, prices) {
        Ok(accepted) => return Ok(Some((role.clone(), accepted))),
        Err(Unacceptable::Rules(bag, sources)) => {
            world.eprint(&format!(
                "`{role}` can't be accepted, because its file would be refused:\n"
            ));
            let text = render::diagnostics(&bag, &sources, &world.error_styles);
            world.eprint(&text);
            return Ok(None);
        }
        Err(Unacceptable::Paths(paths)) => {
            let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
            format!("no file can say what the account has at {}", paths.join(", "))
        }
        Err(Unacceptable::Text(error)) => error.to_string(),
    };
    world.eprint(&format!("`{role}` can't be accepted: {}\n", clean(&why_not)));
    Ok(None)
}

fn path(global: &GlobalArgs, role: &Role) -> PathBuf {
    global.configs.join(format!("{role}.yaml"))
}

/// Replaces a file in one step, unless somebody has changed it meanwhile, and shows how.
fn write(path: &Path, accepted: &Accepted, world: &mut World) -> Result<(), CliError> {
    let shown = super::shown(path);
    let failed = |error: io::Error| replace::failed(path, &error);
    let metadata = fs::symlink_metadata(path).map_err(failed)?;
    if !metadata.is_file() || fs::read_to_string(path).map_err(failed)? != accepted.before {
        let why = "somebody else has changed it meanwhile";
        return Err(CliError::new(format!("can't write `{shown}`: {why}")));
    }
    let replace = || -> io::Result<()> {
        let file = replace::beside(path, &accepted.after)?;
        file.as_file().set_permissions(metadata.permissions())?;
        file.persist(path)?;
        Ok(())
    };
    replace().map_err(failed)?;
    world.print(&difference::shown([&shown, &shown], &accepted.before, &accepted.after));
    Ok(())
}

/// Says what the file can't do any more.
fn warn(role: &Role, accepted: &Accepted, global: &GlobalArgs, world: &mut World) {
    let file = super::shown(&path(global, role));
    for (path, text) in &accepted.lost {
        world.eprint(&format!(
            "warning: {file} has no `{}` in `{}` any more, but what the account has\n",
            clean(text),
            clean(path)
        ));
    }
}

fn finish(n_files: usize, pipeline: &Pipeline, world: &mut World) {
    let n = plural(n_files, "file");
    let text = format!(
        "{n} edited. Nothing in the account was changed; `reconcile --dry-run` shows what is left.\n"
    );
    let text = world.exact(&text);
    world.print(&text);
    let here = &pipeline.environment.name;
    let others = pipeline.project.environments.keys().filter(|name| *name != here);
    let others: Vec<String> = others.map(|name| format!("`{name}`")).collect();
    if pipeline.project.is_declared && !others.is_empty() {
        world.eprint(&format!(
            "note: the same files are for {}, whose next plan has these changes\n",
            others.join(", ")
        ));
    }
}
