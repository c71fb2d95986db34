//! What Stripe has and this program doesn't know. Stripe adds words and parameters without a new
//! version of its API, so they are nobody's mistake, and they stay as they are unless a file says
//! otherwise.

use crate::model::{DesiredRole, Field, Kind, Settings, Value};

/// What is wanted of a configuration that is like this: the same, but for what is kept. And what
/// that is.
///
/// A list keeps its unknown members, since no file can name them. A choice keeps an unknown word if
/// the file doesn't make it: Stripe's default would only overwrite it by accident.
pub fn keep_unknown(desired: &DesiredRole, live: &Settings) -> (DesiredRole, Vec<(Field, Value)>) {
    let mut keeping = desired.clone();
    let mut kept = Vec::new();
    for field in Field::ALL {
        let path = field.into();
        let Some(value) = live.get(&path).filter(|_| keeping.manages(&path)) else { continue };
        match (field.spec().kind, value) {
            (Kind::Set(words) | Kind::TypedSet(words), Value::Set(members)) => {
                let mut unknown = members.clone();
                unknown.retain(|member| !words.contains(&member.as_str()));
                if !unknown.is_empty() {
                    let mut all = unknown.clone();
                    if let Some(Value::Set(wanted)) = keeping.settings.get(&path) {
                        all.extend(wanted.iter().cloned());
                    }
                    keeping.settings.set(path, Some(Value::Set(all)));
                    kept.push((field, Value::Set(unknown)));
                }
            }
            (kind, value) if kind.known(value).is_none() && !desired.written.contains(&field) => {
                keeping.unmanaged.add(field);
                let unmanaged = keeping.unmanaged.clone();
                keeping.settings = keeping.settings.filtered(|path| !unmanaged.covers(path));
                kept.push((field, value.clone()));
            }
            _ => {}
        }
    }
    (keeping, kept)
}
