//! Everything outside of the program: streams, environment variables, and whether somebody wants it
//! to stop.

use std::io::{self, BufRead, IsTerminal, Write};

use tokio::sync::watch;

use super::args::ColorChoice;
use super::error::CliError;
use crate::render::{Styles, clean};

/// What the program can see and touch.
pub struct World {
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    variable: fn(&str) -> Option<String>,
    interruption: watch::Receiver<bool>,
    pub(super) stdin_is_terminal: bool,
    pub(super) stdout_is_terminal: bool,
    pub(super) stderr_is_terminal: bool,
    /// For stdout.
    pub(super) styles: Styles,
    /// For stderr.
    pub(super) error_styles: Styles,
    print_failed: bool,
}

impl World {
    /// The real one. `interruption` turns true once somebody wants the program to stop.
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
    pub fn real(interruption: watch::Receiver<bool>) -> Self {
        Self {
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            variable: |name| std::env::var(name).ok(),
            interruption,
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            styles: Styles::default(),
            error_styles: Styles::default(),
            print_failed: false,
        }
    }

    /// An environment variable. An empty one is none.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }

    pub(super) fn choose_colors(&mut self, choice: ColorChoice) {
        let is_wanted = self.variable("NO_COLOR").is_none()
            && self.variable("TERM").is_none_or(|terminal| terminal != "dumb");
        let colors = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && is_wanted,
        };
        self.styles = Styles::new(colors(self.stdout_is_terminal));
        self.error_styles = Styles::new(colors(self.stderr_is_terminal));
    }

    /// Prints data. Whoever reads it may stop doing so whenever they like.
    pub(super) fn print(&mut self, text: &str) {
        let printed = self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush());
        if let Err(error) = printed
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.print_failed = true;
            self.eprint(&format!("error: can't print: {error}\n"));
        }
    }

    /// Prints everything that is not data. There is nowhere to complain if that fails.
    pub(super) fn eprint(&mut self, text: &str) {
        let _ = self.stderr.write_all(text.as_bytes()).and_then(|()| self.stderr.flush());
    }

    /// Shows an error and what to do about it.
    pub(super) fn complain(&mut self, error: &CliError) {
        if error.message.is_empty() {
            return;
        }
        let danger = self.error_styles.danger;
        let mut text = format!("{danger}error{danger:#}: {}\n", clean(&error.message));
        if let Some(help) = &error.help {
            text.push_str(&format!("  help: {}\n", clean(help)));
        }
        self.eprint(&text);
    }

    /// True if data could not be printed.
    pub(super) fn could_not_print(&self) -> bool {
        self.print_failed
    }

    /// Asks on stderr and reads the answer's line from stdin.
    pub(super) fn ask(&mut self, question: &str) -> io::Result<String> {
        self.eprint(question);
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        Ok(answer.trim().to_owned())
    }

    /// Tells whether, and when, somebody wants the program to stop.
    pub(super) fn interruption(&self) -> watch::Receiver<bool> {
        self.interruption.clone()
    }
}
