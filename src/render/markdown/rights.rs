//! The table of what each role's portal allows.

use super::budget::Part;
use super::escape::prose;
use super::{list, names};
use crate::plan::Plan;
use crate::report::{COLUMNS, Cell, Row, rights};

/// A row for roles that have it in common; what changes is bold. What no portal allows has no column.
pub(super) fn table(plan: &Plan) -> Part {
    let rows = rights(plan);
    let is_used = |column: &usize| {
        rows.iter().any(|row| {
            let Cell { before, after } = &row.cells[*column];
            before.is_some() || after.is_some()
        })
    };
    let columns: Vec<usize> = (0..COLUMNS.len()).filter(is_used).collect();
    if columns.is_empty() {
        return Part::always(String::new());
    }
    let titles: Vec<&str> = columns.iter().map(|column| COLUMNS[*column].1).collect();
    let line = "---|".repeat(titles.len() + 1);
    let head = format!("\n| role | {} |\n|{line}\n", titles.join(" | "));
    let items = rows.iter().map(|row| line_of(row, &columns)).collect();
    Part { items, ..list(head, "row", "\n") }
}

fn line_of(row: &Row, columns: &[usize]) -> String {
    let cells: Vec<String> =
        columns.iter().map(|column| cell(&row.cells[*column], row.is_new)).collect();
    format!("| {} | {} |\n", names(&row.roles), cells.join(" | "))
}

fn cell(Cell { before, after }: &Cell, is_new: bool) -> String {
    let shown = |value: &Option<String>| prose(value.as_deref().unwrap_or("–"));
    if is_new {
        return if after.is_some() { format!("**{}**", shown(after)) } else { shown(after) };
    }
    if before == after {
        return shown(after);
    }
    format!("{} → **{}**", shown(before), shown(after))
}
