//! What a command works on: the folder's files, the environment, its lockfile.

use std::path::PathBuf;

use super::args::GlobalArgs;
use super::error::CliError;
use super::world::World;
use crate::desired::{Environment, Files, ProjectFile};
use crate::diagnostic::Bag;
use crate::model::{EnvironmentName, Mode};
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
    /// Reads the folder and finds the environment that is meant.
    ///
    /// Returns an error if that isn't clear: a guess could be the live one.
    pub(super) fn read(global: &GlobalArgs, world: &World) -> Result<Self, CliError> {
        let files = Files::load(&global.configs);
        let (project, bag) = ProjectFile::read(&files);
        let environment = match environment(global, &project, world) {
            Ok(environment) => environment,
            // What is wrong with the settings explains why the environment isn't found.
            Err(_) if bag.has_errors() => Environment::new(EnvironmentName::test(), Mode::Test),
            Err(error) => return Err(error),
        };
        Ok(Self { files, project, environment, bag })
    }

    /// Where the environment's lockfile is.
    pub(super) fn lockfile(&self, global: &GlobalArgs) -> PathBuf {
        lockfile(global, &self.environment.name)
    }
}

/// Where an environment's lockfile is.
pub(super) fn lockfile(global: &GlobalArgs, environment: &EnvironmentName) -> PathBuf {
    global.configs.join(format!("{environment}.lock.json"))
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
