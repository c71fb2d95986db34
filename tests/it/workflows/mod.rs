//! The shipped workflows, run.

mod action;
mod apply;
mod drift;
mod fleet;
mod plan;
mod policy;
mod runner;
mod supply;

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::program::{Emulate, reconcile};

/// An emulated Stripe that ends with this value.
struct Stripe {
    emulate: Emulate,
}

impl Stripe {
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(options: &[&str]) -> Self {
        Self { emulate: Emulate::start(&std::env::temp_dir(), options) }
    }

    /// Runs the program against it.
    fn reconcile(&self, arguments: &[&str], folder: &std::path::Path) {
        let mut command = reconcile(folder, &self.emulate.base);
        let output = command.args(arguments).env("STRIPE_API_KEY", KEY).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Does what somebody else's program or the Dashboard does.
    fn post(&self, path: &str, parameters: &str) {
        self.post_on(None, path, parameters);
    }

    /// The same in a connected account.
    fn post_on(&self, account: Option<&str>, path: &str, parameters: &str) {
        let account = account.map(|id| format!("stripe-account: {id}\r\n")).unwrap_or_default();
        let address = self.emulate.base.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {KEY}\r\n\
             {account}content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{parameters}",
            parameters.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

const KEY: &str = "rk_test_workflow";
