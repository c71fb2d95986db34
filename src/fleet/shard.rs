//! A part of a fleet, for runs that share the work.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::model::AccountId;

/// One of several parts, as in `3/16`. Which part an account is in depends on nothing but its id and
/// how many parts there are: not on the other accounts, and not on when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: u64,
    of: u64,
}

impl Shard {
    /// True if the account is in this part.
    pub fn has(self, account: &AccountId) -> bool {
        let digest = Sha256::digest(account.as_str().as_bytes());
        let start: [u8; 8] = digest[..8].try_into().expect("a digest has 32 bytes");
        u64::from_be_bytes(start) % self.of == self.number - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a shard is written as `3/16`: the third of sixteen".to_owned();
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let (number, of): (u64, u64) =
            (number.parse().map_err(|_| wrong())?, of.parse().map_err(|_| wrong())?);
        if (1..=of).contains(&number) { Ok(Self { number, of }) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_in_one_shard_and_always_in_the_same() {
        let accounts: Vec<AccountId> =
            (0..1_000).map(|n| AccountId::parse(&format!("acct_{n}")).unwrap()).collect();
        for of in [1, 2, 16] {
            let shards: Vec<Shard> =
                (1..=of).map(|number| format!("{number}/{of}").parse().unwrap()).collect();
            let mut sizes = vec![0; shards.len()];
            for account in &accounts {
                let has: Vec<bool> = shards.iter().map(|shard| shard.has(account)).collect();
                assert_eq!(has.iter().filter(|has| **has).count(), 1);
                sizes[has.iter().position(|has| *has).unwrap()] += 1;
            }
            let fair = accounts.len() / shards.len();
            assert!(sizes.iter().all(|size| (fair / 2..=fair * 2).contains(size)), "{sizes:?}");
        }
        // Runs of different versions share the work, so this never changes.
        let shard: Shard = "2/4".parse().unwrap();
        let of_it = accounts.iter().filter(|account| shard.has(account)).take(3);
        assert_eq!(
            of_it.map(AccountId::as_str).collect::<Vec<_>>(),
            ["acct_5", "acct_16", "acct_19"]
        );
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        for text in ["", "3", "0/4", "5/4", "1/0", "-1/4", "a/b", "1/2/3"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
