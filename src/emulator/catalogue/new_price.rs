//! What a price is made of.

use super::price::{Changes, Price, Recurring};
use super::product::{self, Product};
use crate::emulator::error::ApiError;
use crate::emulator::metadata::Metadata;
use crate::emulator::params::Params;
use crate::emulator::state::Call;
use crate::emulator::vocabulary::{BillingScheme, TaxBehavior};

/// A price that is to be created.
pub(super) struct New {
    pub(super) id: Option<String>,
    currency: Option<String>,
    product: Option<String>,
    product_data: Option<product::New>,
    recurring: Option<Recurring>,
    unit_amount: Option<i64>,
    unit_amount_decimal: Option<String>,
    changes: Changes,
}

impl New {
    pub(super) fn read(params: &mut Params<'_>) -> Self {
        params.require(&["currency"]);
        // Per unit is the only scheme: reading it refuses the others.
        params.get::<BillingScheme>("billing_scheme");
        let new = Self {
            id: None,
            currency: params.get("currency"),
            product: params.get("product"),
            product_data: params.object("product_data", product::New::read),
            recurring: params.object("recurring", Recurring::read),
            unit_amount: params.get("unit_amount"),
            unit_amount_decimal: params.get("unit_amount_decimal"),
            changes: Changes::read(params),
        };
        new.check(params);
        new
    }

    /// Refuses what isn't a price.
    fn check(&self, params: &Params<'_>) {
        if self.product.is_some() == self.product_data.is_some() {
            params.problem(
                ApiError::invalid("You must pass either `product` or `product_data`.")
                    .param("product"),
            );
        }
        if self.unit_amount.is_some() == self.unit_amount_decimal.is_some() {
            params.problem(
                ApiError::invalid(
                    "Prices require either an `unit_amount` or an `unit_amount_decimal` parameter \
                     to be set.",
                )
                .param("unit_amount"),
            );
        }
        if self.unit_amount.is_some_and(|amount| amount < 0) {
            params.problem(
                ApiError::invalid("Invalid non-negative integer")
                    .code("parameter_invalid_integer")
                    .param("unit_amount"),
            );
        }
        if let Some(currency) = &self.currency
            && (currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()))
        {
            let message = format!("Invalid currency: {currency}");
            params.problem(ApiError::invalid(message).param("currency"));
        }
    }

    pub(super) fn add(self, call: &mut Call<'_>) -> Result<Price, ApiError> {
        let Self {
            id,
            currency,
            product,
            product_data,
            recurring,
            unit_amount,
            unit_amount_decimal,
            changes,
        } = self;
        let product = match (product, product_data) {
            (Some(id), _) => call.at_param::<Product>(&id, "product")?.id.clone(),
            (None, Some(new)) => new.add(call)?.id,
            (None, None) => return Err(ApiError::missing("product")),
        };
        let decimal = unit_amount_decimal
            .or_else(|| unit_amount.map(|amount| amount.to_string()))
            .unwrap_or_default();
        let mut price = Price {
            id: id.unwrap_or_else(|| call.next_id::<Price>()),
            active: true,
            created: call.now,
            currency: currency.unwrap_or_default().to_ascii_lowercase(),
            lookup_key: None,
            metadata: Metadata::default(),
            nickname: None,
            product,
            recurring,
            tax_behavior: TaxBehavior::Unspecified,
            unit_amount: decimal.parse().ok(),
            unit_amount_decimal: decimal,
        };
        changes.apply(call, &mut price)?;
        call.add(price.clone());
        Ok(price)
    }
}
