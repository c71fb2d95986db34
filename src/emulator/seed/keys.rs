//! The keys of a seed.

use super::fields::Fields;
use crate::emulator::auth;
use crate::emulator::keys::{Keys, ListedKey, digest};
use crate::emulator::store::EmulatorError;
use crate::emulator::world::World;

/// Reads `keys` and `only_listed_keys`.
pub(super) fn read(seed: &mut Fields, world: &World) -> Result<Keys, EmulatorError> {
    let keys = seed.objects("keys")?;
    Ok(Keys {
        listed: keys.into_iter().map(|key| listed(key, world)).collect::<Result<_, _>>()?,
        only_listed: seed.flag("only_listed_keys")?.unwrap_or_default(),
    })
}

fn listed(mut fields: Fields, world: &World) -> Result<ListedKey, EmulatorError> {
    let key = fields.text("key")?.unwrap_or_default();
    if auth::side(&key).is_none() {
        let message = "must begin with `sk_test_`, `rk_test_`, `sk_live_` or `rk_live_` and go on \
                       with letters and digits";
        return Err(fields.wrong("key", message));
    }
    let permissions = fields.texts("permissions")?;
    for permission in permissions.iter().flatten() {
        let is_one = permission.starts_with("rak_")
            && (permission.ends_with("_read") || permission.ends_with("_write"));
        if !is_one {
            let message = format!("`{permission}` isn't one, such as `rak_product_read`");
            return Err(fields.wrong("permissions", message));
        }
    }
    if permissions.is_some() && !key.starts_with("rk_") {
        return Err(fields.wrong("permissions", "only a restricted key (`rk_`) has some"));
    }
    let expired = fields.flag("expired")?.unwrap_or_default();
    let account = fields.text("account")?;
    if let Some(id) = &account
        && world.find(id).is_none()
    {
        return Err(fields.wrong("account", format!("there is no account `{id}`")));
    }
    fields.end()?;
    Ok(ListedKey { sha256: digest(&key), permissions, expired, account })
}
