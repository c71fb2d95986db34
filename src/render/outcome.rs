//! What came of a run, for the terminal.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::style::{Painted, Styles};
use crate::apply::{Outcome, StepResult};
use crate::plan::{Action, Plan};
use crate::report::{RunReport, Verdict};
use crate::stripe::Effort;
use crate::text::{clean, plural};

const NEVER: &str = "writing to a string can't fail";

/// The width of `reactivated` and `deactivated`.
const WORD: usize = 11;

/// What came of every role, and what to do next. `lockfile` is its path.
pub fn outcome(report: &RunReport, lockfile: &str, styles: &Styles) -> String {
    let mut text = String::new();
    if let Some(apply) = &report.apply {
        for outcome in &apply.outcomes {
            one_role(&mut text, outcome, styles);
        }
        for help in helps(&apply.outcomes) {
            writeln!(text, "  help: {help}").expect(NEVER);
        }
        if let Some(error) = &apply.lock_error {
            let head = Painted(styles.danger, "error");
            writeln!(
                text,
                "{head}: {}\n  help: when that is mended, `reconcile lock` writes it",
                clean(error)
            )
            .expect(NEVER);
        }
        // After an incomplete apply it is no news that there is still something to do.
        let remaining =
            report.remaining.as_ref().filter(|plan| apply.is_complete() && !plan.is_empty());
        if let Some(remaining) = remaining {
            not_converged(&mut text, remaining, styles);
        }
    }
    if let Some(as_of) = &report.as_of {
        writeln!(text, "This is the account {as_of}; it may have changed since.").expect(NEVER);
    }
    writeln!(text, "{}", last_line(report, lockfile, styles)).expect(NEVER);
    text
}

fn one_role(text: &mut String, outcome: &Outcome, styles: &Styles) {
    let role = &outcome.role;
    let (word, style, rest) = match &outcome.result {
        StepResult::Unchanged => return,
        StepResult::Done(id) => {
            let tried = effort(outcome.effort);
            (done(&outcome.action), styles.add, format!("{id}{tried}"))
        }
        StepResult::NotAsAsked { id, differences } => {
            let differences = clean(&differences.join(", "));
            let rest =
                format!("{id}: Stripe stored something else at {differences}{}", request(outcome));
            ("differs", styles.danger, rest)
        }
        StepResult::Failed(error) => {
            let word = match outcome.result.as_str() {
                "effect-unknown" => "unknown",
                word => word,
            };
            let (message, tried) = (clean(&error.to_string()), effort(outcome.effort));
            (word, styles.danger, format!("{message}{tried}{}", request(outcome)))
        }
        StepResult::NotAttempted(why_not) => {
            ("not tried", styles.change, why_not.as_str().to_owned())
        }
    };
    let head = Painted(style, format!("{word:>WORD$}"));
    writeln!(text, "{head} {role}  {rest}").expect(NEVER);
    // That what wasn't tried comes next is said once, in the last line.
    if let Some(next) = outcome.result.next()
        && !matches!(outcome.result, StepResult::NotAttempted(_))
    {
        writeln!(text, "{:>WORD$} {next}", "").expect(NEVER);
    }
}

/// What to do about the failures, each thing once.
fn helps(outcomes: &[Outcome]) -> BTreeSet<String> {
    let help = |outcome: &Outcome| {
        let StepResult::Failed(error) = &outcome.result else { return None };
        error.help()
    };
    outcomes.iter().filter_map(help).collect()
}

fn done(action: &Action) -> &'static str {
    match action {
        Action::Create => "created",
        Action::Adopt(_) => "adopted",
        Action::Update(_) => "updated",
        Action::Reactivate(_) => "reactivated",
        Action::Deactivate(_) => "deactivated",
        Action::None(_) => "unchanged",
    }
}

/// How often something was tried, if more than once.
pub(crate) fn effort(effort: Effort) -> String {
    let seconds = match effort.took.as_secs() {
        0 => String::new(),
        n => format!(" in {n} s"),
    };
    match effort.attempts {
        0 | 1 => String::new(),
        2 => format!(", tried twice{seconds}"),
        n => format!(", tried {n} times{seconds}"),
    }
}

fn request(outcome: &Outcome) -> String {
    outcome.request_id.as_ref().map(|id| format!(" (request {})", clean(id))).unwrap_or_default()
}

fn not_converged(text: &mut String, remaining: &Plan, styles: &Styles) {
    let head = Painted(styles.danger, "not converged");
    writeln!(text, "{head}: a second look at the account still finds something to do:")
        .expect(NEVER);
    text.push_str(&super::plan(remaining, styles));
}

fn last_line(report: &RunReport, lockfile: &str, styles: &Styles) -> String {
    let next = |text: &str| Painted(styles.strong, text).to_string();
    match report.verdict() {
        Verdict::Clean => "Nothing to do: the account is what the files say.".to_owned(),
        Verdict::Pending if report.plan.n_pending() == 0 => {
            "Nothing was written; only the lockfile would change.".to_owned()
        }
        Verdict::Pending => format!(
            "Nothing was written. {} applies it; nothing but this plan is applied by\n  {}",
            next("`reconcile`"),
            next(&format!("`reconcile --expect-digest {}`", report.digest()))
        ),
        Verdict::Blocked => "Nothing was written.".to_owned(),
        Verdict::Applied => match report.plan.n_pending() {
            0 => format!("Done: {lockfile} says what the account says."),
            n_done => format!(
                "Done: {} changed, and a second look finds nothing to do. The ids are in {lockfile}.",
                plural(n_done, "role")
            ),
        },
        Verdict::Failed => "Nothing was changed.".to_owned(),
        Verdict::Partly => format!("Not everything is done. {}", unfinished(report, styles)),
        Verdict::Interrupted => format!("Interrupted. {}", unfinished(report, styles)),
    }
}

/// Where what was done is written down, and what does the rest.
fn unfinished(report: &RunReport, styles: &Styles) -> String {
    let next = Painted(styles.strong, "`reconcile`");
    if report.apply.as_ref().is_some_and(|apply| apply.lock_error.is_some()) {
        return format!(
            "What is done is not all in the lockfile: {next} finds it by its marker, writes the \
             lockfile and finishes the rest."
        );
    }
    format!("What is known to be done is recorded; {next} finishes it.")
}
