//! The page that a session's URL leads to: Stripe's portal is on its own servers, and this one here.

use http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::{Session, offered};
use crate::emulator::configuration::Configuration;
use crate::emulator::customers::Customer;
use crate::emulator::handle::{Emulator, seconds, with_cause};
use crate::emulator::state::Side;
use crate::emulator::vocabulary::{Locale, Vocabulary};
use crate::portal::{Language, Visit, expired, visited};
use crate::transport::{Request, Response};

const ROOT: &str = "/p/session/";

/// Seconds after which a link leads nowhere any more. Stripe's are said to last about an hour when
/// they are used, and minutes when they aren't.
const LIFETIME: i64 = 60 * 60;

/// Answers whoever follows a session's URL.
pub(in crate::emulator) fn answer(emulator: &Emulator, request: &Request) -> Option<Response> {
    let token = request.uri().path().strip_prefix(ROOT)?;
    if request.method() != Method::GET {
        return None;
    }
    let now = seconds((emulator.clock)());
    let shown = emulator.inner().store.with(|world| {
        let accounts = world.connected.iter().chain([&world.platform]);
        let mut sides = accounts.flat_map(|account| [&account.test, &account.live]);
        sides.find_map(|side| {
            let session = side.sessions.iter().find(|session| session.token == token)?;
            page(session, side, now, request.headers())
        })
    });
    Some(match shown {
        Ok(Some(page)) => response(StatusCode::OK, page),
        Ok(None) => {
            let why = "Its link was never made here, or it is more than an hour old. Portal \
                       sessions are short: an app makes a new one each time.";
            response(StatusCode::NOT_FOUND, expired(why))
        }
        Err(error) => response(StatusCode::INTERNAL_SERVER_ERROR, expired(&with_cause(&error))),
    })
}

/// The portal, as it is configured now.
fn page(session: &Session, side: &Side, now: i64, headers: &HeaderMap) -> Option<String> {
    if now - session.created > LIFETIME {
        return None;
    }
    let configuration = side.find::<Configuration>(&session.configuration)?;
    let customer = side.find::<Customer>(&session.customer)?;
    let mut portal = offered::portal(configuration, side);
    portal.return_url.clone_from(&session.return_url);
    let visit = Visit {
        configuration: &configuration.id,
        name: customer.name.as_deref().unwrap_or(&customer.id),
        email: customer.email.as_deref().unwrap_or_default(),
        flow: session.flow.map(Vocabulary::as_str),
        language: language(session, headers),
    };
    Some(visited(&portal, &visit))
}

/// What the session says, or else the browser.
fn language(session: &Session, headers: &HeaderMap) -> Language {
    let named = session.locale.filter(|locale| *locale != Locale::Auto);
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|wanted| wanted.to_str().ok());
    let first = wanted.and_then(|wanted| wanted.split([',', ';']).next()).unwrap_or_default();
    match named {
        Some(locale) => Language::of_locale(locale.as_str()),
        None => Language::of_locale(first),
    }
}

fn response(status: StatusCode, page: String) -> Response {
    let mut response = Response::new(page.into_bytes());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // Whoever has the URL is the customer.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
