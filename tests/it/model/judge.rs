//! What no run may ever do, whatever happens to it, and what one must have done that nothing happened to.

use std::collections::BTreeSet;

use portal_reconciler::plan::Plan;

use super::expected::{Before, Fate, Lines};
use super::seen::{Look, Seen};
use crate::crash::run::Run;

/// What one or two runs began with.
#[derive(Debug, Clone)]
pub(super) struct Runs<'b> {
    /// The same account and, if there are two, perhaps another file of one role.
    pub(super) before: &'b [Before],
}

impl Runs<'_> {
    /// Holds what has become of an account to what these runs may do at all.
    pub(super) fn judge(&self, after: &[Seen]) {
        let account = &self.before[0].account;
        for (index, it) in account.iter().enumerate() {
            let now = after.iter().find(|now| now.id == it.id);
            let now = now.unwrap_or_else(|| panic!("{} is gone", it.id));
            assert_eq!(now.is_default, it.is_default, "another one is the default: {it:?}");
            assert_eq!(after[index].id, it.id);
            if it.json != now.json {
                self.judge_change(it, now);
            }
        }
        for new in &after[account.len()..] {
            self.judge_new(new);
        }
        self.judge_markers(after);
    }

    /// One that was there is only ever made what a file says, or deactivated, and only if it is ours.
    fn judge_change(&self, it: &Seen, now: &Seen) {
        let was_meant = self.before.iter().any(|before| {
            let is_fate = |role: &str| {
                let fate = before.fate(role);
                matches!(fate, Ok(Fate::Own(own) | Fate::Taken(own)) if own.id == it.id)
            };
            let is_made = |role: &str| now.active && self.is_made(role, &now.look);
            let role = now.role().filter(|role| before.files.contains_key(*role));
            if role.is_some_and(|role| is_fate(role) && is_made(role)) {
                return before.obstacles().is_empty();
            }
            let is_only_off = !now.active && it.active && it.rest() == now.rest();
            is_only_off && before.is_unwanted(it) && before.obstacles().is_empty()
        });
        assert!(was_meant, "nobody meant this: {it:?}\n{now:?}");
    }

    /// Whether it is what the files say. Two runs that want something else of it at the same time can
    /// each leave the parts that they change.
    fn is_made(&self, role: &str, look: &Look) -> bool {
        let files = self.before.iter().filter_map(|before| before.files.get(role));
        let wanted: Vec<&Look> = files.map(|file| &file.look).collect();
        wanted.iter().any(|it| it.sees_invoices == look.sees_invoices)
            && wanted.iter().any(|it| it.cancels_at_once == look.cancels_at_once)
            && wanted.iter().any(|it| it.headline == look.headline)
            && wanted.iter().any(|it| it.name == look.name)
    }

    /// What is new is a role's that had none, and is what its file says.
    fn judge_new(&self, new: &Seen) {
        let was_meant = self.before.iter().any(|before| {
            let file = new.role().and_then(|role| Some((role, before.files.get(role)?)));
            file.is_some_and(|(role, file)| {
                let is_default = new.is_default;
                let may_be_default = !is_default || file.is_default && before.default().is_none();
                let is_made = new.active && new.look == file.look && may_be_default;
                is_made && before.fate(role) == Ok(Fate::New) && before.obstacles().is_empty()
            })
        });
        assert!(was_meant, "nobody meant this: {new:?}");
    }

    /// Nothing is made twice, unless two want something else of it, or only one of them has the lockfile
    /// that says which one it is.
    fn judge_markers(&self, after: &[Seen]) {
        let roles: BTreeSet<&str> = after.iter().filter_map(Seen::role).collect();
        for role in roles {
            let wants = self.before.iter().map(|before| {
                let look = before.files.get(role).map(|file| &file.look);
                (look, look.map(|_| before.fate(role)))
            });
            let wants: Vec<_> = wants.collect();
            let n_wants = if wants.iter().all(|it| *it == wants[0]) { 1 } else { wants.len() };
            let n_before = self.before[0].marked(role).len();
            let n_after = after.iter().filter(|it| it.is_of(role)).count();
            assert!(n_after <= n_before.max(n_wants), "{n_after} are {role}: {after:?}");
        }
    }
}

/// No line of a lockfile is new that a marker doesn't prove.
pub(super) fn judge_lines(before: &Lines, after: &Lines, account: &[Seen]) {
    for (role, id) in after {
        let is_old = before.get(role) == Some(id);
        let is_proven = account.iter().any(|it| it.id == *id && it.is_of(role));
        assert!(is_old || is_proven, "{role} is not {id}");
    }
}

/// What a run was told is in its way is what is in its way.
pub(super) fn judge_obstacles(before: &Before, plan: &Plan) {
    let codes: BTreeSet<&str> = plan.blockers.iter().map(|it| it.code()).collect();
    assert_eq!(codes, before.obstacles(), "{:?}\n{before:#?}", plan.blockers);
}

/// Holds a run that nothing happened to to what it must come to.
pub(super) fn judge_well(
    before: &Before,
    (run, n_writes): (&Run, usize),
    after: &[Seen],
    lines: &Lines,
) {
    let plan = run.plan.as_ref().expect("the account could be read");
    judge_obstacles(before, plan);
    if !before.obstacles().is_empty() {
        assert_eq!((n_writes, after, lines), (0, &*before.account, &before.lines));
        return;
    }
    assert_eq!(n_writes, before.n_writes(), "{before:#?}\n{plan:?}");
    assert!(run.is_converged(), "{:?}\n{:?}", run.report, run.remaining);
    for (role, file) in &before.files {
        let own: Vec<_> = after.iter().filter(|it| it.is_of(role) && it.active).collect();
        let [own] = own[..] else { panic!("{role} is {own:?}") };
        assert_eq!(own.look, file.look);
    }
    for it in &before.account {
        let now = after.iter().find(|now| now.id == it.id).expect("nothing goes away");
        assert!(!(now.active && before.is_unwanted(it)), "{now:?}");
        assert!(it.role().is_some() || now.role().is_some() || it.json == now.json);
    }
    assert_eq!(lines, &before.lines_after(after), "{before:#?}");
}
