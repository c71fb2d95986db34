//! The way to Stripe itself: the program believes that it talks to api.stripe.com, through a proxy
//! that leads to an emulator behind TLS.

use std::fs;
use std::process::Output;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use portal_reconciler::emulator::{Emulator, Seed};
use rcgen::{CertificateParams, Issuer, KeyPair};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::program::program;

const VIEWER: &str = "default: true\nfeatures:\n  invoice_history: { enabled: true }\n";

/// A proxy to a stand-in of api.stripe.com, and the certificate authority that vouches for it.
struct StandIn {
    _runtime: Runtime,
    folder: TempDir,
    proxy: String,
    emulator: Arc<Emulator>,
    seen: Arc<std::sync::Mutex<Vec<http::request::Parts>>>,
}

impl StandIn {
    /// `name` is the name in the certificate.
    fn start(name: &str) -> Self {
        let authority_key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let root = authority.self_signed(&authority_key).unwrap();
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::from_params(&authority, &authority_key);
        let certificate =
            CertificateParams::new(vec![name.into()]).unwrap().signed_by(&key, &issuer).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("root.pem"), root.pem()).unwrap();
        fs::create_dir(folder.path().join("portal-configs")).unwrap();
        fs::write(folder.path().join("portal-configs/viewer.yaml"), VIEWER).unwrap();

        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let emulator = Arc::new(Emulator::in_memory(Seed::default()));
        let seen = Arc::default();
        runtime.spawn(accept(
            listener,
            TlsAcceptor::from(Arc::new(config)),
            emulator.clone(),
            Arc::clone(&seen),
        ));
        Self { _runtime: runtime, folder, proxy, emulator, seen }
    }

    fn reconcile(&self, root: &str, arguments: &[&str]) -> Output {
        program(self.folder.path())
            .args(arguments)
            .env("STRIPE_API_KEY", "sk_live_canary")
            .env("HTTPS_PROXY", &self.proxy)
            .env("SSL_CERT_FILE", root)
            .output()
            .unwrap()
    }
}

async fn accept(
    listener: TcpListener,
    tls: TlsAcceptor,
    emulator: Arc<Emulator>,
    seen: Arc<std::sync::Mutex<Vec<http::request::Parts>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, emulator, seen) = (tls.clone(), emulator.clone(), seen.clone());
        tokio::spawn(async move {
            let Some(stream) = tunnel(stream).await else { return };
            // A client that doesn't believe the certificate hangs up.
            let Ok(stream) = tls.accept(stream).await else { return };
            let service = service_fn(|request: http::Request<hyper::body::Incoming>| {
                let (emulator, seen) = (emulator.clone(), seen.clone());
                async move {
                    let (parts, body) = request.into_parts();
                    seen.lock().unwrap().push(parts.clone());
                    let body = body.collect().await?.to_bytes().to_vec();
                    let answer = emulator.handle(http::Request::from_parts(parts, body));
                    Ok::<_, hyper::Error>(answer.map(|body| Full::new(Bytes::from(body))))
                }
            });
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Answers a proxy's `CONNECT api.stripe.com:443`.
async fn tunnel(mut stream: TcpStream) -> Option<TcpStream> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    assert!(head.starts_with(b"CONNECT api.stripe.com:443 "), "{}", String::from_utf8_lossy(&head));
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    Some(stream)
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn a_live_account_is_reconciled_over_https_with_a_pinned_version() {
    let stripe = StandIn::start("api.stripe.com");
    let applied = stripe.reconcile("root.pem", &["--yes"]);
    assert_eq!(applied.status.code(), Some(0), "{}", text(&applied));
    assert_eq!(stripe.emulator.configurations(true).len(), 1, "it is the live side that changed");
    assert_eq!(stripe.emulator.configurations(false).len(), 0);
    assert!(stripe.folder.path().join("portal-configs/live.lock.json").exists());
    let seen = stripe.seen.lock().unwrap();
    for request in seen.iter() {
        let header = |name: &str| request.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("stripe-version"), "2026-10-28.endive");
        assert_eq!(header("user-agent"), concat!("reconcile/", env!("CARGO_PKG_VERSION")));
        assert_eq!(header("authorization"), "Bearer sk_live_canary");
    }
    let posts: Vec<_> = seen.iter().filter(|request| request.method == "POST").collect();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].headers["content-type"], "application/x-www-form-urlencoded");
    assert!(posts[0].headers.contains_key("idempotency-key"));
}

#[test]
fn a_live_session_is_opened_only_if_somebody_says_that_it_is_meant() {
    let stripe = StandIn::start("api.stripe.com");
    let applied = stripe.reconcile("root.pem", &["--yes"]);
    assert_eq!(applied.status.code(), Some(0), "{}", text(&applied));
    let customer =
        http::Request::post("/v1/customers").header("authorization", "Bearer sk_live_canary");
    let customer = stripe.emulator.handle(customer.body(Vec::new()).unwrap());
    let customer: serde_json::Value = serde_json::from_slice(customer.body()).unwrap();
    let session = ["session", "viewer", "--customer", customer["id"].as_str().unwrap()];
    let n_sessions = || {
        let seen = stripe.seen.lock().unwrap();
        seen.iter().filter(|it| it.uri.path() == "/v1/billing_portal/sessions").count()
    };

    let refused = stripe.reconcile("root.pem", &session);
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    assert!(text(&refused).contains("say `--yes` if that is meant"), "{}", text(&refused));
    let refused = stripe.reconcile("root.pem", &["verify", session[2], session[3]]);
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    assert_eq!(n_sessions(), 0);

    let opened = stripe.reconcile("root.pem", &[&session[..], &["--yes"]].concat());
    assert_eq!(opened.status.code(), Some(0), "{}", text(&opened));
    let url = String::from_utf8(opened.stdout).unwrap();
    let secret = url.strip_prefix("https://billing.stripe.com/p/session/").unwrap();
    assert!(!secret.starts_with("test_") && secret.ends_with('\n'), "{url}");
    assert_eq!((opened.stderr.len(), n_sessions()), (0, 1));

    let verified = stripe.reconcile("root.pem", &["verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified));
    assert_eq!(n_sessions(), 1);
}

#[test]
fn a_server_that_nobody_vouches_for_gets_no_key() {
    let stripe = StandIn::start("api.stripe.com");
    let other = StandIn::start("api.stripe.com");
    let foreign_root = other.folder.path().join("root.pem").display().to_string();
    let refused = stripe.reconcile(&foreign_root, &["--yes"]);
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    assert!(text(&refused).contains("certificate"), "{}", text(&refused));
    assert!(stripe.seen.lock().unwrap().is_empty());
}

#[test]
fn a_certificate_for_another_name_gets_no_key() {
    let stripe = StandIn::start("api.example.com");
    let refused = stripe.reconcile("root.pem", &["--yes"]);
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    assert!(stripe.seen.lock().unwrap().is_empty());
}
