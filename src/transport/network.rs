//! The transport to Stripe over HTTPS, or to a Stripe-shaped server on this machine.

use std::error::Error as _;
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder};
use url::{Host, Url};

use super::{Request, Response, Sending, Transport, TransportError};

/// Where Stripe is.
const STRIPE: &str = "https://api.stripe.com";

/// Long enough for a slow network, short enough to notice that there is none.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The official libraries' limit. A write that takes longer may still be acted on.
const TIMEOUT: Duration = Duration::from_secs(80);

/// A page of a hundred configurations with all they can have is 1 MiB.
const MOST_BYTES: usize = 16 * 1024 * 1024;

const USER_AGENT: &str = concat!("reconcile/", env!("CARGO_PKG_VERSION"));

/// Sends requests over the network.
pub struct Network {
    client: Client,
    base: String,
}

/// Why there can't be a transport. Never says what the address was: somebody will put a key there.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The address is not one that a key may be sent to.
    #[error(
        "it is not on this machine: a key is sent to Stripe or to a loopback address, such as `http://127.0.0.1:12111`"
    )]
    NotLoopback,
    /// The address is not one.
    #[error("it is not a URL, such as `http://127.0.0.1:12111`")]
    NotAUrl,
    /// The HTTP client could not be made.
    #[error("can't set up HTTPS")]
    Client(#[from] reqwest::Error),
}

impl Network {
    /// To Stripe itself: HTTPS only, no redirects, Stripe's certificate checked against the roots
    /// of this machine, or, on a machine without any, against Mozilla's.
    pub fn to_stripe() -> Result<Self, NetworkError> {
        let client = |builder: ClientBuilder| builder.https_only(true).build();
        let built = client(builder()).or_else(|_| client(with_own_roots(builder())))?;
        Ok(Self { client: built, base: STRIPE.to_owned() })
    }

    /// To a server on this machine, of which there are only test doubles.
    ///
    /// Returns an error if the address is anything but `http` on loopback: whoever could set it
    /// could otherwise have the key sent to them.
    pub fn to_loopback(base: &str) -> Result<Self, NetworkError> {
        let url = Url::parse(base).map_err(|_| NetworkError::NotAUrl)?;
        let is_plain = url.scheme() == "http" && is_anonymous(&url) && url.query().is_none();
        if !is_loopback(&url) || !is_plain {
            return Err(NetworkError::NotLoopback);
        }
        // A proxy would be asked to reach its own loopback.
        let client = with_own_roots(builder()).no_proxy().build()?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned() })
    }
}

/// True if it is on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// True if it has nobody's name or password in it.
pub fn is_anonymous(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

fn builder() -> ClientBuilder {
    // Fails only if it was done before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(USER_AGENT)
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
}

/// Building a client fails on a machine without any root certificates, even one that never uses
/// them.
fn with_own_roots(builder: ClientBuilder) -> ClientBuilder {
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    builder.tls_certs_only(roots.filter_map(|root| Certificate::from_der(root).ok()))
}

impl Transport for Network {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let url = format!("{}{}", self.base, parts.uri);
            let request = self.client.request(parts.method, url).headers(parts.headers).body(body);
            let response = request.send().await.map_err(failure)?;
            let (parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
            let body = Limited::new(body, MOST_BYTES).collect().await.map_err(|error| {
                let is_too_large = error.downcast_ref::<LengthLimitError>().is_some();
                TransportError::Lost(if is_too_large {
                    "it is too large".to_owned()
                } else {
                    "it broke off".to_owned()
                })
            })?;
            Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
        })
    }
}

/// What a user can make something of: the innermost cause, without the URL, whose query has ids.
fn failure(error: reqwest::Error) -> TransportError {
    let is_unreachable = error.is_connect() || error.is_builder();
    let is_timeout = error.is_timeout();
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason = cause.to_string();
        source = cause.source();
    }
    match (is_unreachable, is_timeout) {
        (true, _) => TransportError::Unreachable(reason),
        (false, true) => TransportError::Lost(format!("none within {} s", TIMEOUT.as_secs())),
        (false, false) => TransportError::Lost(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sent_to_no_other_machine() {
        for good in [
            "http://127.0.0.1:12111",
            "http://localhost:1/",
            "http://[::1]:8080",
            "http://127.9.9.9",
        ] {
            assert!(Network::to_loopback(good).is_ok(), "{good}");
        }
        let bad = [
            "https://api.stripe.com",
            "http://example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "http://localhost@example.com",
            "http://user:pw@127.0.0.1",
            "https://127.0.0.1",
            "file:///etc/passwd",
            "127.0.0.1:12111",
            "",
        ];
        for bad in bad {
            assert!(Network::to_loopback(bad).is_err(), "{bad}");
        }
    }
}
