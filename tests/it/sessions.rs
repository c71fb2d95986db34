//! Every folder in `tests/cases` is a session: commands as a user types them, and everything that
//! comes out. `BLESS=1 cargo test sessions` writes down what comes out now; `CASE=drift` picks the
//! cases with that in their name.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use portal_reconciler::emulator::{Emulator, Seed};
use tempfile::TempDir;

use crate::fuzz::targets::seen::is_hidden;
use crate::program::profile;
use crate::repository::{cases, difference};
use crate::server::Server;

#[test]
fn every_session_goes_as_written_down() {
    let mut folders = cases();
    let wanted = std::env::var("CASE").unwrap_or_default();
    folders.retain(|folder| folder.to_string_lossy().contains(&wanted));
    assert!(!folders.is_empty());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let runs: Vec<_> = folders
        .into_iter()
        .map(|folder| runtime.spawn_blocking(move || run_case(&folder)))
        .collect();
    let failures: Vec<String> = runs
        .into_iter()
        .filter_map(|run| runtime.block_on(run).expect("a case doesn't panic"))
        .collect();
    assert!(
        failures.is_empty(),
        "{}\nIf that is right, write it down with BLESS=1.",
        failures.join("\n")
    );
}

/// Runs a session, and returns how it differs from what is written down.
fn run_case(folder: &Path) -> Option<String> {
    let written = folder.join("session.txt");
    let expected = fs::read_to_string(&written).unwrap();
    let actual = {
        let mut session = Session::start(folder);
        replay(&expected, |command| session.run(command))
    };
    difference(&written, &actual)
}

/// A user's folder, and an account that only this session talks to.
struct Session {
    folder: TempDir,
    emulator: Arc<Emulator>,
    server: Server,
    n_requests_shown: usize,
}

impl Session {
    fn start(case: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&case.join("portal-configs"), &folder.path().join("portal-configs"), |_| true);
        let seed = fs::read_to_string(case.join("account.json"));
        let seed = seed.map_or_else(|_| Seed::default(), |text| Seed::parse(&text).unwrap());
        // Ids and answers must not depend on when the test runs.
        let emulator = Arc::new(Emulator::in_memory(seed).with_clock(|| 1_790_000_000));
        let server = Server::start(emulator.clone());
        Self { folder, emulator, server, n_requests_shown: 0 }
    }

    fn run(&mut self, command: &str) -> String {
        match command.split_once(' ').unwrap_or((command, "")) {
            ("requests", _) => self.requests(),
            ("dashboard", action) => self.dashboard(action),
            ("account", _) => self.account(),
            ("stripe", answer) => self.stripe(answer),
            _ => self.shell(command),
        }
    }

    /// What was asked of the account since this was asked last.
    fn requests(&mut self) -> String {
        let exchanges = self.emulator.exchanges();
        let mut text = String::new();
        // Reads go out together, in whatever order.
        let (mut reads, mut writes) = (Vec::new(), Vec::new());
        for exchange in &exchanges[self.n_requests_shown..] {
            let line = format!("{} {} {}", exchange.method, exchange.path, exchange.status);
            if exchange.method == "GET" {
                reads.push(line);
                continue;
            }
            writes.push(line);
            let shown = exchange.parameters.iter().filter(|(name, _)| !name.contains("digest"));
            writes.extend(shown.map(|(name, value)| format!("  {name}={value}")));
        }
        reads.sort();
        self.n_requests_shown = exchanges.len();
        for line in reads.into_iter().chain(writes) {
            writeln!(text, "{line}").unwrap();
        }
        if text.is_empty() { "none\n".into() } else { text }
    }

    /// `dashboard save`, `dashboard edit ID PARAMETERS`, `dashboard promote ID`,
    /// `dashboard application PARAMETERS`, `dashboard post PATH PARAMETERS`
    fn dashboard(&mut self, action: &str) -> String {
        let dashboard = self.emulator.dashboard(false);
        match action.split(' ').collect::<Vec<_>>().as_slice() {
            ["save"] => format!("{}\n", dashboard.save_settings().unwrap()),
            ["edit", id, parameters] => {
                dashboard.edit(id, parameters).map(|()| String::new()).unwrap()
            }
            ["promote", id] => dashboard.promote(id).map(|()| String::new()).unwrap(),
            ["post", path, parameters] => {
                let request =
                    http::Request::post(*path).header("authorization", "Bearer sk_test_1");
                let body = parameters.as_bytes().to_vec();
                let status = self.emulator.handle(request.body(body).unwrap()).status();
                assert!(status.is_success(), "{status}");
                self.n_requests_shown += 1;
                String::new()
            }
            ["application", parameters] => {
                format!("{}\n", dashboard.add_for_application("ca_other", parameters).unwrap())
            }
            other => panic!("no such action: {other:?}"),
        }
    }

    /// `stripe answers [PATH] STATUS BODY`, `stripe breaks off BODY`, `stripe hangs up`, `stripe is
    /// well`: from now on. `stripe learns ID PATH JSON`: a configuration has something new.
    fn stripe(&self, answer: &str) -> String {
        let whole = |status: &str, body: &str| {
            format!(
                "HTTP/1.1 {status} X\r\nconnection: close\r\nstripe-should-retry: false\r\nrequest-id: req_1\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        let (path, bytes) = match answer.split_once(' ') {
            Some(("answers", rest)) if rest.starts_with('/') => {
                let words: Vec<&str> = rest.splitn(3, ' ').collect();
                (words[0], whole(words[1], words[2]))
            }
            Some(("answers", rest)) => {
                let (status, body) = rest.split_once(' ').unwrap();
                ("", whole(status, body))
            }
            Some(("breaks", rest)) => {
                let body = rest.strip_prefix("off ").unwrap();
                (
                    "",
                    format!(
                        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100000\r\n\r\n{body}"
                    ),
                )
            }
            Some(("hangs", "up")) => ("", String::new()),
            Some(("learns", rest)) => {
                let words: Vec<&str> = rest.splitn(3, ' ').collect();
                let value = serde_json::from_str(words[2]).unwrap();
                self.server.tomorrow.add(words[0], words[1], value);
                return String::new();
            }
            Some(("is", "well")) => {
                self.server.be_well();
                return String::new();
            }
            other => panic!("no such behaviour: {other:?}"),
        };
        self.server.answer_instead(path, bytes.into_bytes());
        String::new()
    }

    /// Who has what, in a line each.
    fn account(&self) -> String {
        let mut text = String::new();
        for configuration in self.emulator.configurations(false) {
            let word = |name: &str| configuration[name].to_string();
            let role = configuration["metadata"]["reconcile_role"].as_str().unwrap_or("-");
            let (id, active, default) = (word("id"), word("active"), word("is_default"));
            writeln!(text, "{id} role={role} active={active} default={default}").unwrap();
        }
        if text.is_empty() { "empty\n".into() } else { text }
    }

    fn shell(&self, command: &str) -> String {
        let environment = [
            ("STRIPE_API_KEY", "sk_test_canary"),
            ("STRIPE_API_BASE", self.server.base.as_str()),
            // What is created at the same time gets its id in any order.
            ("RECONCILE_PARALLELISM", "1"),
        ];
        let text = shell(command, self.folder.path(), &environment);
        assert!(!text.contains("_canary"), "the key is printed:\n{text}");
        let is_leak = |line: &str| line.starts_with("2> ") && line.contains("/p/session/");
        assert!(!text.lines().any(is_leak), "a session's address is on stderr:\n{text}");
        let is_hostile = |c: char| c != '\n' && is_hidden(c);
        assert!(
            !text.contains(is_hostile) && !text.contains("##["),
            "foreign text gets through:\n{text:?}"
        );
        without_request_ids(&text.replace(&self.server.base, "[BASE]"))
    }
}

/// The emulator numbers requests as they come in, and what is read at the same time comes in any
/// order.
pub(crate) fn without_request_ids(text: &str) -> String {
    let mut parts = text.split("req_");
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let length = part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len());
        let is_the_emulators = length == 14;
        masked.push_str(if is_the_emulators { "[REQUEST]" } else { "req_" });
        masked.push_str(if is_the_emulators { &part[length..] } else { part });
    }
    masked
}

/// Runs every line that begins with `$ `, keeps comments and empty lines before it, and writes what
/// really comes out behind it.
pub(crate) fn replay(written: &str, mut run: impl FnMut(&str) -> String) -> String {
    let mut actual = String::new();
    let mut is_output = false;
    for line in written.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            writeln!(actual, "{line}").unwrap();
            actual.push_str(&run(command));
            is_output = true;
        } else if line.starts_with("# ") {
            writeln!(actual, "\n{line}").unwrap();
            is_output = false;
        } else if !is_output {
            writeln!(actual, "{line}").unwrap();
        }
    }
    actual.trim_start().to_owned()
}

/// Runs a command as a user of this folder, and returns everything that comes out.
pub(crate) fn shell(command: &str, folder: &Path, environment: &[(&str, &str)]) -> String {
    let reconcile = Path::new(env!("CARGO_BIN_EXE_reconcile"));
    let path = format!(
        "{}:{}:/usr/bin:/bin",
        folder.join("bin").display(),
        reconcile.parent().unwrap().display()
    );
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .envs(environment.iter().copied())
        .envs(profile())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    for line in String::from_utf8(output.stderr).unwrap().lines() {
        writeln!(text, "2> {line}").unwrap();
    }
    let code = output.status.code().unwrap_or(-1);
    if code != 0 {
        writeln!(text, "[exit {code}]").unwrap();
    }
    text.replace(&folder.display().to_string(), "[DIR]")
}

/// Copies the files of a folder whose names are wanted.
pub(crate) fn copy(from: &Path, to: &Path, is_wanted: impl Fn(&str) -> bool) {
    fs::create_dir_all(to).unwrap();
    let Ok(entries) = fs::read_dir(from) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        if is_wanted(&entry.file_name().to_string_lossy()) {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
