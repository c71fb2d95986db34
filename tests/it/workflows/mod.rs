//! The shipped workflows, run.

mod action;
mod apply;
mod drift;
mod fleet;
mod plan;
mod policy;
mod runner;
mod supply;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// An emulated Stripe that ends with this value.
struct Stripe {
    child: Child,
    base: String,
}

impl Stripe {
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(options: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reconcile"));
        command.args(["emulate", "--in-memory", "--listen=127.0.0.1:0"]).args(options);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, base: line.trim().to_owned() }
    }

    /// Runs the program against it.
    fn reconcile(&self, arguments: &[&str], folder: &std::path::Path) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reconcile"));
        command.args(arguments).current_dir(folder).env_clear();
        command.env("STRIPE_API_KEY", KEY).env("STRIPE_API_BASE", &self.base);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Does what somebody else's program or the Dashboard does.
    fn post(&self, path: &str, parameters: &str) {
        self.post_on(None, path, parameters);
    }

    /// The same in a connected account.
    fn post_on(&self, account: Option<&str>, path: &str, parameters: &str) {
        let account = account.map(|id| format!("stripe-account: {id}\r\n")).unwrap_or_default();
        let address = self.base.trim_start_matches("http://");
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

impl Drop for Stripe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const KEY: &str = "rk_test_workflow";
