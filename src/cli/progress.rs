//! A bar for those who wait at a terminal.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::apply::{Event, StepResult};

/// Shorter applies are over before a bar can be read.
const FEWEST_STEPS: usize = 3;

pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// `bars` is where other texts know how to make room.
    pub(super) fn new(n_steps: usize, is_terminal: bool, bars: &MultiProgress) -> Self {
        let bar = if is_terminal && n_steps >= FEWEST_STEPS {
            bars.add(ProgressBar::new(n_steps as u64))
        } else {
            ProgressBar::hidden()
        };
        let style =
            ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").expect("a valid template");
        bar.set_style(style.progress_chars("=> "));
        Self { bar }
    }

    pub(super) fn on(&self, event: Event<'_>) {
        match event {
            Event::Started(role) => self.bar.set_message(role.to_string()),
            Event::Finished(outcome) => {
                let was_tried =
                    !matches!(outcome.result, StepResult::Unchanged | StepResult::NotAttempted(_));
                self.bar.inc(u64::from(was_tried));
            }
        }
    }

    /// One more is done.
    pub(super) fn advance(&self) {
        self.bar.inc(1);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
