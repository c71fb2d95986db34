//! What a command works on: the folder's files, the environment, its lockfile.

use std::path::{Path, PathBuf};

use super::args::GlobalArgs;
use super::error::CliError;
use super::world::World;
use crate::desired::{self, Accounts, Environment, Files, ListedAccount, ProjectFile};
use crate::diagnostic::Bag;
use crate::model::{AccountId, EnvironmentName, LiveState, Lockfile, Mode};
use crate::plan::{Policy, identity};
use crate::stripe::SecretKey;

/// The variable that has the key, unless `reconcile.yaml` says otherwise.
pub(super) const KEY_VARIABLE: &str = "STRIPE_API_KEY";

/// What a command works on.
pub(super) struct Setup {
    pub(super) files: Files,
    pub(super) project: ProjectFile,
    pub(super) environment: Environment,
    /// What is wrong with the settings. With errors in it the environment may be another one.
    pub(super) bag: Bag,
}

impl Setup {
    /// Reads the folder and finds the environment that is meant, which is one account.
    ///
    /// Returns an error if that isn't clear: a guess could be the live one.
    pub(super) fn read(global: &GlobalArgs, world: &World) -> Result<Self, CliError> {
        let setup = Self::read_any(global, world)?;
        if setup.environment.accounts.is_none() {
            return Ok(setup);
        }
        let name = &setup.environment.name;
        let error = CliError::usage(format!("`{name}` is many accounts, and this is about one"));
        Err(error.help("say which: `--account acct_…`"))
    }

    /// The same of an environment that may be many accounts.
    pub(super) fn read_any(global: &GlobalArgs, world: &World) -> Result<Self, CliError> {
        let mut files = Files::load(&global.configs);
        let (project, mut bag) = ProjectFile::read(&files);
        let environment = match environment(global, &project, world) {
            Ok(environment) => environment,
            // What is wrong with the settings explains why the environment isn't found.
            Err(_) if bag.has_errors() => Environment::new(EnvironmentName::test(), Mode::Test),
            Err(error) => return Err(error),
        };
        let environment = match &global.account {
            Some(account) => one_of(&environment, account, &mut files, &mut bag)?,
            None => environment,
        };
        Ok(Self { files, project, environment, bag })
    }

    /// Where the environment's lockfile is.
    pub(super) fn lockfile(&self, global: &GlobalArgs) -> PathBuf {
        lockfile(global, &self.environment.name)
    }
}

/// One account of an environment that is many.
///
/// Returns an error if it isn't, or its variables are known to Stripe only.
fn one_of(
    environment: &Environment,
    account: &AccountId,
    files: &mut Files,
    bag: &mut Bag,
) -> Result<Environment, CliError> {
    let name = &environment.name;
    let listed = match &environment.accounts {
        None => {
            let error =
                format!("`{name}` is one account, so there is none to choose with `--account`");
            return Err(CliError::usage(error));
        }
        Some(Accounts::Connected(filter)) if filter.vars.is_empty() => {
            return Ok(environment.of_account(&ListedAccount::new(account.clone())));
        }
        Some(Accounts::Connected(_)) => {
            let error = "the variables of these accounts are in their metadata, which only a run on all reads";
            return Err(CliError::usage(error).help("leave `--account` out"));
        }
        Some(Accounts::Listed(listed)) => listed.clone(),
        Some(Accounts::File(file)) => {
            let (listed, problems) = desired::listed(files, file, environment);
            bag.extend(problems);
            listed
        }
    };
    match listed.iter().find(|it| it.id == *account) {
        Some(listed) => Ok(environment.of_account(listed)),
        None if bag.has_errors() => Ok(environment.clone()),
        None => Err(CliError::usage(format!("`{name}` doesn't list {account}"))),
    }
}

/// Returns an error if this isn't the account that the settings and the lockfile of an environment are
/// about.
pub(super) fn check_identity(
    live: &LiveState,
    lockfile: Option<&Lockfile>,
    policy: &Policy,
) -> Result<(), CliError> {
    identity(live, lockfile, policy).map_or(Ok(()), |blocker| Err(CliError::from(&blocker)))
}

/// Where an environment's lockfile is.
pub(super) fn lockfile(global: &GlobalArgs, environment: &EnvironmentName) -> PathBuf {
    let lockfile = global.configs.join(format!("{environment}.lock.json"));
    match &global.account {
        Some(account) => lockfile_of_account(&lockfile, account),
        None => lockfile,
    }
}

/// Where the lockfile of one account of an environment is, by where the environment's own would be:
/// `live.lock/bc/acct_1ABC.json`.
///
/// A file for each, so that runs on different accounts never write to one, and folders by the last two
/// characters, so that none has too many.
pub(super) fn lockfile_of_account(lockfile: &Path, account: &AccountId) -> PathBuf {
    let id = account.as_str();
    let end = id.char_indices().rev().nth(1).map_or(id, |(at, _)| &id[at..]).to_ascii_lowercase();
    lockfile.with_extension("").join(end).join(format!("{id}.json"))
}

/// The name behind `-e`, if there is one.
pub(super) fn named(global: &GlobalArgs) -> Result<Option<EnvironmentName>, CliError> {
    let name = global.environment.as_deref().map(EnvironmentName::parse).transpose();
    name.map_err(|error| CliError::usage(format!("`-e`: {error}")))
}

fn environment(
    global: &GlobalArgs,
    project: &ProjectFile,
    world: &World,
) -> Result<Environment, CliError> {
    let environment = match named(global)? {
        Some(name) => project.environment(&name).map_err(CliError::usage)?,
        None if !project.is_declared => by_key(project, world),
        None => only(project)?,
    };
    Ok(if global.emulator.is_some() { environment.emulated() } else { environment })
}

/// Without settings the key decides between test and live. Without a key it doesn't matter yet.
fn by_key(project: &ProjectFile, world: &World) -> Environment {
    let key = world.variable(KEY_VARIABLE).and_then(|key| SecretKey::parse(&key).ok());
    let mode = key.map_or(Mode::Test, |key| key.mode());
    let found = project.environments.values().find(|environment| environment.mode == mode);
    found.cloned().expect("there is one of each mode")
}

fn only(project: &ProjectFile) -> Result<Environment, CliError> {
    let mut environments = project.environments.values();
    match (environments.next(), environments.next()) {
        (Some(only), None) => Ok(only.clone()),
        _ => {
            let names: Vec<String> =
                project.environments.keys().map(|name| format!("`-e {name}`")).collect();
            let error = CliError::usage("`reconcile.yaml` has several environments");
            Err(error.help(format!("say which: {}", names.join(", "))))
        }
    }
}
