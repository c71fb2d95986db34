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
    /// Those of which it isn't known whether they mean the same.
    pub not_compared: BTreeSet<LookupKey>,
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
    let (keys, books) = (offered(sides), sides.map(|side| side.prices));
    comparison.prices = differing_prices(&keys, books);
    comparison.not_compared = not_compared(&keys, books);
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

/// The keys that either side's portals offer.
fn offered(sides: [&Side<'_>; 2]) -> BTreeSet<LookupKey> {
    let offered = |side: &Side<'_>| -> BTreeSet<LookupKey> {
        let ids: BTreeSet<_> = side.live.values().flat_map(|it| it.settings.prices()).collect();
        let keys = side.prices.iter().filter(|(_, price)| ids.contains(&price.id));
        keys.map(|(key, _)| key.clone()).collect()
    };
    sides.into_iter().flat_map(offered).collect()
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

/// Those of the keys that stand for tiers in both accounts, which Stripe's lists leave out, and of
/// which nothing else differs.
pub fn not_compared(keys: &BTreeSet<LookupKey>, books: [&PriceBook; 2]) -> BTreeSet<LookupKey> {
    let is_not_compared = |key: &&LookupKey| {
        let [first, second] = books.map(|book| book.get(*key));
        let is_tiered = first.is_some_and(|price| price.amount.is_none());
        is_tiered
            && meaning(first) == meaning(second)
            && first.map(|price| &price.id) != second.map(|price| &price.id)
    };
    keys.iter().filter(is_not_compared).cloned().collect()
}

/// What customers notice of a price.
fn meaning(price: Option<&Price>) -> Option<(Option<&str>, Option<&str>, &str)> {
    price.map(|it| (it.amount.as_deref(), it.billed_every.as_deref(), it.currency.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PriceId, ProductId};

    #[test]
    fn of_tiers_nothing_is_said_but_that_they_are_not_compared() {
        let book = |id: &str, amounts: [Option<&str>; 2]| -> PriceBook {
            let price = |amount: Option<&str>| Price {
                id: PriceId::parse(id).unwrap(),
                active: true,
                product: ProductId::parse("prod_1").unwrap(),
                billed_every: None,
                currency: "usd".to_owned(),
                amount: amount.map(str::to_owned),
            };
            let names = ["basic", "usage"].map(|key| LookupKey::parse(key).unwrap());
            names.into_iter().zip(amounts.map(price)).collect()
        };
        let here = book("price_1", [Some("900"), None]);
        let keys: BTreeSet<LookupKey> = here.keys().cloned().collect();
        let names = |keys: BTreeSet<LookupKey>| -> Vec<String> {
            keys.iter().map(|key| key.as_str().to_owned()).collect()
        };
        let there = book("price_2", [Some("900"), None]);
        assert_eq!(names(not_compared(&keys, [&here, &there])), ["usage"]);
        assert!(differing_prices(&keys, [&here, &there]).is_empty());
        assert!(not_compared(&keys, [&here, &here]).is_empty(), "one price is what it is");
        let there = book("price_2", [Some("900"), Some("5")]);
        assert!(not_compared(&keys, [&here, &there]).is_empty());
        assert_eq!(differing_prices(&keys, [&here, &there]).len(), 1);
    }
}
