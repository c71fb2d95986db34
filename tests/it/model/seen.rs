//! An account as plain data, as far as it matters here.

use serde_json::{Value as Json, json};

/// What a portal is like.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Look {
    pub(super) sees_invoices: bool,
    /// Nothing if customers can't cancel.
    pub(super) cancels_at_once: Option<bool>,
    pub(super) headline: Option<String>,
    pub(super) name: Option<String>,
}

/// Whose a configuration is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Whose {
    Role(String),
    OtherProject,
    Application,
    Nobody,
}

/// A configuration.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) id: String,
    pub(super) whose: Whose,
    pub(super) look: Look,
    pub(super) active: bool,
    pub(super) is_default: bool,
    /// All of it.
    pub(super) json: Json,
}

impl Look {
    fn of(json: &Json) -> Self {
        let text = |json: &Json| json.as_str().filter(|it| !it.is_empty()).map(str::to_owned);
        let features = &json["features"];
        let cancel = &features["subscription_cancel"];
        Self {
            sees_invoices: features["invoice_history"]["enabled"] == true,
            cancels_at_once: (cancel["enabled"] == true).then(|| cancel["mode"] == "immediately"),
            headline: text(&json["business_profile"]["headline"]),
            name: text(&json["name"]),
        }
    }

    /// The same, called like this.
    pub(super) fn named(&self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self.clone() }
    }

    /// As a file says it, without a name.
    pub(super) fn file(&self) -> Json {
        let mut features = json!({ "invoice_history": { "enabled": self.sees_invoices } });
        if let Some(at_once) = self.cancels_at_once {
            let mode = mode(at_once);
            features["subscription_cancel"] = json!({ "enabled": true, "mode": mode });
        }
        let headline = self.headline.clone().unwrap_or_default();
        json!({ "business_profile": { "headline": headline }, "features": features })
    }

    /// As whoever asks Stripe for it says it.
    pub(super) fn form(&self) -> String {
        let cancel = self.cancels_at_once;
        format!(
            "features[invoice_history][enabled]={}&features[subscription_cancel][enabled]={}\
             &features[subscription_cancel][mode]={}&business_profile[headline]={}",
            self.sees_invoices,
            cancel.is_some(),
            mode(cancel == Some(true)),
            self.headline.clone().unwrap_or_default(),
        )
    }
}

fn mode(at_once: bool) -> &'static str {
    if at_once { "immediately" } else { "at_period_end" }
}

impl Seen {
    pub(super) fn of(json: Json) -> Self {
        let marker = |key: &str| json["metadata"][key].as_str();
        let whose = match (marker("reconcile_project"), marker("reconcile_role")) {
            _ if !json["application"].is_null() => Whose::Application,
            (Some("default"), Some(role)) => Whose::Role(role.to_owned()),
            (None, None) => Whose::Nobody,
            _ => Whose::OtherProject,
        };
        Self {
            id: json["id"].as_str().unwrap().to_owned(),
            whose,
            look: Look::of(&json),
            active: json["active"] == true,
            is_default: json["is_default"] == true,
            json,
        }
    }

    /// The role that it is.
    pub(super) fn role(&self) -> Option<&str> {
        match &self.whose {
            Whose::Role(role) => Some(role),
            Whose::OtherProject | Whose::Application | Whose::Nobody => None,
        }
    }

    pub(super) fn is_of(&self, role: &str) -> bool {
        self.role() == Some(role)
    }

    /// All of it, but whether it is active and when it was changed.
    pub(super) fn rest(&self) -> Json {
        let mut json = self.json.clone();
        for name in ["active", "updated"] {
            json[name] = Json::Null;
        }
        json
    }
}
