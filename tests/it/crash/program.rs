//! The program itself, on a machine of its own, and an account on a server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use portal_reconciler::emulator::{Emulator, Seed};
use tempfile::TempDir;

use super::ending::Ending;
use crate::program::profile;
use crate::server::Server;

/// An account, and a folder with six roles that it doesn't have yet.
pub(super) struct Program {
    pub(super) emulator: Arc<Emulator>,
    pub(super) server: Server,
    folder: TempDir,
}

impl Program {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("portal-configs")).unwrap();
        for role in ["a", "b", "c", "d", "e", "f"] {
            let default = if role == "d" { "default: true\n" } else { "" };
            let text = format!("{default}features: {{ invoice_history: {{ enabled: true }} }}\n");
            let path = folder.path().join("portal-configs").join(format!("{role}.yaml"));
            fs::write(path, text).unwrap();
        }
        let emulator = Arc::new(Emulator::in_memory(Seed::default()));
        Self { server: Server::start(emulator.clone()), emulator, folder }
    }

    /// Where everything lies.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn configs(&self) -> PathBuf {
        self.folder().join("portal-configs")
    }

    /// The program, or another one with its environment.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder()).env_clear().envs(profile()).stdin(Stdio::null());
        command.env("STRIPE_API_KEY", "sk_test_1").env("STRIPE_API_BASE", &self.server.base);
        command
    }

    pub(super) fn reconcile(&self) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_reconcile"));
        command.arg("--yes").stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs once more, now that all is well, and returns where that ends.
    #[track_caller]
    pub(super) fn end(&self) -> Ending {
        let output = self.reconcile().output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        Ending::at(&self.emulator, &self.configs().join("test.lock.json"))
    }

    pub(super) fn n_writes(&self) -> usize {
        self.emulator.exchanges().iter().filter(|exchange| exchange.method != "GET").count()
    }
}

/// Everything that came out.
pub(super) fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}
