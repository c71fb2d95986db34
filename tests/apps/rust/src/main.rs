//! Sends customers to the billing portal of their role.

use std::env;
use std::error::Error;
use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use axum::{Form, Router};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};
use portal_reconciler::lockfile::Lockfile;
use portal_reconciler::model::{API_VERSION, ConfigurationId};
use reqwest::Client;
use serde::Deserialize;
use tokio::net::TcpListener;

const PAGE: &str = r#"<!doctype html>
<title>Acme</title>
<form method="post" action="/sign-in"><input name="user"> <button>Sign in</button></form>
<form method="post" action="/billing"><button>Billing</button></form>
"#;

struct User {
    name: &'static str,
    role: &'static str,
    customer: &'static str,
}

/// A real app has a database, and a sign-in that asks for more than a name.
const USERS: [User; 3] = [
    User { name: "ada", role: "admin", customer: "cus_ada" },
    User { name: "vic", role: "viewer", customer: "cus_vic" },
    // A role that no file in portal-configs/ is for.
    User { name: "olga", role: "owner", customer: "cus_olga" },
];

/// What is answered where nobody is sent on.
type Refusal = (StatusCode, String);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = env::var("PORT").unwrap_or("8000".to_owned());
    let portals = Portals::new(format!("http://localhost:{port}"))?;
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let app = Router::new()
        .route("/", get(Html(PAGE)))
        .route("/sign-in", post(sign_in))
        .route("/billing", post(billing))
        // A new key signs everybody out. A real app keeps it.
        .with_state(App { key: Key::generate(), portals: Arc::new(portals) });
    Ok(axum::serve(listener, app).await?)
}

#[derive(Clone)]
struct App {
    /// What cookies are signed with.
    key: Key,
    portals: Arc<Portals>,
}

impl FromRef<App> for Key {
    fn from_ref(app: &App) -> Self {
        app.key.clone()
    }
}

#[derive(Deserialize)]
struct SignIn {
    user: String,
}

async fn sign_in(
    cookies: SignedCookieJar,
    Form(form): Form<SignIn>,
) -> Result<(SignedCookieJar, Redirect), Refusal> {
    if !USERS.iter().any(|user| user.name == form.user) {
        return Err((StatusCode::UNAUTHORIZED, "nobody has this name\n".to_owned()));
    }
    // No other site can post with it. Behind HTTPS it would be `secure`, too.
    let cookie = Cookie::build(("user", form.user)).http_only(true).same_site(SameSite::Lax);
    Ok((cookies.add(cookie), Redirect::to("/")))
}

/// Opens the portal with the configuration of the user's role.
async fn billing(
    State(App { portals, .. }): State<App>,
    cookies: SignedCookieJar,
) -> Result<Redirect, Refusal> {
    let name = cookies.get("user");
    let user = name.and_then(|name| USERS.iter().find(|user| user.name == name.value()));
    let user = user.ok_or((StatusCode::UNAUTHORIZED, "sign in first\n".to_owned()))?;
    let configuration = portals.lockfile.id(user.role).map_err(|_| {
        let refusal = format!("there is no billing portal for the role `{}`\n", user.role);
        (StatusCode::FORBIDDEN, refusal)
    })?;
    let url = portals.open(configuration, user.customer).await.map_err(|error| {
        eprintln!("no session: {error}");
        (StatusCode::BAD_GATEWAY, "billing is not available now\n".to_owned())
    })?;
    Ok(Redirect::to(&url))
}

/// Stripe's portals.
struct Portals {
    lockfile: Lockfile,
    client: Client,
    /// Where Stripe's API is.
    base: String,
    key: String,
    return_url: String,
}

/// What Stripe answers, as far as it matters here.
#[derive(Deserialize)]
struct Session {
    url: String,
}

impl Portals {
    fn new(return_url: String) -> Result<Self, Box<dyn Error>> {
        let environment = env::var("PORTAL_ENVIRONMENT").unwrap_or("test".to_owned());
        let folder = env::var("PORTAL_CONFIGS").unwrap_or("../portal-configs".to_owned());
        // TLS without a second crypto library beside the one that the lockfile's crate has.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            lockfile: Lockfile::read(format!("{folder}/{environment}.lock.json"))?,
            client: Client::new(),
            base: env::var("STRIPE_API_BASE").unwrap_or("https://api.stripe.com".to_owned()),
            key: env::var("STRIPE_API_KEY").map_err(|_| "STRIPE_API_KEY is not set")?,
            return_url,
        })
    }

    async fn open(
        &self,
        configuration: &ConfigurationId,
        customer: &str,
    ) -> reqwest::Result<String> {
        let parameters = [
            ("configuration", configuration.as_str()),
            ("customer", customer),
            ("return_url", &self.return_url),
        ];
        let request = self.client.post(format!("{}/v1/billing_portal/sessions", self.base));
        let request = request.bearer_auth(&self.key).header("stripe-version", API_VERSION);
        let answer = request.form(&parameters).send().await?.error_for_status()?;
        Ok(answer.json::<Session>().await?.url)
    }
}
