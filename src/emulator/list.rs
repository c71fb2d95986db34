//! Lists: newest first, a page at a time.

use serde_json::{Value, json};

use super::error::ApiError;
use super::params::Params;
use super::state::{Call, Listed};

const DEFAULT_LIMIT: i64 = 10;
const MAX_LIMIT: i64 = 100;

/// Which part of a list is wanted.
pub(super) struct Page {
    limit: usize,
    starting_after: Option<String>,
    ending_before: Option<String>,
}

impl Page {
    pub(super) fn read(params: &mut Params<'_>) -> Self {
        let limit = params.get("limit").unwrap_or(DEFAULT_LIMIT);
        for (is_outside, bound) in [
            (limit < 1, "greater than or equal to 1"),
            (limit > MAX_LIMIT, "less than or equal to 100"),
        ] {
            if is_outside {
                params.problem(ApiError::out_of_bounds("limit", bound));
            }
        }
        let page = Self {
            limit: usize::try_from(limit).unwrap_or_default(),
            starting_after: params.get("starting_after"),
            ending_before: params.get("ending_before"),
        };
        if page.starting_after.is_some() && page.ending_before.is_some() {
            params.problem(
                ApiError::invalid(
                    "You cannot parameterize both `starting_after` and `ending_before`.",
                )
                .param("ending_before"),
            );
        }
        page
    }

    pub(super) fn has_cursor(&self) -> bool {
        self.starting_after.is_some() || self.ending_before.is_some()
    }
}

/// A part of a list.
pub(super) struct Found<'a, T> {
    objects: Vec<&'a T>,
    has_more: bool,
}

impl<T> Found<'_, T> {
    pub(super) fn json(&self, url: &str, object: impl Fn(&T) -> Value) -> Value {
        json!({
            "object": "list",
            "data": self.objects.iter().map(|found| object(found)).collect::<Vec<_>>(),
            "has_more": self.has_more,
            "url": url,
        })
    }
}

/// Finds a page of the objects that are wanted. `all` are in the order in which they were created.
pub(super) fn page<'a, T: Listed>(
    call: &Call<'_>,
    all: &'a [T],
    page: &Page,
    wanted: impl Fn(&T) -> bool,
    unknown: impl Fn(&str, &str) -> ApiError,
) -> Result<Found<'a, T>, ApiError> {
    let all = newest_first(call, all);
    let position = |cursor: &Option<String>, param: &str| {
        let Some(id) = cursor else {
            return Ok(None);
        };
        let position = all.iter().position(|object| object.id() == id);
        position.map(Some).ok_or_else(|| unknown(id, param))
    };
    let after = position(&page.starting_after, "starting_after")?;
    let before = position(&page.ending_before, "ending_before")?;

    let start = after.map_or(0, |position| position + 1);
    let end = before.unwrap_or(all.len());
    let is_visible = |object: &&T| {
        let age = call.now.saturating_sub(object.created());
        let is_hidden = (0..i64::from(call.quirks.list_delay)).contains(&age);
        !is_hidden && wanted(object)
    };
    let mut objects: Vec<&T> = all[start..end].iter().copied().filter(is_visible).collect();
    let has_more = objects.len() > page.limit;
    if before.is_some() {
        // The page is the one next to the cursor.
        objects.drain(..objects.len().saturating_sub(page.limit));
    } else {
        objects.truncate(page.limit);
    }
    Ok(Found { objects, has_more })
}

fn newest_first<'a, T: Listed>(call: &Call<'_>, all: &'a [T]) -> Vec<&'a T> {
    let mut all: Vec<&T> = all.iter().rev().collect();
    if call.quirks.list_ties_are_by_id {
        all.sort_unstable_by(|one, other| one.id().cmp(other.id()));
    }
    // The sort is stable: what was created within one second keeps its order.
    all.sort_by_key(|object| std::cmp::Reverse(object.created()));
    all
}
