//! The account that an emulator starts with.
//!
//! A seed's objects are Stripe's own create parameters, with a few more that only a seed can set.
//! So one set of rules checks them both.

use serde_json::{Map, Value};

use super::catalogue::{prices, products};
use super::configuration;
use super::customers;
use super::error::ApiError;
use super::form::{self, Node, Table};
use super::ids::Account;
use super::quirks::Quirks;
use super::state::{Call, Object, State};
use super::store::EmulatorError;

/// When a seed's first object was created, unless it says so itself: 2026-01-01. Every further one
/// is a second younger, so that the order in lists is that of the seed.
const FIRST_CREATED: i64 = 1_767_225_600;

/// The account that an emulator starts with. By default it is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seed {
    state: State,
}

impl Seed {
    /// Reads a seed from JSON.
    ///
    /// ```json
    /// {
    ///   "account": {"id": "acct_1AbCdEfGhIjKlMnO"},
    ///   "products": [{"id": "prod_pro", "name": "Pro"}],
    ///   "prices": [{"id": "price_pro", "product": "prod_pro", "currency": "usd",
    ///               "unit_amount": 1000, "recurring": {"interval": "month"}}],
    ///   "customers": [{"id": "cus_ada", "email": "ada@example.com"}],
    ///   "configurations": [{"features": {"invoice_history": {"enabled": true}}}]
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
        let mut seed = object(seed, "seed")?;
        let mut state = State::default();
        if let Some(account) = seed.remove("account") {
            let mut account = object(account, "account")?;
            if let Some(id) = text(&mut account, "id", "account")? {
                state.account = Account::new(id);
            }
            nothing_left(&account, "account")?;
        }
        let mut planting = Planting { state, created: FIRST_CREATED };
        planting.all(&mut seed, "products", add_product)?;
        planting.all(&mut seed, "prices", add_price)?;
        planting.all(&mut seed, "customers", add_customer)?;
        planting.all(&mut seed, "configurations", add_configuration)?;
        nothing_left(&seed, "seed")?;
        Ok(Self { state: planting.state })
    }

    pub(super) fn into_state(self) -> State {
        self.state
    }
}

/// Creates one object of a seed: what only a seed can set is still among the fields.
type Add = fn(&mut Call<'_>, Map<String, Value>, &str) -> Result<(), EmulatorError>;

struct Planting {
    state: State,
    created: i64,
}

impl Planting {
    fn all(
        &mut self,
        seed: &mut Map<String, Value>,
        list: &str,
        add: Add,
    ) -> Result<(), EmulatorError> {
        let items = match seed.remove(list) {
            None => return Ok(()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(wrong(list, "must be a list")),
        };
        for (index, item) in items.into_iter().enumerate() {
            let place = format!("{list}[{index}]");
            let mut fields = object(item, &place)?;
            let livemode = flag(&mut fields, "livemode", &place)?.unwrap_or(false);
            let created = match fields.remove("created") {
                None => self.created,
                Some(created) => created
                    .as_i64()
                    .ok_or_else(|| wrong(&format!("{place}.created"), "must be Unix seconds"))?,
            };
            self.created += 1;
            let mut call =
                Call { state: &mut self.state, quirks: &Quirks::default(), livemode, now: created };
            add(&mut call, fields, &place)?;
        }
        Ok(())
    }
}

fn add_product(
    call: &mut Call<'_>,
    fields: Map<String, Value>,
    place: &str,
) -> Result<(), EmulatorError> {
    products::make(call, parameters(fields)).map_err(|error| refused(place, &error))?;
    Ok(())
}

fn add_price(
    call: &mut Call<'_>,
    mut fields: Map<String, Value>,
    place: &str,
) -> Result<(), EmulatorError> {
    let id = new_id::<super::catalogue::Price>(call, &mut fields, place)?;
    prices::make(call, id, parameters(fields)).map_err(|error| refused(place, &error))?;
    Ok(())
}

fn add_customer(
    call: &mut Call<'_>,
    mut fields: Map<String, Value>,
    place: &str,
) -> Result<(), EmulatorError> {
    let id = new_id::<customers::Customer>(call, &mut fields, place)?;
    customers::make(call, id, parameters(fields)).map_err(|error| refused(place, &error))?;
    Ok(())
}

fn add_configuration(
    call: &mut Call<'_>,
    mut fields: Map<String, Value>,
    place: &str,
) -> Result<(), EmulatorError> {
    let id = new_id::<configuration::Configuration>(call, &mut fields, place)?;
    let active = flag(&mut fields, "active", place)?;
    let is_default = flag(&mut fields, "is_default", place)?;
    let application = text(&mut fields, "application", place)?;
    configuration::make(call, parameters(fields)).map_err(|error| refused(place, &error))?;

    let others = &mut call.side_mut().configurations;
    let Some(mut configuration) = others.pop() else {
        return Ok(());
    };
    let has_default = others.iter().any(|other| other.is_default);
    if is_default == Some(true) && has_default {
        let message = "another configuration is the default already";
        return Err(wrong(&format!("{place}.is_default"), message));
    }
    configuration.id = id.unwrap_or(configuration.id);
    configuration.active = active.unwrap_or(true);
    configuration.is_default = is_default.unwrap_or(!has_default && application.is_none());
    configuration.application = application;
    others.push(configuration);
    Ok(())
}

/// The id that the seed gives to an object, if it gives one and nothing else has it.
fn new_id<T: Object>(
    call: &Call<'_>,
    fields: &mut Map<String, Value>,
    place: &str,
) -> Result<Option<String>, EmulatorError> {
    let id = text(fields, "id", place)?;
    match &id {
        Some(id) if id.is_empty() || call.side().find::<T>(id).is_some() => {
            Err(wrong(&format!("{place}.id"), format!("`{id}` is empty or taken")))
        }
        Some(_) | None => Ok(id),
    }
}

fn parameters(fields: Map<String, Value>) -> Table {
    match form::from_json(Value::Object(fields)) {
        Some(Node::Table(table)) => table,
        Some(Node::Text(_)) | None => Table::new(),
    }
}

fn object(value: Value, place: &str) -> Result<Map<String, Value>, EmulatorError> {
    let Value::Object(fields) = value else {
        return Err(wrong(place, "must be an object"));
    };
    Ok(fields)
}

fn text(
    fields: &mut Map<String, Value>,
    name: &str,
    place: &str,
) -> Result<Option<String>, EmulatorError> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(wrong(&format!("{place}.{name}"), "must be a string")),
    }
}

fn flag(
    fields: &mut Map<String, Value>,
    name: &str,
    place: &str,
) -> Result<Option<bool>, EmulatorError> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::Bool(yes)) => Ok(Some(yes)),
        Some(_) => Err(wrong(&format!("{place}.{name}"), "must be true or false")),
    }
}

fn nothing_left(fields: &Map<String, Value>, place: &str) -> Result<(), EmulatorError> {
    match fields.keys().next() {
        None => Ok(()),
        Some(name) => Err(wrong(place, format!("unknown field `{name}`"))),
    }
}

fn wrong(place: &str, message: impl Into<String>) -> EmulatorError {
    EmulatorError::Seed { place: place.to_owned(), message: message.into() }
}

/// `features[subscription_cancel][mode]` of the first configuration is
/// `configurations[0].features.subscription_cancel.mode`.
fn refused(place: &str, error: &ApiError) -> EmulatorError {
    let param = error.param.as_deref().unwrap_or_default();
    let field = param.replace('[', ".").replace(']', "");
    let dot = if field.is_empty() { "" } else { "." };
    wrong(&format!("{place}{dot}{field}"), &error.message)
}
