//! What is said about the user's files: a stable code, a place, and what to do.

mod code;

pub use code::{Code, Severity};

use std::collections::BTreeMap;

use crate::source::Span;

/// One problem, with the place it shows at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// What happened to which thing: a lowercase fragment without a full stop.
    pub message: String,
    /// Where. An empty span at the start of a file means the file as a whole.
    pub at: Span,
    /// Other places that matter, each with what to say under it.
    pub related: Vec<(Span, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem at a place.
    pub fn new(code: Code, at: Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), at, related: Vec::new(), help: None }
    }

    /// Adds another place that matters.
    pub fn related(mut self, at: Span, label: impl Into<String>) -> Self {
        self.related.push((at, label.into()));
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// All problems found so far, by file and place.
#[derive(Debug, Clone, Default)]
pub struct Bag {
    /// A folder can have thousands of problems, and each is looked for among those of its place only.
    diagnostics: BTreeMap<(Span, Code), Vec<Diagnostic>>,
    n_errors: usize,
    n_warnings: usize,
}

impl Bag {
    /// Adds a problem. If it is known already, only the other places that matter are new.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let Diagnostic { code, message, at, related, help } = &diagnostic;
        let known = self.diagnostics.entry((*at, *code)).or_default();
        if let Some(same) = known.iter_mut().find(|it| (&it.message, &it.help) == (message, help)) {
            let is_new = |place: &&(Span, String)| !same.related.contains(place);
            let new: Vec<_> = related.iter().filter(is_new).cloned().collect();
            same.related.extend(new);
            return;
        }
        let severity = code.severity();
        known.push(diagnostic);
        match severity {
            Severity::Error => self.n_errors += 1,
            Severity::Warning => self.n_warnings += 1,
        }
    }

    /// Adds all problems of another bag.
    pub fn extend(&mut self, other: Self) {
        for diagnostic in other.diagnostics.into_values().flatten() {
            self.push(diagnostic);
        }
    }

    /// How many problems there are.
    pub fn len(&self) -> usize {
        self.n_errors + self.n_warnings
    }

    /// True if there is no problem.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True if the files can't be used.
    pub fn has_errors(&self) -> bool {
        self.n_errors > 0
    }

    /// How many problems there are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.n_errors,
            Severity::Warning => self.n_warnings,
        }
    }

    /// The problems by file and place.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        self.diagnostics.values().flatten().collect()
    }
}
