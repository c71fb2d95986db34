//! The keys of a role's file that are not in the table of fields: products, metadata and our own.

use serde_json::json;

use super::fields::UPDATE;
use super::key::{Home, Key};
use super::shape;
use crate::desired::rules::metadata::{MOST_KEY_CHARACTERS, MOST_KEYS, MOST_VALUE_CHARACTERS};
use crate::desired::{self, rules};
use crate::text::suggest::list;

const LOOKUP_KEYS: &str = "\
features:
  subscription_update:
    enabled: true
    default_allowed_updates: [price]
    products:
      - lookup_keys: [team_monthly, team_yearly]
";

const METADATA: &str = "\
features:
  invoice_history: { enabled: true }
metadata: { team: billing }
";

const DEFAULT: &str = "\
default: true
features:
  invoice_history: { enabled: true }
";

const UNMANAGED: &str = "\
unmanaged: [business_profile.headline]
features:
  invoice_history: { enabled: true }
";

const WAIVE: &str = "\
waive:
  - { lint: useless-portal, reason: guests see nothing until March, until: 2099-03-31 }
features: {}
";

pub(super) fn keys() -> Vec<Key> {
    let mut keys = products();
    keys.push(metadata());
    keys.extend(own());
    keys
}

fn products() -> Vec<Key> {
    let key = |path: &str, about| {
        Key::new(Home::Role, format!("features.subscription_update.products{path}"), about)
            .example(UPDATE)
            .counts("while `features.subscription_update.enabled` is `true`")
    };
    let quantity = |name: &str, about| {
        key(&format!("[].adjustable_quantity.{name}"), about).since("2025-07-30.basil")
    };
    let ids = || shape::list(json!({ "type": "string", "minLength": 1 }));
    vec![
        key("", "The plans that customers can switch between.")
            .holds_keys(&format!("a list of at most {} products, each once", rules::products::MOST))
            .unset("switch the feature off: while it is on, Stripe needs at least one")
            .since("2020-08-27"),
        key("[].product", "A product, by id.")
            .holds("the id of a product", shape::text(None))
            .default("the product of the prices behind `lookup_keys`")
            .since("2020-08-27"),
        key(
            "[].prices",
            "The product's prices that customers can switch to, by id. No two of one billing interval and currency.",
        )
        .holds("a list of ids of prices", ids())
        .since("2020-08-27"),
        key(
            "[].lookup_keys",
            "Prices by lookup key, which is the same in test and in live. They are looked up in the account whenever a plan is made.",
        )
        .holds("a list of lookup keys", ids())
        .example(LOOKUP_KEYS),
        quantity("enabled", "Customers can change the quantity of this product.").required(),
        quantity("minimum", "The least that customers can choose.")
            .holds("a whole number", shape::count(0))
            .default("1"),
        quantity("maximum", "The most that customers can choose.")
            .holds("a whole number", shape::count(0))
            .default("no limit"),
    ]
}

fn metadata() -> Key {
    let about = "Notes for programs. Customers never see them. Keys that begin with `reconcile_` are this program's.";
    let value = format!(
        "at most {MOST_KEYS} texts of at most {MOST_VALUE_CHARACTERS} characters; \
         keys of at most {MOST_KEY_CHARACTERS} characters, without `[` and `]`"
    );
    let name = format!(r"^(?!reconcile_)[^\[\]]{{1,{MOST_KEY_CHARACTERS}}}$");
    let shape = json!({
        "type": ["object", "null"],
        "maxProperties": MOST_KEYS,
        "propertyNames": { "pattern": name },
        "additionalProperties": shape::text(Some(MOST_VALUE_CHARACTERS)),
    });
    Key::new(Home::Role, "metadata", about)
        .holds(value, shape)
        .unset("remove a key, or write `\"\"` behind it")
        .since("2020-08-27, from 2021-12-09 on")
        .example(METADATA)
}

fn own() -> Vec<Key> {
    let key = |path, about| Key::new(Home::Role, path, about);
    let waive = |path, about| key(path, about).required().example(WAIVE);
    let lints: Vec<&str> = desired::lints().map(|code| code.as_str()).collect();
    vec![
        key(
            "default",
            "This role manages the account's default configuration: the one that customers get wherever an app names none. At most one role can. The first configuration of an account becomes its default for ever, so in an account without one, only such a role is created.",
        )
        .default("`false`")
        .example(DEFAULT),
        key(
            "unmanaged",
            "What is left to the Dashboard: never compared, never written. A mapping's path covers all that is in it.",
        )
        .holds(
            "a list of paths, such as `business_profile.headline` or `metadata.team`",
            shape::list(json!({ "type": "string" })),
        )
        .example(UNMANAGED),
        waive("waive[].lint", "A warning that is meant.")
            .holds(format!("one of {}", list(&lints)), shape::choice(&lints)),
        waive("waive[].reason", "Why it is meant.").holds("text", shape::pattern(r"\S")),
        waive(
            "waive[].until",
            "The last day on which it is. From the next day on the warning is back.",
        )
        .holds("a day, such as `2027-03-31`", shape::pattern(r"^\d{4}-\d{2}-\d{2}$")),
    ]
}
