//! The emulator over HTTP, for clients in other processes.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};

use super::handle::Emulator;

/// The largest configuration that Stripe's limits permit takes some tens of kilobytes.
const MAX_BODY: usize = 1024 * 1024;

/// A client that holds a connection open must not hold the process.
const PATIENCE: Duration = Duration::from_secs(1);

/// Serves the emulator on this listener until `shutdown` completes.
///
/// Speaks HTTP/1.1 with persistent connections. Requests under way are answered first, for a second
/// at most.
pub async fn serve(
    listener: TcpListener,
    emulator: Arc<Emulator>,
    shutdown: impl Future<Output = ()>,
) {
    let mut shutdown = pin!(shutdown);
    let (closing, closed) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&emulator), closed.clone()));
                }
                Err(error) => {
                    // Out of file descriptors, for one. It may pass.
                    tracing::warn!(%error, "can't accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop(closing);
    let all_done = async { while connections.join_next().await.is_some() {} };
    // What isn't done by then is dropped, and thereby closed.
    drop(tokio::time::timeout(PATIENCE, all_done).await);
}

/// Serves one connection until the client closes it or the channel is closed.
async fn connection(stream: TcpStream, emulator: Arc<Emulator>, mut closed: watch::Receiver<()>) {
    let service = service_fn(|request| answer(Arc::clone(&emulator), request));
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service)
    );
    let served = tokio::select! {
        served = &mut connection => served,
        _ = closed.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke");
    }
}

async fn answer(
    emulator: Arc<Emulator>,
    request: http::Request<Incoming>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    // A body that says how large it is need not arrive to be refused; any other is cut off.
    let is_too_large = body.size_hint().lower() > MAX_BODY as u64;
    let collected = Limited::new(body, MAX_BODY).collect();
    let body = if is_too_large { None } else { collected.await.ok() };
    let Some(body) = body else {
        let message = "The request's body is too large or incomplete.";
        return Ok(failure(StatusCode::PAYLOAD_TOO_LARGE, message));
    };
    let request = http::Request::from_parts(parts, body.to_bytes().to_vec());
    // Another process may hold the state file for a moment.
    let handled = spawn_blocking(move || emulator.handle(request)).await;
    Ok(match handled {
        Ok(response) => response.map(|body| Full::new(Bytes::from(body))),
        Err(_) => failure(StatusCode::INTERNAL_SERVER_ERROR, "The emulator was stopped."),
    })
}

fn failure(status: StatusCode, message: &str) -> http::Response<Full<Bytes>> {
    let body = json!({ "error": { "message": message, "type": "api_error" } });
    let mut response = http::Response::new(Full::new(Bytes::from(format!("{body:#}\n"))));
    *response.status_mut() = status;
    response
}
