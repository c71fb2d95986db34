//! `reconcile import`: files of what an account has already.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::args::{GlobalArgs, ImportArgs};
use super::connect;
use super::error::CliError;
use super::prices::keyed_prices;
use super::replace;
use super::setup::{Setup, check_identity};
use super::world::World;
use crate::diagnostic::Severity;
use crate::import::{self, Place, Unsayable};
use crate::lockfile::{self, LockStore};
use crate::model::{
    ConfigurationId, Field, LiveConfiguration, LiveState, Lockfile, Owner, PriceBook, PriceId,
    Project, Role, Value,
};
use crate::plan::Policy;
use crate::stripe::Reader;
use crate::text::{clean, plural, shown};

/// A configuration, the role that it is to be, and the text of the role's file, unless that stays
/// as it is.
struct Imported<'l> {
    id: &'l ConfigurationId,
    configuration: &'l LiveConfiguration,
    role: Role,
    text: Option<String>,
}

/// Looks at the account, and writes the lockfile and then the files: a file alone would have the
/// next run create a second configuration.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &ImportArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    let wanted = Wanted::parse(args)?;
    let setup = Setup::read(global, world)?;
    if setup.bag.has_errors() {
        return Err(CliError::files(setup.bag, setup.files.sources));
    }
    let path = setup.lockfile(global);
    // Before the account is asked: what somebody else writes meanwhile is not to be replaced.
    let mut store = LockStore::open(&path)?;
    let found = lockfile::read(&path)?;
    let reader = Reader::new(connect::connect(global, &setup.environment, true, world)?);
    let no_keys = BTreeSet::new();
    let live = tokio::select! {
        snapshot = reader.snapshot(&no_keys) => snapshot?.live,
        error = world.interrupted() => return Err(error),
    };
    let mut lockfile = proven(&live, found, &setup)?;

    let (mut chosen, mut n_left_out) = choose(&live, &wanted, &lockfile, &setup, world)?;
    let ids: BTreeSet<PriceId> =
        chosen.iter().flat_map(|it| it.configuration.settings.prices()).collect();
    let prices = keyed_prices(&ids, &reader, world).await?;
    n_left_out += draft(&mut chosen, &wanted, &setup, &prices, &global.configs, world);
    let code = u8::from(n_left_out > 0);
    if chosen.is_empty() {
        world.print("Nothing to import.\n");
        return Ok(code);
    }
    // An inactive one is found by its marker. A line would say that apps could use it until now.
    let is_found = |it: &&Imported<'_>| {
        let LiveConfiguration { active, owner, .. } = it.configuration;
        !active && matches!(owner, Owner::Marked { .. })
    };
    for Imported { id, role, .. } in chosen.iter().filter(|it| !is_found(it)) {
        // It may have been another role, whose file is lost.
        lockfile.roles.retain(|_, locked| locked != *id);
        lockfile.roles.insert(role.clone(), (*id).clone());
    }
    make_folder(&global.configs)?;
    store.save(&lockfile)?;
    for imported in &chosen {
        write(imported, &global.configs, args.force, world)?;
    }
    let n = plural(chosen.len(), "configuration");
    let text = format!(
        "{n} imported. Nothing in the account was changed; `reconcile --dry-run` shows what would.\n"
    );
    let text = world.exact(&text);
    world.print(&text);
    Ok(code)
}

/// What the command line asks for.
struct Wanted {
    ids: BTreeSet<ConfigurationId>,
    role: Option<Role>,
    force: bool,
}

impl Wanted {
    fn parse(args: &ImportArgs) -> Result<Self, CliError> {
        let id = |text: &String| {
            ConfigurationId::parse(text)
                .map_err(|error| CliError::usage(format!("`{}`: {error}", clean(text))))
        };
        let ids = args.ids.iter().map(id).collect::<Result<BTreeSet<_>, _>>()?;
        let role = args.role.as_deref().map(Role::parse).transpose();
        let role = role.map_err(|error| CliError::usage(format!("`--as`: {error}")))?;
        if role.is_some() && ids.len() != 1 {
            return Err(CliError::usage("`--as` is for one configuration, whose id it needs"));
        }
        Ok(Self { ids, role, force: args.force })
    }
}

/// The lockfile as it is, or a new one, of the account that the key opens.
fn proven(live: &LiveState, found: Option<Lockfile>, setup: &Setup) -> Result<Lockfile, CliError> {
    let environment = setup.environment.clone();
    let policy = Policy::new(environment.name, environment.account);
    check_identity(live, found.as_ref(), &policy)?;
    Ok(found.unwrap_or_else(|| Lockfile {
        environment: policy.environment,
        account: live.account.clone(),
        mode: live.mode,
        roles: BTreeMap::new(),
    }))
}

/// The configurations to import, and the roles that they are to be, and how many have to be left out
/// that somebody may rely on. Says which are left alone, and why.
fn choose<'l>(
    live: &'l LiveState,
    wanted: &Wanted,
    lockfile: &Lockfile,
    setup: &Setup,
    world: &mut World,
) -> Result<(Vec<Imported<'l>>, usize), CliError> {
    if let Some(id) = wanted.ids.iter().find(|id| !live.configurations.contains_key(*id)) {
        return Err(CliError::new(format!("the account has no configuration {id}")));
    }
    let with_file: BTreeSet<Role> = setup.files.roles().cloned().collect();
    let mut taken = with_file.clone();
    taken.extend(lockfile.roles.keys().cloned());
    let project = &setup.project.project;
    let (mut chosen, mut inactive, mut n_left_out) = (Vec::new(), Vec::new(), 0);
    for (id, configuration) in &live.configurations {
        let is_named = wanted.ids.contains(id);
        if !wanted.ids.is_empty() && !is_named {
            continue;
        }
        let has_file = |role: &Role| with_file.contains(role);
        match import::why_not(id, configuration, project, Some(lockfile), has_file) {
            None => {}
            Some(import::WhyNot::Inactive) if is_named => {}
            Some(import::WhyNot::Managed(role))
                if wanted.force && wanted.role == Some(role.clone()) => {}
            Some(why_not) if is_named => {
                return Err(CliError::new(format!("{id} can't be imported: {why_not}")));
            }
            Some(import::WhyNot::Managed(_)) => continue,
            Some(import::WhyNot::Inactive) => {
                inactive.push(id);
                continue;
            }
            Some(why_not) => {
                let is_left_out = matches!(why_not, import::WhyNot::Unreadable(_));
                n_left_out += usize::from(is_left_out && configuration.active);
                world.eprint(&format!(
                    "left alone: {id}, because {}\n",
                    clean(&why_not.to_string())
                ));
                continue;
            }
        }
        let role = role_of(id, configuration, wanted, lockfile, &taken)?;
        if let Some(other) = other_of(&role, id, live, project, lockfile) {
            let error = format!("{id} can't be `{role}`, which is {other} already");
            return Err(CliError::new(error));
        }
        taken.insert(role.clone());
        chosen.push(Imported { id, configuration, role, text: None });
    }
    leave_inactive(&inactive, world);
    Ok((chosen, n_left_out))
}

/// The role that a configuration is to be.
fn role_of(
    id: &ConfigurationId,
    configuration: &LiveConfiguration,
    wanted: &Wanted,
    lockfile: &Lockfile,
    taken: &BTreeSet<Role>,
) -> Result<Role, CliError> {
    let locked = || lockfile.roles.iter().find(|(_, locked)| *locked == id);
    match (&configuration.owner, &wanted.role) {
        (Owner::Marked { role, .. }, Some(other)) if role != other => {
            let error = format!("{id} can't be `{other}`: it carries the marker of `{role}`");
            Err(CliError::new(error))
        }
        (Owner::Marked { role, .. }, _) | (_, Some(role)) => Ok(role.clone()),
        (_, None) => Ok(match locked() {
            Some((role, _)) => role.clone(),
            None => import::name(configuration, taken),
        }),
    }
}

/// Says once how those come back that nobody uses: an account that is old has many.
fn leave_inactive(ids: &[&ConfigurationId], world: &mut World) {
    if ids.is_empty() {
        return;
    }
    let n = plural(ids.len(), "inactive configuration");
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    let ids = ids.join(", ");
    let text = format!("left alone: {n}; `reconcile import ID` brings one back: {ids}\n");
    let text = world.exact(&text);
    world.eprint(&text);
}

/// Another configuration that is the role's. One that is marked itself can be named beside others
/// that nobody can use.
fn other_of<'a>(
    role: &Role,
    id: &ConfigurationId,
    live: &'a LiveState,
    project: &Project,
    lockfile: &'a Lockfile,
) -> Option<&'a ConfigurationId> {
    let own = Owner::Marked { project: project.clone(), role: role.clone() };
    let is_own = live.configurations.get(id).is_some_and(|it| it.owner == own);
    let counts = |it: &LiveConfiguration| it.owner == own && (it.active || !is_own);
    let marked = live.configurations.iter().filter(|(_, it)| counts(it)).map(|(id, _)| id);
    marked.chain(lockfile.roles.get(role)).find(|other| *other != id)
}

/// Drafts the files. Says which configurations no file can want, drops them, and returns how many
/// they are.
fn draft(
    chosen: &mut Vec<Imported<'_>>,
    wanted: &Wanted,
    setup: &Setup,
    prices: &PriceBook,
    folder: &Path,
    world: &mut World,
) -> usize {
    let Setup { files, project, environment, .. } = setup;
    let place = Place { files, project, environment, today: world.today() };
    let n_chosen = chosen.len();
    chosen.retain_mut(|it| {
        // Its file stays as it is.
        if !wanted.force && files.roles().any(|role| *role == it.role) {
            return true;
        }
        match import::draft(&it.role, it.configuration, place, prices) {
            Ok(text) => {
                it.text = Some(format!("# Imported from {}.\n{text}", it.id));
                true
            }
            Err(unsayable) => {
                let text = left_out(it, &unsayable, folder);
                world.eprint(&world.exact(&text));
                false
            }
        }
    });
    n_chosen - chosen.len()
}

/// Why no file can want what a configuration is, and how it gets one all the same.
fn left_out(imported: &Imported<'_>, unsayable: &Unsayable, folder: &Path) -> String {
    let Imported { id, configuration, role, .. } = imported;
    let name = match configuration.settings.get(&Field::Name.into()) {
        Some(Value::Text(name)) => format!(" ({})", shown(name)),
        _ => String::new(),
    };
    let mut text = format!("left alone: {id}{name}, because no file can want what it is:\n");
    let mut reason = |reason: &str| text.push_str(&format!("  {}\n", clean(reason)));
    match unsayable {
        Unsayable::Paths(paths) => {
            paths.iter().for_each(|path| reason(&format!("no file can say its `{path}`")));
        }
        Unsayable::Rules(bag) => {
            let errors = bag.sorted().into_iter();
            let errors = errors.filter(|it| it.code.severity() == Severity::Error);
            errors.for_each(|it| reason(&it.message));
        }
    }
    let path = super::shown(&folder.join(format!("{role}.yaml")));
    text.push_str(&format!(
        "  help: change that in the Dashboard and import it again, or write `{path}` with what you \
         want instead, and then\n    `reconcile import {id} --as {role}`\n"
    ));
    text
}

fn make_folder(folder: &Path) -> Result<(), CliError> {
    fs::create_dir_all(folder).map_err(|error| {
        CliError::new(format!("can't make the folder `{}`: {error}", super::shown(folder)))
    })
}

/// Writes a role's file in one step. What has appeared there meanwhile is never overwritten.
fn write(
    imported: &Imported<'_>,
    folder: &Path,
    force: bool,
    world: &mut World,
) -> Result<(), CliError> {
    let Imported { id, role, text, .. } = imported;
    let path = folder.join(format!("{role}.yaml"));
    let shown = super::shown(&path);
    let Some(text) = text else {
        world.print(&format!("{shown}  stays as it is, and is {id} from now on\n"));
        return Ok(());
    };
    let write = || -> io::Result<()> {
        let file = replace::beside(&path, text)?;
        if force {
            file.persist(&path)?;
        } else {
            file.persist_noclobber(&path)?;
        }
        Ok(())
    };
    write().map_err(|error| {
        replace::failed(&path, &error).help(
            "the lockfile or its marker tells already which role it is, so that nothing is created twice: run this again",
        )
    })?;
    world.print(&format!("{shown}  from {id}\n"));
    Ok(())
}
