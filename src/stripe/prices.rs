//! What is read of an account's prices.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;
use tokio::task::JoinSet;

use super::connection::Answer;
use super::decode;
use super::endpoint::Endpoint;
use super::error::{ErrorKind, StripeError};
use super::form::Form;
use super::reader::{PAGE, Reader};
use crate::model::{LookupKey, Price, PriceBook, PriceHints, PriceId, SharedKeys};

const PRICES: &str = "/v1/prices";

/// An id that somebody chose can hold anything, and must not be able to change the path.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What is being tried, for errors.
const OPERATION: &str = "look up prices";

/// "You can specify up to 10 lookup keys": <https://docs.stripe.com/api/prices/list>.
const KEYS_AT_ONCE: usize = 10;

impl Reader {
    /// The active prices that have one of these lookup keys, each of its own, and the keys that
    /// several have.
    ///
    /// Returns an error if they can't be had.
    pub async fn prices(
        &self,
        lookup_keys: &BTreeSet<LookupKey>,
    ) -> Result<(PriceBook, SharedKeys), StripeError> {
        let keys: Vec<LookupKey> = lookup_keys.iter().cloned().collect();
        let mut batches = JoinSet::new();
        for batch in keys.chunks(KEYS_AT_ONCE) {
            let (reader, batch) = (self.clone(), batch.to_vec());
            batches.spawn(async move { reader.batch_of_prices(&batch).await });
        }
        let (mut prices, mut shared) = (PriceBook::new(), SharedKeys::new());
        while let Some(batch) = batches.join_next().await {
            for (key, price) in batch.expect("a batch neither panics nor is aborted")? {
                let id = price.id.clone();
                if let Some(other) = prices.insert(key.clone(), price) {
                    shared.entry(key).or_default().extend([other.id, id]);
                }
            }
        }
        shared.retain(|_, ids| ids.len() > 1);
        prices.retain(|key, _| !shared.contains_key(key));
        Ok((prices, shared))
    }

    /// Of the prices with these ids, those that are active and have a lookup key.
    ///
    /// Returns an error if one of them can't be had.
    pub async fn keyed_prices(&self, ids: &BTreeSet<PriceId>) -> Result<PriceBook, StripeError> {
        let mut lookups = JoinSet::new();
        for id in ids {
            let (reader, id) = (self.clone(), id.clone());
            lookups.spawn(async move { reader.keyed_price(&id).await });
        }
        let mut prices = PriceBook::new();
        while let Some(price) = lookups.join_next().await {
            prices.extend(price.expect("a look-up neither panics nor is aborted")?);
        }
        Ok(prices)
    }

    /// How many active prices there are, of a thousand at most. For those who listen: a plan that is
    /// made of what they hear can name any of them.
    ///
    /// Returns an error if they can't be had.
    pub async fn list_active_prices(&self) -> Result<usize, StripeError> {
        self.list_active(OPERATION, Endpoint::ListPrices, PRICES).await
    }

    /// Asks for all active objects, a thousand at most, and counts them.
    pub(super) async fn list_active(
        &self,
        operation: &str,
        endpoint: Endpoint,
        path: &str,
    ) -> Result<usize, StripeError> {
        const MOST_PAGES: usize = 10;
        let mut n_objects = 0;
        let mut cursor = None;
        for _ in 0..MOST_PAGES {
            let mut form = Form::default();
            form.push("active", "true");
            form.push("limit", PAGE.to_string());
            if let Some(cursor) = cursor {
                form.push("starting_after", cursor);
            }
            let answer = self.connection.get(operation, endpoint, path, &form).await?;
            let (ids, has_more) = answer.read(operation, decode::ids_of_page)?;
            n_objects += ids.len();
            cursor = ids.into_iter().next_back();
            if !has_more || cursor.is_none() {
                break;
            }
        }
        Ok(n_objects)
    }

    /// What helps to say why prices are missing or can't be used: what has become of these keys,
    /// which keys there are, and what these ids are.
    ///
    /// Returns an error if it can't be had.
    pub async fn price_hints(
        &self,
        missing: &BTreeSet<LookupKey>,
        ids: &BTreeSet<PriceId>,
    ) -> Result<PriceHints, StripeError> {
        let mut hints = PriceHints::default();
        if !missing.is_empty() {
            let keys: Vec<LookupKey> = missing.iter().cloned().collect();
            for batch in keys.chunks(KEYS_AT_ONCE) {
                let mut form = Form::default();
                form.push("active", "false");
                form.push_list("lookup_keys", batch.iter().map(LookupKey::as_str));
                hints.archived.extend(self.keys_of_prices(&form).await?);
            }
            let mut form = Form::default();
            form.push("active", "true");
            hints.others = self.keys_of_prices(&form).await?;
        }
        let mut lookups = JoinSet::new();
        for id in ids {
            let (reader, id) = (self.clone(), id.clone());
            lookups.spawn(async move { (reader.price(&id).await, id) });
        }
        while let Some(found) = lookups.join_next().await {
            let (price, id) = found.expect("a look-up neither panics nor is aborted");
            hints.by_id.insert(id, price?);
        }
        Ok(hints)
    }

    /// The lookup keys of the first page of prices.
    async fn keys_of_prices(&self, form: &Form) -> Result<BTreeSet<LookupKey>, StripeError> {
        let mut form = form.clone();
        form.push("limit", PAGE.to_string());
        let answer = self.connection.get(OPERATION, Endpoint::ListPrices, PRICES, &form).await?;
        let key = |item: &Json| LookupKey::parse(item.get("lookup_key")?.as_str()?).ok();
        answer.read(OPERATION, |body| Ok(decode::page(body)?.0.iter().filter_map(key).collect()))
    }

    async fn keyed_price(&self, id: &PriceId) -> Result<Option<(LookupKey, Price)>, StripeError> {
        let answer = self.price_object(id).await?;
        answer.read(OPERATION, decode::keyed_price)
    }

    /// A price, or nothing if the account has none of this id.
    async fn price(&self, id: &PriceId) -> Result<Option<Price>, StripeError> {
        match self.price_object(id).await {
            Ok(answer) => answer.read(OPERATION, decode::price).map(Some),
            Err(StripeError { kind: ErrorKind::Refused { status: 404, .. }, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn price_object(&self, id: &PriceId) -> Result<Answer, StripeError> {
        let path = format!("{PRICES}/{}", utf8_percent_encode(id.as_str(), ESCAPED));
        self.connection.get(OPERATION, Endpoint::RetrievePrice, &path, &Form::default()).await
    }

    async fn batch_of_prices(
        &self,
        keys: &[LookupKey],
    ) -> Result<Vec<(LookupKey, Price)>, StripeError> {
        let mut form = Form::default();
        // A lookup key stays with a price that is archived.
        form.push("active", "true");
        form.push("limit", PAGE.to_string());
        form.push_list("lookup_keys", keys.iter().map(LookupKey::as_str));
        let answer = self.connection.get(OPERATION, Endpoint::ListPrices, PRICES, &form).await?;
        answer.read(OPERATION, |body| {
            let (items, _) = decode::page(body)?;
            let keyed = items.iter().map(decode::keyed_price).collect::<Result<Vec<_>, _>>()?;
            Ok(keyed.into_iter().flatten().filter(|(key, _)| keys.contains(key)).collect())
        })
    }
}
