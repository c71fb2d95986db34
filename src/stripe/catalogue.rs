//! What an account sells, as far as pictures of portals show it.

use std::collections::BTreeSet;

use super::decode;
use super::endpoint::Endpoint;
use super::error::{ErrorKind, StripeError};
use super::form::Form;
use super::reader::{PAGE, Reader};
use crate::model::{Catalogue, PriceId, ProductId};

const PRODUCTS: &str = "/v1/products";

/// Of ids in one URL, which can be three times as long. Stripe's own are so short that a page of them is
/// far below; one that somebody chose has 5,000 bytes at most.
const MOST_BYTES: usize = 8 * 1024;

/// What is being tried, for errors.
const OPERATION: &str = "look up products";

impl Reader {
    /// What these prices cost, and what their products and these are called. What the account doesn't
    /// have, or the key may not know, is left out.
    ///
    /// Returns an error if Stripe can't be asked.
    pub async fn catalogue(
        &self,
        prices: &BTreeSet<PriceId>,
        products: &BTreeSet<ProductId>,
    ) -> Result<Catalogue, StripeError> {
        let mut catalogue = Catalogue::default();
        let hints = unless_forbidden(self.price_hints(&BTreeSet::new(), prices).await)?;
        for (id, price) in hints.unwrap_or_default().by_id {
            catalogue.prices.extend(price.map(|price| (id, price)));
        }
        let mut products = products.clone();
        products.extend(catalogue.prices.values().map(|price| price.product.clone()));
        let products: Vec<ProductId> = products.into_iter().collect();
        for batch in batches(&products) {
            let Some(names) = unless_forbidden(self.names(batch).await)? else { break };
            catalogue.products.extend(names);
        }
        Ok(catalogue)
    }

    /// Asks for all active products, a thousand at most, for those who listen. A key that may not see
    /// them is no error.
    ///
    /// Returns an error if Stripe can't be asked.
    pub async fn list_active_products(&self) -> Result<(), StripeError> {
        let listed = self.list_active(OPERATION, Endpoint::ListProducts, PRODUCTS).await;
        unless_forbidden(listed).map(drop)
    }

    async fn names(&self, ids: &[ProductId]) -> Result<Vec<(ProductId, String)>, StripeError> {
        let mut form = Form::default();
        form.push("limit", PAGE.to_string());
        form.push_list("ids", ids.iter().map(ProductId::as_str));
        let answer =
            self.connection.get(OPERATION, Endpoint::ListProducts, PRODUCTS, &form).await?;
        let name = |item: &serde_json::Value| {
            Ok((decode::id_of(item, ProductId::parse)?, decode::text(item, "name")?.to_owned()))
        };
        answer.read(OPERATION, |body| decode::page(body)?.0.iter().map(name).collect())
    }
}

/// As many at once as have a page, and a URL of a length that servers take.
fn batches(products: &[ProductId]) -> Vec<&[ProductId]> {
    let mut batches = Vec::new();
    let mut start = 0;
    let mut n_bytes = 0;
    for (index, product) in products.iter().enumerate() {
        let length = product.as_str().len();
        let is_full = index - start == PAGE || n_bytes + length > MOST_BYTES;
        if is_full && index > start {
            batches.push(&products[start..index]);
            (start, n_bytes) = (index, 0);
        }
        n_bytes += length;
    }
    batches.push(&products[start..]);
    batches.retain(|batch| !batch.is_empty());
    batches
}

/// What was asked, or nothing if the key may not know.
fn unless_forbidden<T>(asked: Result<T, StripeError>) -> Result<Option<T>, StripeError> {
    match asked {
        Err(StripeError { kind: ErrorKind::Permission(_), .. }) => Ok(None),
        asked => asked.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_a_page_or_as_much_as_a_url_can_hold() {
        let sizes = |products: &[String]| -> Vec<usize> {
            let ids: Vec<_> = products.iter().map(|id| ProductId::parse(id).unwrap()).collect();
            batches(&ids).iter().map(|batch| batch.len()).collect()
        };
        let short: Vec<String> = (0..250).map(|n| format!("prod_{n}")).collect();
        assert_eq!(sizes(&short), [100, 100, 50]);
        let long = ["é".repeat(2_500), "a".repeat(5_000), "b".to_owned()];
        assert_eq!(sizes(&long), [1, 2]);
        assert_eq!(sizes(&[]), [0; 0]);
    }
}
