//! What is said about the user's files: a stable code, a place, and what to do.

mod code;

pub use code::{Code, Severity};

use crate::source::Span;

/// One problem, with the place it shows at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// What happened to which thing: a lowercase fragment without a full stop.
    pub message: String,
    /// Where. An empty span at the start of an empty file means the file as a whole.
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

/// All problems found so far.
#[derive(Debug, Clone, Default)]
pub struct Bag {
    diagnostics: Vec<Diagnostic>,
}

impl Bag {
    /// Adds a problem, unless the very same one is known already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds all problems of another bag.
    pub fn extend(&mut self, other: Self) {
        for diagnostic in other.diagnostics {
            self.push(diagnostic);
        }
    }

    /// How many problems there are.
    pub fn len(&self) -> usize {
        self.diagnostics.len()
    }

    /// True if there is no problem.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// True if the files can't be used.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many problems there are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.code.severity() == severity).count()
    }

    /// The problems by file and place.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| (diagnostic.at, diagnostic.code));
        sorted
    }
}
