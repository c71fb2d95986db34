//! The lookup keys of prices, for files that should work in more than one account.

use std::collections::BTreeSet;

use super::error::CliError;
use super::world::World;
use crate::model::{PriceBook, PriceId};
use crate::stripe::{ErrorKind, Reader, StripeError};

/// The lookup keys of all these prices. A key that may not read prices leaves ids.
pub(super) async fn keyed_prices(
    ids: &BTreeSet<PriceId>,
    reader: &Reader,
    world: &mut World,
) -> Result<PriceBook, CliError> {
    let looked = tokio::select! {
        looked = reader.keyed_prices(ids) => looked,
        error = world.interrupted() => return Err(error),
    };
    match looked {
        Err(StripeError { kind: ErrorKind::Permission(_), .. }) => {
            world.eprint(
                "warning: this key may not read prices, so the files have their ids, which no other \
                 account has, instead of lookup keys\n",
            );
            Ok(PriceBook::new())
        }
        looked => Ok(looked?),
    }
}
