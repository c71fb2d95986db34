//! Whether apps can rely on a lockfile, for the terminal.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::plan::NEVER;
use super::style::{Painted, Styles};
use crate::text::{clean, plural};
use crate::verify::{Problem, Verification, Verified};

/// A line for each role, then each way out once, and the verdict. `lockfile` is its path.
pub fn verification(verification: &Verification, lockfile: &str, styles: &Styles) -> String {
    let mut text = String::new();
    let roles = &verification.roles;
    for blocker in &verification.blockers {
        let head = Painted(styles.danger, format!("wrong[{}]", blocker.code()));
        let (message, help) = (clean(&blocker.to_string()), clean(&blocker.help()));
        writeln!(text, "{head}: {message}\n  help: {help}").expect(NEVER);
    }
    let widths = Widths {
        role: roles.iter().map(|it| it.role.as_str().len()).max().unwrap_or_default(),
        id: roles.iter().map(|it| it.id.as_str().len()).max().unwrap_or_default(),
    };
    for verified in roles {
        one_role(&mut text, verified, &widths, styles);
    }
    let helps: BTreeSet<&str> =
        roles.iter().flat_map(|it| &it.problems).map(Problem::help).collect();
    for help in helps {
        writeln!(text, "  help: {help}").expect(NEVER);
    }
    for (id, role) in &verification.unlisted {
        let head = Painted(styles.quiet, "note");
        writeln!(
            text,
            "{head}: {id} is active and carries the marker of `{role}`, but is not in the lockfile; `reconcile lock` adds it, or says what is in the way"
        )
        .expect(NEVER);
    }
    writeln!(text, "{}", verdict(verification, lockfile)).expect(NEVER);
    text
}

/// Of the columns.
struct Widths {
    role: usize,
    id: usize,
}

fn one_role(text: &mut String, verified: &Verified, widths: &Widths, styles: &Styles) {
    let Verified { role, id, problems } = verified;
    let (word, style) =
        if verified.is_fine() { ("ok", styles.add) } else { ("wrong", styles.danger) };
    let word = Painted(style, format!("{word:<5}"));
    let problems: Vec<String> = problems.iter().map(|it| clean(&it.to_string())).collect();
    let role = format!("{:<1$}", role.as_str(), widths.role);
    let id = format!("{:<1$}", id.as_str(), widths.id);
    let line = format!("{word}  {role}  {id}  {}", problems.join(", "));
    writeln!(text, "{}", line.trim_end()).expect(NEVER);
}

fn verdict(verification: &Verification, lockfile: &str) -> String {
    let Verification { customer, blockers, roles, .. } = verification;
    if !blockers.is_empty() {
        return format!("Apps can't rely on {lockfile} in this account.");
    }
    let n_wrong = roles.iter().filter(|it| !it.is_fine()).count();
    if n_wrong > 0 {
        let roles = plural(roles.len(), "role");
        return format!(
            "Apps can't rely on {lockfile}: something is wrong with {n_wrong} of {roles}."
        );
    }
    let sessions = match customer {
        Some(customer) => format!(" Stripe opens sessions with all of them for {customer}."),
        None => String::new(),
    };
    let roles = plural(roles.len(), "role");
    format!("Apps can rely on {lockfile}: nothing is wrong with its {roles}.{sessions}")
}
