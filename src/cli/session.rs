//! `reconcile session`: the portal as a customer of a role sees it.

use std::io;
use std::time::Duration;

use super::args::GlobalArgs;
use super::connect;
use super::embedded;
use super::error::CliError;
use super::get;
use super::verify::Locked;
use super::world::World;
use crate::desired::Environment;
use crate::model::{CustomerId, LiveState, SubscriptionId};
use crate::stripe::{
    Connection, ErrorKind, Flow, NewSession, Reader, SessionUrl, Sessions, StripeError,
};
use crate::verify::Problem;

/// What opens a browser says within this time that there is no desktop. Whatever takes longer is a
/// browser that stays, and isn't waited for.
const LAUNCH: Duration = Duration::from_secs(3);

#[derive(Debug, clap::Args)]
pub(super) struct SessionArgs {
    /// The role.
    role: String,
    /// The customer as whom whoever has the address acts.
    #[arg(long, value_name = "ID", value_parser = customer)]
    customer: CustomerId,
    /// Open it in the browser as well.
    #[arg(long)]
    open: bool,
    /// Begin at this place instead of the portal's home. Those of subscriptions need
    /// `--subscription`. Stripe's `subscription_update_confirm` is left out: it needs the items of
    /// one particular change, which is for an app to know.
    #[arg(long, value_name = "FLOW")]
    flow: Option<FlowName>,
    /// The subscription that the flow is about.
    #[arg(long, value_name = "ID", value_parser = subscription, requires = "flow")]
    subscription: Option<SubscriptionId>,
    /// Where the portal leads back to, instead of the role's `default_return_url`.
    #[arg(long, value_name = "URL")]
    return_url: Option<String>,
    /// The portal's language, such as `de`, instead of the browser's.
    #[arg(long, value_name = "LOCALE")]
    locale: Option<String>,
    /// Open it in live mode, where the customer is real.
    #[arg(long)]
    yes: bool,
}

/// Places in the portal, by Stripe's names with `-` or `_`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FlowName {
    #[value(alias = "payment_method_update")]
    PaymentMethodUpdate,
    #[value(alias = "customer_update")]
    CustomerUpdate,
    #[value(alias = "subscription_cancel")]
    SubscriptionCancel,
    #[value(alias = "subscription_update")]
    SubscriptionUpdate,
    #[value(alias = "subscription_pause")]
    SubscriptionPause,
}

/// Opens a session and prints its address, alone.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &SessionArgs,
    world: &mut World,
) -> Result<u8, CliError> {
    let flow = flow(args)?;
    if args.open && global.emulator.is_some() {
        let error = CliError::usage("the embedded Stripe shows no page by itself");
        return Err(error.help("leave `--open` out; `reconcile emulate` serves the address"));
    }
    let locked = Locked::read(global, world)?;
    let (role, configuration) = get::find(&args.role, &locked.path, &locked.lockfile)?;
    if locked.environment.mode.livemode() && !args.yes {
        return Err(unmeant(&args.customer));
    }
    let connection = connect::connect(global, &locked.environment, false, world)?;
    let wanted = NewSession {
        role,
        configuration,
        customer: &args.customer,
        flow: flow.as_ref(),
        return_url: args.return_url.as_deref(),
        locale: args.locale.as_deref(),
    };
    let url = tokio::select! {
        opened = open(&wanted, &locked, connection, global) => opened?,
        error = world.interrupted() => return Err(error),
    };
    world.print(&format!("{}\n", url.reveal()));
    if global.emulator.is_some() {
        world.eprint("`reconcile emulate` serves it.\n");
    }
    if args.open {
        show(&url)?;
    }
    Ok(0)
}

/// A customer's id.
pub(super) fn customer(text: &str) -> Result<CustomerId, String> {
    CustomerId::parse(text).map_err(|error| error.to_string())
}

fn subscription(text: &str) -> Result<SubscriptionId, String> {
    SubscriptionId::parse(text).map_err(|error| error.to_string())
}

/// Where to begin, if anywhere else than at the portal's home.
fn flow(args: &SessionArgs) -> Result<Option<Flow>, CliError> {
    let Some(name) = args.flow else { return Ok(None) };
    Ok(Some(match (name, args.subscription.clone()) {
        (FlowName::PaymentMethodUpdate, None) => Flow::PaymentMethodUpdate,
        (FlowName::CustomerUpdate, None) => Flow::CustomerUpdate,
        (FlowName::SubscriptionCancel, Some(id)) => Flow::SubscriptionCancel(id),
        (FlowName::SubscriptionUpdate, Some(id)) => Flow::SubscriptionUpdate(id),
        (FlowName::SubscriptionPause, Some(id)) => Flow::SubscriptionPause(id),
        (FlowName::PaymentMethodUpdate | FlowName::CustomerUpdate, Some(_)) => {
            let error = CliError::usage("this flow is not about a subscription, but one is named");
            return Err(error.help("leave `--subscription` out, or name another flow"));
        }
        (
            FlowName::SubscriptionCancel
            | FlowName::SubscriptionUpdate
            | FlowName::SubscriptionPause,
            None,
        ) => {
            let error = CliError::usage("this flow is about a subscription, and none is named");
            return Err(error.help("add `--subscription sub_…`, one that the customer has"));
        }
    }))
}

/// Nobody said that the account's customers are meant.
fn unmeant(customer: &CustomerId) -> CliError {
    let message = format!(
        "this is live mode: whoever has the session's address acts as {customer}, who is real"
    );
    let help = "say `--yes` if that is meant, and let nobody else see the address; `-e` names a test environment";
    CliError::new(message).help(help)
}

async fn open(
    wanted: &NewSession<'_>,
    locked: &Locked,
    connection: Connection,
    global: &GlobalArgs,
) -> Result<SessionUrl, CliError> {
    let error = match Sessions::new(connection.clone()).open(wanted).await {
        Ok(url) => return Ok(url),
        Err(error) => error,
    };
    if !is_about_role(&error) {
        return Err(plainly(error, global, &locked.environment));
    }
    // Stripe's words for most of this are not on record, so the account itself is asked. Where it
    // can't be, there are still the words.
    let seen = Reader::new(connection).snapshot(&Default::default()).await;
    let reason = seen.ok().and_then(|seen| reason(wanted, locked, &seen.live));
    let Some((reason, help)) = reason else {
        return Err(plainly(error, global, &locked.environment));
    };
    let request = error.request_id.map(|id| format!(" (request {id})")).unwrap_or_default();
    let details = vec![format!("{}{request}", error.kind)];
    let why_not = CliError::new(format!("can't {}: {reason}", error.operation)).help(help);
    Err(CliError { details, ..why_not })
}

/// Why no session can be opened, as far as the account tells, and the way out.
fn reason(wanted: &NewSession<'_>, locked: &Locked, live: &LiveState) -> Option<(String, String)> {
    let verification = locked.verify(live);
    if let Some(blocker) = verification.blockers.first() {
        return Some((blocker.to_string(), blocker.help()));
    }
    let NewSession { role, configuration: id, flow, .. } = wanted;
    // Whose it is makes no difference to Stripe.
    let keeps_from_opening = |problem: &&Problem| match problem {
        Problem::Missing | Problem::Inactive => true,
        Problem::NotOurs(_) | Problem::NoSession(_) => false,
    };
    if let Some(problem) = verification.of(role)?.problems.iter().find(keeps_from_opening) {
        let help = format!("{}; `reconcile verify` looks at all roles", problem.help());
        return Some((format!("{id} {problem}"), help));
    }
    let configuration = live.configurations.get(id)?;
    let feature = flow.as_ref()?.feature();
    let is_off = configuration.unreadable.is_none() && !configuration.settings.is_on(feature);
    is_off.then(|| {
        let path = feature.path();
        let help = format!(
            "switch `{path}` on in `{role}.yaml` and apply it with `reconcile`, or leave `--flow` out"
        );
        (format!("`{path}` is off in {id}"), help)
    })
}

/// True if Stripe refuses because of what the role's configuration is, as far as its refusal tells.
pub(super) fn is_about_role(error: &StripeError) -> bool {
    let is_refused = matches!(error.kind, ErrorKind::Refused { .. });
    is_refused && error.missing().is_none_or(|parameter| parameter == "configuration")
}

/// An error of which nothing more is known than what it says.
pub(super) fn plainly(
    error: StripeError,
    global: &GlobalArgs,
    environment: &Environment,
) -> CliError {
    let is_of_return_url = matches!(
        &error.kind,
        ErrorKind::Refused { param: Some(param), .. } if param == "return_url"
    );
    let help = if is_of_return_url {
        "a whole address is needed, such as `--return-url https://acme.example/billing`".to_owned()
    } else if is_about_role(&error) || error.missing().is_none() {
        return error.into();
    } else if global.emulator.is_some() {
        embedded::lacks("the customers", global)
    } else {
        let mode = environment.mode;
        format!("{mode} mode was asked; ids of the other mode look the same, but are no use here")
    };
    CliError::from(error).help(help)
}

/// Opens the address in the browser. For a moment it is among the arguments of whatever opens it: no
/// desktop takes it in another way.
fn show(url: &SessionUrl) -> Result<(), CliError> {
    open::that_detached_with_timeout(url.reveal(), LAUNCH).map_err(|error| {
        // The error itself quotes the address.
        let is_none_there = error.kind() == io::ErrorKind::NotFound;
        let why = if is_none_there { "there is none" } else { "what should open it has failed" };
        CliError::new(format!("can't open a browser: {why}"))
            .help("open the address that was printed within a few minutes")
    })
}
