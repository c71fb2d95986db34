//! A lockfile as text. One lockfile has one text, so that git shows a difference only if an id
//! changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::model::{AccountId, ConfigurationId, EnvironmentName, Lockfile, Mode, Role};

/// The only version so far. A reader of another version must not guess.
const VERSION: u32 = 1;

/// Why a text is not a lockfile.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// Not this JSON document.
    #[error("it is not a lockfile")]
    Json(#[from] serde_json::Error),
    /// A later program wrote it.
    #[error("its version is {0}, and this program knows {VERSION}: use the one that wrote it")]
    Version(u32),
    /// Two roles have one configuration.
    #[error("two roles have the configuration {0}")]
    Shared(ConfigurationId),
    /// An id is not one.
    #[error("`{text}`: {problem}")]
    Id {
        /// What stands there.
        text: String,
        /// The rule that it breaks.
        problem: crate::model::IdError,
    },
}

/// What lockfiles of all versions have.
#[derive(Deserialize)]
struct Head {
    lockfile_version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    lockfile_version: u32,
    environment: String,
    account: Option<String>,
    livemode: bool,
    #[serde(deserialize_with = "unique")]
    roles: BTreeMap<String, String>,
}

/// Reads a map, and refuses one that has a key twice, which a merge by hand can leave: whichever
/// were taken would be a guess.
fn unique<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    struct Unique;

    impl<'de> Visitor<'de> for Unique {
        type Value = BTreeMap<String, String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of roles and ids")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((role, id)) = entries.next_entry::<String, String>()? {
                if map.insert(role.clone(), id).is_some() {
                    return Err(A::Error::custom(format_args!("the role `{role}` is there twice")));
                }
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(Unique)
}

/// Reads a lockfile. Its text need not be canonical: a merge may have reordered lines.
///
/// Returns an error if it is not a lockfile of this version, or an id in it can't be one.
pub fn parse(text: &str) -> Result<Lockfile, FormatError> {
    // First, as another version has other fields.
    let Head { lockfile_version } = serde_json::from_str(text)?;
    if lockfile_version != VERSION {
        return Err(FormatError::Version(lockfile_version));
    }
    let document: Document = serde_json::from_str(text)?;
    let account = document.account.map(|account| id(&account, AccountId::parse)).transpose()?;
    let mut roles = BTreeMap::new();
    for (role, configuration) in &document.roles {
        roles.insert(id(role, Role::parse)?, id(configuration, ConfigurationId::parse)?);
    }
    check_unshared(&roles)?;
    Ok(Lockfile {
        environment: id(&document.environment, EnvironmentName::parse)?,
        account,
        mode: Mode::of_livemode(document.livemode),
        roles,
    })
}

/// Returns an error if two roles have one configuration.
pub(super) fn check_unshared(roles: &BTreeMap<Role, ConfigurationId>) -> Result<(), FormatError> {
    let mut seen = BTreeSet::new();
    match roles.values().find(|id| !seen.insert(*id)) {
        Some(shared) => Err(FormatError::Shared(shared.clone())),
        None => Ok(()),
    }
}

fn id<T>(
    text: &str,
    parse: fn(&str) -> Result<T, crate::model::IdError>,
) -> Result<T, FormatError> {
    parse(text).map_err(|problem| FormatError::Id { text: text.to_owned(), problem })
}

/// The one text of a lockfile.
pub fn to_text(lockfile: &Lockfile) -> String {
    let document = Document {
        lockfile_version: VERSION,
        environment: lockfile.environment.to_string(),
        account: lockfile.account.as_ref().map(ToString::to_string),
        livemode: lockfile.mode.livemode(),
        roles: lockfile.roles.iter().map(|(role, id)| (role.to_string(), id.to_string())).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).expect("strings and maps are JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{
  "lockfile_version": 1,
  "environment": "test",
  "account": "acct_1ABC",
  "livemode": false,
  "roles": {
    "admin": "bpc_1ABC",
    "member": "bpc_1DEF"
  }
}
"#;

    #[test]
    fn the_text_is_canonical_whatever_it_was_read_from() {
        let compact: String = TEXT.split_whitespace().collect();
        assert_eq!(to_text(&parse(TEXT).unwrap()), TEXT);
        assert_eq!(to_text(&parse(&compact).unwrap()), TEXT);
    }

    #[test]
    fn what_is_not_a_lockfile_is_refused() {
        let conflict = format!("<<<<<<< HEAD\n{TEXT}");
        let later = TEXT.replace("\"lockfile_version\": 1", "\"lockfile_version\": 2");
        let path = TEXT.replace("bpc_1ABC", "bpc_../x");
        let role = TEXT.replace("admin", "../admin");
        let unknown = TEXT.replace("\"livemode\"", "\"mode\"");
        let shared = TEXT.replace("bpc_1DEF", "bpc_1ABC");
        let twice = TEXT.replace("\"member\"", "\"admin\"");
        let message = parse(&later.replace("roles", "portals")).unwrap_err().to_string();
        assert!(message.contains("its version is 2"), "{message}");
        let list = r#"{"lockfile_version": 1, "environment": "test", "account": null, "livemode": false, "roles": []}"#;
        let Err(FormatError::Json(error)) = parse(list) else { panic!("{list}") };
        assert!(error.to_string().contains("expected an object of roles and ids"), "{error}");
        for bad in ["", "{}", "[]", &conflict, &later, &path, &role, &unknown, &twice, &shared] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
