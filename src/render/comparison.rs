//! What differs between two environments, for the terminal.

use std::fmt::Write;

use super::plan::NEVER;
use super::style::{Painted, Styles};
use super::value::value;
use crate::compare::{Comparison, Difference};
use crate::model::{EnvironmentName, Price};
use crate::text::{clean, plural};

/// A line each, and what to make of it.
pub fn comparison(
    comparison: &Comparison,
    names: [&EnvironmentName; 2],
    styles: &Styles,
) -> String {
    let mut text = String::new();
    for (role, is_in_first) in &comparison.lonely {
        let name = names[usize::from(!is_in_first)];
        writeln!(text, "{}  only in {name}", Painted(styles.change, role)).expect(NEVER);
    }
    for of_role in comparison.differences.chunk_by(|a, b| a.role == b.role) {
        writeln!(text, "{}", Painted(styles.change, &of_role[0].role)).expect(NEVER);
        for Difference { path, values, is_wanted, .. } in of_role {
            let [first, second] = values.each_ref().map(|it| value(it.as_ref()));
            let line = format!("  {}  {} {first}, {} {second}", clean(path), names[0], names[1]);
            if *is_wanted {
                let line = format!("{line}, as the files want it");
                writeln!(text, "{}", Painted(styles.quiet, line)).expect(NEVER);
            } else {
                writeln!(text, "{line}").expect(NEVER);
            }
        }
    }
    for (key, prices) in &comparison.prices {
        let [first, second] = prices.each_ref().map(|it| price(it.as_ref()));
        let key = Painted(styles.change, clean(key.as_str()));
        writeln!(text, "{key}  {} {first}, {} {second}", names[0], names[1]).expect(NEVER);
    }
    for key in &comparison.not_compared {
        let key = Painted(styles.change, clean(key.as_str()));
        writeln!(text, "{key}  tiers in both, which are not compared").expect(NEVER);
    }
    let verdict = if comparison.is_same() { "offer the same portals" } else { "differ" };
    let is_wanted = |difference: &&Difference| difference.is_wanted;
    let wanted = match comparison.differences.iter().filter(is_wanted).count() {
        0 => String::new(),
        n => format!(" The files want {}.", plural(n, "difference")),
    };
    writeln!(text, "{} and {} {verdict}.{wanted}", names[0], names[1]).expect(NEVER);
    text
}

/// What customers notice of a price.
pub fn price(price: Option<&Price>) -> String {
    let Some(price) = price else { return "has no such price".to_owned() };
    let amount = match &price.amount {
        Some(amount) => format!("unit_amount {amount}"),
        None => "tiers".to_owned(),
    };
    let every = match &price.billed_every {
        Some(every) => format!("every {every}"),
        None => "once".to_owned(),
    };
    clean(&format!("{amount} {} {every}", price.currency))
}
