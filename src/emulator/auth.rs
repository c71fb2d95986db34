//! The key that a request comes with.
//!
//! Any well-formed secret or restricted key is the platform's, unless it is listed as a connected
//! account's own; its prefix says which side it opens.

use base64::prelude::{BASE64_STANDARD, Engine};
use http::HeaderMap;
use http::header::{AUTHORIZATION, HOST};
use url::{Host, Url};

use super::caller::{Caller, Permissions};
use super::error::ApiError;
use super::world::{Place, World};

/// Finds out who asks. `pages` is used unless the `Host` header shows where the caller reached us.
pub(super) fn caller(headers: &HeaderMap, world: &World, pages: &str) -> Result<Caller, ApiError> {
    let Some(key) = headers.get(AUTHORIZATION) else {
        return Err(missing());
    };
    let key = key.to_str().ok().and_then(key_of).ok_or_else(missing)?;
    let shown = masked(&key);
    let invalid = || ApiError::unauthorized(format!("Invalid API Key provided: {shown}"));
    let livemode = side(&key).ok_or_else(invalid)?;
    let listed = world.keys.find(&key);
    let permissions = match listed {
        Some(listed) if listed.expired => {
            let message = format!("Expired API Key provided: {shown}");
            return Err(ApiError::unauthorized(message).code("api_key_expired"));
        }
        Some(listed) => listed.permissions.clone().map_or(Permissions::All, Permissions::Only),
        None if world.keys.only_listed => return Err(invalid()),
        None => Permissions::All,
    };
    let account = listed.and_then(|listed| listed.account.as_deref());
    let place = account.and_then(|account| world.find(account)).unwrap_or(Place::Platform);
    let pages = reached_at(headers).unwrap_or_else(|| pages.to_owned());
    Ok(Caller { key: shown, livemode, permissions, place, application: None, pages })
}

/// Where whoever has asked over the network can look at pages: where they have asked.
fn reached_at(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let url = Url::parse(&format!("http://{host}")).ok()?;
    let is_here = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    is_here.then(|| url.origin().ascii_serialization())
}

/// Whether a well-formed key opens the live side.
pub(super) fn side(key: &str) -> Option<bool> {
    let (secret, livemode) =
        [("sk_test_", false), ("rk_test_", false), ("sk_live_", true), ("rk_live_", true)]
            .into_iter()
            .find_map(|(prefix, livemode)| Some((key.strip_prefix(prefix)?, livemode)))?;
    is_secret(secret).then_some(livemode)
}

fn missing() -> ApiError {
    ApiError::unauthorized(
        "You did not provide an API key. You need to provide your API key in the Authorization \
         header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See \
         https://stripe.com/docs/api#authentication for details, or we can help at \
         https://support.stripe.com/.",
    )
}

/// `Bearer KEY`, or `Basic` with the key as the user and no password.
fn key_of(header: &str) -> Option<String> {
    let (scheme, credentials) = header.split_once(' ')?;
    let credentials = credentials.trim();
    let key = if scheme.eq_ignore_ascii_case("bearer") {
        credentials.to_owned()
    } else if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(BASE64_STANDARD.decode(credentials).ok()?).ok()?;
        decoded.strip_suffix(':')?.to_owned()
    } else {
        return None;
    };
    (!key.is_empty()).then_some(key)
}

fn is_secret(secret: &str) -> bool {
    !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A key as Stripe repeats it: the prefix and the last four characters, of the longer keys of today
/// the last six. Both are as recorded.
fn masked(key: &str) -> String {
    const PREFIX: usize = 8;
    const LONG: usize = 40;
    let characters: Vec<char> = key.chars().collect();
    let n_shown = if characters.len() > LONG { 6 } else { 4 };
    let n_hidden = characters.len().saturating_sub(PREFIX + n_shown);
    if n_hidden == 0 {
        return "*".repeat(characters.len());
    }
    let prefix: String = characters[..PREFIX].iter().collect();
    let end: String = characters[characters.len() - n_shown..].iter().collect();
    format!("{prefix}{}{end}", "*".repeat(n_hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_repeated_whole() {
        assert_eq!(masked("sk_prod_1234567890"), "sk_prod_******7890");
        assert_eq!(masked("sk_prod_1234"), "************");
        assert_eq!(masked("é"), "*");
        let long = format!("rk_test_{}gbeftZ", "x".repeat(93));
        assert_eq!(masked(&long), format!("rk_test_{}gbeftZ", "*".repeat(93)));
    }
}
