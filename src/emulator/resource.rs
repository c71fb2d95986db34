//! What requests about all kinds of objects have in common.

use serde_json::Value;

use super::error::ApiError;
use super::expand::Expand;
use super::form::Table;
use super::list::{self, Page};
use super::params::{self, Params};
use super::state::{Call, Object};

/// An object that requests are about.
pub(super) trait Resource: Object {
    /// Where the list of them is.
    const URL: &'static str;
    /// The paths that `expand` takes.
    const EXPANDABLE: &'static [&'static str];

    /// The object as Stripe answers it.
    fn json(&self, call: &Call<'_>, expand: &Expand) -> Value;
}

/// Reads the parameters of a create or an update, acts, and answers the object.
pub(super) fn write<T: Resource, P>(
    call: &mut Call<'_>,
    fields: Table,
    read: impl FnOnce(&mut Params<'_>) -> P,
    act: impl FnOnce(&mut Call<'_>, P) -> Result<T, ApiError>,
) -> Result<Value, ApiError> {
    let (parameters, expand) =
        params::read(fields, |params| (read(params), Expand::read(params, T::EXPANDABLE)))?;
    let object = act(call, parameters)?;
    Ok(object.json(call, &expand))
}

/// Answers the object that the path names.
pub(super) fn retrieve<T: Resource>(
    call: &mut Call<'_>,
    id: &str,
    fields: Table,
) -> Result<Value, ApiError> {
    let expand = params::read(fields, |params| Expand::read(params, T::EXPANDABLE))?;
    Ok(call.at_path::<T>(id)?.json(call, &expand))
}

/// Answers a page of the objects that pass the filter.
pub(super) fn list<T: Resource, F>(
    call: &Call<'_>,
    fields: Table,
    read: impl FnOnce(&mut Params<'_>, &Page) -> F,
    wanted: impl Fn(&F, &T) -> bool,
) -> Result<Value, ApiError> {
    let (filter, page, expand) = params::read(fields, |params| {
        let page = Page::read(params);
        (read(params, &page), page, Expand::read_in_list(params, T::EXPANDABLE))
    })?;
    let found = list::page(
        call,
        T::all(call.side()),
        &page,
        |object| wanted(&filter, object),
        |id, param| call.no_such_at_param::<T>(id, param),
    )?;
    Ok(found.json(T::URL, |object: &T| object.json(call, &expand)))
}
