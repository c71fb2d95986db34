//! What the library has to tell while it works: warnings, and with `-v` every request.

use std::fmt;
use std::io;

use indicatif::MultiProgress;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::text::clean;

/// Prints it from now on. Bars make room for it.
pub(super) fn to_stderr(is_verbose: bool, bars: MultiProgress) {
    let level = if is_verbose { LevelFilter::DEBUG } else { LevelFilter::WARN };
    let layer = tracing_subscriber::fmt::layer()
        .event_format(Line)
        .with_writer(move || Stderr(bars.clone()));
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    // Fails only in tests that run several times in one process.
    let _ = tracing_subscriber::registry().with(layer).with(ours).try_init();
}

struct Stderr(MultiProgress);

impl io::Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// A line an event, like the other lines that the program prints.
struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut text = String::new();
        context.format_fields(Writer::new(&mut text), event)?;
        let level = if *event.metadata().level() <= Level::WARN { "warning" } else { "debug" };
        writeln!(writer, "{level}: {}", clean(&text))
    }
}
