//! The emulator over loopback.

use std::sync::Arc;

use std::io::ErrorKind;
use std::time::Duration;

use portal_reconciler::emulator::{Emulator, Fault, Mishap, Seed, serve};
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
    assert!(text.contains("content-type: application/json\r\n"), "{text}");
    assert!(emulator.exchanges().is_empty());
    server.abort();
}

/// A server of which the next answer to a create has this fate, and the address of it.
async fn faulty(mishap: Mishap) -> (Arc<Emulator>, std::net::SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    emulator.inject(Fault::new(mishap));
    tokio::spawn(serve(listener, Arc::clone(&emulator), std::future::pending()));
    (emulator, address)
}

/// All that comes until the connection ends, and how it ends.
async fn received(address: std::net::SocketAddr) -> (String, Result<(), ErrorKind>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(post("features[invoice_history][enabled]=true").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await;
    let end = end.map(|_| ()).map_err(|error| error.kind());
    (String::from_utf8(bytes).unwrap(), end)
}

#[tokio::test]
async fn a_lost_answer_is_a_closed_connection_and_a_reset_is_a_reset_one() {
    let (emulator, address) = faulty(Mishap::LostAnswer).await;
    assert_eq!(received(address).await, (String::new(), Ok(())));
    assert_eq!(emulator.configurations(false).len(), 1);

    let (emulator, address) = faulty(Mishap::Reset).await;
    assert_eq!(received(address).await, (String::new(), Err(ErrorKind::ConnectionReset)));
    assert!(emulator.configurations(false).is_empty());
}

#[tokio::test]
async fn a_truncated_answer_has_a_whole_head_and_half_a_body() {
    let (emulator, address) = faulty(Mishap::Truncated).await;
    let (text, end) = received(address).await;
    assert_eq!(end, Ok(()));
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(emulator.configurations(false).len(), 1);
}

#[tokio::test]
async fn an_answer_that_never_comes_leaves_the_connection_open_and_others_alone() {
    let (emulator, address) = faulty(Mishap::Timeout).await;
    let waiting = tokio::time::timeout(Duration::from_millis(200), received(address)).await;
    assert!(waiting.is_err());
    assert_eq!(emulator.configurations(false).len(), 1);
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(post("nonsense=1").as_bytes()).await.unwrap();
    assert!(response(&mut stream).await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn faults_and_the_log_are_there_for_other_processes() {
    let (_, address) = faulty(Mishap::LostAnswer).await;
    assert_eq!(received(address).await.1, Ok(()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "GET /_emulator/requests HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let log = response(&mut stream).await;
    assert!(log.contains(r#""fault": "lost_answer""#), "{log}");
    assert!(!log.contains("sk_test"), "{log}");
}
