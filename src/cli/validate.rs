//! `reconcile validate`: all that can be known without an account.

use std::collections::BTreeMap;

use super::args::GlobalArgs;
use super::error::CliError;
use super::setup;
use super::world::World;
use crate::desired::{Accounts, Environment, Files, ListedAccount, ProjectFile, listed, resolve};
use crate::diagnostic::Bag;
use crate::text::plural;

/// Checks the files for the environment that is named, or for each.
pub(super) fn run(global: &GlobalArgs, world: &mut World) -> Result<u8, CliError> {
    let mut files = Files::load(&global.configs);
    let (project, mut bag) = ProjectFile::read(&files);
    let mut n_roles = 0;
    for environment in environments(global, &project)? {
        let (wanted, problems) = resolve(&files, &project, &environment, world.today());
        n_roles = wanted.roles().count();
        bag.extend(problems);
        let accounts = accounts(&environment, &mut files, &mut bag);
        // Many accounts can have the same variables.
        let distinct: BTreeMap<_, _> = accounts.iter().map(|it| (&it.vars, it)).collect();
        for account in distinct.into_values().filter(|account| !account.vars.is_empty()) {
            let environment = environment.of_account(account);
            bag.extend(resolve(&files, &project, &environment, world.today()).1);
        }
    }
    if bag.has_errors() {
        return Err(CliError::files(bag, files.sources));
    }
    world.warn(&bag, &files.sources);
    let (roles, folder) = (plural(n_roles, "role"), super::shown(&global.configs));
    world.print(&format!(
        "{roles} in {folder}: no errors; prices are checked against the account\n"
    ));
    Ok(0)
}

/// The accounts that an environment lists. What is wrong with the list goes into the bag.
fn accounts(environment: &Environment, files: &mut Files, bag: &mut Bag) -> Vec<ListedAccount> {
    match &environment.accounts {
        None | Some(Accounts::Connected(_)) => Vec::new(),
        Some(Accounts::Listed(accounts)) => accounts.clone(),
        Some(Accounts::File(file)) => {
            let (accounts, problems) = listed(files, file, environment);
            bag.extend(problems);
            accounts
        }
    }
}

fn environments(global: &GlobalArgs, project: &ProjectFile) -> Result<Vec<Environment>, CliError> {
    match setup::named(global)? {
        Some(name) => Ok(vec![project.environment(&name).map_err(CliError::usage)?]),
        None => Ok(project.environments.values().cloned().collect()),
    }
}
