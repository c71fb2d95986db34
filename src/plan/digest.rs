//! Short names for long contents.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use super::types::Plan;
use crate::model::{API_VERSION, DesiredRole, FieldPath, Quantity, Settings, Value};

/// What an apply leaves on a configuration, so that the next run can tell who has changed since.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Applied {
    /// The digest of what it was set to.
    pub(super) settings: String,
    /// The digest of what the file said, where that isn't the same: lookup keys can come to stand
    /// for other prices.
    pub(super) file: Option<String>,
}

impl Applied {
    /// What applying this leaves.
    pub(super) fn of(desired: &DesiredRole) -> Self {
        let settings = settings_digest(&desired.settings);
        let file = (!desired.offers.is_empty()).then(|| {
            let is_product = |path: &FieldPath| matches!(path, FieldPath::Product(..));
            let others = desired.settings.filtered(|path| !is_product(path));
            let offers: Vec<&str> = desired.offers.iter().map(String::as_str).collect();
            sha256(&format!("{}\n{}", settings_digest(&others), offers.join("\n")))
        });
        Self { settings, file }
    }

    /// What was left, read back.
    pub(super) fn parse(text: &str) -> Self {
        match text.split_once(' ') {
            Some((settings, file)) => {
                Self { settings: settings.to_owned(), file: Some(file.to_owned()) }
            }
            None => Self { settings: text.to_owned(), file: None },
        }
    }
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.settings)?;
        self.file.as_ref().map_or(Ok(()), |file| write!(f, " {file}"))
    }
}

/// The digest of what a configuration is set to. Details of what is switched off don't count.
///
/// Stripe's defaults are left out, so that a parameter that Stripe invents tomorrow doesn't change
/// the digest of what was applied today.
pub(super) fn settings_digest(settings: &Settings) -> String {
    let defaults = Settings::stripe_defaults();
    let mut text = String::from("reconcile settings 1\n");
    for (path, value) in
        settings.effective().iter().filter(|(path, value)| defaults.get(path) != Some(value))
    {
        line(&mut text, path, Some(value));
    }
    // A list that Stripe would fill in and a file empties is said by its absence.
    for (path, _) in
        defaults.iter().filter(|(path, _)| settings.counts(path) && settings.get(path).is_none())
    {
        line(&mut text, path, None);
    }
    sha256(&text)
}

/// The digest of everything that applying a plan may do to the account: which it is, its side, and
/// every before and after. Two plans with one digest do the same to it. The lockfile is not part of
/// it: that it is brought up to date needs nobody's consent.
pub fn plan_digest(plan: &Plan) -> String {
    let mut text = String::from("reconcile plan 1\n");
    let account = plan.account.as_ref().map_or("-", |account| account.as_str());
    writeln!(text, "{account} {} {} {}", plan.mode, plan.project, API_VERSION).expect(NEVER);
    for role in plan.pending() {
        let id = role.action.id().map_or("-", |id| id.as_str());
        let default = if role.is_default { "default" } else { "-" };
        let activates = if role.activates { "activates" } else { "-" };
        let action = role.action.as_str();
        writeln!(text, "{} {action} {id} {default} {activates}", role.role).expect(NEVER);
        for change in &role.changes {
            line(&mut text, &change.path, change.before.as_ref());
            line(&mut text, &change.path, change.after.as_ref());
        }
    }
    for it in &plan.retired {
        writeln!(text, "{} {} {}", it.role, it.action().as_str(), it.id).expect(NEVER);
    }
    sha256(&text)
}

const NEVER: &str = "writing to a string can't fail";

fn line(text: &mut String, path: &FieldPath, value: Option<&Value>) {
    text.push(' ');
    quote(text, &path.to_string());
    text.push_str(" = ");
    match value {
        None => text.push('-'),
        Some(Value::Flag(flag)) => write!(text, "{flag}").expect(NEVER),
        Some(Value::Text(value)) => quote(text, value),
        Some(Value::Set(members)) => {
            for member in members {
                quote(text, member);
                text.push_str(", ");
            }
        }
        Some(Value::Intervals(intervals)) => {
            for interval in intervals {
                write!(text, "{} {}, ", interval.count, interval.unit.as_str()).expect(NEVER);
            }
        }
        Some(Value::Unknown(json)) => quote(text, json),
        Some(Value::Quantity(Quantity::Fixed)) => text.push_str("fixed"),
        Some(Value::Quantity(Quantity::Adjustable { minimum, maximum })) => {
            let most = maximum.map_or("any".to_owned(), |most| most.to_string());
            write!(text, "{minimum} to {most}").expect(NEVER);
        }
    }
    text.push('\n');
}

/// Texts are quoted, so that no text can look like the end of a line.
fn quote(text: &mut String, foreign: &str) {
    // Looking for what has to be escaped is ten times faster than escaping what hasn't.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'\\');
    text.push('"');
    if foreign.bytes().all(is_plain) {
        text.push_str(foreign);
    } else {
        text.extend(foreign.escape_default());
    }
    text.push('"');
}

/// `sha256:` and the digest in hexadecimal.
fn sha256(text: &str) -> String {
    let mut digest = String::from("sha256:");
    for byte in Sha256::digest(text.as_bytes()) {
        write!(digest, "{byte:02x}").expect(NEVER);
    }
    digest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_quoted_text_is_escaped_wherever_it_has_to_be(foreign in "[a'\"\\\\\\n é~]{0,6}") {
            let mut text = String::new();
            quote(&mut text, &foreign);
            prop_assert_eq!(text, format!("\"{}\"", foreign.escape_default()));
        }
    }
}
