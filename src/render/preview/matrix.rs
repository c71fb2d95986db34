//! The table of what each role's portal allows.

use maud::{Markup, html};

use super::anchor;
use crate::plan::Plan;
use crate::report::{COLUMNS, Cell, Row, rights};

/// A row for roles that have it in common, with links to their portals.
pub(super) fn table(plan: &Plan, against_live: bool) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="What each role may do" {
            table {
                thead {
                    tr {
                        th scope="col" { "role" }
                        @for (_, title) in COLUMNS { th scope="col" { (title) } }
                    }
                }
                tbody { @for row in rights(plan) { (line(&row, against_live)) } }
            }
        }
    }
}

fn line(row: &Row, against_live: bool) -> Markup {
    html! {
        tr {
            th scope="row" {
                @for (n_before, role) in row.roles.iter().enumerate() {
                    @if n_before > 0 { ", " }
                    a href={ "#" (anchor(role)) } { (role) }
                }
            }
            @for cell in &row.cells { (shown(cell, against_live && !row.is_new)) }
        }
    }
}

fn shown(Cell { before, after }: &Cell, against_live: bool) -> Markup {
    const NO: &str = "–";
    let (before, after) = (before.as_deref().unwrap_or(NO), after.as_deref().unwrap_or(NO));
    html! {
        @if against_live && before != after {
            td.was { del { (before) } " → " ins { (after) } }
        } @else {
            td { (after) }
        }
    }
}
