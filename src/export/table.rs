//! The ids of roles that every environment has: a type's values, of which looking up none can fail.

use std::collections::{BTreeMap, BTreeSet};

use super::Ids;
use crate::model::{ConfigurationId, EnvironmentName, Role};

/// A row for each environment, a column for each role, and no empty field. Both are sorted.
pub(super) struct Table<'a> {
    pub(super) environments: Vec<&'a str>,
    pub(super) roles: Vec<&'a str>,
    /// Row by row.
    pub(super) ids: Vec<Vec<&'a str>>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A role that not every environment has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The role.
    pub role: Role,
    /// The environments that have it.
    pub has_it: Vec<EnvironmentName>,
    /// The environments that don't.
    pub lacks_it: Vec<EnvironmentName>,
}

impl<'a> Table<'a> {
    pub(super) fn new(ids: &'a Ids) -> Self {
        let all: BTreeSet<&Role> = ids.values().flat_map(|roles| roles.keys()).collect();
        let is_everywhere = |role: &&Role| ids.values().all(|roles| roles.contains_key(*role));
        let (roles, others): (Vec<&Role>, Vec<&Role>) = all.into_iter().partition(is_everywhere);
        let row = |of: &'a BTreeMap<Role, ConfigurationId>| {
            roles.iter().map(|role| of[*role].as_str()).collect()
        };
        Self {
            environments: ids.keys().map(EnvironmentName::as_str).collect(),
            roles: roles.iter().map(|role| role.as_str()).collect(),
            ids: ids.values().map(row).collect(),
            left_out: others.into_iter().map(|role| left_out(role, ids)).collect(),
        }
    }

    /// Each environment with its roles and their ids.
    pub(super) fn rows(
        &self,
    ) -> impl Iterator<Item = (&'a str, impl Iterator<Item = (&'a str, &'a str)>)> {
        self.environments.iter().zip(&self.ids).map(|(environment, ids)| {
            (*environment, self.roles.iter().copied().zip(ids.iter().copied()))
        })
    }
}

fn left_out(role: &Role, ids: &Ids) -> LeftOut {
    let (has_it, lacks_it) = ids.keys().cloned().partition(|name| ids[name].contains_key(role));
    LeftOut { role: role.clone(), has_it, lacks_it }
}
