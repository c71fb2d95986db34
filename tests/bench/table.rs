//! What was measured, beside what it is measured against.

use crate::say;

/// All measurements so far.
#[derive(Default)]
pub(crate) struct Table {
    n_rows: usize,
    n_over: usize,
    n_missing: usize,
}

/// What must be true of a ratio.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Table {
    /// Adds a measurement and says whether it is within its bound. Both numbers have the same unit;
    /// `against` says what the second one is.
    pub(crate) fn row(
        &mut self,
        what: &str,
        (measured, floor): (f64, f64),
        against: &str,
        unit: &str,
        bound: Bound,
    ) {
        let ratio = measured / floor;
        let (is_kept, bound) = match bound {
            Bound::AtMost(most) => (ratio <= most, format!("≤ {most}")),
            // The ratio is that of the rival to us.
            Bound::AtLeast(least) => (floor / measured >= least, format!("≥ {least}")),
        };
        let ratio = if bound.starts_with('≥') { floor / measured } else { ratio };
        let verdict = if is_kept { "ok" } else { "OVER" };
        self.n_over += usize::from(!is_kept);
        let (measured, floor) = (number(measured, unit), number(floor, unit));
        self.line(what, &measured, &format!("{floor} {against}"), &digits(ratio), &bound, verdict);
    }

    /// Says which measurement can't be made here, and why.
    pub(crate) fn missing(&mut self, what: &str, why: &str) {
        self.n_missing += 1;
        self.line(what, "-", why, "-", "-", "MISSING");
    }

    fn line(
        &mut self,
        what: &str,
        measured: &str,
        against: &str,
        ratio: &str,
        bound: &str,
        verdict: &str,
    ) {
        if self.n_rows == 0 {
            self.n_rows += 1;
            self.line("what", "measured", "against", "ratio", "bound", "");
        }
        self.n_rows += 1;
        say(&format!("{what:<56} {measured:>9}  {against:<42} {ratio:>5}  {bound:<7} {verdict}\n"));
    }

    /// True if everything was measured and no bound is broken.
    pub(crate) fn is_kept(&self) -> bool {
        self.n_over == 0 && self.n_missing == 0
    }

    /// The last line.
    pub(crate) fn end(&self) -> String {
        let Self { n_rows: _, n_over, n_missing } = self;
        let missing = match n_missing {
            0 => String::new(),
            n => format!(", {n} not measured"),
        };
        format!("{n_over} over{missing}\n")
    }
}

fn number(value: f64, unit: &str) -> String {
    format!("{} {unit}", digits(value)).trim_end().to_owned()
}

/// Three digits that count.
fn digits(value: f64) -> String {
    match value {
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
