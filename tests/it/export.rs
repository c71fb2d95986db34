//! Exported code says what the lockfiles say: every id, of the right environment and role, and no
//! other.

mod languages;

use std::collections::{BTreeMap, BTreeSet};

use portal_reconciler::export::{CantExport, Exported, Format, Ids, export};
use portal_reconciler::model::{ConfigurationId, EnvironmentName, Role};
use proptest::prelude::*;

/// Names and ids of so few letters that different lockfiles have much in common.
fn ids() -> impl Strategy<Value = Ids> {
    let name = "[ab]([-_]?[ab]){0,2}[-_]?";
    let roles = prop::collection::btree_map(name, "bpc_[1-3]{1,2}", 1..5);
    let roles = roles.prop_map(|roles| {
        let parsed = roles
            .into_iter()
            .map(|(role, id)| (Role::parse(&role).unwrap(), ConfigurationId::parse(&id).unwrap()));
        parsed.collect::<BTreeMap<_, _>>()
    });
    let name = name.prop_map(|name| EnvironmentName::parse(&name).unwrap());
    prop::collection::btree_map(name, roles, 1..4)
}

fn one_environment() -> impl Strategy<Value = Ids> {
    ids().prop_map(|ids| ids.into_iter().take(1).collect())
}

/// Every text in the quotes of these languages, or behind the `=` of dotenv, that is an id.
fn ids_in(text: &str) -> Vec<&str> {
    text.split(['"', '\'', '=', '\n']).filter(|word| word.starts_with("bpc_")).collect()
}

/// Whether an error is right that says that two names would be one.
fn is_told_right(ids: &Ids, [one, other]: &[String; 2]) -> bool {
    let letters = |name: &str| name.replace(['-', '_'], "");
    let roles = ids.values().flat_map(|roles| roles.keys()).map(Role::as_str);
    let names: BTreeSet<&str> = roles.chain(ids.keys().map(EnvironmentName::as_str)).collect();
    one != other
        && letters(one) == letters(other)
        && [one, other].iter().all(|it| names.contains(it.as_str()))
}

proptest! {
    #[test]
    fn every_format_says_every_id_of_every_environment(ids in ids()) {
        let is_everywhere = |role: &&Role| ids.values().all(|roles| roles.contains_key(*role));
        for format in Format::ALL {
            let is_typed = !matches!(format, Format::Json | Format::Dotenv);
            let is_said = |role: &&Role| !is_typed || is_everywhere(role);
            let said: Vec<&str> = ids
                .values()
                .flat_map(|roles| roles.iter().filter(|(role, _)| is_said(role)))
                .map(|(_, id)| id.as_str())
                .collect();
            match export(format, &ids) {
                Ok(Exported { text, left_out }) => {
                    prop_assert_eq!(ids_in(&text), said, "{}", text);
                    prop_assert!(text.ends_with("\n") && !text.ends_with("\n\n"), "{}", text);
                    let n_roles = ids.values().flat_map(|it| it.keys()).collect::<BTreeSet<_>>().len();
                    let n_said = ids.values().next().unwrap().keys().filter(is_everywhere).count();
                    prop_assert_eq!(left_out.len(), if is_typed { n_roles - n_said } else { 0 });
                }
                Err(CantExport::Collision { names, .. }) => {
                    prop_assert!(is_told_right(&ids, &names), "{:?}", names);
                    prop_assert!(matches!(format, Format::Dotenv | Format::Rust | Format::Go));
                }
                Err(CantExport::NoRole) => prop_assert!(is_typed && said.is_empty()),
                Err(CantExport::SeveralEnvironments) => prop_assert!(ids.len() > 1),
            }
        }
    }

    #[test]
    fn different_lockfiles_never_give_the_same_text(
        one in one_environment(),
        other in one_environment(),
    ) {
        for format in Format::ALL {
            if let (Ok(text), Ok(other_text)) = (export(format, &one), export(format, &other)) {
                prop_assert_eq!(text == other_text, one == other, "{}", text.text);
            }
        }
    }
}
