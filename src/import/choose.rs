//! Which configurations of an account can become files.

use std::fmt;

use crate::model::{ConfigurationId, LiveConfiguration, Lockfile, Owner, Project, Role};
use crate::plan::describe;

/// Why a configuration doesn't become a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// It is a role's already.
    Managed(Role),
    /// Another project manages it.
    OtherProject(Project),
    /// A Connect application made it.
    Application(String),
    /// Its marker is one that this program doesn't write.
    ForeignMarker,
    /// It can't be read as a whole.
    Unreadable(String),
    /// A configuration that has a file is active.
    Inactive,
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Managed(role) => write!(f, "it is `{role}` already"),
            Self::OtherProject(project) => write!(f, "the project `{project}` manages it"),
            Self::Application(id) => write!(f, "the Connect application {id} made it"),
            Self::ForeignMarker => write!(f, "it {}", describe(&Owner::Unreadable)),
            Self::Unreadable(problem) => write!(f, "it can't be read: {problem}"),
            Self::Inactive => f.write_str("it is inactive"),
        }
    }
}

/// Why a configuration doesn't become a file, if so. `has_file` tells which roles have one.
pub fn why_not(
    id: &ConfigurationId,
    configuration: &LiveConfiguration,
    project: &Project,
    lockfile: Option<&Lockfile>,
    has_file: impl Fn(&Role) -> bool,
) -> Option<WhyNot> {
    let locked = lockfile.and_then(|lockfile| {
        let mut roles = lockfile.roles.iter();
        roles.find(|(_, locked)| *locked == id).map(|(role, _)| role)
    });
    match (&configuration.owner, &configuration.unreadable) {
        (Owner::Application(id), _) => Some(WhyNot::Application(id.clone())),
        (Owner::Unreadable, _) => Some(WhyNot::ForeignMarker),
        (Owner::Marked { project: of, .. }, _) if of != project => {
            Some(WhyNot::OtherProject(of.clone()))
        }
        (Owner::Marked { .. } | Owner::Unmarked, Some(problem)) => {
            Some(WhyNot::Unreadable(problem.clone()))
        }
        (Owner::Marked { role, .. }, None) if has_file(role) => Some(WhyNot::Managed(role.clone())),
        (Owner::Unmarked, None) if locked.is_some_and(&has_file) => {
            locked.cloned().map(WhyNot::Managed)
        }
        (Owner::Marked { .. } | Owner::Unmarked, None) => {
            (!configuration.active).then_some(WhyNot::Inactive)
        }
    }
}
