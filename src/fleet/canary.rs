//! The accounts that go first, so that a mistake meets few.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::Shape;

/// An account, and what is to be done in it.
pub(super) type Pending<A> = (A, Shape);

/// How many go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canary {
    /// So many.
    Accounts(usize),
    /// So many of a hundred, and one at least.
    Percent(u8),
}

impl Canary {
    /// The accounts that go first, and the others.
    ///
    /// Of each shape one goes first as long as there is room, those of the most accounts before the
    /// others: what no canary had is a surprise in the others.
    pub fn choose<A: Ord>(
        self,
        mut pending: Vec<Pending<A>>,
    ) -> (Vec<Pending<A>>, Vec<Pending<A>>) {
        let room = match self {
            Self::Accounts(n) => n,
            Self::Percent(percent) => (pending.len() * usize::from(percent)).div_ceil(100).max(1),
        };
        let mut n_of: BTreeMap<Shape, usize> = BTreeMap::new();
        for (_, shape) in &pending {
            *n_of.entry(*shape).or_default() += 1;
        }
        let mut ranked: Vec<(usize, usize, Pending<A>)> = Vec::new();
        let mut seen: BTreeMap<Shape, usize> = BTreeMap::new();
        pending.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for it in pending {
            let round = seen.entry(it.1).or_default();
            ranked.push((*round, usize::MAX - n_of[&it.1], it));
            *round += 1;
        }
        ranked.sort_by_key(|(round, rank, _)| (*round, *rank));
        let mut all: Vec<_> = ranked.into_iter().map(|(_, _, it)| it).collect();
        let others = all.split_off(room.min(all.len()));
        (all, others)
    }
}

impl FromStr for Canary {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write a number of accounts, or a share of them such as `5%`".to_owned();
        match text.strip_suffix('%') {
            Some(percent) => {
                let percent: u8 = percent.parse().map_err(|_| wrong())?;
                let is_share = (1..=100).contains(&percent);
                if is_share { Ok(Self::Percent(percent)) } else { Err(wrong()) }
            }
            None => {
                let n: usize = text.parse().map_err(|_| wrong())?;
                if n > 0 { Ok(Self::Accounts(n)) } else { Err(wrong()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(canary: &str, pending: &[(u32, &str)]) -> (Vec<u32>, Vec<u32>) {
        let pending =
            pending.iter().map(|(account, shape)| (*account, Shape::of_text(shape))).collect();
        let (first, others) = canary.parse::<Canary>().unwrap().choose(pending);
        let accounts = |list: Vec<(u32, Shape)>| list.into_iter().map(|(it, _)| it).collect();
        (accounts(first), accounts(others))
    }

    #[test]
    fn one_of_each_plan_goes_first_and_of_the_commonest_before_the_others() {
        let pending = [(5, "edit"), (3, "edit"), (1, "drift"), (2, "edit"), (4, "drift")];
        assert_eq!(chosen("1", &pending), (vec![2], vec![1, 3, 4, 5]));
        assert_eq!(chosen("2", &pending), (vec![2, 1], vec![3, 4, 5]));
        assert_eq!(chosen("3", &pending), (vec![2, 1, 3], vec![4, 5]));
        assert_eq!(chosen("9", &pending), (vec![2, 1, 3, 4, 5], vec![]));
    }

    #[test]
    fn a_share_is_one_at_least() {
        let pending: Vec<(u32, &str)> = (0..200).map(|account| (account, "edit")).collect();
        for (canary, n_first) in [("1%", 2), ("5%", 10), ("100%", 200)] {
            assert_eq!(chosen(canary, &pending).0.len(), n_first, "{canary}");
        }
        assert_eq!(chosen("1%", &pending[..3]).0.len(), 1);
        for wrong in ["", "0", "0%", "101%", "-1", "x"] {
            assert!(wrong.parse::<Canary>().is_err(), "{wrong}");
        }
    }
}
