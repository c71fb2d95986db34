//! The requests about configurations.

use serde_json::Value;

use super::changes::{Changes, Verb};
use super::json::{EXPANDABLE, json};
use super::merge::merge;
use super::rules::{check_changes, check_number, check_owner, check_result};
use super::{BusinessProfile, Configuration, Features, LoginPage};
use crate::emulator::error::ApiError;
use crate::emulator::expand::Expand;
use crate::emulator::form::Table;
use crate::emulator::list::Page;
use crate::emulator::metadata::Metadata;
use crate::emulator::params::{self, Params};
use crate::emulator::resource::{self, Resource, write};
use crate::emulator::state::Call;

impl Resource for Configuration {
    const URL: &'static str = "/v1/billing_portal/configurations";
    const EXPANDABLE: &'static [&'static str] = EXPANDABLE;

    fn json(&self, call: &Call<'_>, expand: &Expand) -> Value {
        json(call, self, expand)
    }
}

pub(in crate::emulator) fn create(call: &mut Call<'_>, fields: Table) -> Result<Value, ApiError> {
    let read = |params: &mut Params<'_>| Changes::read(params, Verb::Create);
    write(call, fields, read, |call, changes| add(call, None, changes))
}

pub(in crate::emulator) fn update(
    call: &mut Call<'_>,
    id: &str,
    fields: Table,
) -> Result<Value, ApiError> {
    let read = |params: &mut Params<'_>| Changes::read(params, Verb::Update);
    write(call, fields, read, |call, changes| change(call, id, changes))
}

pub(in crate::emulator) fn list(call: &Call<'_>, fields: Table) -> Result<Value, ApiError> {
    let read = |params: &mut Params<'_>, _: &Page| {
        (params.get::<bool>("active"), params.get::<bool>("is_default"))
    };
    resource::list(call, fields, read, |(active, is_default), configuration: &Configuration| {
        active.is_none_or(|active| configuration.active == active)
            && is_default.is_none_or(|is_default| configuration.is_default == is_default)
    })
}

/// Adds a configuration as a create does, outside of any request, with an id of one's own.
pub(in crate::emulator) fn make(
    call: &mut Call<'_>,
    id: Option<String>,
    fields: Table,
) -> Result<Configuration, ApiError> {
    let changes = params::read(fields, |params| Changes::read(params, Verb::Create))?;
    add(call, id, changes)
}

/// Changes a configuration as an update does, outside of any request.
pub(in crate::emulator) fn revise(
    call: &mut Call<'_>,
    id: &str,
    fields: Table,
) -> Result<Configuration, ApiError> {
    let changes = params::read(fields, |params| Changes::read(params, Verb::Update))?;
    change(call, id, changes)
}

/// The first configuration of a side becomes its default. It stays it, because none can be deleted.
/// What an application makes in somebody else's account doesn't.
fn add(
    call: &mut Call<'_>,
    id: Option<String>,
    changes: Changes,
) -> Result<Configuration, ApiError> {
    check_number(call)?;
    check_changes(call, &changes, None)?;
    let has_default = call.side().default_configuration().is_some();
    let application = call.caller.application.clone();
    let may_be_default = application.is_none() || call.quirks.applications_make_the_default;
    let mut configuration = Configuration {
        id: id.unwrap_or_else(|| call.next_id::<Configuration>()),
        active: true,
        application,
        business_profile: BusinessProfile::default(),
        created: call.now,
        default_return_url: None,
        features: Features::default(),
        is_default: !has_default && may_be_default,
        login_page: LoginPage::default(),
        metadata: Metadata::default(),
        name: None,
        updated: call.now,
    };
    merge(changes, &mut configuration, call.quirks)?;
    check_result(call, &configuration)?;
    call.add(configuration.clone());
    Ok(configuration)
}

fn change(call: &mut Call<'_>, id: &str, changes: Changes) -> Result<Configuration, ApiError> {
    let before = call.at_path::<Configuration>(id)?;
    check_owner(call, before)?;
    check_changes(call, &changes, Some(before))?;
    let mut after = before.clone();
    merge(changes, &mut after, call.quirks)?;
    check_result(call, &after)?;
    if !(call.quirks.no_op_keeps_updated && after == *before) {
        after.updated = call.now;
    }
    call.replace(after.clone());
    Ok(after)
}
