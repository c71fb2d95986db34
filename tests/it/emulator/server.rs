//! The emulator over loopback.

use std::sync::Arc;

use portal_reconciler::emulator::{Emulator, Seed, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// Reads one response: its head and as much body as the head says.
async fn response(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&received).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        let mut chunk = [0; 4096];
        let n_bytes = stream.read(&mut chunk).await.unwrap();
        assert_ne!(n_bytes, 0, "closed after {text}");
        received.extend_from_slice(&chunk[..n_bytes]);
    }
}

fn post(body: &str) -> String {
    format!(
        "POST /v1/billing_portal/configurations HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: Bearer sk_test_1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn a_connection_carries_requests_until_shutdown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    let (shutdown, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, Arc::clone(&emulator), async move {
        drop(stopped.await);
    }));

    let mut stream = TcpStream::connect(address).await.unwrap();
    for form in ["features[invoice_history][enabled]=true", "nonsense=1"] {
        stream.write_all(post(form).as_bytes()).await.unwrap();
        let text = response(&mut stream).await;
        let expected = if form == "nonsense=1" { "HTTP/1.1 400" } else { "HTTP/1.1 200" };
        assert!(text.starts_with(expected), "{text}");
        assert!(text.contains("request-id: req_"), "{text}");
    }
    assert_eq!(emulator.configurations(false).len(), 1);

    shutdown.send(()).unwrap();
    server.await.unwrap();
    assert_eq!(stream.read(&mut [0; 1]).await.unwrap(), 0);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    let server = tokio::spawn(serve(listener, Arc::clone(&emulator), std::future::pending()));

    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /v1/products HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let text = response(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 413"), "{text}");
    assert!(text.contains("\"error\""), "{text}");
    assert!(emulator.exchanges().is_empty());
    server.abort();
}
