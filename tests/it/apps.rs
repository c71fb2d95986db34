//! The example apps, as their users meet them: everybody gets the portal of their role, and nobody
//! another.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::lockfile::Lockfile;
use tempfile::TempDir;

use crate::real_clients::{are_wanted, client, installed, pip_install, succeed};
use crate::repository::root;
use crate::server::Server;
use crate::sessions::copy;

const KEY: &str = "sk_test_canary";

#[test]
fn the_app_for_node_opens_the_portal_of_each_role() {
    if !are_wanted() {
        return;
    }
    let stage = Stage::new();
    copy(&app("node").join("src"), &stage.path("src"), |name| name != "portal.ts");
    copy(&app("node"), &stage.path(""), |name| name.ends_with(".json"));
    let packages = installed(&app("node"), "package-lock.json", |folder| {
        fs::copy(app("node").join("package.json"), folder.join("package.json")).unwrap();
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(folder);
        npm
    });
    symlink(packages.join("node_modules"), stage.path("node_modules")).unwrap();
    stage.export("typescript", "src/portal.ts");
    succeed(stage.command("node_modules/.bin/tsc", &[]));
    stage.prove(stage.command("node", &["dist/app.js"]));
}

#[test]
fn the_app_for_python_opens_the_portal_of_each_role() {
    if !are_wanted() {
        return;
    }
    let stage = Stage::new();
    copy(&app("python"), &stage.path(""), |name| name == "app.py");
    let packages = installed(&app("python"), "requirements.txt", pip_install);
    stage.export("python", "portal.py");
    let port = stage.port.to_string();
    let mypy = installed(&client("export/python"), "requirements.txt", pip_install);
    let python = |arguments: &[&str]| {
        let mut python = stage.command("python3", arguments);
        let path = std::env::join_paths([&packages, &mypy]).unwrap();
        python.env("PYTHONPATH", path).env("PYTHONDONTWRITEBYTECODE", "1");
        python
    };
    succeed(python(&["-m", "mypy", "--strict", "--cache-dir=/dev/null", "app.py"]));
    stage.prove(python(&["-m", "uvicorn", "app:app", "--port", &port]));
}

#[test]
fn the_app_in_rust_opens_the_portal_of_each_role() {
    if !are_wanted() {
        return;
    }
    let stage = Stage::new();
    // What these tests are built of need not be built again.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut cargo = stage.command("cargo", &["build", "--quiet", "--locked", "--manifest-path"]);
    cargo.arg(app("rust").join("Cargo.toml")).arg("--target-dir").arg(target);
    // Build scripts that look at them would run again.
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    succeed(cargo);
    let mut program = Command::new(target.join("debug/billing-app"));
    program.env("PORTAL_CONFIGS", stage.path("portal-configs"));
    stage.prove(program);
}

fn app(name: &str) -> PathBuf {
    root().join("tests/apps").join(name)
}

/// A folder for an app, and an account with the configurations that its files want.
struct Stage {
    folder: TempDir,
    emulator: Arc<Emulator>,
    server: Server,
    /// One that is free.
    port: u16,
}

impl Stage {
    fn new() -> Self {
        let seed = fs::read_to_string(app("portal-configs/emulator.seed.json")).unwrap();
        let emulator = Arc::new(Emulator::in_memory(Seed::parse(&seed).unwrap()));
        let server = Server::start(emulator.clone());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let stage = Self { folder: tempfile::tempdir().unwrap(), emulator, server, port };
        let is_file_of_user = |name: &str| name.ends_with(".yaml");
        copy(&app("portal-configs"), &stage.path("portal-configs"), is_file_of_user);
        stage.reconcile(&["--yes"]);
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    fn reconcile(&self, arguments: &[&str]) {
        let mut reconcile = self.command(env!("CARGO_BIN_EXE_reconcile"), arguments);
        reconcile.env("STRIPE_API_KEY", KEY).env("STRIPE_API_BASE", &self.server.base);
        succeed(reconcile);
    }

    fn export(&self, format: &str, file: &str) {
        self.reconcile(&["export", "--format", format, "--out", file]);
    }

    /// Starts the app, and does what its users do.
    #[track_caller]
    fn prove(&self, mut program: Command) {
        program.env("STRIPE_API_KEY", KEY).env("STRIPE_API_BASE", &self.server.base);
        program.env("PORT", self.port.to_string());
        let app = App::start(program, self.port, self.path("log"));
        self.assert_only_who_has_signed_in_gets_anywhere(&app);
        self.assert_each_role_has_its_portal(&app);
        self.assert_who_has_no_portal_is_told_so(&app);
        self.assert_trouble_with_stripe_is_not_shown(&app);
        let log = fs::read_to_string(&app.log).unwrap();
        assert!(!log.contains(KEY) && !log.contains("/p/session/"), "{log}");
    }

    fn assert_only_who_has_signed_in_gets_anywhere(&self, app: &App) {
        let n_before = self.emulator.exchanges().len();
        assert_eq!(app.get("/").status, 200);
        assert_eq!(app.post("/sign-in", "", "user=mallory").status, 401);
        assert_eq!(app.post("/billing", "", "").status, 401);
        let cookie = app.sign_in("ada");
        // The name as it is, and as the end of JSON in base 64.
        let forged = cookie.replace("ada", "vic").replace("ImFkYSJ9", "InZpYyJ9");
        assert_ne!(forged, cookie);
        assert_eq!(app.post("/billing", &forged, "").status, 401, "{forged}");
        assert_eq!(self.emulator.exchanges().len(), n_before);
    }

    fn assert_each_role_has_its_portal(&self, app: &App) {
        let lockfile = Lockfile::read(self.path("portal-configs/test.lock.json")).unwrap();
        let mut addresses = Vec::new();
        for (user, role) in [("ada", "admin"), ("vic", "viewer")] {
            let n_before = self.emulator.exchanges().len();
            let cookie = app.sign_in(user);
            let answer = app.post("/billing", &cookie, "");
            assert_eq!(answer.status, 303, "{}", answer.body);
            let address = answer.header("location").unwrap();
            assert!(
                address.starts_with(&format!("{}/p/session/test_", self.server.base)),
                "{address}"
            );
            let page = self.follow(&address);
            addresses.push(address);
            assert!(page.contains("Invoice history"), "{page}");
            assert_eq!(page.contains("Cancel subscription"), role == "admin", "{page}");

            let exchanges = self.emulator.exchanges();
            let [exchange] = &exchanges[n_before..] else { panic!("{:?}", &exchanges[n_before..]) };
            assert_eq!((exchange.method.as_str(), exchange.status), ("POST", 200));
            assert_eq!(exchange.path, "/v1/billing_portal/sessions");
            let is = |name: &str, value: &str| {
                let asked = exchange.parameters.iter().find(|(asked, _)| asked == name);
                assert_eq!(asked.map(|(_, value)| value.as_str()), Some(value), "{name}");
            };
            is("configuration", lockfile.id(role).unwrap().as_str());
            is("customer", &format!("cus_{user}"));
        }
        assert_ne!(addresses[0], addresses[1]);
    }

    /// The portal that a customer lands in.
    fn follow(&self, address: &str) -> String {
        let page = self.emulator.handle(http::Request::get(address).body(Vec::new()).unwrap());
        assert_eq!(page.status(), 200);
        String::from_utf8(page.into_body()).unwrap()
    }

    fn assert_who_has_no_portal_is_told_so(&self, app: &App) {
        let n_before = self.emulator.exchanges().len();
        let cookie = app.sign_in("olga");
        let answer = app.post("/billing", &cookie, "");
        assert_eq!(answer.status, 403, "{}", answer.body);
        assert!(answer.body.contains("there is no billing portal for the role `owner`"));
        assert_eq!(self.emulator.exchanges().len(), n_before, "Stripe was asked");
    }

    fn assert_trouble_with_stripe_is_not_shown(&self, app: &App) {
        let body = r#"{"error":{"type":"invalid_request_error","message":"Invalid: sk_test_***"}}"#;
        let answer = format!(
            "HTTP/1.1 401 X\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.server.answer_instead("/v1/billing_portal/sessions", answer.into_bytes());
        let answer = app.post("/billing", &app.sign_in("ada"), "");
        assert_eq!(answer.status, 502, "{}", answer.body);
        assert!(!answer.body.contains("sk_test"), "{}", answer.body);
        self.server.be_well();
    }
}

/// An app that ends with this value.
struct App {
    child: Child,
    port: u16,
    log: PathBuf,
}

/// What it answers.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl App {
    /// Starts it, and waits until it listens.
    #[track_caller]
    fn start(mut program: Command, port: u16, log: PathBuf) -> Self {
        let file = File::create(&log).unwrap();
        program.stdout(file.try_clone().unwrap()).stderr(file);
        let child = program.spawn().unwrap_or_else(|error| panic!("{program:?}: {error}"));
        let mut app = Self { child, port, log };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let has_ended = app.child.try_wait().unwrap().is_some();
            let log = || fs::read_to_string(&app.log).unwrap();
            assert!(!has_ended && started.elapsed() < Duration::from_secs(60), "{}", log());
            thread::sleep(Duration::from_millis(50));
        }
        app
    }

    /// The cookie of somebody who has signed in.
    fn sign_in(&self, user: &str) -> String {
        let answer = self.post("/sign-in", "", &format!("user={user}"));
        assert_eq!(answer.status, 303, "{}", answer.body);
        let cookie = answer.header("set-cookie").unwrap();
        let attributes = cookie.to_ascii_lowercase();
        assert!(attributes.contains("httponly") && attributes.contains("samesite=lax"), "{cookie}");
        cookie.split(';').next().unwrap().to_owned()
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"))
    }

    fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookie}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        ))
    }

    fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    fn header(&self, name: &str) -> Option<String> {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut found = headers.filter(|(header, _)| header.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.to_owned())
    }
}
