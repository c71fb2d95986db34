//! The keys of `reconcile.yaml`.

use serde_json::json;

use super::key::{Home, Key};
use super::shape;

const EXAMPLE: &str = "\
project: default
defaults:
  business_profile: { terms_of_service_url: \"${site}/terms\" }
environments:
  test:
    vars: { site: https://test.acme.example }
  live:
    account: acct_1ABC
    livemode: true
    api_key_env: STRIPE_LIVE_KEY
    prune: true
    max_changes: 5
    max_requests_per_second: 50
    vars: { site: https://acme.example }
";

const FLEET: &str = "\
environments:
  live:
    account: acct_1Platform
    livemode: true
    accounts: { metadata: { portal: managed }, vars: { site: home_page } }
    vars: { site: https://acme.example }
";

/// What the names of roles, projects and environments look like.
pub(super) const NAME: &str = "^[a-z][a-z0-9_-]{0,39}$";

pub(super) fn keys() -> Vec<Key> {
    let key = |path: &str, about| Key::new(Home::Settings, path, about).example(EXAMPLE);
    let environment = |name: &str, about| key(&format!("environments.<name>.{name}"), about);
    vec![
        key(
            "project",
            "Whose configurations these are. Two projects can share an account, and neither touches the other's.",
        )
        .holds("a name of lowercase letters, digits, `-` and `_`", shape::literal(NAME))
        .default("`default`"),
        key("defaults", "What every role gets that doesn't say otherwise.")
            .holds_keys("anything that a role's file can have, but for waivers"),
        environment("account", "The account that the key must open. Any other is refused.")
            .holds("the id of an account", shape::literal("^acct_[A-Za-z0-9_]+$")),
        environment(
            "accounts",
            "The connected accounts that this environment is, each with a plan and a lockfile of its own. The key is their platform's. `metadata` and `controller` choose those of which Stripe knows these values; `vars` names the metadata keys that have variables' values. A file of this folder has an account a line, and behind it `name=value` for each variable that isn't the environment's.",
        )
        .holds(
            "`all`, a list of accounts, `{ file: accounts.txt }`, or what must be true of them",
            accounts(),
        )
        .default("the key's own account")
        .example(FLEET),
        environment(
            "livemode",
            "Whether this is the account's live mode. A key of the other mode is refused.",
        )
        .default("`false`"),
        environment(
            "api_key_env",
            "The environment variable that has the key. Never the key itself.",
        )
        .holds("the name of an environment variable", shape::literal("^[A-Z0-9_]+$"))
        .default("`STRIPE_API_KEY`"),
        environment("vars", "What `${name}` stands for in texts. `$${` is a literal `${`.").holds(
            "texts by name",
            json!({
                "type": ["object", "null"],
                "additionalProperties": { "type": ["string", "null"] },
            }),
        ),
        environment(
            "prune",
            "Whether every run deactivates this project's configurations whose role has no file any more, as `--prune` does. Never the account's default.",
        )
        .default("`false`"),
        environment(
            "max_changes",
            "A plan that would change more roles than this, deactivations included, is refused. `--max-changes` overrides it.",
        )
        .holds("a whole number", shape::count(0))
        .default("no limit"),
        environment(
            "max_requests_per_second",
            "How many requests a second the account is asked, and each of its endpoints. Fewer leave more to other programs; more need a limit that Stripe has raised.",
        )
        .holds("a whole number from 1 up", shape::count(1))
        .default("what Stripe documents: 100 live, 25 in test mode, 25 to each endpoint"),
    ]
}

fn accounts() -> serde_json::Value {
    const ACCOUNT: &str = "^acct_[A-Za-z0-9_]+$";
    let account = json!({ "type": "string", "pattern": ACCOUNT });
    let texts = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let closed = |properties: serde_json::Value| json!({ "type": "object", "properties": properties, "additionalProperties": false });
    let mut listed = closed(json!({ "account": account, "vars": texts }));
    listed["required"] = json!(["account"]);
    json!({ "anyOf": [
        { "enum": ["all", null] },
        { "type": "array", "items": { "anyOf": [account, listed] } },
        closed(json!({ "file": { "type": "string" } })),
        closed(json!({ "metadata": texts, "controller": texts, "vars": texts })),
    ] })
}
