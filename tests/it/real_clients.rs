//! Programs that other people wrote: Stripe's own SDKs, unchanged, against the emulator, and an
//! editor's language server with our schemas.
//!
//! They come from the registries, so these tests run only where `RECONCILE_REAL_CLIENTS=1` asks for
//! them. There, a missing tool is a failure.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use portal_reconciler::diagnostic::Code;
use portal_reconciler::emulator::{Emulator, Seed, serve};
use portal_reconciler::reference::schema::Document;
use portal_reconciler::reference::{Home, example, keys};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::repository::{cases, root};

pub(crate) fn are_wanted() -> bool {
    std::env::var_os("RECONCILE_REAL_CLIENTS").is_some_and(|value| value == "1")
}

#[test]
fn stripes_sdk_for_node_takes_the_emulator_for_stripe() {
    if !are_wanted() {
        return;
    }
    let folder = installed(&client("node"), "package.json", npm_install);
    for (script, options) in
        [("scenario.js", None), ("trouble.js", None), ("example.test.js", Some("--test"))]
    {
        // Node looks for packages beside the file that imports them.
        fs::copy(client("node").join(script), folder.join(script))
            .expect("the script can be copied");
        let mut node = Command::new("node");
        node.args(options).arg(folder.join(script));
        run(node);
    }
}

#[test]
fn stripes_sdk_for_python_takes_the_emulator_for_stripe() {
    if !are_wanted() {
        return;
    }
    let folder = installed(&client("python"), "requirements.txt", pip_install);
    for (script, options) in [
        ("scenario.py", &[][..]),
        ("trouble.py", &[]),
        ("example.py", &["-m", "unittest", "--quiet"]),
    ] {
        let mut python = Command::new("python3");
        python.args(options).arg(client("python").join(script)).env("PYTHONPATH", &folder);
        python.env("PYTHONDONTWRITEBYTECODE", "1");
        run(python);
    }
}

/// Problems that a schema can know.
const KNOWN_TO_SCHEMAS: [Code; 10] = [
    Code::YamlSyntax,
    Code::DuplicateKey,
    Code::UnknownKey,
    Code::WrongType,
    Code::UnknownValue,
    Code::TooLong,
    Code::InvalidUrl,
    Code::MetadataKey,
    Code::ReservedMetadata,
    Code::InvalidWaiver,
];

#[test]
fn an_editor_underlines_what_a_schema_can_know_and_nothing_that_is_right() {
    if !are_wanted() {
        return;
    }
    let folder = tempfile::tempdir().expect("there is a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    };
    write("config.schema.json", &Document::Config.schema());
    write("settings.schema.json", &Document::Settings.schema());
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    let put = |name: String, home: Home, text: &str| {
        let schema = match home {
            Home::Role => "config",
            Home::Settings => "settings",
        };
        let header = format!("# yaml-language-server: $schema={schema}.schema.json\n");
        write(&name, &(header + text));
        name
    };
    let home = |file: &str| if file == "reconcile.yaml" { Home::Settings } else { Home::Role };
    for (n, key) in keys().iter().enumerate() {
        right.push(put(format!("key-{n}.yaml"), key.home, key.example));
    }
    for code in Code::ALL {
        let example = example(*code).unwrap_or_default();
        for (n, (file, text)) in example.right.into_iter().enumerate() {
            right.push(put(format!("{code}-{n}-right.yaml"), home(file), text));
        }
        if KNOWN_TO_SCHEMAS.contains(code) {
            let (file, text) = example.wrong[0];
            wrong.push(put(format!("{code}-wrong.yaml"), home(file), text));
        }
    }
    let seen = in_an_editor(folder.path(), right.iter().chain(&wrong));
    let problems = |name: &String| seen[name]["problems"].as_array().expect("a list").clone();
    for name in &right {
        assert_eq!(problems(name), Vec::<Value>::new(), "{name}");
    }
    for name in &wrong {
        assert!(!problems(name).is_empty(), "{name}");
    }
    // The key on the last line of the first example is explained.
    let hover = seen["key-1.yaml"]["hover"].to_string();
    assert!(hover.contains("Customers see their invoices"), "{hover}");
}

#[test]
fn what_programs_read_is_what_its_schema_says() {
    if !are_wanted() {
        return;
    }
    let folder = tempfile::tempdir().expect("there is a folder");
    let write = |name: String, text: &str| {
        fs::write(folder.path().join(&name), text).expect("a file can be written");
        name
    };
    let (mut plans, mut lockfiles, mut fleets) = (Vec::new(), Vec::new(), Vec::new());
    let is_of_fleet =
        |line: &&&str| ["{\"account\"", "{\"fleet\""].iter().any(|start| line.starts_with(start));
    for case in cases() {
        let session = fs::read_to_string(case.join("session.txt")).expect("a session");
        for command in session.split("\n$ ") {
            let lines = command.lines().skip(1).take_while(|line| !line.starts_with("# "));
            let printed: Vec<&str> = lines
                .filter(|line| !line.starts_with("2> ") && !line.starts_with("[exit"))
                .collect();
            for line in printed.iter().filter(is_of_fleet) {
                fleets.push(write(format!("fleet-{}.json", fleets.len()), line));
            }
            let printed = printed.join("\n");
            if printed.starts_with("{\n  \"fleet\"") {
                fleets.push(write(format!("fleet-{}.json", fleets.len()), &printed));
            } else if printed.starts_with("{\n  \"format_version\"") {
                plans.push(write(format!("plan-{}.json", plans.len()), &printed));
            } else if printed.starts_with("{\n  \"lockfile_version\"") {
                lockfiles.push(write(format!("lockfile-{}.json", lockfiles.len()), &printed));
            }
        }
    }
    assert!(plans.len() >= 5 && !lockfiles.is_empty(), "{plans:?} {lockfiles:?}");
    assert!(fleets.len() >= 5, "{fleets:?}");
    let client = installed(&self::client("editor"), "package.json", npm_install);
    fs::copy(self::client("editor").join("validate.js"), client.join("validate.js"))
        .expect("the script can be copied");
    let documents = [
        (Document::Plan, plans),
        (Document::Fleet, fleets),
        (Document::Lockfile, lockfiles),
        (Document::Config, Vec::new()),
        (Document::Settings, Vec::new()),
    ];
    for (document, files) in documents {
        let schema = write(format!("{document:?}.schema.json"), &document.schema());
        let mut node = Command::new("node");
        node.current_dir(folder.path()).arg(client.join("validate.js")).arg(schema).args(files);
        succeed(node);
    }
}

/// What an editor shows of files in a folder.
fn in_an_editor<'a>(folder: &Path, names: impl Iterator<Item = &'a String>) -> Value {
    let client = installed(&self::client("editor"), "package.json", npm_install);
    fs::copy(self::client("editor").join("editor.js"), client.join("editor.js"))
        .expect("the script can be copied");
    let mut node = Command::new("node");
    node.current_dir(folder).arg(client.join("editor.js")).args(names);
    serde_json::from_slice(&succeed(node)).expect("it prints JSON")
}

/// Looks at pages, each on a phone and on a desk, in light and in dark.
pub(crate) fn in_a_browser(pages: &[String]) {
    let folder = installed(&client("browser"), "package.json", npm_install);
    fs::copy(client("browser").join("look.mjs"), folder.join("look.mjs"))
        .expect("the script can be copied");
    let mut node = Command::new("node");
    node.arg(folder.join("look.mjs")).args(pages);
    succeed(node);
}

pub(crate) fn npm_install(folder: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(folder);
    npm
}

pub(crate) fn pip_install(folder: &Path) -> Command {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--target"])
        .arg(folder)
        .arg("--requirement")
        .arg(folder.join("requirements.txt"));
    pip
}

/// Where a client's pin and scenario are.
pub(crate) fn client(name: &str) -> PathBuf {
    root().join("tests/clients").join(name)
}

/// Installs what a pin names into a folder below the target folder, unless the same pin has been
/// installed there before.
pub(crate) fn installed(from: &Path, pin: &str, install: impl Fn(&Path) -> Command) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock();
    let tests = root().join("tests");
    let name = from.strip_prefix(tests).expect("pins are with the tests");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let wanted = from.join(pin);
    let done = folder.join("installed");
    let read = |path: &Path| fs::read_to_string(path).ok();
    if read(&done).is_none_or(|pin| Some(pin) != read(&wanted)) {
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the former installation can be removed");
        }
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::copy(&wanted, folder.join(pin)).expect("the pin can be copied");
        succeed(install(&folder));
        fs::copy(&wanted, done).expect("the installation can be marked as done");
    }
    folder
}

/// Runs a script against an account on loopback that has nothing in it.
fn run(mut script: Command) {
    let runtime = tokio::runtime::Runtime::new().expect("there is a runtime");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("there is a port");
    let address = listener.local_addr().expect("the port is known");
    let (stop, stopped) = oneshot::channel::<()>();
    let seed = Seed::parse(include_str!("../clients/seed.json")).expect("the seed is right");
    let emulator = Arc::new(Emulator::in_memory(seed));
    let server = runtime.spawn(serve(listener, emulator, async move {
        drop(stopped.await);
    }));
    script.env("STRIPE_URL", format!("http://{address}")).env("STRIPE_KEY", "sk_test_51Scenario");
    succeed(script);
    drop(stop);
    runtime.block_on(server).expect("the server stops when told to");
}

/// Runs a command that must succeed, and returns what it prints.
#[track_caller]
pub(crate) fn succeed(mut command: Command) -> Vec<u8> {
    let program = command.get_program().display().to_string();
    let output =
        command.output().unwrap_or_else(|error| panic!("`{program}` can't be run: {error}"));
    assert!(
        output.status.success(),
        "`{program}` failed with {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}
