//! Values on one line.

use crate::model::{Quantity, Value};
use crate::text::shown;

/// A value on one line; what is empty is `-`.
pub(super) fn value(value: Option<&Value>) -> String {
    match value {
        None => "-".to_owned(),
        Some(Value::Flag(flag)) => flag.to_string(),
        Some(Value::Text(text)) => shown(text),
        Some(Value::Set(members)) => {
            let members: Vec<String> = members.iter().map(|member| shown(member)).collect();
            format!("[{}]", members.join(", "))
        }
        Some(Value::Intervals(intervals)) => {
            let words: Vec<String> = intervals.iter().map(ToString::to_string).collect();
            words.join(", ")
        }
        Some(Value::Unknown(json)) => shown(json),
        Some(Value::Quantity(quantity)) => match quantity {
            Quantity::Fixed => "fixed".to_owned(),
            Quantity::Adjustable { minimum, maximum: Some(most) } => format!("{minimum} to {most}"),
            Quantity::Adjustable { minimum, maximum: None } => format!("{minimum} or more"),
        },
    }
}
