//! One request on its way to an answer: key, idempotency, headers, form, endpoint.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, Method};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::answer::{Answer, IDEMPOTENCY_KEY, STRIPE_ACCOUNT, STRIPE_VERSION};
use super::auth;
use super::caller::Caller;
use super::endpoint::{Endpoint, unrecognized};
use super::error::ApiError;
use super::form::{self, FormError, Pairs};
use super::idempotency::{self, Keyed};
use super::quirks::Quirks;
use super::state::Call;
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

    pub(super) fn answer(
        &self,
        world: &mut World,
        quirks: &Quirks,
        now: i64,
        request_id: &str,
    ) -> Answer {
        let caller = match auth::caller(&self.headers, world) {
            Ok(caller) => caller,
            Err(error) => return Answer::refusal(&error, request_id, false),
        };
        let livemode = caller.livemode;
        let refusal = |error: &ApiError| Answer::refusal(error, request_id, livemode);
        let caller = match self.admitted(caller, world) {
            Ok(caller) => caller,
            Err(error) => return refusal(&error),
        };
        let keyed = self.keyed();
        if let Some(keyed) = &keyed {
            let saved = &mut world.at_mut(caller.place).side_mut(livemode).saved_answers;
            idempotency::prune(saved, now);
            match keyed.saved(saved) {
                Ok(Some(answer)) => return Answer::replay(answer),
                Ok(None) => {}
                Err(error) => return refusal(&error),
            }
        }
        let (answer, is_saved) = match world.act(&caller, quirks, now, |call| self.run(call)) {
            Ok(body) => (Answer::success(body), true),
            Err(error) => {
                let is_saved = error.endpoint_ran && !quirks.refusals_are_not_saved;
                (refusal(&error), is_saved)
            }
        };
        if let Some(keyed) = keyed.filter(|_| is_saved) {
            let saved = &mut world.at_mut(caller.place).side_mut(livemode).saved_answers;
            keyed.save(saved, now, request_id, (answer.status, &answer.body));
        }
        answer
    }

    /// The caller, on the account that the request names, if the key may do there what is asked.
    fn admitted(&self, caller: Caller, world: &World) -> Result<Caller, ApiError> {
        let caller = match &self.account {
            Some(account) => caller.on_account(account, world)?,
            None => caller,
        };
        if let Some((endpoint, _)) = Endpoint::find(&self.method, &self.path) {
            caller.check(endpoint.permission, &world.at(caller.place).account.id)?;
        }
        Ok(caller)
    }

    fn keyed(&self) -> Option<Keyed<'_>> {
        Some(Keyed {
            key: self.idempotency_key.as_deref()?,
            path: &self.path,
            parameters: self.parameters.as_ref().ok()?,
        })
    }

    fn run(&self, call: &mut Call<'_>) -> Result<Value, ApiError> {
        check_version(&self.headers)?;
        if !self.has_form {
            return Err(ApiError::invalid(
                "Invalid request (check that your POST content type is \
                 application/x-www-form-urlencoded). If you have any questions, we can help at \
                 https://support.stripe.com/.",
            ));
        }
        let parameters = self.parameters.as_ref().map_err(malformed)?;
        let fields = form::tree(parameters).map_err(|error| malformed(&error))?;
        match Endpoint::find(&self.method, &self.path) {
            Some((endpoint, id)) => (endpoint.run)(call, id, fields),
            None => Err(unrecognized(&self.method, &self.path)),
        }
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

/// A version is a date, since 2024 with a name: `2026-10-28.endive`.
fn check_version(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(version) = headers.get(STRIPE_VERSION) else {
        return Ok(());
    };
    let version = String::from_utf8_lossy(version.as_bytes());
    let (date, name) = version.split_once('.').unwrap_or((&version, "a"));
    let is_date = date.len() == 10
        && date.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_date && is_name {
        return Ok(());
    }
    Err(ApiError::invalid(format!("Invalid Stripe API version: {version}")))
}
