//! From a request to its answer.

use super::answer::Answer;
use super::asked::{Asked, Circumstances};
use super::control;
use super::delivery::{Begun, Delivery};
use super::error::ApiError;
use super::exchange::Exchange;
use super::fault::{self, Mishap};
use super::handle::{Emulator, Inner, seconds, with_cause};
use super::ids::letters;
use super::limits::Permit;
use super::session;
use crate::transport::{Request, Response, Sending, Transport};

/// A server that runs for weeks must not fill the memory with what it was asked.
const MAX_EXCHANGES: usize = 10_000;

impl Emulator {
    /// Answers a request, at once and without faults. Whatever the request is, there is an answer.
    ///
    /// If the state file can't be read or written, the answer has status 500 and nothing has
    /// changed.
    pub fn handle(&self, request: Request) -> Response {
        match self.beside_the_api(&request) {
            Some(response) => response,
            None => self.answer(Asked::new(request), None).0,
        }
    }

    /// Acts on a request as a server does that is far away and isn't always well.
    pub(super) fn begin(&self, request: Request) -> Begun {
        if let Some(response) = self.beside_the_api(&request) {
            return Begun::over(Delivery::Whole(response));
        }
        let asked = Asked::new(request);
        let has_key = asked.idempotency_key.is_some();
        let mishap = fault::meet(&mut self.inner().faults, &asked.method, &asked.path, has_key);
        let instead = mishap.as_ref().and_then(|mishap| Some((mishap, mishap.instead()?)));
        if let Some((mishap, delivery)) = instead {
            let mut exchange = asked.into_exchange();
            exchange.status = match &delivery {
                Delivery::Whole(response) => response.status().as_u16(),
                Delivery::Half(_) | Delivery::Closed | Delivery::Reset | Delivery::Silence => 0,
            };
            exchange.fault = Some(mishap.name());
            self.inner().log(exchange);
            return Begun::over(delivery);
        }
        let (response, permit) = self.answer(asked, mishap.as_ref());
        let delivery = match &mishap {
            Some(mishap) => mishap.deliver(response),
            None => Delivery::Whole(response),
        };
        Begun { delivery, latency: self.latency, permit }
    }

    /// Answers what isn't asked of Stripe's API: what the emulator is told, and pages for customers.
    fn beside_the_api(&self, request: &Request) -> Option<Response> {
        control::answer(self, request).or_else(|| session::answer(self, request))
    }

    fn answer(&self, asked: Asked, mishap: Option<&Mishap>) -> (Response, Permit) {
        let now = (self.clock)();
        let mut inner = self.inner();
        inner.n_requests += 1;
        let nonce = format!("{} {}", seconds(now), inner.n_requests);
        let request_id = format!("req_{}", letters(&nonce, 14));
        let Inner { store, traffic, .. } = &mut *inner;
        let answered = store.with(|world| {
            let limits = self.limits.as_ref().or(world.limits.as_ref()).cloned();
            let limits = limits.as_ref();
            let circumstances = Circumstances {
                quirks: &self.quirks,
                limits,
                now,
                request_id: &request_id,
                mishap,
                pages: &self.pages,
            };
            asked.answer(world, traffic, &circumstances)
        });
        let (answer, permit) = answered.unwrap_or_else(|error| {
            let failed = with_cause(&error);
            let error = ApiError::internal(format!("{failed}; POST /_emulator/reset begins anew"));
            (Answer::refusal(&error, &request_id, false), Permit::default())
        });
        let response = answer.to_response(&asked.headers, &request_id);
        let mut exchange = asked.into_exchange();
        exchange.status = answer.status.as_u16();
        exchange.replayed = answer.original_request.is_some();
        exchange.fault = mishap.map(Mishap::name);
        inner.log(exchange);
        (response, permit)
    }
}

impl Inner {
    fn log(&mut self, exchange: Exchange) {
        if self.exchanges.len() == MAX_EXCHANGES {
            self.exchanges.pop_front();
        }
        self.exchanges.push_back(exchange);
    }
}

impl Transport for Emulator {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move { self.begin(request).end().await.arrive().await })
    }
}
