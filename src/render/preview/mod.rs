//! What customers see of each role's portal, as one page without network and scripts.

mod matrix;
mod offered;

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use crate::model::{Catalogue, PriceId, ProductId, Role, Settings};
use crate::plan::{Plan, RolePlan};
use crate::portal::{Language, Look, Portal, Side, document, mock};
use crate::report::after;
use crate::text::plural;

/// What a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Preview<'p> {
    /// What the files want, and what there is.
    pub plan: &'p Plan,
    /// What things are called and cost.
    pub catalogue: &'p Catalogue,
    /// Whether what there is is shown beside it.
    pub against_live: bool,
    /// What the account is, if it is one that was saved.
    pub as_of: Option<&'p str>,
}

/// Roles whose customers see the same.
struct Group<'p> {
    roles: Vec<&'p RolePlan>,
    /// Nothing for roles that have no portal yet.
    before: Option<Portal>,
    after: Portal,
}

impl Preview<'_> {
    /// The prices and products that are on the page.
    pub fn offered(plan: &Plan, against_live: bool) -> (BTreeSet<PriceId>, BTreeSet<ProductId>) {
        let after = plan.roles.iter().map(after);
        let live = plan.roles.iter().filter_map(|role| role.live.clone());
        let all: Vec<Settings> = after.chain(live.filter(|_| against_live)).collect();
        let prices = all.iter().flat_map(Settings::prices).collect();
        (prices, all.iter().flat_map(|it| it.products().into_iter().cloned()).collect())
    }
}

/// The page.
pub fn preview(preview: &Preview<'_>) -> String {
    let groups = groups(preview);
    let title = format!("Portal preview for {}", preview.plan.environment);
    let main = html! {
        (matrix::table(preview.plan, preview.against_live))
        @for group in &groups { (role(group, preview.against_live)) }
    };
    document(&title, Language::English, &header(&title, preview), &main)
}

fn header(title: &str, preview: &Preview<'_>) -> Markup {
    let Preview { plan, catalogue, against_live, as_of } = *preview;
    let (_, products) = Preview::offered(plan, against_live);
    let is_nameless = !products.iter().all(|id| catalogue.products.contains_key(id));
    html! {
        h1 { (title) }
        p.about {
            @if let Some(account) = &plan.account { "Account " code { (account) } ", " }
            (plan.mode) " mode"
            @if let Some(as_of) = as_of { ", " (as_of) }
            ". What customers of " (plural(plan.roles.len(), "role")) " are going to see"
            @if against_live { ", beside what they see now" }
            ". A mock: Stripe's own page has other words."
        }
        @if !plan.blockers.is_empty() {
            p.about {
                strong { "This can't be applied yet: " }
                "the plan is blocked for " (plural(plan.blockers.len(), "reason")) "."
            }
        }
        @if is_nameless {
            p.about {
                "Products without a name are shown by their ids: they need the right to read products."
            }
        }
    }
}

/// Roles whose customers see the same together, in the order of the first.
fn groups<'p>(preview: &Preview<'p>) -> Vec<Group<'p>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places = BTreeMap::new();
    for role in &preview.plan.roles {
        let portal = |settings: &Settings| offered::portal(settings, preview.catalogue);
        let before = role.live.as_ref().filter(|_| preview.against_live).map(portal);
        let after = portal(&after(role));
        let place = *places.entry((before.clone(), after.clone())).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.roles.push(role),
            None => groups.push(Group { roles: vec![role], before, after }),
        }
    }
    groups
}

fn role(group: &Group<'_>, against_live: bool) -> Markup {
    let Group { roles, before, after } = group;
    let is_change = before.as_ref() != Some(after);
    html! {
        section.role {
            header {
                @for role in roles { h2 id=(anchor(&role.role)) { (role.role) } }
                @if roles.iter().any(|role| role.is_default) {
                    span.badge.plain { "the account's default" }
                }
                @if against_live && before.is_none() { span.badge.after { "new" } }
                @if against_live && !is_change { span.badge.plain { "nothing changes" } }
            }
            @match before {
                Some(before) if is_change => div.sides.two {
                    (side("Now", before, Some((Side::Before, after))))
                    (side("After the change", after, Some((Side::After, before))))
                },
                _ => div.sides { (mock(after, &Look { level: 3, is_open: true, ..Look::default() })) },
            }
        }
    }
}

fn side(title: &str, portal: &Portal, compared: Option<(Side, &Portal)>) -> Markup {
    html! {
        div {
            h3 { (title) }
            (mock(portal, &Look { compared, level: 4, is_open: true, ..Look::default() }))
        }
    }
}

/// Where a role is on the page. Roles are letters, digits, `-` and `_`.
fn anchor(role: &Role) -> String {
    format!("role-{role}")
}
