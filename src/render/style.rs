//! Colours, or none.

use std::fmt;

use anstyle::{AnsiColor, Style};

/// How words are set off. Everything can be understood without.
#[derive(Debug, Clone, Copy, Default)]
pub struct Styles {
    /// Headings and names.
    pub strong: Style,
    /// What is new.
    pub add: Style,
    /// What changes.
    pub change: Style,
    /// What needs care, and errors.
    pub danger: Style,
    /// What can be skipped.
    pub quiet: Style,
}

impl Styles {
    /// Colours, if they are wanted.
    pub fn new(is_colored: bool) -> Self {
        if !is_colored {
            return Self::default();
        }
        Self {
            strong: Style::new().bold(),
            add: AnsiColor::Green.on_default(),
            change: AnsiColor::Yellow.on_default(),
            danger: AnsiColor::Red.on_default().bold(),
            quiet: Style::new().dimmed(),
        }
    }

    /// True if there are any.
    pub fn is_colored(&self) -> bool {
        self.strong != Style::new()
    }
}

/// A text in a style.
pub(super) struct Painted<T>(pub(super) Style, pub(super) T);

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(style, text) = self;
        let text = text.to_string();
        if text.is_empty() { Ok(()) } else { write!(f, "{style}{text}{style:#}") }
    }
}
