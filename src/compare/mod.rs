//! Do two environments offer the same portals? By meaning: ids differ between accounts, lookup keys
//! don't.

mod portable;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{DesiredState, LiveConfiguration, LookupKey, Price, PriceBook, Role, Value};
use portable::portable;

/// One of the two.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// What the files want there.
    pub desired: &'a DesiredState,
    /// The configurations that roles have there.
    pub live: BTreeMap<Role, &'a LiveConfiguration>,
    /// The prices there, at least all that either side refers to.
    pub prices: &'a PriceBook,
}

/// What differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Roles that only one of them has, and whether it is the first.
    pub lonely: BTreeMap<Role, bool>,
    /// What the roles of both have that isn't the same.
    pub differences: Vec<Difference>,
    /// Prices that don't mean the same, and what they are: nothing if there is no such price.
    pub prices: BTreeMap<LookupKey, [Option<Price>; 2]>,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whose it is.
    pub role: Role,
    /// Where it is, by Stripe's names; products by lookup key.
    pub path: String,
    /// What it is.
    pub values: [Option<Value>; 2],
    /// True if both are as the files want them, as variables make them.
    pub is_wanted: bool,
}

impl Comparison {
    /// True if nothing differs but what the files want to differ.
    pub fn is_same(&self) -> bool {
        self.lonely.is_empty()
            && self.prices.is_empty()
            && self.differences.iter().all(|difference| difference.is_wanted)
    }
}

/// Compares two environments.
pub fn compare(sides: [&Side<'_>; 2]) -> Comparison {
    let mut comparison = Comparison::default();
    let roles: BTreeSet<&Role> = sides.iter().flat_map(|side| side.live.keys()).collect();
    for role in roles {
        match sides.map(|side| side.live.get(role)) {
            [Some(_), Some(_)] => comparison.differences.extend(of_role(role, sides)),
            [first, _] => {
                comparison.lonely.insert(role.clone(), first.is_some());
            }
        }
    }
    comparison.prices = prices(sides);
    comparison
}

fn of_role(role: &Role, sides: [&Side<'_>; 2]) -> Vec<Difference> {
    let live = sides.map(|side| portable(&side.live[role].settings, side.prices));
    let wanted = sides.map(|side| {
        let desired = side.desired.roles.get(role);
        desired.map(|desired| portable(&desired.settings, side.prices)).unwrap_or_default()
    });
    let paths: BTreeSet<&String> = live.iter().flat_map(BTreeMap::keys).collect();
    let mut differences = Vec::new();
    for path in paths {
        let values = [live[0].get(path), live[1].get(path)];
        if values[0] != values[1] {
            let is_wanted = values == [wanted[0].get(path), wanted[1].get(path)];
            let (role, path, values) =
                (role.clone(), path.clone(), values.map(Option::<&_>::cloned));
            differences.push(Difference { role, path, values, is_wanted });
        }
    }
    let [first, second] = sides.map(|side| side.live[role]);
    for (name, flags) in [
        ("active", [first.active, second.active]),
        ("is_default", [first.is_default, second.is_default]),
    ] {
        if flags[0] != flags[1] {
            let values = flags.map(|flag| Some(Value::Flag(flag)));
            let (role, path) = (role.clone(), name.to_owned());
            differences.push(Difference { role, path, values, is_wanted: false });
        }
    }
    differences
}

/// The keys that either side's portals offer and that stand for something else on the other side.
fn prices(sides: [&Side<'_>; 2]) -> BTreeMap<LookupKey, [Option<Price>; 2]> {
    let offered = |side: &Side<'_>| -> BTreeSet<LookupKey> {
        let ids: BTreeSet<_> = side.live.values().flat_map(|it| it.settings.prices()).collect();
        let keys = side.prices.iter().filter(|(_, price)| ids.contains(&price.id));
        keys.map(|(key, _)| key.clone()).collect()
    };
    let keys: BTreeSet<LookupKey> = sides.into_iter().flat_map(offered).collect();
    differing_prices(&keys, sides.map(|side| side.prices))
}

/// Those of the keys that stand for something else in one account than in the other.
pub fn differing_prices(
    keys: &BTreeSet<LookupKey>,
    books: [&PriceBook; 2],
) -> BTreeMap<LookupKey, [Option<Price>; 2]> {
    let pairs = keys.iter().map(|key| (key.clone(), books.map(|book| book.get(key).cloned())));
    pairs
        .filter(|(_, [first, second])| meaning(first.as_ref()) != meaning(second.as_ref()))
        .collect()
}

/// What customers notice of a price.
fn meaning(price: Option<&Price>) -> Option<(Option<&str>, Option<&str>, &str)> {
    price.map(|it| (it.amount.as_deref(), it.billed_every.as_deref(), it.currency.as_str()))
}
