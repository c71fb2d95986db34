//! What this program and the emulator say to each other in all the other tests is looked at.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::stripe::Reader;
use portal_reconciler::transport::{Request, Sending, Transport};
use serde_json::Value as Json;

use super::CONFIGURATIONS;
use super::watch::Watched;
use crate::server::Server;
use crate::support::connect;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
#[should_panic(expected = "`features[invoice_history][enabled]` is neither true nor false: `1`")]
fn a_request_that_is_not_of_its_shape_is_found() {
    let watched = Watched(Arc::new(Emulator::in_memory(Seed::default())));
    let body = b"features[invoice_history][enabled]=1".to_vec();
    let request = http::Request::post(CONFIGURATIONS).body(body).unwrap();
    drop(block_on(watched.send(request)));
}

/// An account whose configurations have forgotten that they have names.
struct Forgetful;

impl Transport for Forgetful {
    fn send(&self, request: Request) -> Sending<'_> {
        let emulator = Emulator::in_memory(Seed::default());
        emulator.dashboard(false).save_settings().unwrap();
        let answer = emulator.handle(request).map(|body| {
            let mut json: Json = serde_json::from_slice(&body).unwrap();
            if let Some(first) = json.pointer_mut("/data/0") {
                first.as_object_mut().unwrap().remove("name");
            }
            json.to_string().into_bytes()
        });
        Box::pin(async { Ok(answer) })
    }
}

/// Laws, faults and large accounts connect in this way.
#[test]
#[should_panic(expected = "configurations answers: `data[0].name` is missing")]
fn every_connection_of_the_tests_is_looked_at() {
    let reader = Reader::new(connect(Arc::new(Forgetful)));
    drop(block_on(reader.snapshot(&Default::default())));
}

/// Sessions, signals and runs at the same time go through this server.
#[test]
#[should_panic(expected = "configurations says: `is_default` is nothing that Stripe knows")]
fn every_request_to_the_tests_server_is_looked_at() {
    let server = Server::start(Arc::new(Emulator::in_memory(Seed::default())));
    let address = server.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let body = "features[invoice_history][enabled]=true&is_default=true";
    let length = body.len();
    write!(stream, "POST {CONFIGURATIONS} HTTP/1.1\r\ncontent-length: {length}\r\n\r\n{body}")
        .unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}
