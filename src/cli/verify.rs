//! `reconcile verify`: whether apps can rely on the lockfile.

use std::path::PathBuf;

use futures_util::future::join_all;

use super::args::GlobalArgs;
use super::connect;
use super::error::CliError;
use super::lockfiles;
use super::session::{self, customer};
use super::setup::{self, Setup};
use super::world::World;
use crate::desired::Environment;
use crate::model::{CustomerId, LiveState, Lockfile, Project};
use crate::plan::Policy;
use crate::render;
use crate::stripe::{Connection, NewSession, Reader, Sessions, StripeError};
use crate::verify::{Problem, Verification, Verified, to_json, verify};

#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// Also open a session for this customer with each role, and throw it away. Not in live mode.
    #[arg(long, value_name = "ID", value_parser = customer)]
    customer: Option<CustomerId>,
    /// How to show what was found.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Compares the lockfile with the account. Exits with 1 if apps can't rely on it.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &VerifyArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    let locked = Locked::read(global, world)?;
    if args.customer.is_some() && locked.environment.mode.livemode() {
        let message =
            "`--customer` would open portals of a customer who is real: this is live mode";
        let help = "leave `--customer` out, or name a test environment with `-e`";
        return Err(CliError::new(message).help(help));
    }
    let connection = connect::connect(global, &locked.environment, true, world)?;
    let verification = tokio::select! {
        verified = look(args, &locked, connection, global) => verified?,
        error = world.interrupted() => return Err(error),
    };
    let text = match args.format {
        Format::Human => {
            let lockfile = super::shown(&locked.path);
            world.exact(&render::verification(&verification, &lockfile, &world.styles))
        }
        Format::Json => to_json(&verification),
    };
    world.print(&text);
    Ok(u8::from(!verification.is_fine()))
}

/// What apps rely on in one environment. What files say that roles should be makes no difference to
/// them, so nothing of that is understood, and nothing that is wrong with it matters.
pub(super) struct Locked {
    pub(super) environment: Environment,
    pub(super) path: PathBuf,
    pub(super) lockfile: Lockfile,
    project: Project,
}

impl Locked {
    /// Reads settings and lockfile of the environment that is meant.
    pub(super) fn read(global: &GlobalArgs, world: &World) -> Result<Self, CliError> {
        let Setup { files, project, environment, bag } = Setup::read(global, world)?;
        if bag.has_errors() {
            return Err(CliError::files(bag, files.sources));
        }
        // Without `-e`, settings or key have decided which one it is.
        let name = Some(environment.name.to_string());
        let lockfile = lockfiles::one(&GlobalArgs { environment: name, ..global.clone() })?;
        let path = setup::lockfile(global, &lockfile.environment);
        Ok(Self { environment, path, lockfile, project: project.project })
    }

    /// Compares them with what was seen of the account.
    pub(super) fn verify(&self, live: &LiveState) -> Verification {
        let Environment { name, account, .. } = &self.environment;
        let policy = Policy::new(name.clone(), account.clone());
        verify(live, &self.lockfile, &self.project, &policy)
    }
}

async fn look(
    args: &VerifyArgs,
    locked: &Locked,
    connection: Connection,
    global: &GlobalArgs,
) -> Result<Verification, CliError> {
    let seen = Reader::new(connection.clone()).snapshot(&Default::default()).await?;
    let mut verification = locked.verify(&seen.live);
    if let Some(customer) = args.customer.as_ref().filter(|_| verification.blockers.is_empty()) {
        let opened = open_sessions(&mut verification, customer, connection).await;
        opened.map_err(|error| session::plainly(error, global, &locked.environment))?;
    }
    Ok(verification)
}

/// Opens a session with each role that nothing is wrong with so far. Their addresses end here.
///
/// Returns an error if it isn't about a role.
async fn open_sessions(
    verification: &mut Verification,
    customer: &CustomerId,
    connection: Connection,
) -> Result<(), StripeError> {
    let sessions = Sessions::new(connection);
    let fine = verification.roles.iter_mut().filter(|verified| verified.is_fine());
    let opened = fine.map(|verified| async {
        let Verified { role, id: configuration, .. } = &*verified;
        let (flow, return_url, locale) = (None, None, None);
        let wanted = NewSession { role, configuration, customer, flow, return_url, locale };
        let refused = sessions.open(&wanted).await.err();
        (verified, refused)
    });
    for (verified, refused) in join_all(opened).await {
        let Some(error) = refused else { continue };
        if !session::is_about_role(&error) {
            return Err(error);
        }
        verified.problems.push(Problem::NoSession(error.kind.to_string()));
    }
    verification.customer = Some(customer.clone());
    Ok(())
}
