//! Ids that nobody expects: people chose those of prices and products, and an answer can hold anything.

use std::collections::BTreeSet;
use std::sync::Arc;

use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::model::PriceId;
use portal_reconciler::snapshot::{Recorder, Replay, Saved};
use portal_reconciler::stripe::Reader;
use portal_reconciler::transport::{Request, Response, Sending, Transport};
use serde_json::{Value as Json, json};

use crate::crash::run::block_on;
use crate::support::connection;

/// Gives one answer to everything.
struct Always(Json);

impl Transport for Always {
    fn send(&self, _: Request) -> Sending<'_> {
        Box::pin(std::future::ready(Ok(Response::new(self.0.to_string().into_bytes()))))
    }
}

#[test]
fn a_price_is_asked_for_by_its_id_whatever_is_in_it() {
    let strange = ["a<b`c", "é?%2e#", "..."];
    let price = |id: &str| {
        let month = json!({ "interval": "month" });
        json!({ "id": id, "product": "prod_a", "currency": "usd", "unit_amount": 1, "recurring": month })
    };
    let product = json!({ "id": "prod_a", "name": "A" });
    let seed = json!({ "products": [product], "prices": strange.map(price) });
    let emulator = Arc::new(Emulator::in_memory(Seed::parse(&seed.to_string()).unwrap()));
    let none = ["none<", "../products/prod_a"];
    let ids: BTreeSet<PriceId> =
        strange.iter().chain(&none).map(|id| PriceId::parse(id).unwrap()).collect();
    let recorder = Arc::new(Recorder::new(emulator.clone()));
    let ask = |reader: Reader| block_on(reader.price_hints(&BTreeSet::new(), &ids)).unwrap().by_id;
    let found = ask(Reader::new(connection(recorder.clone())));
    for (id, price) in &found {
        let name = price.as_ref().map(|price| price.id.as_str());
        assert_eq!(name, strange.contains(&id.as_str()).then_some(id.as_str()));
    }
    assert!(emulator.exchanges().iter().all(|it| it.path.starts_with("/v1/prices/")));
    let saved = recorder.take("2026-11-22T00:00:00Z".into(), "test".into(), false).to_text();
    let replay = Replay::new(Saved::parse(&saved).unwrap());
    assert_eq!(ask(Reader::new(connection(Arc::new(replay)))), found);
}

#[test]
fn an_id_in_an_answer_that_no_url_could_hold_is_an_error() {
    let endless = json!({ "data": [{ "id": "x".repeat(70_000) }], "has_more": true });
    let reader = Reader::new(connection(Arc::new(Always(endless))));
    let error = block_on(reader.snapshot(&BTreeSet::new())).unwrap_err();
    assert!(error.to_string().contains("`id`"), "{error}");
    let error = block_on(reader.list_active_prices()).unwrap_err();
    assert!(error.to_string().contains("`id`"), "{error}");
}
