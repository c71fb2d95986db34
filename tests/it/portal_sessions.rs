//! `session` and `verify` say the same whatever Stripe does where nobody knows, and a bad network
//! costs nothing but time.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use portal_reconciler::emulator::{Emulator, Quirks, Seed};
use portal_reconciler::model::{ConfigurationId, CustomerId, Role};
use portal_reconciler::stripe::{Effect, NewSession, SessionUrl, Sessions, StripeError};
use portal_reconciler::transport::{Request, Sending, Transport, TransportError};
use serde_json::json;

use crate::server::Server;
use crate::sessions::{shell, without_request_ids};
use crate::support::connect;

/// Two roles, of which one is inactive.
fn seed() -> Seed {
    let configuration = |id: &str, role: &str, active: bool| {
        json!({
            "id": id, "active": active, "features": { "invoice_history": { "enabled": true } },
            "metadata": { "reconcile_project": "default", "reconcile_role": role },
        })
    };
    let seed = json!({
        "customers": [{ "id": "cus_ada" }, { "id": "cus_live", "livemode": true }],
        "configurations": [
            configuration("bpc_viewer", "viewer", true), configuration("bpc_idle", "idle", false),
        ],
    });
    Seed::parse(&seed.to_string()).unwrap()
}

const COMMANDS: [&str; 8] = [
    "reconcile session viewer --customer cus_ada",
    "reconcile session idle --customer cus_ada",
    "reconcile session gone --customer cus_ada",
    "reconcile session viewer --customer cus_nobody",
    "reconcile session viewer --customer cus_live",
    "reconcile session viewer --customer cus_ada --flow subscription-pause --subscription sub_1",
    "reconcile verify",
    "reconcile verify --customer cus_ada",
];

/// What the commands say about such a Stripe, but for Stripe's own words, which stand on a line of
/// their own where it isn't them that matters.
fn said_with(quirks: Quirks) -> Vec<String> {
    let emulator = Emulator::in_memory(seed()).with_quirks(quirks).with_clock(|| 1_790_000_000);
    let server = Server::start(Arc::new(emulator));
    let folder = tempfile::tempdir().unwrap();
    let configs = folder.path().join("portal-configs");
    fs::create_dir(&configs).unwrap();
    let lockfile = json!({
        "lockfile_version": 1, "environment": "test", "account": null, "livemode": false,
        "roles": { "gone": "bpc_gone", "idle": "bpc_idle", "viewer": "bpc_viewer" },
    });
    fs::write(configs.join("test.lock.json"), lockfile.to_string()).unwrap();
    let environment =
        [("STRIPE_API_KEY", "sk_test_canary"), ("STRIPE_API_BASE", server.base.as_str())];
    let say = |command| {
        let said = without_request_ids(&shell(command, folder.path(), &environment));
        let said = said.replace(&server.base, "[BASE]");
        let is_ours = |line: &&str| !line.starts_with("2>   Stripe refuses: ");
        said.lines().filter(is_ours).collect::<Vec<_>>().join("\n")
    };
    COMMANDS.map(say).into()
}

#[test]
fn no_message_depends_on_what_nobody_knows_of_stripe() {
    let usual = said_with(Quirks::default());
    assert!(usual[0].starts_with("[BASE]/p/session/"), "{usual:?}");
    for (said, expected) in usual[1..].iter().zip([
        "bpc_idle is inactive",
        "bpc_gone is not in the account",
        "No such customer: 'cus_nobody'",
        "a similar object exists in live mode",
        "`features.subscription_pause.enabled` is off in bpc_viewer",
        "wrong  idle    bpc_idle",
        "something is wrong with 2 of 3 roles",
    ]) {
        assert!(said.contains(expected) && said.ends_with("[exit 1]"), "{said}");
        assert!(said.contains("  help: "), "{said}");
    }
    for (name, quirks) in Quirks::each_flipped() {
        assert_eq!(said_with(quirks), usual, "{name}");
    }
}

/// An account whose first answers to sessions get lost.
struct Lossy {
    emulator: Arc<Emulator>,
    n_left: AtomicUsize,
}

impl Transport for Lossy {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let response = self.emulator.handle(request);
            let is_lost = |left: usize| left.checked_sub(1);
            match self.n_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, is_lost) {
                Ok(_) => Err(TransportError::Lost("reset".into())),
                Err(_) => Ok(response),
            }
        })
    }
}

/// Opens a session of which so many answers are lost.
fn opened_with(n_lost: usize) -> (Result<SessionUrl, StripeError>, Arc<Emulator>) {
    let emulator = Arc::new(Emulator::in_memory(seed()));
    let network = Lossy { emulator: emulator.clone(), n_left: AtomicUsize::new(n_lost) };
    let sessions = Sessions::new(connect(Arc::new(network)));
    let wanted = NewSession {
        role: &Role::parse("viewer").unwrap(),
        configuration: &ConfigurationId::parse("bpc_viewer").unwrap(),
        customer: &CustomerId::parse("cus_ada").unwrap(),
        flow: None,
        return_url: None,
        locale: None,
    };
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().unwrap();
    (runtime.block_on(sessions.open(&wanted)), emulator)
}

#[test]
fn a_session_whose_answer_is_lost_is_opened_anew_and_never_remembered_by_a_key() {
    let (opened, emulator) = opened_with(2);
    assert!(opened.is_ok(), "{opened:?}");
    let exchanges = emulator.exchanges();
    assert_eq!(exchanges.len(), 3);
    assert!(exchanges.iter().all(|it| it.status == 200 && it.idempotency_key.is_none()));

    let (opened, emulator) = opened_with(100);
    assert_eq!(opened.unwrap_err().effect, Effect::Unknown);
    assert_eq!(emulator.exchanges().len(), 6);
}
