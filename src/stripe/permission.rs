//! What a restricted key lacks, and where one with just that is made.

use std::collections::BTreeSet;

/// A page of the Dashboard that is filled in by its address, as others use it; Stripe documents none.
const PAGE: &str = "https://dashboard.stripe.com/apikeys/create?name=reconcile";

const READ: &str = "rak_customer_portal_read";
const WRITE: &str = "rak_customer_portal_write";
const PRICES: &str = "rak_plan_read";

/// What to do about a refusal, by the permissions that Stripe's message names.
pub(super) fn help(message: &str) -> String {
    let mut lacking = named(message);
    // Whoever may not even read is going to plan, with this key or another.
    let (portal, can) = if lacking.contains(READ) {
        (READ, "plans with `Customer portal: Read` and applies with `Write`")
    } else {
        (WRITE, "needs `Customer portal: Write` to apply")
    };
    lacking.retain(|name| ![READ, WRITE, PRICES].contains(name));
    let also: Vec<String> = lacking.iter().map(|name| format!(", and `{name}`")).collect();
    let permissions: String = [portal, PRICES]
        .into_iter()
        .chain(lacking.iter().copied())
        .map(|name| format!("&permissions[]={name}"))
        .collect();
    format!(
        "a restricted key {can}, with `Prices: Read` where files have lookup keys{}; this makes one \
         with just that, of the mode that the Dashboard is in: {PAGE}{permissions}",
        also.concat()
    )
}

/// The permissions that a message names, as in "Having the 'rak_x' permission would help."
fn named(message: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
    message.split(|c| !is_part(c)).filter(|word| word.starts_with("rak_")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_that_is_offered_has_what_the_refused_one_lacks() {
        let of = |name: &str| help(&format!("Having the '{name}' permission would help."));
        let page = |help: &str| help.split_once("name=reconcile").unwrap().1.to_owned();
        let write = "&permissions[]=rak_customer_portal_write&permissions[]=rak_plan_read";
        for name in [WRITE, PRICES] {
            assert_eq!(page(&of(name)), write, "{name}");
        }
        assert_eq!(page(&help("No.")), write);
        assert_eq!(page(&of(READ)), write.replace("_write", "_read"));
        let connected = of("rak_connected_account_read");
        assert_eq!(page(&connected), format!("{write}&permissions[]=rak_connected_account_read"));
        assert!(connected.contains(", and `rak_connected_account_read`;"), "{connected}");
    }
}
