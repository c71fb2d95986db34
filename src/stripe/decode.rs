//! Reads Stripe's objects. Fields that this program doesn't know are passed over, and values that
//! it doesn't know are kept as they are: Stripe adds both without a new version.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::new_fields::{is_idle, new_fields};
use crate::model::{
    ConfigurationId, Field, FieldPath, IdError, Interval, IntervalUnit, Kind, LiveConfiguration,
    LookupKey, Mode, Owner, Price, PriceId, ProductId, Project, Quantity, Role, Settings, Value,
};

/// Metadata keys of the marker.
pub(super) const PROJECT_KEY: &str = "reconcile_project";
pub(super) const ROLE_KEY: &str = "reconcile_role";
pub(super) const DIGEST_KEY: &str = "reconcile_digest";

/// What is wrong with an object, and where in it.
pub(super) type Problem = String;

/// A configuration and its id. For a platform that acts on a connected account, what it has made
/// carries its application.
pub(super) fn configuration(
    json: &Json,
    mode: Mode,
    is_connected: bool,
) -> Result<(ConfigurationId, LiveConfiguration), Problem> {
    let id = id(json)?;
    let decode = || {
        if Mode::of_livemode(flag(json, "livemode")?) != mode {
            return Err(format!("it is not of {mode} mode, but the key is"));
        }
        let (settings, unreadable) = match settings(json) {
            Ok(settings) => (settings, None),
            // It may be somebody else's, whom it must not keep from managing the others.
            Err(problem) => (Settings::default(), Some(problem)),
        };
        Ok(LiveConfiguration {
            settings,
            unreadable,
            new_fields: new_fields(json),
            active: flag(json, "active")?,
            is_default: flag(json, "is_default")?,
            owner: owner(json, is_connected)?,
            applied: metadata_text(json, DIGEST_KEY).map(str::to_owned),
        })
    };
    let configuration = decode().map_err(|problem: Problem| format!("`{id}`: {problem}"))?;
    Ok((id, configuration))
}

/// A configuration's id.
pub(super) fn id(json: &Json) -> Result<ConfigurationId, Problem> {
    id_of(json, ConfigurationId::parse)
}

/// An object's id.
pub(super) fn id_of<T>(json: &Json, parse: fn(&str) -> Result<T, IdError>) -> Result<T, Problem> {
    parse(text(json, "id")?).map_err(|error| format!("`id`: {error}"))
}

fn metadata_text<'j>(json: &'j Json, key: &str) -> Option<&'j str> {
    json.get("metadata")?.get(key)?.as_str()
}

/// Whose it is. Where that can't be read nothing may be planned: taken for nobody's, it would be
/// created once more.
fn owner(json: &Json, is_connected: bool) -> Result<Owner, Problem> {
    let application = json.get("application").filter(|application| !application.is_null());
    let is_marked = || -> Result<bool, Problem> {
        Ok(marker(json, PROJECT_KEY)?.is_some() && marker(json, ROLE_KEY)?.is_some())
    };
    let is_ours = is_connected && is_marked()?;
    if let Some(application) = application.filter(|_| !is_ours) {
        let id = application.get("id").unwrap_or(application).as_str();
        let id = id.ok_or("`application` is not an id")?;
        return Ok(Owner::Application(id.to_owned()));
    }
    Ok(match (marker(json, PROJECT_KEY)?, marker(json, ROLE_KEY)?) {
        (None, None) => Owner::Unmarked,
        (Some(project), Some(role)) => match (Project::parse(project), Role::parse(role)) {
            (Ok(project), Ok(role)) => Owner::Marked { project, role },
            _ => Owner::Unreadable,
        },
        _ => Owner::Unreadable,
    })
}

fn marker<'j>(json: &'j Json, key: &str) -> Result<Option<&'j str>, Problem> {
    match json.get("metadata") {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Object(metadata)) => {
            metadata.get(key).map(|_| text(&json["metadata"], key)).transpose()
        }
        Some(_) => Err("`metadata` is not an object".to_owned()),
    }
}

/// Everything that can be set, in the form in which it is compared.
fn settings(json: &Json) -> Result<Settings, Problem> {
    let mut settings = Settings::default();
    for field in Field::ALL {
        let path = field.path();
        let value = match at(json, path) {
            None | Some(Json::Null) => absent(field),
            // Stripe adds forms without a new version.
            Some(value) => present(field.spec().kind, value)
                .unwrap_or_else(|| Some(Value::Unknown(value.to_string()))),
        };
        settings.set(field.into(), value);
    }
    products(json, &mut settings)?;
    if let Some(metadata) = json.get("metadata").and_then(Json::as_object) {
        for (key, value) in metadata.iter().filter(|(key, _)| !key.starts_with("reconcile_")) {
            let value = value.as_str().ok_or("`metadata` has a value that is not text")?;
            settings.set(FieldPath::Metadata(key.clone()), Value::exact(value));
        }
    }
    Ok(settings)
}

/// What stands for a value that Stripe left out. What can be emptied is empty; what can't has
/// Stripe's default: objects from before a parameter existed behave so.
fn absent(field: Field) -> Option<Value> {
    match field.spec().kind {
        Kind::Flag | Kind::Choice(_) => Settings::stripe_default(field),
        Kind::Text(_) | Kind::Url | Kind::Set(_) | Kind::TypedSet(_) | Kind::IdSet => None,
        // Objects from before pauses had lengths have no `duration` at all.
        Kind::Intervals => None,
    }
}

/// The value in the form in which it is compared, or nothing if it has another form.
fn present(kind: Kind, json: &Json) -> Option<Option<Value>> {
    let text = |json: &Json| json.as_str().map(str::to_owned);
    let all = |read: &dyn Fn(&Json) -> Option<String>| {
        json.as_array()?.iter().map(read).collect::<Option<Vec<_>>>().map(Value::set)
    };
    match kind {
        Kind::Flag => Some(Some(Value::Flag(json.as_bool()?))),
        Kind::Text(_) | Kind::Choice(_) => Some(Value::text(json.as_str()?)),
        Kind::Url => Some(Value::url(json.as_str()?)),
        Kind::Set(_) => all(&text),
        Kind::TypedSet(_) => all(&|item| only(item, &["type"])?.get("type").and_then(text)),
        Kind::IdSet => all(&|item| text(item.get("id").unwrap_or(item))),
        Kind::Intervals => {
            let intervals = json.as_array()?.iter().map(interval).collect::<Option<Vec<_>>>();
            Some(Value::intervals(intervals?))
        }
    }
}

fn interval(json: &Json) -> Option<Interval> {
    let json = only(json, &["interval", "interval_count"])?;
    let unit = IntervalUnit::parse(json.get("interval")?.as_str()?)?;
    let count = json.get("interval_count").and_then(Json::as_u64).unwrap_or(1);
    Some(Interval { unit, count: u32::try_from(count).ok()? })
}

/// The object, unless it has more than these keys: a list is written as a whole, so nothing in it
/// may be passed over.
fn only<'j>(json: &'j Json, keys: &[&str]) -> Option<&'j serde_json::Map<String, Json>> {
    let object = json.as_object()?;
    object
        .iter()
        .all(|(key, value)| keys.contains(&key.as_str()) || is_idle(value))
        .then_some(object)
}

/// The products. They must be in the answer: we asked for them, and an answer without them would
/// look like one that has none.
fn products(json: &Json, settings: &mut Settings) -> Result<(), Problem> {
    let products = match at(json, FieldPath::PRODUCTS) {
        Some(Json::Null) => return Ok(()),
        None if settings.is_on(Field::SubscriptionUpdate) => {
            return Err(format!("`{}` is missing although it was asked for", FieldPath::PRODUCTS));
        }
        None => return Ok(()),
        Some(products) => list(products).map_err(|problem| format!("`products` {problem}"))?,
    };
    for entry in products {
        let product = ProductId::parse(text(entry, "product")?)
            .map_err(|error| format!("`product`: {error}"))?;
        let prices =
            entry.get("prices").and_then(Json::as_array).ok_or("a product has no `prices`")?;
        let prices: Option<BTreeSet<String>> =
            prices.iter().map(|price| price.as_str().map(str::to_owned)).collect();
        let prices = prices.ok_or("a product's `prices` are not ids")?;
        settings.add_product(product, prices, quantity(entry.get("adjustable_quantity"))?);
    }
    Ok(())
}

fn quantity(json: Option<&Json>) -> Result<Quantity, Problem> {
    let Some(json) = json.filter(|json| !json.is_null()) else { return Ok(Quantity::Fixed) };
    if !flag(json, "enabled")? {
        return Ok(Quantity::Fixed);
    }
    let minimum = json.get("minimum").and_then(Json::as_u64).unwrap_or(Quantity::DEFAULT_MINIMUM);
    Ok(Quantity::Adjustable { minimum, maximum: json.get("maximum").and_then(Json::as_u64) })
}

/// A price.
pub(super) fn price(json: &Json) -> Result<Price, Problem> {
    let id = id_of(json, PriceId::parse)?;
    let product = json.get("product").map(|product| product.get("id").unwrap_or(product));
    let product = product.and_then(Json::as_str).ok_or("a price has no `product`")?;
    let product = ProductId::parse(product).map_err(|error| format!("`product`: {error}"))?;
    let recurring = json.get("recurring").filter(|recurring| !recurring.is_null());
    let billed_every = recurring.map(|recurring| {
        let interval = recurring.get("interval").and_then(Json::as_str).unwrap_or_default();
        let count = recurring.get("interval_count").and_then(Json::as_u64).unwrap_or(1);
        format!("{count} {interval}")
    });
    let amount = match (json.get("unit_amount"), json.get("unit_amount_decimal")) {
        (Some(Json::Number(amount)), _) => Some(amount.to_string()),
        (_, Some(Json::String(amount))) => Some(amount.clone()),
        _ => None,
    };
    let (active, currency) = (flag(json, "active")?, text(json, "currency")?.to_owned());
    Ok(Price { id, active, product, billed_every, currency, amount })
}

/// A price and its lookup key, if it is active and has one that this program can write.
pub(super) fn keyed_price(json: &Json) -> Result<Option<(LookupKey, Price)>, Problem> {
    let key = json.get("lookup_key").and_then(Json::as_str);
    let Some(key) = key.and_then(|key| LookupKey::parse(key).ok()) else { return Ok(None) };
    let price = price(json)?;
    Ok(price.active.then_some((key, price)))
}

/// The items of a page, and whether there are more.
pub(super) fn page(json: &Json) -> Result<(&[Json], bool), Problem> {
    let data = json.get("data").and_then(Json::as_array).ok_or("a page has no `data`")?;
    Ok((data, flag(json, "has_more")?))
}

/// The ids of a page's items, and whether there are more.
pub(super) fn ids_of_page(json: &Json) -> Result<(Vec<String>, bool), Problem> {
    let (items, has_more) = page(json)?;
    let id = |item: &Json| {
        // What a price's id can be, a product's can be as well.
        id_of(item, PriceId::parse).map(|id| id.to_string())
    };
    let ids: Result<_, Problem> = items.iter().map(id).collect();
    Ok((ids?, has_more))
}

/// The text at a name.
pub(super) fn text<'j>(json: &'j Json, name: &str) -> Result<&'j str, Problem> {
    json.get(name).and_then(Json::as_str).ok_or_else(|| format!("`{name}` is not a text"))
}

/// The flag at a name.
pub(super) fn flag(json: &Json, name: &str) -> Result<bool, Problem> {
    json.get(name)
        .and_then(Json::as_bool)
        .ok_or_else(|| format!("`{name}` is neither true nor false"))
}

fn list(json: &Json) -> Result<&[Json], Problem> {
    json.as_array().map(Vec::as_slice).ok_or_else(|| "is not a list".to_owned())
}

/// The value at a dotted path.
fn at<'j>(json: &'j Json, path: &str) -> Option<&'j Json> {
    path.split('.').try_fold(json, |json, name| json.get(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_configuration_is_nobodys_only_if_it_says_so() {
        let owner = |application: Json, metadata: Json| {
            owner(&json!({ "application": application, "metadata": metadata }), false)
        };
        assert_eq!(owner(Json::Null, json!({ "team": "blue" })), Ok(Owner::Unmarked));
        assert_eq!(owner(json!("ca_1"), json!({})), Ok(Owner::Application("ca_1".to_owned())));
        for metadata in [json!([]), json!(7), json!({ "reconcile_role": 7 })] {
            assert!(owner(Json::Null, metadata.clone()).is_err(), "{metadata}");
        }
        assert!(owner(json!(7), json!({})).is_err());
    }
}
