//! Object ids: deterministic, so that runs can be compared, and of the shape of the real ones.
//!
//! A modern id is its prefix, `1`, five characters that grow with time, ten that all objects of one
//! account share and the account's own id ends in, and eight more. Stripe documents none of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BLOCK: usize = 10;
const TAIL: usize = 8;

/// 2025-01-01, before anything that an account has.
pub(super) const ACCOUNT_CREATED: i64 = 1_735_689_600;

/// Who the account is, and how many ids it has given out on both sides together: a test and a live
/// object never have the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) id: String,
    /// Unix seconds.
    pub(super) created: i64,
    n_ids: u64,
    #[serde(default)]
    pub(super) metadata: BTreeMap<String, String>,
    /// Stripe's object, as the seed has it.
    #[serde(default)]
    pub(super) controller: Option<Value>,
}

impl Default for Account {
    fn default() -> Self {
        Self::new("acct_1Em0Lt7Kq2Vx9RbN".to_owned(), ACCOUNT_CREATED)
    }
}

impl Account {
    pub(super) fn new(id: String, created: i64) -> Self {
        Self { id, created, n_ids: 0, metadata: BTreeMap::new(), controller: None }
    }

    /// The next id with this prefix.
    pub(super) fn next_id(&mut self, prefix: &str) -> String {
        self.n_ids += 1;
        let n = self.n_ids;
        let block = self.block();
        let tail = letters(&format!("{block}{n}"), TAIL);
        format!("{prefix}_1{n:05}{block}{tail}")
    }

    /// The characters that the account's objects share.
    fn block(&self) -> String {
        let own = self.id.trim_start_matches("acct_");
        match own.len().checked_sub(BLOCK) {
            Some(start) if own.is_ascii() => own[start..].to_owned(),
            Some(_) | None => letters(&self.id, BLOCK),
        }
    }
}

/// Letters and digits that depend on nothing but the seed.
pub(super) fn letters(seed: &str, n_letters: usize) -> String {
    Sha256::digest(seed)
        .iter()
        .take(n_letters)
        .map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_share_the_block_that_the_account_id_ends_in() {
        let mut account = Account::new("acct_1AbCdEfGhIjKlMnO".to_owned(), 0);
        let ids = [account.next_id("bpc"), account.next_id("price")];
        assert_eq!(ids[0].len(), "bpc_1T6YL1A4W8nJ0u4Tsfs4AM8m".len());
        assert!(ids[0].starts_with("bpc_100001fGhIjKlMnO"), "{}", ids[0]);
        assert!(ids[1].starts_with("price_100002fGhIjKlMnO"), "{}", ids[1]);
    }

    #[test]
    fn an_account_id_of_any_text_gives_ids() {
        for id in ["", "acct_1ABC", "acct_ééééééééééé"] {
            assert_eq!(Account::new(id.to_owned(), 0).next_id("bpc").len(), 28);
        }
    }
}
