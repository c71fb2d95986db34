//! `reconcile emulate`, as another process uses it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{Emulate, emulate};

/// A running `reconcile emulate`.
pub(super) struct Program {
    emulate: Emulate,
    folder: TempDir,
}

impl Program {
    /// Starts it with this seed, if there is one.
    pub(super) fn start(seed: Option<&str>, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = options.to_vec();
        if let Some(seed) = seed {
            fs::write(folder.path().join("seed.json"), seed).unwrap();
            options.extend(["--seed", "seed.json"]);
        }
        Self { emulate: Emulate::start(folder.path(), &options), folder }
    }

    /// The status of a request without a body, and the answer.
    pub(super) fn ask(&self, method: &str, path: &str, headers: &str) -> (u16, String) {
        let mut stream =
            TcpStream::connect(self.emulate.base.trim_start_matches("http://")).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Authorization: Bearer sk_test_1\r\nContent-Length: 0\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer[9..12].parse().unwrap(), answer)
    }
}

/// Exit code and stderr of a call that isn't understood.
fn misuse(options: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = emulate(folder.path(), options).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_seed_gives_keys_connected_accounts_and_limits() {
    let seed = r#"{
        "connected": [{"id": "acct_shop", "products": [{"id": "prod_a", "name": "A"}]}],
        "keys": [{"key": "sk_test_1"}],
        "only_listed_keys": true,
        "limits": {"per_second": 2}
    }"#;
    let program = Program::start(Some(seed), &[]);
    let header = "Stripe-Account: acct_shop\r\n";
    assert_eq!(program.ask("GET", "/v1/products/prod_a", header).0, 200);
    assert_eq!(program.ask("GET", "/v1/products/prod_a", "").0, 404);
    assert_eq!(program.ask("GET", "/v1/account", "").0, 429);
    assert_eq!(program.ask("GET", "/_emulator/requests", "").0, 200);
    assert_eq!(fs::read_dir(program.folder.path()).unwrap().count(), 1, "nothing but the seed");
}

#[test]
fn latency_limits_and_quirks_are_options() {
    let limited =
        Program::start(None, &["--rate-limit=1", "--quirk", "rate_limits_say_retry_after"]);
    assert_eq!(limited.ask("GET", "/v1/account", "").0, 200);
    let (status, answer) = limited.ask("GET", "/v1/account", "");
    assert_eq!(status, 429);
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");

    let documented = Program::start(None, &["--rate-limit", "--latency", "300ms"]);
    let began = Instant::now();
    assert_eq!(documented.ask("GET", "/v1/account", "").0, 200);
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[test]
fn a_wrong_quirk_lists_the_right_ones() {
    let (code, stderr) = misuse(&["--quirk", "words_sorted"]);
    assert_eq!(code, Some(64));
    assert!(stderr.contains("there is no quirk `words_sorted`"), "{stderr}");
    assert!(stderr.contains("\nwords_are_sorted: Lists of words come back sorted"), "{stderr}");
    let (code, stderr) = misuse(&["--quirk", "list_delay"]);
    assert_eq!(code, Some(64));
    assert!(stderr.contains("`list_delay` takes a number"), "{stderr}");
    assert!(stderr.contains("--quirk NAME=VALUE"), "{stderr}");
}

#[test]
fn wrong_times_and_numbers_are_explained() {
    let (code, stderr) = misuse(&["--latency", "100"]);
    assert_eq!(code, Some(64));
    assert!(stderr.contains("write it as `100ms` or `2s`"), "{stderr}");
    assert_eq!(misuse(&["--rate-limit=0"]).0, Some(64));
}
