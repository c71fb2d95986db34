//! Prices.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::new_price::New;
use super::product::Product;
use crate::emulator::error::ApiError;
use crate::emulator::expand::Expand;
use crate::emulator::form::Table;
use crate::emulator::metadata::{self, Entries, Metadata};
use crate::emulator::parameter::too_long;
use crate::emulator::params::{self, Edit, Params, set};
use crate::emulator::resource::{self, Resource, write};
use crate::emulator::state::{Call, object};
use crate::emulator::vocabulary::{BillingScheme, Interval, PriceType, TaxBehavior, UsageType};

/// Parameters of Stripe's that have nothing to do with the portal.
const NOT_EMULATED: &[&str] =
    &["currency_options", "custom_unit_amount", "tiers", "tiers_mode", "transform_quantity"];

// Stripe's documented limits.
const MAX_LOOKUP_KEY: usize = 200;
const MAX_LOOKUP_KEYS: usize = 10;

object!(Price, "price", "price", prices);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::emulator) struct Price {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) active: bool,
    pub(in crate::emulator) created: i64,
    pub(in crate::emulator) currency: String,
    pub(super) lookup_key: Option<String>,
    pub(super) metadata: Metadata,
    pub(super) nickname: Option<String>,
    pub(in crate::emulator) product: String,
    /// Nothing for a price that is charged once.
    pub(in crate::emulator) recurring: Option<Recurring>,
    pub(super) tax_behavior: TaxBehavior,
    pub(super) unit_amount: Option<i64>,
    pub(in crate::emulator) unit_amount_decimal: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::emulator) struct Recurring {
    pub(in crate::emulator) interval: Interval,
    pub(in crate::emulator) interval_count: i64,
    meter: Option<String>,
    trial_period_days: Option<i64>,
    usage_type: UsageType,
}

impl Recurring {
    pub(super) fn read(params: &mut Params<'_>) -> Self {
        params.require(&["interval"]);
        let recurring = Self {
            interval: params.get("interval").unwrap_or(Interval::Month),
            interval_count: params.get("interval_count").unwrap_or(1),
            meter: params.get("meter"),
            trial_period_days: params.get("trial_period_days"),
            usage_type: params.get("usage_type").unwrap_or(UsageType::Licensed),
        };
        if !recurring.interval.within_three_years(recurring.interval_count) {
            params.problem(
                ApiError::invalid("The maximum interval is three years, the minimum is 1.")
                    .param(params.path_of("interval_count")),
            );
        }
        recurring
    }
}

impl Price {
    fn kind(&self) -> PriceType {
        match self.recurring {
            Some(_) => PriceType::Recurring,
            None => PriceType::OneTime,
        }
    }
}

impl Resource for Price {
    const URL: &'static str = "/v1/prices";
    const EXPANDABLE: &'static [&'static str] = &["product"];

    fn json(&self, call: &Call<'_>, expand: &Expand) -> Value {
        let Self {
            id,
            active,
            created,
            currency,
            lookup_key,
            metadata,
            nickname,
            product,
            recurring,
            tax_behavior,
            unit_amount,
            unit_amount_decimal,
        } = self;
        let expanded = call.side().find::<Product>(product).filter(|_| expand.wants("product"));
        json!({
            "id": id,
            "object": "price",
            "active": active,
            "billing_scheme": BillingScheme::PerUnit,
            "created": created,
            "currency": currency,
            "custom_unit_amount": null,
            "livemode": call.livemode(),
            "lookup_key": lookup_key,
            "metadata": metadata,
            "nickname": nickname,
            "product": match expanded {
                Some(product) => product.json(call, &Expand::default()),
                None => json!(product),
            },
            "recurring": recurring,
            "tax_behavior": tax_behavior,
            "tiers_mode": null,
            "transform_quantity": null,
            "type": self.kind(),
            "unit_amount": unit_amount,
            "unit_amount_decimal": unit_amount_decimal,
        })
    }
}

/// Refuses a default price of another product.
pub(super) fn check_belongs(price: &Price, product: &Product) -> Result<(), ApiError> {
    if price.product == product.id {
        return Ok(());
    }
    Err(ApiError::foreign_price("default_price", &price.id, &product.id))
}

/// What create and update have in common.
pub(super) struct Changes {
    active: Option<bool>,
    lookup_key: Edit<String>,
    metadata: Edit<Entries>,
    nickname: Edit<String>,
    tax_behavior: Option<TaxBehavior>,
    transfer_lookup_key: bool,
}

impl Changes {
    pub(super) fn read(params: &mut Params<'_>) -> Self {
        params.not_emulated(NOT_EMULATED);
        let lookup_key = params.edit::<String>("lookup_key");
        if let Edit::Set(key) = &lookup_key
            && key.chars().count() > MAX_LOOKUP_KEY
        {
            params.problem(too_long(key, MAX_LOOKUP_KEY).param("lookup_key"));
        }
        Self {
            active: params.get("active"),
            lookup_key,
            metadata: metadata::edit(params),
            nickname: params.edit("nickname"),
            tax_behavior: params.get("tax_behavior"),
            transfer_lookup_key: params.get("transfer_lookup_key").unwrap_or_default(),
        }
    }

    /// Changes a price, which is still to be kept, and takes its lookup key from whoever held it.
    pub(super) fn apply(self, call: &mut Call<'_>, price: &mut Price) -> Result<(), ApiError> {
        let holder = match &self.lookup_key {
            Edit::Set(key) => call
                .side()
                .prices
                .iter()
                .find(|held| held.lookup_key.as_ref() == Some(key) && held.id != price.id),
            Edit::Keep | Edit::Clear => None,
        }
        .cloned();
        if let Some(holder) = &holder
            && !self.transfer_lookup_key
        {
            return Err(ApiError::refused(format!(
                "A price (`{}`) already uses that lookup key.",
                holder.id
            ))
            .param("lookup_key"));
        }
        set(self.active, &mut price.active);
        self.lookup_key.apply(&mut price.lookup_key);
        metadata::apply(self.metadata, &mut price.metadata)?;
        self.nickname.apply(&mut price.nickname);
        set(self.tax_behavior, &mut price.tax_behavior);
        if let Some(holder) = holder {
            call.replace(Price { lookup_key: None, ..holder });
        }
        Ok(())
    }
}

pub(in crate::emulator) fn create(call: &mut Call<'_>, fields: Table) -> Result<Value, ApiError> {
    write(call, fields, New::read, |call, new| new.add(call))
}

/// Adds a price as a create does, outside of any request, with an id of one's own.
pub(in crate::emulator) fn make(
    call: &mut Call<'_>,
    id: Option<String>,
    fields: Table,
) -> Result<Price, ApiError> {
    let mut new = params::read(fields, New::read)?;
    new.id = id;
    new.add(call)
}

pub(in crate::emulator) fn update(
    call: &mut Call<'_>,
    id: &str,
    fields: Table,
) -> Result<Value, ApiError> {
    write(call, fields, Changes::read, |call, changes| {
        let mut price = call.at_path::<Price>(id)?.clone();
        changes.apply(call, &mut price)?;
        call.replace(price.clone());
        Ok(price)
    })
}

/// Which prices of a list are wanted.
struct Filter {
    active: Option<bool>,
    product: Option<String>,
    kind: Option<PriceType>,
    lookup_keys: Option<Vec<String>>,
}

impl Filter {
    fn read(params: &mut Params<'_>, is_truncated: bool) -> Self {
        params.not_emulated(&["created", "currency", "recurring"]);
        Self {
            active: params.get("active"),
            product: params.get("product"),
            kind: params.get("type"),
            lookup_keys: read_lookup_keys(params, is_truncated),
        }
    }

    fn wants(&self, price: &Price) -> bool {
        let has_key = |keys: &Vec<String>| {
            let key = price.lookup_key.as_ref();
            key.is_some_and(|key| keys.contains(key))
        };
        self.active.is_none_or(|active| price.active == active)
            && self.product.as_ref().is_none_or(|id| price.product == *id)
            && self.kind.is_none_or(|kind| price.kind() == kind)
            && self.lookup_keys.as_ref().is_none_or(has_key)
    }
}

pub(in crate::emulator) fn list(call: &Call<'_>, fields: Table) -> Result<Value, ApiError> {
    let is_truncated = call.quirks.lookup_keys_are_truncated;
    resource::list(call, fields, |params, _| Filter::read(params, is_truncated), Filter::wants)
}

fn read_lookup_keys(params: &mut Params<'_>, is_truncated: bool) -> Option<Vec<String>> {
    let mut keys = params.get::<Vec<String>>("lookup_keys")?;
    if keys.len() > MAX_LOOKUP_KEYS && !is_truncated {
        params.problem(ApiError::too_many("lookup_keys", MAX_LOOKUP_KEYS));
    }
    keys.truncate(MAX_LOOKUP_KEYS);
    Some(keys)
}
