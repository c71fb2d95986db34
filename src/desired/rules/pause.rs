use crate::desired::resolve::RoleFile;
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{Field, Interval, IntervalUnit, Value};

/// A pause has a length, of at most three years.
pub(super) fn pause(file: &RoleFile, bag: &mut Bag) {
    let Some(located) = file.declared.values.get(&Field::PauseIntervals) else { return };
    if !file.judges(Field::PauseIntervals) {
        return;
    }
    match &located.value {
        None => {
            let message = "there is no length of a pause to choose from";
            let help = "list one, such as `{ interval: month }`, or use `type: indefinite`";
            bag.push(Diagnostic::new(Code::PauseWithoutLength, located.span, message).help(help));
        }
        Some(Value::Intervals(intervals)) => {
            for interval in intervals.iter().filter(|interval| !is_possible(**interval)) {
                let message = format!("a pause of {interval} is not possible");
                let help = "use 1 or more, and at most three years in all";
                bag.push(Diagnostic::new(Code::PauseLength, located.span, message).help(help));
            }
        }
        _ => {}
    }
}

fn is_possible(interval: Interval) -> bool {
    let three_years = match interval.unit {
        IntervalUnit::Day => 3 * 365,
        IntervalUnit::Week => 3 * 52,
        IntervalUnit::Month => 3 * 12,
        IntervalUnit::Year => 3,
    };
    (1..=three_years).contains(&interval.count)
}
