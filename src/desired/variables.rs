//! `${name}` in texts.

use std::collections::BTreeMap;

use crate::model::EnvironmentName;
use crate::text::suggest;

/// What an environment's variables stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Variables {
    /// Where they are, in words.
    place: Option<String>,
    values: BTreeMap<String, String>,
}

impl Variables {
    pub(super) fn of(environment: &EnvironmentName, values: BTreeMap<String, String>) -> Self {
        Self { place: Some(format!("the environment `{environment}`")), values }
    }

    /// Whose they are, for messages.
    pub(super) fn place(&self) -> &str {
        self.place.as_deref().unwrap_or("this part of the file")
    }

    /// What to do about one that doesn't exist.
    pub(super) fn help(&self, name: &str) -> String {
        let names = self.names();
        if self.place.is_none() {
            "variables are for `defaults` and roles: write what is meant; `$${` is a literal `${`"
                .to_owned()
        } else if names.is_empty() {
            "variables are set in `reconcile.yaml`, under `environments.<name>.vars`; `$${` is a literal `${`"
                .to_owned()
        } else {
            suggest::help(name, &names)
        }
    }

    /// These, and others instead of those of the same name.
    pub(super) fn with(&self, others: &BTreeMap<String, String>) -> Self {
        let mut all = self.clone();
        all.values.extend(others.iter().map(|(name, value)| (name.clone(), value.clone())));
        all
    }

    /// The names, for suggestions.
    pub(super) fn names(&self) -> Vec<&str> {
        self.values.keys().map(String::as_str).collect()
    }

    /// Replaces every `${name}`; `$${` becomes a literal `${`. What a variable stands for is not
    /// looked at again.
    ///
    /// Returns the name of the first variable that doesn't exist.
    pub(super) fn substitute(&self, text: &str) -> Result<String, String> {
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(dollar) = rest.find('$') {
            result.push_str(&rest[..dollar]);
            rest = &rest[dollar..];
            if let Some(after) = rest.strip_prefix("$${") {
                result.push_str("${");
                rest = after;
            } else if let Some((name, after)) =
                rest.strip_prefix("${").and_then(|open| open.split_once('}'))
            {
                result.push_str(self.values.get(name).ok_or_else(|| name.to_owned())?);
                rest = after;
            } else {
                result.push('$');
                rest = &rest[1..];
            }
        }
        result.push_str(rest);
        Ok(result)
    }
}

/// A text in which `${` doesn't begin a variable.
pub(crate) fn escaped(text: &str) -> String {
    text.replace("${", "$${")
}

/// True if a variable stands in this text, whichever there are.
pub(crate) fn has_variable(text: &str) -> bool {
    Variables::default().substitute(text).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced_once_and_escapes_stay() {
        let variables = Variables::of(
            &EnvironmentName::test(),
            [("site".into(), "https://a.example".into()), ("x".into(), "${site}".into())].into(),
        );
        let substitute = |text: &str| variables.substitute(text);
        assert_eq!(substitute("${site}/privacy").unwrap(), "https://a.example/privacy");
        assert_eq!(substitute("${x}").unwrap(), "${site}");
        assert_eq!(substitute("$${site} costs $5 ${").unwrap(), "${site} costs $5 ${");
        assert_eq!(substitute("a ${nope}").unwrap_err(), "nope");
        for text in ["${site}", "$${site}", "$$${site}", "${"] {
            assert_eq!(substitute(&escaped(text)).unwrap(), text);
        }
        assert!(has_variable("$${a} ${b}") && !has_variable("$${a} ${b"));
    }
}
