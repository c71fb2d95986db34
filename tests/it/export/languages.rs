//! Exported code, judged by those who made the languages: compiled with everything that they warn
//! about, run, and refused where a role is mistyped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use portal_reconciler::export::{Format, Ids, export};
use portal_reconciler::model::{ConfigurationId, EnvironmentName, Role};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::real_clients::{are_wanted, client, installed, npm_install, pip_install, succeed};
use crate::sessions::copy;

/// Words that mean something in one of the languages, and lengths at which lines break.
const ROLES: [&str; 24] = [
    "admin",
    "a-l-l",
    "all",
    "class",
    "constructor",
    "crate",
    "default",
    "err",
    "error",
    "func",
    "lambda",
    "none",
    "ok",
    "role",
    "s",
    "self",
    "string",
    "super",
    "team-admin-2",
    "team-member",
    "to-string",
    "type",
    "unknown-role",
    "aroleofasmanylettersasarolemayhaveandmor",
];

/// An app in an empty folder: the exported module, and a program that prints all that it says.
struct App {
    folder: TempDir,
    ids: Ids,
}

impl App {
    fn new(format: Format, module: &str) -> Self {
        let app = Self { folder: tempfile::tempdir().unwrap(), ids: ids() };
        copy(&client(&format!("export/{format}")), app.folder.path(), |_| true);
        fs::create_dir_all(app.path(module).parent().unwrap()).unwrap();
        fs::write(app.path(module), export(format, &app.ids).unwrap().text).unwrap();
        app
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    /// What the program prints is what the lockfiles say.
    #[track_caller]
    fn assert_prints_all_ids(&self, program: Command) {
        let printed: Json = serde_json::from_slice(&succeed(program)).unwrap();
        let expected: Json =
            serde_json::from_str(&export(Format::Json, &self.ids).unwrap().text).unwrap();
        assert_eq!(printed, expected);
    }

    /// The program, which compiles as it is, doesn't once its role is mistyped.
    #[track_caller]
    fn assert_refuses(&self, program: &str, role: &str, typo: &str, mut compile: Command) {
        let text = fs::read_to_string(self.path(program)).unwrap();
        let mistyped = text.replacen(role, typo, 1);
        assert_ne!(text, mistyped);
        fs::write(self.path(program), mistyped).unwrap();
        let output = compile.output().unwrap();
        fs::write(self.path(program), text).unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!output.status.success() && said.contains(typo), "{said}");
    }
}

fn ids() -> Ids {
    let environments = ["live", "self", "test", "us-east-2"];
    let id = |environment: usize, role: usize| {
        // Of all lengths around the one at which a line of Rust is too long.
        let id =
            format!("bpc_{environment}x{}", "9".repeat(4 + role % 3 * 12 + environment + role));
        ConfigurationId::parse(&id).unwrap()
    };
    let roles = |environment| {
        let roles = ROLES.iter().enumerate();
        roles.map(move |(n, role)| (Role::parse(role).unwrap(), id(environment, n))).collect()
    };
    let environments = environments.iter().enumerate();
    environments.map(|(n, name)| (EnvironmentName::parse(name).unwrap(), roles(n))).collect()
}

#[test]
fn typescript_compiles_strictly_and_refuses_a_mistyped_role() {
    if !are_wanted() {
        return;
    }
    let app = App::new(Format::Typescript, "portal.ts");
    let tsc = installed(&client("export/typescript"), "package.json", npm_install)
        .join("node_modules/.bin/tsc");
    let tsc = || app.command(&tsc, &["--project", "."]);
    succeed(tsc());
    app.assert_prints_all_ids(app.command("node", &["main.js"]));
    app.assert_refuses("main.ts", "admin", "admni", tsc());
}

#[test]
fn python_passes_mypy_and_a_mistyped_role_does_not() {
    if !are_wanted() {
        return;
    }
    let app = App::new(Format::Python, "portal.py");
    let packages = installed(&client("export/python"), "requirements.txt", pip_install);
    let mypy = || {
        let options = ["-m", "mypy", "--strict", "--python-version=3.10", "--no-incremental"];
        let mut mypy = app.command("python3", &options);
        mypy.args(["--cache-dir=/dev/null", "main.py", "portal.py"]).env("PYTHONPATH", &packages);
        mypy
    };
    succeed(mypy());
    app.assert_prints_all_ids(app.command("python3", &["-W", "error", "main.py"]));
    app.assert_refuses("main.py", "admin", "admni", mypy());
}

#[test]
fn rust_compiles_without_a_warning_and_refuses_a_mistyped_role() {
    if !are_wanted() {
        return;
    }
    let app = App::new(Format::Rust, "portal.rs");
    let rustc = || app.command("rustc", &["--edition=2021", "--deny=warnings", "main.rs"]);
    succeed(rustc());
    app.assert_prints_all_ids(Command::new(app.path("main")));
    let everything = ["--crate-type=lib", "--deny=warnings", "--warn=missing-docs", "portal.rs"];
    for edition in ["--edition=2018", "--edition=2024"] {
        let mut clippy = app.command("clippy-driver", &everything);
        clippy.args([edition, "--warn=clippy::pedantic", "--warn=unreachable-pub"]);
        succeed(clippy);
        succeed(app.command("rustfmt", &["--check", edition, "portal.rs"]));
    }
    app.assert_refuses("main.rs", "Admin", "Admni", rustc());
}

#[test]
fn go_is_formatted_and_vetted_and_refuses_a_mistyped_role() {
    if !are_wanted() {
        return;
    }
    let app = App::new(Format::Go, "portal/portal.go");
    let go = |arguments: &[&str]| {
        let mut go = app.command("go", arguments);
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go");
        go.env("GOCACHE", cache).env("GOFLAGS", "-mod=mod").env("GOTOOLCHAIN", "local");
        go
    };
    let badly_formatted = succeed(app.command("gofmt", &["-l", "."]));
    assert_eq!(String::from_utf8_lossy(&badly_formatted), "");
    succeed(go(&["vet", "./..."]));
    app.assert_prints_all_ids(go(&["run", "."]));
    app.assert_refuses("main.go", "Admin", "Admni", go(&["build"]));
    app.assert_refuses("main.go", "portal.RoleAdmin", "\"admin\"", go(&["build"]));
}
