//! `expand`: which parts of an answer are wanted whole.

use super::error::ApiError;
use super::params::Params;

/// Stripe expands at most four levels; the products of a listed configuration are exactly four.
const MAX_LEVELS: usize = 4;

/// The paths that a request wants expanded.
#[derive(Debug, Clone, Default)]
pub(super) struct Expand(Vec<String>);

impl Expand {
    /// This path alone.
    pub(super) fn only(path: &str) -> Self {
        Self(vec![path.to_owned()])
    }

    /// Reads `expand` of a request that answers one object.
    pub(super) fn read(params: &mut Params<'_>, expandable: &[&str]) -> Self {
        Self::read_with(params, expandable, |path| Some(path))
    }

    /// Reads `expand` of a list, where every path begins with `data.`
    pub(super) fn read_in_list(params: &mut Params<'_>, expandable: &[&str]) -> Self {
        Self::read_with(params, expandable, |path| path.strip_prefix("data."))
    }

    /// Whether this path, or something below it, is wanted.
    pub(super) fn wants(&self, path: &str) -> bool {
        self.0.iter().any(|wanted| {
            wanted.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// What is wanted of the object at this path.
    pub(super) fn below(&self, path: &str) -> Self {
        let below = |wanted: &String| {
            let rest = wanted.strip_prefix(path)?.strip_prefix('.')?;
            Some(rest.to_owned())
        };
        Self(self.0.iter().filter_map(below).collect())
    }

    fn read_with(
        params: &mut Params<'_>,
        expandable: &[&str],
        relative: impl Fn(&str) -> Option<&str>,
    ) -> Self {
        let mut wanted = Vec::new();
        for path in params.get::<Vec<String>>("expand").unwrap_or_default() {
            if path.split('.').count() > MAX_LEVELS {
                params.problem(
                    ApiError::invalid(format!(
                        "You cannot expand more than {MAX_LEVELS} levels of a property. Property: \
                         {path}"
                    ))
                    .code("property_expansion_max_depth")
                    .param("expand"),
                );
                continue;
            }
            match relative(&path).filter(|path| expandable.contains(path)) {
                Some(path) => wanted.push(path.to_owned()),
                None => params.problem(
                    ApiError::invalid(format!("This property cannot be expanded ({path})."))
                        .param("expand"),
                ),
            }
        }
        Self(wanted)
    }
}
