//! A loopback server that passes requests on to an emulator, or answers whatever it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use http::Request;
use portal_reconciler::emulator::Emulator;

use crate::tomorrow::Tomorrow;

/// Serves until the test's process ends.
pub(crate) struct Server {
    pub(crate) base: String,
    pub(crate) tomorrow: Arc<Tomorrow>,
    instead: Arc<Mutex<Option<Canned>>>,
    write_delay: Arc<Mutex<Duration>>,
}

/// The bytes to answer with instead, and where the paths begin that are answered so.
type Canned = (String, Vec<u8>);

impl Server {
    pub(crate) fn start(emulator: Arc<Emulator>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let instead = Arc::new(Mutex::new(None));
        let write_delay = Arc::default();
        let tomorrow = Arc::new(Tomorrow::new(emulator));
        let stripe = tomorrow.clone();
        let shared = (Arc::clone(&instead), Arc::clone(&write_delay));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (stripe, (instead, delay)) = (stripe.clone(), shared.clone());
                thread::spawn(move || answer(stream, &stripe, &instead, &delay));
            }
        });
        Self { base, tomorrow, instead, write_delay }
    }

    /// Answers requests to paths that begin so with these bytes from now on, and then hangs up.
    pub(crate) fn answer_instead(&self, path: &str, bytes: Vec<u8>) {
        *self.instead.lock().unwrap() = Some((path.to_owned(), bytes));
    }

    /// Answers like the emulator again.
    pub(crate) fn be_well(&self) {
        *self.instead.lock().unwrap() = None;
    }

    /// Acts on writes at once from now on, but takes this long to say so.
    pub(crate) fn delay_answers_to_writes(&self, delay: Duration) {
        *self.write_delay.lock().unwrap() = delay;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.tomorrow.watch.assert_nothing_found();
        }
    }
}

/// One request a connection.
fn answer(
    stream: TcpStream,
    stripe: &Tomorrow,
    instead: &Mutex<Option<Canned>>,
    write_delay: &Mutex<Duration>,
) {
    let Some(request) = read(&stream) else { return };
    let is_write = request.method() != http::Method::GET;
    let canned = instead.lock().unwrap().clone();
    let canned = canned.filter(|(path, _)| request.uri().path().starts_with(path));
    let bytes = canned.map(|(_, bytes)| bytes).unwrap_or_else(|| {
        let (parts, body) = stripe.handle(request).into_parts();
        let mut bytes = format!(
            "HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: {}\r\n",
            parts.status,
            body.len()
        )
        .into_bytes();
        for (name, value) in &parts.headers {
            bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        bytes
    });
    if is_write {
        let delay = *write_delay.lock().unwrap();
        thread::sleep(delay);
    }
    // The client may have hung up; that is its business.
    let _ = (&stream).write_all(&bytes);
}

fn read(stream: &TcpStream) -> Option<Request<Vec<u8>>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let mut request = Request::builder().method(words.next()?).uri(words.next()?);
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok()?;
        }
        request = request.header(name, value);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body(body).ok()
}
