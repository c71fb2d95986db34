//! The account that an emulator starts with.
//!
//! A seed's objects are Stripe's own create parameters, with a few more that only a seed can set.
//! So one set of rules checks them both.

mod fields;
mod keys;
mod objects;

use self::fields::{Fields, wrong};
use super::ids::{ACCOUNT_CREATED, Account};
use super::limits::Limits;
use super::state::State;
use super::store::EmulatorError;
use super::world::World;

/// The account that an emulator starts with. By default it is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seed {
    world: World,
}

impl Seed {
    /// Reads a seed from JSON.
    ///
    /// ```json
    /// {
    ///   "account": {"id": "acct_1AbCdEfGhIjKlMnO", "application": "ca_1"},
    ///   "products": [{"id": "prod_pro", "name": "Pro"}],
    ///   "prices": [{"id": "price_pro", "product": "prod_pro", "currency": "usd",
    ///               "unit_amount": 1000, "recurring": {"interval": "month"}}],
    ///   "customers": [{"id": "cus_ada", "email": "ada@example.com"}],
    ///   "configurations": [{"features": {"invoice_history": {"enabled": true}}}],
    ///   "connected": [{"id": "acct_1BcDeFgHiJkLmNoP", "products": [{"name": "Theirs"}]}],
    ///   "keys": [{"key": "rk_test_reader", "permissions": ["rak_customer_portal_read"]},
    ///            {"key": "sk_test_old", "expired": true}],
    ///   "only_listed_keys": false,
    ///   "limits": {"per_second": 25, "per_endpoint_per_second": 25, "concurrent": 10}
    /// }
    /// ```
    ///
    /// Every object takes the parameters with which Stripe creates it and `id`, `created` and
    /// `livemode` (false by default: the test side); a configuration also takes `active`,
    /// `is_default` and `application`.
    ///
    /// Returns an error that names the field if anything is unknown, wrong or refused.
    pub fn parse(json: &str) -> Result<Self, EmulatorError> {
        let seed = serde_json::from_str(json).map_err(|error| wrong("JSON", error.to_string()))?;
        let mut seed = Fields::new(seed, String::new())?;
        let mut world = World::default();
        if let Some(mut account) = seed.object("account")? {
            if let Some(id) = account.text("id")? {
                world.platform.account = Account::new(id, ACCOUNT_CREATED);
            }
            world.application = account.text("application")?;
            account.end()?;
        }
        objects::plant(&mut world.platform, &mut seed)?;
        for connected in seed.objects("connected")? {
            let state = connected_account(connected, &world)?;
            world.connected.push(state);
        }
        world.keys = keys::read(&mut seed, &world)?;
        world.limits = seed.object("limits")?.map(limits).transpose()?;
        seed.end()?;
        Ok(Self { world })
    }

    pub(super) fn into_world(self) -> World {
        self.world
    }
}

/// What isn't said is as Stripe documents it.
fn limits(mut fields: Fields) -> Result<Limits, EmulatorError> {
    let mut number = |name| fields.number(name);
    let documented = Limits::default();
    let limits = Limits {
        per_second: number("per_second")?,
        per_endpoint_per_second: number("per_endpoint_per_second")?
            .unwrap_or(documented.per_endpoint_per_second),
        concurrent: number("concurrent")?,
        concurrent_per_endpoint: number("concurrent_per_endpoint")?,
    };
    fields.end()?;
    Ok(limits)
}

/// A connected account has the same objects as the platform. Every further one is a second younger.
fn connected_account(mut fields: Fields, world: &World) -> Result<State, EmulatorError> {
    let id = fields.text("id")?.unwrap_or_default();
    if id.is_empty() {
        return Err(fields.wrong("id", "is required"));
    }
    if world.find(&id).is_some() {
        return Err(fields.wrong("id", format!("another account has `{id}`")));
    }
    let created = world.connected.last().map_or(ACCOUNT_CREATED, |last| last.account.created) + 1;
    let mut account = Account::new(id, created);
    account.metadata = fields.mapping("metadata")?.unwrap_or_default();
    account.controller = fields.take("controller");
    let mut state = State { account, ..State::default() };
    objects::plant(&mut state, &mut fields)?;
    fields.end()?;
    Ok(state)
}
