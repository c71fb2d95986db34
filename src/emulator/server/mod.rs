//! The emulator over HTTP, for clients in other processes.

mod sent;

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};

use self::sent::{Sent, Undelivered};
use super::answer::json_response;
use super::delivery::Delivery;
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
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    let served = tokio::select! {
        served = &mut connection => served,
        _ = closed.changed() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    let Err(error) = served else {
        return;
    };
    tracing::debug!(%error, "a connection broke");
    let cause = error.source().and_then(<dyn Error>::downcast_ref::<Undelivered>);
    if cause == Some(&Undelivered::Reset) {
        // Without lingering, closing is a reset. Where that can't be had, it is a close.
        let stream = connection.into_parts().io.into_inner();
        drop(stream.set_zero_linger());
    }
}

async fn answer(
    emulator: Arc<Emulator>,
    request: http::Request<Incoming>,
) -> Result<http::Response<Sent>, Undelivered> {
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
    let Ok(begun) = spawn_blocking(move || emulator.begin(request)).await else {
        return Ok(failure(StatusCode::INTERNAL_SERVER_ERROR, "The emulator was stopped."));
    };
    match begun.end().await {
        Delivery::Whole(response) => Ok(response.map(Sent::whole)),
        Delivery::Half(response) => Ok(response.map(Sent::half)),
        Delivery::Closed => Err(Undelivered::Closed),
        Delivery::Reset => Err(Undelivered::Reset),
        // Until the client gives up, which drops this.
        Delivery::Silence => std::future::pending().await,
    }
}

fn failure(status: StatusCode, message: &str) -> http::Response<Sent> {
    let body = json!({ "error": { "message": message, "type": "api_error" } });
    json_response(status, &body).map(Sent::whole)
}
