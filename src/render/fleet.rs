//! Many accounts for the terminal: those that are alike together, the worst first.

use std::fmt::Write;

use super::plan::{NEVER, body};
use super::style::{Painted, Styles};
use crate::fleet::{Fleet, Group, Outcome, Results, State, Survey};
use crate::model::AccountId;
use crate::text::{clean, plural};

/// What is to be done in them.
pub fn fleet(fleet: &Fleet<'_>, styles: &Styles) -> String {
    let n_accounts = plural(fleet.survey.n_accounts(), "account");
    let platform = match fleet.platform {
        Some(platform) => format!("connected to {platform}"),
        None => "connected to one that the key may not name".to_owned(),
    };
    let title = Painted(styles.strong, format!("Portal plan for {}", fleet.environment));
    let mut text = format!("{title} ({n_accounts} {platform}, {} mode)\n", fleet.mode);
    for group in fleet.survey.groups() {
        one_group(&mut text, group, styles);
    }
    let head = if fleet.survey.n_accounts() == 0 { "" } else { "Fleet: " };
    writeln!(text, "\n{head}{}", counts(fleet.survey, styles)).expect(NEVER);
    text
}

fn one_group(text: &mut String, group: &Group, styles: &Styles) {
    let who = who(group.n_accounts, &group.named);
    match &group.state {
        State::Clean => {
            writeln!(text, "\n{}", Painted(styles.quiet, format!("{who}: nothing to do")))
                .expect(NEVER);
        }
        State::Failed(why) => {
            let head = Painted(styles.danger, "error");
            writeln!(text, "\n{head}: {who}: {}", clean(why)).expect(NEVER);
        }
        State::Blocked(_) | State::Pending(_) => {
            let (like, plan) = match (&group.example, group.named.first()) {
                (Some(plan), Some(account)) if group.n_accounts > 1 => {
                    (format!(", such as in {account}"), body(plan, styles))
                }
                (Some(plan), _) => (String::new(), body(plan, styles)),
                (None, _) => (String::new(), String::new()),
            };
            writeln!(text, "\n{}{like}:", Painted(styles.strong, who)).expect(NEVER);
            for line in plan.trim_matches('\n').lines() {
                let indent = if line.is_empty() { "" } else { "  " };
                writeln!(text, "{indent}{line}").expect(NEVER);
            }
        }
    }
}

/// How many, and which if they are few.
fn who(n_accounts: usize, named: &[AccountId]) -> String {
    who_by(n_accounts, named, str::to_owned)
}

/// The same, with ids as they are written there.
pub(super) fn who_by(
    n_accounts: usize,
    named: &[AccountId],
    write: impl Fn(&str) -> String,
) -> String {
    let names: Vec<String> = named.iter().map(|account| write(account.as_str())).collect();
    let names = names.join(", ");
    if n_accounts == 1 {
        return names;
    }
    let more = if n_accounts > named.len() { ", …" } else { "" };
    format!("{} ({names}{more})", plural(n_accounts, "account"))
}

pub(super) fn counts(survey: &Survey, styles: &Styles) -> String {
    let count = |is_meant: fn(&State) -> bool| survey.count(is_meant);
    let parts = [
        (count(|state| matches!(state, State::Pending(_))), "to change", styles.change),
        (count(|state| matches!(state, State::Blocked(_))), "blocked", styles.danger),
        (count(|state| matches!(state, State::Failed(_))), "that can't be planned", styles.danger),
        (count(|state| *state == State::Clean), "with nothing to do", styles.quiet),
    ];
    let parts = parts.iter().filter(|(n, ..)| *n > 0);
    let parts: Vec<String> = parts
        .map(|(n, words, style)| {
            Painted(*style, format!("{} {words}", plural(*n, "account"))).to_string()
        })
        .collect();
    if parts.is_empty() {
        return "There is no account.".to_owned();
    }
    parts.join(", ")
}

/// What keeps a run on them from being done, a line a kind.
pub fn fleet_problems(fleet: &Fleet<'_>, results: Option<&Results>) -> Vec<String> {
    let of_group = |group: &&Group| match &group.state {
        State::Failed(why) => Some(format!("{}: {why}", who(group.n_accounts, &group.named))),
        State::Blocked(_) => Some(format!("{}: blocked", who(group.n_accounts, &group.named))),
        State::Pending(_) | State::Clean => None,
    };
    let groups = fleet.survey.groups();
    let results = results.into_iter().flat_map(Results::iter);
    let of_result = results
        .filter(|(outcome, ..)| outcome.is_left())
        .map(|(outcome, n, named)| format!("{}: {}", who(n, named), said(outcome)));
    groups.iter().filter_map(of_group).chain(of_result).collect()
}

/// What came of them, and what to do next. Without results nothing was to be applied.
pub fn fleet_outcome(fleet: &Fleet<'_>, results: Option<&Results>, styles: &Styles) -> String {
    let mut text = String::new();
    let Some(results) = results else {
        let n_pending = fleet.survey.count(|state| matches!(state, State::Pending(_)));
        if n_pending > 0 {
            let digest = fleet.survey.digest();
            writeln!(
                text,
                "Nothing was written. `reconcile` applies it; nothing but plans such as these are applied by\n  `reconcile --expect-digest {digest}`"
            )
            .expect(NEVER);
        }
        return text;
    };
    for (outcome, n_accounts, named) in results.iter() {
        let who = who(n_accounts, named);
        let style = match outcome {
            Outcome::Partly(_) | Outcome::Failed(_) | Outcome::Moved => styles.danger,
            Outcome::NotTried(_) => styles.change,
            Outcome::Applied => styles.add,
            Outcome::Clean => styles.quiet,
        };
        let line = format!("{who}: {}", said(outcome));
        writeln!(text, "{}", Painted(style, line)).expect(NEVER);
    }
    if results.count(Outcome::is_left) > 0 {
        text.push_str("`reconcile` again goes on with what is left.\n");
    }
    text
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Partly(why) => format!("partly applied: {}", clean(why)),
        Outcome::Failed(why) => format!("failed: {}", clean(why)),
        Outcome::Moved => "not applied: it has changed since it was looked at".to_owned(),
        Outcome::NotTried(why_not) => format!("not tried: {}", why_not.as_str()),
        Outcome::Applied => "applied, and a second look finds nothing to do".to_owned(),
        Outcome::Clean => "somebody else had applied it by then".to_owned(),
    }
}
