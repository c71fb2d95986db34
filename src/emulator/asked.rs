//! One request on its way to an answer: key, limits, account, permission, idempotency, headers, form,
//! endpoint.

use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, Method};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::answer::{Answer, IDEMPOTENCY_KEY, STRIPE_ACCOUNT};
use super::auth;
use super::caller::Caller;
use super::endpoint::{Endpoint, unrecognized};
use super::error::ApiError;
use super::exchange::Exchange;
use super::fault::Mishap;
use super::form::{self, FormError, Pairs};
use super::handle::seconds;
use super::idempotency::Keyed;
use super::limits::{HeldKey, Lane, Limits, Permit, Traffic};
use super::quirks::Quirks;
use super::state::Call;
use super::version;
use super::world::World;
use crate::transport::Request;

/// A request, taken apart.
///
/// Nothing that is asked may bring the emulator down, so what can't be read is kept as the error.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) parameters: Result<Pairs, FormError>,
    /// Only where it has a meaning: Stripe ignores the key of a GET.
    pub(super) idempotency_key: Option<String>,
    /// The `Stripe-Account` header.
    pub(super) account: Option<String>,
    has_form: bool,
}

/// What an answer depends on besides the request and the account.
pub(super) struct Circumstances<'a> {
    pub(super) quirks: &'a Quirks,
    pub(super) limits: Option<&'a Limits>,
    /// Time since 1970.
    pub(super) now: Duration,
    pub(super) request_id: &'a str,
    pub(super) mishap: Option<&'a Mishap>,
    /// Where pages for customers are, unless the request shows it.
    pub(super) pages: &'a str,
}

impl Asked {
    pub(super) fn new(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy();
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let is_post = parts.method == Method::POST;
        let body: &[u8] = if is_post { &body } else { &[] };
        let text = |name: &HeaderName| {
            let value = parts.headers.get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Self {
            path: path.into_owned(),
            parameters: form::pairs(&[query, body].join(&b'&')),
            idempotency_key: text(&IDEMPOTENCY_KEY).filter(|_| is_post),
            account: text(&STRIPE_ACCOUNT),
            has_form: body.is_empty() || is_form(&parts.headers),
            method: parts.method,
            headers: parts.headers,
        }
    }

    /// What was asked, as it is logged; what was answered is still to be filled in.
    pub(super) fn into_exchange(self) -> Exchange {
        Exchange {
            method: self.method.to_string(),
            path: self.path,
            parameters: self.parameters.unwrap_or_default(),
            account: self.account,
            idempotency_key: self.idempotency_key,
            status: 0,
            replayed: false,
            fault: None,
        }
    }

    /// Answers. As long as the permit is held, the request is running.
    pub(super) fn answer(
        &self,
        world: &mut World,
        traffic: &mut Traffic,
        around: &Circumstances<'_>,
    ) -> (Answer, Permit) {
        let caller = match auth::caller(&self.headers, world, around.pages) {
            Ok(caller) => caller,
            Err(error) => {
                let answer = Answer::refusal(&error, around.request_id, false);
                return (answer, Permit::default());
            }
        };
        let livemode = caller.livemode;
        let mut permit = Permit::default();
        let answer = self
            .admit(caller, world, traffic, around, &mut permit)
            .and_then(|caller| self.act(&caller, world, around))
            .unwrap_or_else(|error| Answer::refusal(&error, around.request_id, livemode));
        (answer, permit)
    }

    /// All that can stop a request before Stripe looks whether it has answered it before: limits,
    /// an account out of reach, a missing permission, a twin that is still running.
    fn admit(
        &self,
        caller: Caller,
        world: &World,
        traffic: &mut Traffic,
        around: &Circumstances<'_>,
        permit: &mut Permit,
    ) -> Result<Caller, ApiError> {
        let Circumstances { quirks, limits, now, mishap, .. } = *around;
        let endpoint = Endpoint::find(&self.method, &self.path).map(|(endpoint, _)| endpoint);
        let lane = Lane::new(caller.place, caller.livemode, endpoint);
        *permit = traffic
            .admit(limits, lane, now)
            .map_err(|(reason, wait)| reason.refusal(wait, caller.livemode, quirks))?;
        let caller = match &self.account {
            Some(account) => caller.on_account(account, world)?,
            None => caller,
        };
        if let Some(endpoint) = endpoint {
            caller.check(endpoint.permission, &world.at(caller.place).account.id)?;
        }
        let key = self.idempotency_key.as_deref();
        let refusal = mishap.and_then(|mishap| mishap.refusal(key, caller.livemode, quirks));
        if let Some(error) = refusal {
            return Err(error);
        }
        if let Some(key) = key
            && !traffic.hold(permit, HeldKey::new(&caller, key, quirks))
        {
            return Err(ApiError::key_in_use(key));
        }
        Ok(caller)
    }

    /// Answers as before, or does what is asked.
    fn act(
        &self,
        caller: &Caller,
        world: &mut World,
        around: &Circumstances<'_>,
    ) -> Result<Answer, ApiError> {
        let Circumstances { quirks, request_id, mishap, .. } = *around;
        let now = seconds(around.now);
        let (place, livemode) = (caller.place, caller.livemode);
        let keyed = self.keyed();
        if let Some(keyed) = &keyed {
            world.forget_answers(now);
            if quirks.idempotency_keys_span_accounts && world.is_used_elsewhere(keyed.key, caller) {
                return Err(ApiError::key_reused(keyed.key));
            }
            if let Some(saved) = keyed.saved(&world.at(place).side(livemode).saved_answers)? {
                return Ok(Answer::replay(saved));
            }
        }
        let done = match mishap.and_then(Mishap::failure) {
            Some(error) => Err(error),
            None => world.act(caller, quirks, now, |call| self.run(call)),
        };
        let (answer, is_saved) = match done {
            Ok(body) => (Answer::success(body), true),
            Err(error) => {
                let error = error.in_the_words_of(quirks);
                let is_forgotten = quirks.refusals_are_not_saved && error.status.is_client_error();
                let answer = Answer::refusal(&error, request_id, livemode);
                (answer, error.endpoint_ran && !is_forgotten)
            }
        };
        if let Some(keyed) = keyed.filter(|_| is_saved) {
            let saved = &mut world.at_mut(place).side_mut(livemode).saved_answers;
            keyed.save(saved, now, request_id, (answer.status, &answer.body));
        }
        Ok(answer)
    }

    fn keyed(&self) -> Option<Keyed<'_>> {
        Some(Keyed {
            key: self.idempotency_key.as_deref()?,
            path: &self.path,
            parameters: self.parameters.as_ref().ok()?,
        })
    }

    fn run(&self, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let version = version::asked(&self.headers)?;
        let old = version.as_deref().filter(|_| self.path.starts_with("/v1/billing_portal/"));
        if !self.has_form {
            return Err(ApiError::invalid(
                "Invalid request (check that your POST content type is \
                 application/x-www-form-urlencoded). If you have any questions, we can help at \
                 https://support.stripe.com/.",
            ));
        }
        let parameters = self.parameters.as_ref().map_err(malformed)?;
        if let Some(date) = old.filter(|_| call.quirks.old_versions_refuse_newer_parameters) {
            version::refuse_newer(date, parameters)?;
        }
        let fields = form::tree(parameters).map_err(|error| malformed(&error))?;
        let mut answer = match Endpoint::find(&self.method, &self.path) {
            Some((endpoint, id)) => (endpoint.run)(call, id, fields)?,
            None => return Err(unrecognized(&self.method, &self.path)),
        };
        if let Some(date) = old.filter(|_| call.quirks.old_versions_hide_pauses) {
            version::hide_pauses(date, &mut answer);
        }
        Ok(answer)
    }
}

fn malformed(error: &FormError) -> ApiError {
    ApiError::invalid(error.to_string())
}

fn is_form(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE) else {
        return true;
    };
    let kind = kind.to_str().unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
