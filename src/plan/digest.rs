//! Short names for long contents.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::types::Plan;
use crate::model::{API_VERSION, Field, FieldPath, Offer, ProductId, Quantity, Settings, Value};

/// What is left on a configuration, so that the next run can tell drift from edits: the digest of
/// all settings and, behind a dot, ten digits for each value that isn't Stripe's default: four for
/// where it is and six for what it is. All products are one value, and so is all metadata.
///
/// The names that the file has for each product are one more, so that lookup keys can be seen to stand
/// for other prices. With ten products there are less than 450 characters of the 500 that a metadata
/// value can have.
pub(super) fn applied_digest(settings: &Settings, offers: &BTreeMap<ProductId, Offer>) -> String {
    let mut left = left(settings);
    let offers: BTreeSet<String> = offers.values().map(of_offer).collect();
    for offer in offers {
        left.push_str(place_of(OFFERS));
        left.push_str(&offer);
    }
    left
}

/// What tells a product's names in the file.
fn of_offer(offer: &Offer) -> String {
    digits(&offer.names).take(VALUE).collect()
}

/// Details of what is switched off don't count. Stripe's defaults are left out, so that a parameter
/// that Stripe invents tomorrow doesn't change the digest of what was applied today.
fn left(settings: &Settings) -> String {
    let mut whole = String::from("reconcile settings 1\n");
    let mut parts: BTreeMap<&str, String> = BTreeMap::new();
    let effective = settings.effective();
    for (path, value) in not_default(settings, &effective) {
        let start = whole.len();
        line(&mut whole, path, value);
        parts.entry(place(path)).or_default().push_str(&whole[start..]);
    }
    let mut left = sha256(&whole);
    left.push('.');
    for (place, lines) in &parts {
        left.push_str(place);
        left.extend(digits(lines).take(VALUE));
    }
    left
}

/// The place of what the file says of products. No parameter has that name.
const OFFERS: &str = "what the file says of products";

/// How many digits tell where a value is. No two places have the same ones.
const PLACE: usize = 4;

/// How many digits tell what a value is. One in sixteen million changes goes unseen, and is then
/// explained by the digest of all settings.
const VALUE: usize = 6;

/// A digest that was left on a configuration, or would be.
pub(super) struct Applied {
    /// Of all settings.
    pub(super) whole: String,
    /// Of each value that isn't Stripe's default. Nothing where that isn't known.
    parts: Option<BTreeMap<String, String>>,
    /// Of the names that the file had for each product, if it had lookup keys.
    offers: BTreeSet<String>,
}

impl Applied {
    /// What would be left of these settings.
    pub(super) fn of(settings: &Settings) -> Self {
        Self::parse(&left(settings))
    }

    /// What was left. Whoever edits metadata may have left anything.
    pub(super) fn parse(text: &str) -> Self {
        let (whole, parts) = match text.split_once('.') {
            Some((whole, parts)) => (whole, Some(parts)),
            None => (text, None),
        };
        let digits = parts.filter(|parts| {
            parts.len() % (PLACE + VALUE) == 0 && parts.bytes().all(|b| b.is_ascii_hexdigit())
        });
        let mut offers = BTreeSet::new();
        let split = |digits: &str| {
            let mut parts = BTreeMap::new();
            for start in (0..digits.len()).step_by(PLACE + VALUE) {
                let (place, value) = digits[start..start + PLACE + VALUE].split_at(PLACE);
                if place == place_of(OFFERS) {
                    offers.insert(value.to_owned());
                } else {
                    parts.insert(place.to_owned(), value.to_owned());
                }
            }
            parts
        };
        let parts = digits.map(split);
        Self { whole: whole.to_owned(), parts, offers }
    }

    /// What tells the value at a path, if that is known. Stripe's default is the empty text.
    pub(super) fn part(&self, path: &FieldPath) -> Option<&str> {
        let parts = self.parts.as_ref()?;
        Some(parts.get(place(path)).map(String::as_str).unwrap_or_default())
    }

    /// True if the file had these names for a product.
    pub(super) fn offered(&self, offer: &Offer) -> bool {
        self.offers.contains(&of_offer(offer))
    }

    /// True if the file had the same names for all products, and lookup keys among them.
    pub(super) fn offered_the_same(&self, other: &Self) -> bool {
        !self.offers.is_empty() && self.offers == other.offers
    }
}

/// The digits for where a value is.
fn place(path: &FieldPath) -> &'static str {
    let name = match path {
        FieldPath::Field(field) => field.path(),
        FieldPath::Product(..) => FieldPath::PRODUCTS,
        FieldPath::Metadata(_) => FieldPath::METADATA,
    };
    place_of(name)
}

/// The digits for a name. There are few names, and every role has most of them.
fn place_of(name: &'static str) -> &'static str {
    static KNOWN: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
        let fields = Field::ALL.map(Field::path);
        let others = [FieldPath::PRODUCTS, FieldPath::METADATA, OFFERS];
        fields
            .into_iter()
            .chain(others)
            .map(|name| (name, digits(name).take(PLACE).collect()))
            .collect()
    });
    &KNOWN[name]
}

/// What counts and isn't Stripe's default. A list that Stripe would fill in and a file empties is
/// there with nothing.
fn not_default<'a>(
    settings: &Settings,
    effective: &'a Settings,
) -> impl Iterator<Item = (&'a FieldPath, Option<&'a Value>)> {
    let defaults = Settings::stripe_defaults();
    let set = effective.iter().filter(|(path, value)| defaults.get(path) != Some(value));
    let emptied =
        defaults.iter().filter(|(path, _)| settings.counts(path) && settings.get(path).is_none());
    set.map(|(path, value)| (path, Some(value))).chain(emptied.map(|(path, _)| (path, None)))
}

/// The digest of everything that applying a plan may do to the account: which it is, its side, and
/// every before and after, and what goes out of use. Two plans with one digest do the same to it. The lockfile is not part of
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
    for retirement in &plan.retired {
        let action = retirement.action();
        writeln!(text, "{} {} {}", retirement.role, action.as_str(), retirement.id).expect(NEVER);
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
    "sha256:".chars().chain(digits(text)).collect()
}

/// The digits of a text's digest in hexadecimal.
fn digits(text: &str) -> impl Iterator<Item = char> {
    let nibbles = |byte: u8| [byte >> 4, byte & 0xf].map(usize::from);
    let digit = |nibble: usize| char::from(b"0123456789abcdef"[nibble]);
    Sha256::digest(text.as_bytes()).into_iter().flat_map(nibbles).map(digit)
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

    #[test]
    fn no_two_places_have_the_same_digits_and_all_of_them_fit_into_metadata() {
        let fields = Field::ALL.into_iter().map(FieldPath::from);
        let places: BTreeSet<&str> =
            fields.chain([FieldPath::Metadata("x".into())]).map(|path| place(&path)).collect();
        let products = [FieldPath::PRODUCTS, OFFERS].map(place_of);
        assert_eq!(places.len(), Field::ALL.len() + 1);
        assert!(products[0] != products[1] && products.iter().all(|it| !places.contains(it)));
        let whole = left(Settings::stripe_defaults()).len();
        // A configuration can have ten products.
        let n_parts = places.len() + products.len() - 1 + 10;
        assert!(whole + n_parts * (PLACE + VALUE) <= 500);
    }

    #[test]
    fn a_marker_of_an_earlier_version_or_of_nobody_tells_no_values_apart() {
        for text in ["sha256:12", "", "sha256:12.3", "sha256:12.é234567890", "x.00000000zz"] {
            assert!(Applied::parse(text).part(&Field::Name.into()).is_none(), "{text}");
        }
    }
}
