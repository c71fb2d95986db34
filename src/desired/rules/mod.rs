//! What Stripe refuses, checked before it is asked. One rule a file.
//!
//! Sources: the parameters' documentation, and Stripe's recorded error messages:
//! <https://docs.stripe.com/api/customer_portal/configurations/create>, read 2026-11-22.

mod cancel;
mod defaults;
pub(crate) mod metadata;
mod pause;
mod permits;
pub(crate) mod products;
mod required;
mod text;
mod unmanaged;

pub(super) use unmanaged::unmanaged;

use super::resolve::RoleFile;
use crate::diagnostic::Bag;

/// Checks every rule.
pub(super) fn check(files: &[RoleFile], bag: &mut Bag) {
    const RULES: [fn(&RoleFile, &mut Bag); 7] = [
        required::required,
        text::text,
        permits::permits,
        products::products,
        cancel::cancel,
        pause::pause,
        metadata::metadata,
    ];
    for file in files {
        for rule in RULES {
            rule(file, bag);
        }
    }
    defaults::one_default(files, bag);
}
