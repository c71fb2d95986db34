//! Everything outside of the program: streams, environment variables, and whether somebody wants it
//! to stop.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::sync::Arc;
use std::time::SystemTime;

use indicatif::MultiProgress;

use super::args::ColorChoice;
use super::error::CliError;
use super::setup::KEY_VARIABLE;
use crate::desired::Date;
use crate::diagnostic::{Bag, Severity};
use crate::interruption::Interruption;
use crate::render::{self, Styles};
use crate::source::SourceMap;
use crate::text::clean;
use crate::transport::Transport;

/// What the program can see and touch.
pub struct World {
    stdin: Box<dyn Read + Send>,
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    variable: fn(&str) -> Option<String>,
    /// What stands for Stripe, if it isn't at the other end of the network.
    pub(super) stripe: Option<Arc<dyn Transport>>,
    interruption: Interruption,
    pub(super) stdin_is_terminal: bool,
    pub(super) stdout_is_terminal: bool,
    pub(super) stderr_is_terminal: bool,
    /// The program's name and options, as a next command has to repeat them.
    pub(super) command: String,
    /// The same with what makes the plan what it is.
    pub(super) again: String,
    /// For stdout.
    pub(super) styles: Styles,
    /// For stderr.
    pub(super) error_styles: Styles,
    /// Bars on stderr, which make room for other texts.
    pub(super) bars: MultiProgress,
    print_failed: bool,
    /// Whether a runner is to show problems at the lines of the files.
    pub(super) annotates: bool,
}

impl World {
    /// The real one. `interruption` comes once somebody wants the program to stop.
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
    pub fn real(interruption: Interruption) -> Self {
        Self {
            stdin: Box::new(io::stdin()),
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            variable: |name| std::env::var(name).ok(),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            ..Self::empty(interruption)
        }
    }

    /// One in which somebody sits at a terminal and answers, or nobody does.
    #[cfg(test)]
    pub(super) fn with_answer(answer: Option<&'static str>) -> Self {
        let is_terminal = answer.is_some();
        Self {
            stdin: Box::new(answer.unwrap_or_default().as_bytes()),
            stdin_is_terminal: is_terminal,
            stdout_is_terminal: is_terminal,
            stderr_is_terminal: is_terminal,
            ..Self::empty(Interruption::never())
        }
    }

    /// One without people, whose Stripe is at the other end of this transport, with a key of its live
    /// side: what takes an hour there can be tried in a minute of another clock.
    pub fn simulated(stripe: Arc<dyn Transport>, interruption: Interruption) -> Self {
        let key = |name: &str| (name == KEY_VARIABLE).then(|| "rk_live_simulated".to_owned());
        Self { stripe: Some(stripe), variable: key, ..Self::empty(interruption) }
    }

    fn empty(interruption: Interruption) -> Self {
        Self {
            stdin: Box::new(io::empty()),
            stdout: Box::new(io::sink()),
            stderr: Box::new(io::sink()),
            variable: |_| None,
            stripe: None,
            interruption,
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            command: "reconcile".to_owned(),
            again: "reconcile".to_owned(),
            styles: Styles::default(),
            error_styles: Styles::default(),
            bars: MultiProgress::new(),
            print_failed: false,
            annotates: false,
        }
    }

    /// The time.
    pub(super) fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// The day, which tells which waivers still hold.
    pub(super) fn today(&self) -> Date {
        Date::at(self.now())
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
        if self.print_failed {
            return;
        }
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
        let stderr = &mut self.stderr;
        let _ =
            self.bars.suspend(|| stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()));
    }

    /// Shows an error and what to do about it.
    pub(super) fn complain(&mut self, error: &CliError) {
        let danger = self.error_styles.danger;
        let mut text = match &error.files {
            Some((bag, sources)) => render::diagnostics(bag, sources, &self.error_styles),
            None => format!("{danger}error{danger:#}: {}\n", clean(&error.whole())),
        };
        for detail in &error.details {
            text.push_str(&format!("  {}\n", clean(detail)));
        }
        if let Some(help) = &error.help {
            text.push_str(&format!("  help: {}\n", self.exact_of(&clean(help), error)));
        }
        self.eprint(&text);
        if self.annotates {
            let text = match &error.files {
                Some((bag, sources)) => render::annotations(bag, sources),
                None => {
                    let text = render::annotation(&error.whole(), error.help.as_deref());
                    self.exact_of(&text, error)
                }
            };
            self.eprint(&text);
        }
    }

    /// Shows problems of files that stop nothing.
    pub(super) fn warn(&mut self, bag: &Bag, sources: &SourceMap) {
        if bag.count(Severity::Warning) == 0 {
            return;
        }
        self.eprint(&render::diagnostics(bag, sources, &self.error_styles));
        if self.annotates {
            self.eprint(&render::annotations(bag, sources));
        }
    }

    /// A text in which the commands that it names have the options that they need.
    pub(super) fn exact(&self, text: &str) -> String {
        exact(text, &self.command, &self.again)
    }

    /// The same of an error's text, which may be about another environment.
    pub(super) fn exact_of(&self, text: &str, error: &CliError) -> String {
        match &error.command {
            Some(command) => exact(text, command, command),
            None => self.exact(text),
        }
    }

    /// True if data could not be printed.
    pub(super) fn could_not_print(&self) -> bool {
        self.print_failed
    }

    /// Asks on stderr and reads the answer's line from stdin, unless somebody wants to stop first.
    ///
    /// Can be called once: whatever else was typed belongs to no question.
    pub(super) async fn ask(&mut self, question: &str) -> Result<String, CliError> {
        self.eprint(question);
        let stdin = std::mem::replace(&mut self.stdin, Box::new(io::empty()));
        let answer = tokio::task::spawn_blocking(move || {
            let mut answer = String::new();
            BufReader::new(stdin).read_line(&mut answer).map(|_| answer.trim().to_owned())
        });
        tokio::select! {
            answer = answer => answer.expect("reading a line doesn't panic").map_err(|error| {
                CliError::new(format!("can't read the answer: {error}; nothing was written"))
            }),
            error = self.interrupted() => {
                self.eprint("\n");
                Err(error)
            }
        }
    }

    /// Ends once somebody wants the program to stop. Only for what may stop anywhere.
    pub(super) async fn interrupted(&self) -> CliError {
        self.interruption.raised().await;
        CliError { code: 130, ..CliError::new("interrupted; nothing was written") }
    }

    /// Tells whether, and when, somebody wants the program to stop.
    pub(super) fn interruption(&self) -> Interruption {
        self.interruption.clone()
    }
}

fn exact(text: &str, command: &str, again: &str) -> String {
    let mut parts = text.split("`reconcile");
    let mut exact = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        let is_this_run = rest.starts_with('`') || rest.starts_with(" --expect-digest ");
        let command = match rest.chars().next() {
            _ if ends_in_quotes(&exact) => "reconcile",
            _ if is_this_run => again,
            Some(' ') => command,
            // `reconcile.yaml`
            _ => "reconcile",
        };
        exact.push_str(&format!("`{command}{rest}"));
    }
    exact
}

/// True if what follows is within a foreign text: a headline can name a command, too.
fn ends_in_quotes(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default();
    let unescaped = line.replace("\\\\", "").replace("\\\"", "");
    unescaped.matches('"').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_get_options_and_what_somebody_else_wrote_does_not() {
        let exact = |text| exact(text, "reconcile -e a", "reconcile -e a --prune");
        assert_eq!(exact("`reconcile lock`"), "`reconcile -e a lock`");
        assert_eq!(
            exact("`reconcile` or `reconcile.yaml`"),
            "`reconcile -e a --prune` or `reconcile.yaml`"
        );
        for foreign in
            [r#""`reconcile lock`""#, r#""\" `reconcile lock`""#, r#""\\" "`reconcile`""#]
        {
            assert_eq!(exact(foreign), foreign);
        }
        assert_eq!(exact("\"a\": `reconcile`"), "\"a\": `reconcile -e a --prune`");
    }
}
