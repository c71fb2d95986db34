//! What each role's portal lets customers do, as a table: a row for roles that have it in common, a
//! column for each thing.

use std::collections::BTreeMap;

use super::effects::{after, capability};
use crate::model::{Field, Role, Settings};
use crate::plan::Plan;

/// The columns: the portal's switches, and what they are for.
pub const COLUMNS: [(Field, &str); 7] = [
    (Field::InvoiceHistory, "invoices"),
    (Field::PaymentMethodUpdate, "payment method"),
    (Field::CustomerUpdate, "own details"),
    (Field::SubscriptionUpdate, "switch plan"),
    (Field::SubscriptionPause, "pause"),
    (Field::SubscriptionCancel, "cancel"),
    (Field::LoginPage, "login page"),
];

/// What the portals of some roles allow, column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The roles.
    pub roles: Vec<Role>,
    /// True if they have no portal yet.
    pub is_new: bool,
    /// One a column.
    pub cells: [Cell; COLUMNS.len()],
}

/// How far something is allowed, in a few words; nothing where it isn't.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Before the plan is applied.
    pub before: Option<String>,
    /// After it.
    pub after: Option<String>,
}

impl Row {
    /// True if customers are allowed something else than before.
    pub fn is_change(&self) -> bool {
        self.is_new || self.cells.iter().any(|cell| cell.before != cell.after)
    }
}

/// All roles that have files: first those for which something changes.
pub fn rights(plan: &Plan) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut places = BTreeMap::new();
    for role in &plan.roles {
        let nothing = Settings::default();
        let before = role.live.as_ref().unwrap_or(&nothing);
        let after = after(role);
        let cells = COLUMNS.map(|(switch, _)| Cell {
            before: capability::in_short(switch, before),
            after: capability::in_short(switch, &after),
        });
        let is_new = role.live.is_none();
        let place = *places.entry((is_new, cells.clone())).or_insert(rows.len());
        match rows.get_mut(place) {
            Some(row) => row.roles.push(role.role.clone()),
            None => rows.push(Row { roles: vec![role.role.clone()], is_new, cells }),
        }
    }
    rows.sort_by_key(|row| !row.is_change());
    rows
}
