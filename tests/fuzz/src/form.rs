//! Forms: what the client writes is what the emulator reads, and whatever else somebody writes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use portal_reconciler::emulator::{Emulator, Seed};
use portal_reconciler::model::{
    DesiredRole, Field, FieldPath, Project, Settings, Unmanaged, Value,
};
use portal_reconciler::stripe::{Marker, Reader, Writer};
use serde_json::Value as Json;
use url::form_urlencoded;

use super::account::{block_on, connection};
use super::yaml::role;

const CONFIGURATIONS: &str = "/v1/billing_portal/configurations";

/// The first byte says whether the rest is a form as it is, or lines of texts for the client to send.
pub(crate) fn form(data: &[u8]) {
    match data {
        [b'f', b'\n', form @ ..] => anybody(form),
        [b't', b'\n', texts @ ..] => client(texts),
        _ => {}
    }
}

/// Any form has an answer in Stripe's words; what is understood of it is what another decoder
/// understands; and what the emulator makes of it, the client can read.
fn anybody(form: &[u8]) {
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    let request = http::Request::post(CONFIGURATIONS).header("authorization", "Bearer sk_test_1");
    let answer = emulator.handle(request.body(form.to_vec()).expect("it is a request"));
    let json: Json = serde_json::from_slice(answer.body()).expect("every answer is JSON");
    let configurations = emulator.configurations(false);
    if answer.status() == 200 {
        assert_eq!(json["id"], configurations[0]["id"]);
    } else {
        assert_eq!(answer.status(), 400, "{json}");
        assert!(json["error"]["message"].is_string(), "{json}");
        assert!(configurations.is_empty());
    }
    let understood = emulator.exchanges().remove(0).parameters;
    if !understood.is_empty() {
        let other: Vec<_> = form_urlencoded::parse(form).into_owned().collect();
        assert_eq!(understood, other);
    }
    let live = block_on(Reader::new(connection(emulator)).snapshot(&BTreeSet::new()));
    assert_eq!(live.expect("it can be read").live.configurations.len(), configurations.len());
}

/// Whatever a text is, the emulator gets it as it is.
fn client(texts: &[u8]) {
    let Ok(texts) = std::str::from_utf8(texts) else { return };
    let mut settings = Settings::stripe_defaults().clone();
    let mut texts = texts.split('\n');
    settings.set(Field::Headline.into(), texts.next().and_then(Value::exact));
    let metadata: BTreeMap<&str, &str> = texts.filter_map(|pair| pair.split_once(':')).collect();
    for (key, value) in &metadata {
        settings.set(FieldPath::Metadata((*key).to_owned()), Value::exact(value));
    }
    let expected = settings.clone();
    let desired = DesiredRole {
        settings,
        written: BTreeSet::new(),
        default: true,
        unmanaged: Unmanaged::default(),
        left: Settings::default(),
        offers: BTreeMap::new(),
    };
    let emulator = Arc::new(Emulator::in_memory(Seed::default()));
    let writer = Writer::new(connection(emulator.clone()), None);
    let project = Project::parse("default").expect("it is a project");
    let marker = Marker { project, role: role(), digest: "x".to_owned() };
    // Stripe may refuse it; but it has to arrive.
    drop(block_on(writer.create(&desired, &marker, 0)));
    let arrived: BTreeMap<_, _> = emulator.exchanges().remove(0).parameters.into_iter().collect();
    for (path, value) in expected.iter() {
        let name = match path {
            FieldPath::Field(Field::Headline) => "business_profile[headline]".to_owned(),
            FieldPath::Metadata(key) => format!("metadata[{key}]"),
            FieldPath::Field(_) | FieldPath::Product(..) => continue,
        };
        let Value::Text(text) = value else { continue };
        assert_eq!(arrived.get(&name), Some(text), "{name} in {arrived:?}");
    }
}
