//! `reconcile emulate` in a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::Value as Json;
use tempfile::NamedTempFile;

use crate::program::{KEY, PROGRAM};

/// The first page, as the program asks for it.
const PAGE: &str = "/v1/billing_portal/configurations?limit=100\
                    &expand[0]=data.features.subscription_update.products";

/// An emulated Stripe that ends with this value.
pub(crate) struct Emulated {
    child: Child,
    address: String,
}

/// How many requests came.
pub(crate) struct Requests {
    pub(crate) n: usize,
    /// Pages of the list of configurations.
    pub(crate) n_pages: usize,
    /// Look-ups of prices.
    pub(crate) n_prices: usize,
    /// Refused because of a limit.
    pub(crate) n_refused: usize,
}

impl Emulated {
    /// Starts one that has this in it.
    pub(crate) fn start(seed: &Json, options: &[&str]) -> Self {
        let mut file = NamedTempFile::new().expect("there is a file");
        file.write_all(seed.to_string().as_bytes()).expect("a file can be written");
        let mut command = Command::new(PROGRAM);
        command.args(["emulate", "--in-memory", "--listen=127.0.0.1:0", "--seed"]).arg(file.path());
        command.args(options).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program can be run");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().strip_prefix("http://").expect("an address").to_owned();
        Self { child, address }
    }

    /// Where it is.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many seconds a page of configurations takes from there to here.
    pub(crate) fn round_trip(&self) -> f64 {
        let began = Instant::now();
        self.ask("GET", PAGE);
        began.elapsed().as_secs_f64()
    }

    /// Forgets which requests came.
    pub(crate) fn forget(&self) {
        self.ask("DELETE", "/_emulator/requests");
    }

    /// The requests that came since it was told to forget.
    pub(crate) fn requests(&self) -> Requests {
        let answer: Json =
            serde_json::from_str(&self.ask("GET", "/_emulator/requests")).expect("JSON");
        let all = answer["requests"].as_array().expect("a list");
        let count = |is_meant: &dyn Fn(&Json) -> bool| {
            all.iter().filter(|request| is_meant(request)).count()
        };
        let gets = |path: &'static str| {
            count(&move |request: &Json| request["method"] == "GET" && request["path"] == path)
        };
        Requests {
            n: all.len(),
            n_pages: gets("/v1/billing_portal/configurations"),
            n_prices: gets("/v1/prices"),
            n_refused: count(&|request: &Json| request["status"] == 429),
        }
    }

    /// The body of the answer.
    fn ask(&self, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let address = &self.address;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {KEY}\r\n\
             content-length: 0\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        body.to_owned()
    }
}

impl Drop for Emulated {
    fn drop(&mut self) {
        // It may have ended by itself, which the next request would have told.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
