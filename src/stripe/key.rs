//! The secret key.

use std::fmt;

use http::HeaderValue;

use crate::model::Mode;

/// A secret or restricted key of one account and mode.
///
/// Nothing prints it: it has no `Display`, its `Debug` has no secret in it, and the header made of
/// it is marked as sensitive.
#[derive(Clone)]
pub struct SecretKey {
    secret: String,
    mode: Mode,
}

/// Why a text can't be used as a key. Never says what the text was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing is there.
    #[error("the key is empty")]
    Empty,
    /// A key for something else.
    #[error("{0}, not a secret key")]
    OtherKind(&'static str),
    /// Neither prefix nor form of a key.
    #[error(
        "this is not a Stripe key: it should begin with `rk_test_`, `sk_test_`, `rk_live_` or `sk_live_`"
    )]
    NotAKey,
    /// It begins like a key.
    #[error(
        "this begins like a Stripe key, but it is cut off or has characters that no key has: copy it again"
    )]
    Damaged,
}

impl SecretKey {
    /// Takes a key as it is in the environment; space around it is not part of it.
    ///
    /// Returns an error if it can't be a secret or restricted key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(KeyError::Empty);
        }
        let others = [
            ("pk_", "this is a publishable key"),
            ("whsec_", "this is a webhook's signing secret"),
            ("sk_org_", "this is an organisation's key"),
        ];
        if let Some((_, kind)) = others.iter().find(|(prefix, _)| text.starts_with(prefix)) {
            return Err(KeyError::OtherKind(kind));
        }
        let prefixes = [
            ("sk_test_", Mode::Test),
            ("rk_test_", Mode::Test),
            ("sk_live_", Mode::Live),
            ("rk_live_", Mode::Live),
        ];
        let is_body = |body: &str| {
            !body.is_empty() && body.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let of_prefix = |(prefix, mode)| text.strip_prefix(prefix).map(|body| (body, mode));
        match prefixes.into_iter().find_map(of_prefix) {
            Some((body, mode)) if is_body(body) => Ok(Self { secret: text.to_owned(), mode }),
            Some(_) => Err(KeyError::Damaged),
            None => Err(KeyError::NotAKey),
        }
    }

    /// The side of the account that it opens.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    pub(super) fn authorization(&self) -> HeaderValue {
        let text = format!("Bearer {}", self.secret);
        let mut value = HeaderValue::from_str(&text).expect("letters, digits and underscores");
        value.set_sensitive(true);
        value
    }

    /// The text with the key itself replaced, wherever it stands: a server that repeats it, or an
    /// error that quotes it, must not put it into a log.
    pub fn redact(&self, text: &str) -> String {
        text.replace(&self.secret, "[key]")
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({} mode)", self.mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_tells_the_mode() {
        assert_eq!(SecretKey::parse(" sk_test_1aB\n").unwrap().mode(), Mode::Test);
        assert_eq!(SecretKey::parse("rk_live_1aB").unwrap().mode(), Mode::Live);
    }

    #[test]
    fn other_keys_are_refused_by_name() {
        for bad in [
            "",
            "pk_test_1",
            "whsec_1",
            "sk_org_live_1",
            "sk_test_",
            "sk_test_1 2",
            "hunter2",
            "sk_test_\u{e9}",
        ] {
            let error = SecretKey::parse(bad).unwrap_err();
            assert!(bad.len() <= "sk_test_".len() || !error.to_string().contains(bad), "{error}");
        }
    }

    #[test]
    fn what_begins_like_a_key_is_told_that_it_goes_on_otherwise() {
        for bad in ["rk_test_", "rk_test_…", "sk_live_1...9", "sk_test_1 2"] {
            assert_eq!(SecretKey::parse(bad).unwrap_err(), KeyError::Damaged, "{bad}");
        }
    }

    #[test]
    fn nothing_prints_the_secret() {
        let key = SecretKey::parse("sk_test_verysecret").unwrap();
        assert!(!format!("{key:?} {:?}", key.authorization()).contains("verysecret"));
        assert_eq!(key.redact("bad key sk_test_verysecret!"), "bad key [key]!");
    }
}
