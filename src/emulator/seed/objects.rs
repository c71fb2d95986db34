//! What an account has at first. The objects are Stripe's own create parameters, with a few more
//! that only a seed can set.

use super::fields::{Fields, wrong};
use crate::emulator::caller::Caller;
use crate::emulator::catalogue::{Price, prices, products};
use crate::emulator::configuration::{self, Configuration};
use crate::emulator::customers::{self, Customer};
use crate::emulator::error::ApiError;
use crate::emulator::quirks::Quirks;
use crate::emulator::state::{Call, Object, State};
use crate::emulator::store::EmulatorError;
use crate::emulator::world::Place;

/// When a seed's first object was created, unless it says so itself: 2026-01-01. Every further one
/// is a second younger, so that the order in lists is that of the seed.
const FIRST_CREATED: i64 = 1_767_225_600;

/// Creates one object: what only a seed can set is still among the fields.
type Add = fn(&mut Call<'_>, Fields) -> Result<(), EmulatorError>;

/// Fills an account.
pub(super) fn plant(state: &mut State, seed: &mut Fields) -> Result<(), EmulatorError> {
    let mut created = FIRST_CREATED;
    let kinds: [(&str, Add); 4] = [
        ("products", add_product),
        ("prices", add_price),
        ("customers", add_customer),
        ("configurations", add_configuration),
    ];
    for (list, add) in kinds {
        for mut fields in seed.objects(list)? {
            let livemode = fields.flag("livemode")?.unwrap_or(false);
            let caller = Caller::owner(Place::Platform, livemode);
            let now = match fields.take("created") {
                None => created,
                Some(seconds) => seconds
                    .as_i64()
                    .ok_or_else(|| fields.wrong("created", "must be Unix seconds"))?,
            };
            created += 1;
            let quirks = &Quirks::default();
            add(&mut Call { state, connected: &[], caller: &caller, quirks, now }, fields)?;
        }
    }
    Ok(())
}

fn add_product(call: &mut Call<'_>, fields: Fields) -> Result<(), EmulatorError> {
    let place = fields.place().to_owned();
    products::make(call, fields.parameters()).map_err(|error| refused(&place, &error))?;
    Ok(())
}

fn add_price(call: &mut Call<'_>, mut fields: Fields) -> Result<(), EmulatorError> {
    let (id, place) = (new_id::<Price>(call, &mut fields)?, fields.place().to_owned());
    prices::make(call, id, fields.parameters()).map_err(|error| refused(&place, &error))?;
    Ok(())
}

fn add_customer(call: &mut Call<'_>, mut fields: Fields) -> Result<(), EmulatorError> {
    let (id, place) = (new_id::<Customer>(call, &mut fields)?, fields.place().to_owned());
    customers::make(call, id, fields.parameters()).map_err(|error| refused(&place, &error))?;
    Ok(())
}

fn add_configuration(call: &mut Call<'_>, mut fields: Fields) -> Result<(), EmulatorError> {
    let id = new_id::<Configuration>(call, &mut fields)?;
    let active = fields.flag("active")?;
    let is_default = fields.flag("is_default")?;
    let application = fields.text("application")?;
    if is_default == Some(true) && call.side().default_configuration().is_some() {
        return Err(fields.wrong("is_default", "another configuration is the default already"));
    }
    let place = fields.place().to_owned();
    let parameters = fields.parameters();
    let made =
        configuration::make(call, id, parameters).map_err(|error| refused(&place, &error))?;
    call.replace(Configuration {
        active: active.unwrap_or(made.active),
        is_default: is_default.unwrap_or(made.is_default && application.is_none()),
        application,
        ..made
    });
    Ok(())
}

/// The id that the seed gives to an object, if it gives one and nothing else has it.
fn new_id<T: Object>(
    call: &Call<'_>,
    fields: &mut Fields,
) -> Result<Option<String>, EmulatorError> {
    let id = fields.text("id")?;
    match &id {
        Some(id) if id.is_empty() => Err(fields.wrong("id", "must not be empty")),
        Some(id) if call.side().find::<T>(id).is_some() => {
            let message = format!("another {} has `{id}`", T::NOUN);
            Err(fields.wrong("id", message))
        }
        Some(_) | None => Ok(id),
    }
}

/// `features[subscription_cancel][mode]` of the first configuration is
/// `configurations[0].features.subscription_cancel.mode`.
fn refused(place: &str, error: &ApiError) -> EmulatorError {
    let param = error.param.as_deref().unwrap_or_default();
    let field = param.replace('[', ".").replace(']', "");
    let dot = if field.is_empty() { "" } else { "." };
    wrong(&format!("{place}{dot}{field}"), &error.message)
}
