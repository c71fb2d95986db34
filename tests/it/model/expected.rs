//! What a run that nothing happens to must come to: a model that knows files, account and lockfile as
//! people know them.

use std::collections::{BTreeMap, BTreeSet};

use super::seen::{Look, Seen, Whose};

/// A role's file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct File {
    /// As it is written.
    pub(super) text: String,
    pub(super) look: Look,
    pub(super) is_default: bool,
}

pub(super) type Files = BTreeMap<String, File>;

/// Which configuration is which role's, as the lockfile says.
pub(super) type Lines = BTreeMap<String, String>;

/// What a run begins with.
#[derive(Debug, Clone)]
pub(super) struct Before {
    pub(super) files: Files,
    pub(super) account: Vec<Seen>,
    pub(super) lines: Lines,
    pub(super) prune: bool,
    pub(super) keep: BTreeSet<String>,
}

/// What a run does about a role.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate<'b> {
    /// There is none, and it makes one.
    New,
    /// It takes over one that is nobody's.
    Taken(&'b Seen),
    /// It has this one.
    Own(&'b Seen),
}

impl Before {
    pub(super) fn default(&self) -> Option<&Seen> {
        self.account.iter().find(|it| it.is_default)
    }

    /// Those that carry the marker of a role.
    pub(super) fn marked(&self, role: &str) -> Vec<&Seen> {
        self.account.iter().filter(|it| it.is_of(role)).collect()
    }

    /// All roles of which there is a marker.
    pub(super) fn marked_roles(&self) -> BTreeSet<&str> {
        self.account.iter().filter_map(Seen::role).collect()
    }

    /// Those that are given up for another one, which somebody has decided to keep.
    pub(super) fn given_up(&self) -> Vec<&Seen> {
        let mut given_up = Vec::new();
        for role in self.marked_roles() {
            let (kept, others): (Vec<_>, Vec<_>) =
                self.marked(role).into_iter().partition(|it| self.keep.contains(&it.id));
            if kept.len() == 1 && others.iter().all(|it| !it.is_default) {
                given_up.extend(others);
            }
        }
        given_up
    }

    /// Those of a role that nobody has given up.
    pub(super) fn staying(&self, role: &str) -> Vec<&Seen> {
        let given_up = self.given_up();
        self.marked(role).into_iter().filter(|it| !given_up.contains(it)).collect()
    }

    /// Whether a run deactivates it, now or if it were active.
    pub(super) fn is_unwanted(&self, it: &Seen) -> bool {
        let Whose::Role(role) = &it.whose else { return false };
        let is_pruned = self.prune && !self.files.contains_key(role) && !self.keep.contains(&it.id);
        !it.is_default && (is_pruned || self.given_up().contains(&it))
    }

    /// What a run does about a role that has a file, or the code of what is in its way.
    pub(super) fn fate(&self, role: &str) -> Result<Fate<'_>, &'static str> {
        let given_up = self.given_up();
        let locked = self.lines.get(role);
        let locked = locked.filter(|id| !given_up.iter().any(|it| it.is_of(role) && it.id == **id));
        let marked = self.staying(role);
        if !marked.is_empty() {
            let own = the_one(&marked).ok_or("several-marked")?;
            return match locked {
                Some(locked) if *locked != own.id => Err("lock-disagrees"),
                _ => Ok(Fate::Own(own)),
            };
        }
        if let Some(locked) = locked {
            let found = self.account.iter().find(|it| it.id == *locked);
            let found = found.ok_or("locked-missing")?;
            let is_free = found.whose == Whose::Nobody;
            return is_free.then_some(Fate::Taken(found)).ok_or("locked-foreign");
        }
        let free = self.default().filter(|it| it.whose == Whose::Nobody);
        let free = free.filter(|_| self.files[role].is_default);
        Ok(free.map_or(Fate::New, Fate::Taken))
    }

    /// The codes of everything that is in the way of a run.
    pub(super) fn obstacles(&self) -> BTreeSet<&'static str> {
        let mut codes = BTreeSet::new();
        let mut fates = BTreeMap::new();
        for role in self.files.keys() {
            match self.fate(role) {
                Ok(fate) => drop(fates.insert(role.as_str(), fate)),
                Err(code) => drop(codes.insert(code)),
            }
        }
        codes.extend(fates.iter().filter_map(|(role, fate)| self.obstacle_of_default(role, fate)));
        let new: Vec<&str> =
            fates.iter().filter(|(_, fate)| **fate == Fate::New).map(|(role, _)| *role).collect();
        let is_first = self.default().is_none() && self.marked_roles().is_empty();
        if is_first && !new.is_empty() && !new.iter().any(|role| self.files[*role].is_default) {
            codes.insert("no-default");
        }
        for role in self.marked_roles() {
            let marked = self.staying(role);
            let n_left = marked.iter().filter(|it| it.active && !self.is_unwanted(it)).count();
            if n_left > 1 {
                codes.insert("several-marked");
            }
        }
        codes
    }

    /// What customers see who aren't sent anywhere else may change only if somebody means it.
    fn obstacle_of_default(&self, role: &str, fate: &Fate<'_>) -> Option<&'static str> {
        let file = &self.files[role];
        let default = self.default()?;
        let is_it = matches!(fate, Fate::Own(it) | Fate::Taken(it) if it.id == default.id);
        if file.is_default {
            return (!is_it).then_some("default-elsewhere");
        }
        (is_it && self.changes(role, fate)).then_some("default-unclaimed")
    }

    /// Whether anything has to be written for a role.
    fn changes(&self, role: &str, fate: &Fate<'_>) -> bool {
        match fate {
            Fate::New | Fate::Taken(_) => true,
            Fate::Own(it) => !it.active || it.look != self.files[role].look,
        }
    }

    /// How many writes a run takes.
    pub(super) fn n_writes(&self) -> usize {
        let roles = self.files.keys().filter(|role| {
            let fate = self.fate(role);
            fate.is_ok_and(|fate| self.changes(role, &fate))
        });
        roles.count() + self.account.iter().filter(|it| it.active && self.is_unwanted(it)).count()
    }

    /// What the lockfile says after a run that came to this account: what markers prove of what can be
    /// used, and what is known of a configuration from the lockfile alone.
    pub(super) fn lines_after(&self, account: &[Seen]) -> Lines {
        let mut lines = Lines::new();
        for it in account.iter().filter(|it| it.active) {
            if let Whose::Role(role) = &it.whose {
                lines.insert(role.clone(), it.id.clone());
            }
        }
        let is_free = |id: &str| account.iter().any(|it| it.id == id && it.whose == Whose::Nobody);
        let known = self.lines.iter().filter(|(_, id)| is_free(id));
        lines.extend(known.map(|(role, id)| (role.clone(), id.clone())));
        lines
    }
}

/// Of several with one marker: the only one, or the only one that can be used.
fn the_one<'b>(marked: &[&'b Seen]) -> Option<&'b Seen> {
    let active: Vec<_> = marked.iter().filter(|it| it.active).collect();
    match (marked, active.as_slice()) {
        ([only], _) => Some(only),
        (_, [only]) => Some(only),
        _ => None,
    }
}
