//! Which role a configuration may be.

use std::collections::BTreeSet;

use crate::model::{Field, LiveConfiguration, Role, Value};

/// Stripe's names can be longer.
const MOST_CHARACTERS: usize = 40;

/// A name for a configuration that has no role yet, unlike all that are taken.
pub fn name(configuration: &LiveConfiguration, taken: &BTreeSet<Role>) -> Role {
    let fallback = if configuration.is_default { "default" } else { "portal" };
    let stem = match configuration.settings.get(&Field::Name.into()) {
        Some(Value::Text(name)) => slug(name),
        _ => String::new(),
    };
    let stem = if stem.is_empty() { fallback.to_owned() } else { stem };
    let numbered = (2..).map(|n| {
        let ending = format!("-{n}");
        let start: String = stem.chars().take(MOST_CHARACTERS - ending.len()).collect();
        start + &ending
    });
    let candidates = std::iter::once(stem.clone()).chain(numbered);
    let mut roles = candidates.filter_map(|name| Role::parse(&name).ok());
    roles.find(|role| !taken.contains(role)).expect("there are endless numbers")
}

/// The name in lowercase letters, digits and `-`, beginning with a letter; empty if nothing is left.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' => slug.push(c),
            '0'..='9' | '_' if !slug.is_empty() => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    let slug: String = slug.chars().take(MOST_CHARACTERS).collect();
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_roles() {
        for (name, role) in [
            ("Team admins", "team-admins"),
            ("  VIP (2026)! ", "vip-2026"),
            ("2nd", "nd"),
            ("a_b", "a_b"),
            ("Ünïcode", "n-code"),
            ("日本", ""),
            ("", ""),
        ] {
            assert_eq!(slug(name), role, "{name}");
        }
        assert_eq!(slug(&"x".repeat(60)).len(), MOST_CHARACTERS);
    }
}
