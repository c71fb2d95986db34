//! A user's folder with any number of roles, and an account that has them already.
//!
//! The roles are the three of `portal-configs/` in turn, each with a headline of its own, so that no
//! two are alike.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// Where a role's headline goes.
const HEADLINES: [(&str, &str); 3] = [
    (include_str!("../../portal-configs/viewer.yaml"), "Your Acme invoices"),
    (include_str!("../../portal-configs/member.yaml"), "Acme billing for your team"),
    (include_str!("../../portal-configs/admin.yaml"), "Manage your Acme subscription"),
];

/// A folder in which `n` roles have files. The first one is the default.
pub(crate) fn with_roles(n: usize) -> TempDir {
    with_texts(n, |_, text| text)
}

/// The same, with files that are changed.
pub(crate) fn with_texts(n: usize, change: impl Fn(usize, String) -> String) -> TempDir {
    let folder = tempfile::tempdir().expect("there is a folder");
    for number in 0..n {
        write(folder.path(), &format!("{}.yaml", name(number)), &change(number, text(number)));
    }
    write(folder.path(), "emulator.seed.json", &seed(0).to_string());
    folder
}

/// Puts a file into a folder.
pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("a file can be written");
}

fn name(number: usize) -> String {
    format!("role-{number:05}")
}

/// What a role's headline is.
pub(crate) fn headline(number: usize) -> String {
    format!("Portal number {number}")
}

fn text(number: usize) -> String {
    let (text, original) = HEADLINES[number % 3];
    let text = text.replace(original, &headline(number));
    if number == 0 { text } else { text.replace("default: true\n", "") }
}

/// An account with the prices that the files name, in which the first `n` roles are what their files
/// say. In the emulator's form.
pub(crate) fn seed(n: usize) -> Json {
    let price = |product: &str, interval: &str| {
        json!({
            "id": format!("price_{product}_{interval}"),
            "product": format!("prod_{product}"),
            "lookup_key": format!("{product}_{interval}ly"),
            "currency": "usd",
            "unit_amount": 900,
            "recurring": { "interval": interval },
        })
    };
    json!({
        "products": [{ "id": "prod_team", "name": "Team" }, { "id": "prod_business", "name": "Business" }],
        "prices": [
            price("team", "month"), price("team", "year"),
            price("business", "month"), price("business", "year"),
        ],
        "configurations": (0..n).map(configuration).collect::<Vec<_>>(),
    })
}

/// What Stripe is told to create a role's configuration.
pub(crate) fn configuration(number: usize) -> Json {
    json!({
        "name": name(number),
        "business_profile": {
            "headline": headline(number),
            "privacy_policy_url": "https://acme.example/privacy",
            "terms_of_service_url": "https://acme.example/terms",
        },
        "default_return_url": "https://acme.example/billing",
        "features": features(number),
        "metadata": { "reconcile_project": "default", "reconcile_role": name(number) },
    })
}

fn features(number: usize) -> Json {
    let on = json!({ "enabled": true });
    let mut features = json!({ "invoice_history": on });
    let allowed = match number % 3 {
        0 => None,
        1 => Some(json!(["email", "phone"])),
        _ => Some(json!(["address", "email", "name", "phone", "tax_id"])),
    };
    if let Some(allowed) = allowed {
        features["payment_method_update"] = on;
        features["customer_update"] = json!({ "enabled": true, "allowed_updates": allowed });
    }
    if number % 3 == 2 {
        let reasons = ["too_expensive", "missing_features", "switched_service", "unused", "other"];
        features["subscription_cancel"] = json!({
            "enabled": true,
            "mode": "at_period_end",
            "cancellation_reason": { "enabled": true, "options": reasons },
        });
        features["subscription_pause"] = json!({
            "enabled": true,
            "duration": {
                "type": "interval_options",
                "interval_options": [
                    { "interval": "month", "interval_count": 1 },
                    { "interval": "month", "interval_count": 3 },
                ],
            },
        });
        let product = |product: &str, minimum: u32, maximum: u32| {
            json!({
                "product": format!("prod_{product}"),
                "prices": [format!("price_{product}_month"), format!("price_{product}_year")],
                "adjustable_quantity": { "enabled": true, "minimum": minimum, "maximum": maximum },
            })
        };
        features["subscription_update"] = json!({
            "enabled": true,
            "default_allowed_updates": ["price", "quantity", "promotion_code"],
            "proration_behavior": "create_prorations",
            "products": [product("team", 1, 50), product("business", 5, 500)],
        });
    }
    features
}
