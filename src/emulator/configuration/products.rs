//! The products of `subscription_update` and what Stripe asks of them.

use std::collections::HashSet;

use super::changes::{ProductEntry, QuantityEntry};
use super::{AdjustableQuantity, ListedProduct};
use crate::emulator::catalogue::{Price, Product, Recurring};
use crate::emulator::error::ApiError;
use crate::emulator::params::Edit;
use crate::emulator::quirks::{Quirks, SameInterval};
use crate::emulator::state::Call;

/// Stripe's documented limit.
const MAX_PRODUCTS: usize = 10;

/// Where the products stand in a request.
pub(super) const PRODUCTS: &str = "features[subscription_update][products]";

/// The products as they will be kept.
pub(super) fn listed(
    products: Edit<Vec<ProductEntry>>,
    quirks: &Quirks,
) -> Edit<Vec<ListedProduct>> {
    products.map(|entries| {
        let listed = |entry: ProductEntry| ListedProduct {
            adjustable_quantity: quantity(entry.adjustable_quantity, quirks),
            prices: entry.prices,
            product: entry.product,
        };
        let mut products: Vec<ListedProduct> = entries.into_iter().map(listed).collect();
        if quirks.products_are_sorted {
            products.sort_unstable_by(|one, other| one.product.cmp(&other.product));
            products.iter_mut().for_each(|product| product.prices.sort_unstable());
        }
        products
    })
}

fn quantity(entry: Option<QuantityEntry>, quirks: &Quirks) -> AdjustableQuantity {
    let lowest = i64::from(quirks.minimum_quantity_is_one);
    match entry {
        None => AdjustableQuantity {
            enabled: quirks.quantity_is_adjustable_by_default,
            maximum: None,
            minimum: lowest,
        },
        Some(entry) => AdjustableQuantity {
            enabled: entry.enabled,
            maximum: entry.maximum,
            minimum: entry.minimum.unwrap_or(lowest),
        },
    }
}

/// Refuses what Stripe refuses about a list of products.
pub(super) fn check(call: &Call<'_>, entries: &[ProductEntry]) -> Result<(), ApiError> {
    if entries.len() > MAX_PRODUCTS {
        return Err(ApiError::too_many(PRODUCTS, MAX_PRODUCTS));
    }
    let mut seen = HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let path = format!("{PRODUCTS}[{index}]");
        if !seen.insert(&entry.product) && !call.quirks.repeated_products_are_accepted {
            let product = &entry.product;
            let message = format!("The product `{product}` is listed more than once.");
            return Err(ApiError::refused(message).param(format!("{path}[product]")).unrecorded());
        }
        check_product(call, entry, &path)?;
        check_quantity(entry.adjustable_quantity.as_ref(), &path)?;
    }
    Ok(())
}

fn check_product(call: &Call<'_>, entry: &ProductEntry, path: &str) -> Result<(), ApiError> {
    let param = format!("{path}[product]");
    let product: &Product = call.at_param(&entry.product, &param)?;
    if !product.active && !call.quirks.archived_prices_are_accepted {
        let message = format!("The product `{}` is inactive.", product.id);
        return Err(ApiError::refused(message).param(param).unrecorded());
    }
    if entry.prices.is_empty() {
        return Err(ApiError::missing(format!("{path}[prices]")));
    }
    let mut intervals = HashSet::new();
    for (index, id) in entry.prices.iter().enumerate() {
        let param = format!("{path}[prices][{index}]");
        let price: &Price = call.at_param(id, &param)?;
        let recurring = check_price(call.quirks, price, product, &param)?;
        let interval = recurring.interval;
        let (count, currency) = match call.quirks.same_interval {
            SameInterval::Unit => (None, None),
            SameInterval::UnitAndCount => (Some(recurring.interval_count), None),
            SameInterval::UnitCountAndCurrency => {
                (Some(recurring.interval_count), Some(&price.currency))
            }
        };
        if !intervals.insert((interval, count, currency)) {
            return Err(ApiError::refused(
                "For each product, its price must have unique billing intervals.",
            ));
        }
    }
    Ok(())
}

fn check_price<'a>(
    quirks: &Quirks,
    price: &'a Price,
    product: &Product,
    param: &str,
) -> Result<&'a Recurring, ApiError> {
    let id = &price.id;
    let refused = |message: String| Err(ApiError::refused(message).param(param).unrecorded());
    if price.product != product.id {
        return Err(ApiError::foreign_price(param, id, &product.id));
    }
    if !price.active && !quirks.archived_prices_are_accepted {
        return refused(format!(
            "The price `{id}` is inactive. This field only accepts active prices."
        ));
    }
    match &price.recurring {
        Some(recurring) => Ok(recurring),
        None => refused(format!(
            "The price `{id}` has type `one_time`. This field only accepts prices with type \
             `recurring`."
        )),
    }
}

fn check_quantity(quantity: Option<&QuantityEntry>, path: &str) -> Result<(), ApiError> {
    let Some(quantity) = quantity else {
        return Ok(());
    };
    for (name, value) in [("minimum", quantity.minimum), ("maximum", quantity.maximum)] {
        if value.is_some_and(|value| value < 0) {
            let param = format!("{path}[adjustable_quantity][{name}]");
            return Err(ApiError::out_of_bounds(param, "greater than or equal to 0"));
        }
    }
    let minimum = quantity.minimum.unwrap_or_default();
    if quantity.maximum.is_some_and(|maximum| maximum < minimum) {
        return Err(ApiError::refused(
            "The maximum quantity must be greater than or equal to the minimum quantity.",
        )
        .param(format!("{path}[adjustable_quantity][maximum]"))
        .unrecorded());
    }
    Ok(())
}
