//! Answers that Stripe has never given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use portal_reconciler::desired::{Environment, Files, ProjectFile};
use portal_reconciler::diagnostic::Bag;
use portal_reconciler::import::{Place, draft, name};
use portal_reconciler::model::{
    ConfigurationId, CustomerId, DesiredRole, DesiredState, EnvironmentName, LiveState, LookupKey,
    Mode, PriceBook, Project, Settings, Unmanaged,
};
use portal_reconciler::plan::{Input, Policy, lock_from, plan};
use portal_reconciler::render::{self, Preview, Styles};
use portal_reconciler::report::{RunReport, to_json};
use portal_reconciler::source::SourceMap;
use portal_reconciler::stripe::{
    Marker, NewSession, Reader, Sessions, Snapshot, StripeError, Update, Writer,
};
use portal_reconciler::transport::{Request, Response, Sending, Transport, TransportError};

use super::account::{block_on, connection};
use super::seen::{assert_harmless, assert_visible};
use super::yaml::{role, today};

/// Whatever is answered, it is an error or a value, and whatever is shown of it can be seen.
///
/// The answers have a line `%` between them. One that begins with three digits and a space has that
/// status; the last one is the answer to everything else.
pub(crate) fn answers(data: &[u8]) {
    let stripe = Arc::new(Answers::new(data));
    let keys = BTreeSet::from([LookupKey::parse("a1").expect("it is a key")]);
    let reader = Reader::new(connection(stripe.clone()));
    match block_on(reader.snapshot(&keys)) {
        Err(error) => told(&error),
        Ok(Snapshot { live, prices, shared: _ }) => {
            stripe.begin();
            believe(&live, &prices, &reader);
        }
    }
    stripe.begin();
    block_on(ask(&reader));
    stripe.begin();
    block_on(write(&stripe));
}

/// Lines that are answered one after the other.
struct Answers {
    answers: Vec<Response>,
    n_asked: AtomicUsize,
}

impl Answers {
    fn new(data: &[u8]) -> Self {
        let mut answers = vec![Vec::new()];
        for line in data.split(|byte| *byte == b'\n') {
            if line == b"%" {
                answers.push(Vec::new());
            } else if let Some(last) = answers.last_mut() {
                last.extend_from_slice(line);
                last.push(b'\n');
            }
        }
        let answers = answers.into_iter().map(response).collect();
        Self { answers, n_asked: AtomicUsize::new(0) }
    }

    /// Goes back to the first.
    fn begin(&self) {
        self.n_asked.store(0, Ordering::Relaxed);
    }
}

fn response(mut body: Vec<u8>) -> Response {
    let status = body.get(..4).and_then(|head| head.strip_suffix(b" "));
    let status = status.and_then(|digits| http::StatusCode::from_bytes(digits).ok());
    if status.is_some() {
        body.drain(..4);
    }
    let mut response = Response::new(body);
    *response.status_mut() = status.unwrap_or_default();
    response
}

impl Transport for Answers {
    fn send(&self, _: Request) -> Sending<'_> {
        let index = self.n_asked.fetch_add(1, Ordering::Relaxed);
        let answer = self.answers.get(index).or(self.answers.last());
        let answer = answer.cloned().ok_or_else(|| TransportError::Lost("none".to_owned()));
        Box::pin(std::future::ready(answer))
    }
}

fn told(error: &StripeError) {
    assert!(!error.to_string().is_empty());
    let (message, help) = (error.to_string(), Some("again"));
    assert_harmless(&render::failure_to_markdown("test", &message, &[], help, None, 60_000));
}

fn wanted() -> DesiredRole {
    DesiredRole {
        settings: Settings::stripe_defaults().effective(),
        written: BTreeSet::new(),
        default: true,
        unmanaged: Unmanaged::default(),
        left: Settings::default(),
        offers: BTreeMap::new(),
    }
}

/// Plans by what was told, and shows it in all ways.
fn believe(live: &LiveState, prices: &PriceBook, reader: &Reader) {
    let project = Project::parse("default").expect("it is a project");
    let roles = BTreeMap::from([(role(), wanted())]);
    let desired = DesiredState { project: project.clone(), roles };
    let policy =
        Policy { prune: true, ..Policy::new(EnvironmentName::test(), live.account.clone()) };
    let planned = plan(Input { desired: &desired, live, lockfile: None, policy: &policy });
    lock_from(live, &project, &EnvironmentName::test());
    let (ids, products) = Preview::offered(&planned, true);
    if let Ok(catalogue) = block_on(reader.catalogue(&ids, &products)) {
        let (plan, catalogue) = (&planned, &catalogue);
        render::preview(&Preview { plan, catalogue, against_live: true, as_of: None });
    }
    let report = RunReport::planned(planned, Bag::default());
    assert_visible(&render::plan(&report.plan, &Styles::default()));
    let sources = SourceMap::default();
    assert_visible(&to_json(&report, &sources));
    let whole = render::markdown(&report, &sources, "test.lock.json", 1_000_000);
    let least = render::markdown(&report, &sources, "test.lock.json", 0);
    let short = render::markdown(&report, &sources, "test.lock.json", 2_000);
    assert!(short.len() <= least.len().max(2_000), "{short}");
    for document in [&whole, &least, &short] {
        assert_harmless(document);
    }
    draft_all(live, prices);
}

/// Drafts a file of everything.
fn draft_all(live: &LiveState, prices: &PriceBook) {
    let files = Files::default();
    let (project, _) = ProjectFile::read(&files);
    let environment = Environment::new(EnvironmentName::test(), Mode::Test);
    let place =
        Place { files: &files, project: &project, environment: &environment, today: today() };
    let readable = live.configurations.values().filter(|it| it.unreadable.is_none());
    for configuration in readable.take(3) {
        let role = name(configuration, &BTreeSet::new());
        drop(draft(&role, configuration, place, prices));
    }
}

/// Asks everything else that there is to ask.
async fn ask(reader: &Reader) {
    let keys = BTreeSet::from([LookupKey::parse("a1").expect("it is a key")]);
    let prices = reader.prices(&keys).await;
    let ids =
        prices.iter().flat_map(|(book, _)| book.values()).map(|price| price.id.clone()).collect();
    let errors = [
        prices.err(),
        reader.keyed_prices(&ids).await.err(),
        reader.price_hints(&keys, &ids).await.err(),
        reader.list_active_prices().await.err(),
        reader.list_active_products().await.err(),
    ];
    errors.iter().flatten().for_each(told);
    let project = Project::parse("default").expect("it is a project");
    drop(reader.has_marked(&project, &role()).await);
}

/// Writes, and opens a session.
async fn write(stripe: &Arc<Answers>) {
    let (role, desired) = (role(), wanted());
    let connection = connection(stripe.clone());
    let project = Project::parse("default").expect("it is a project");
    let marker = Marker { project, role: role.clone(), digest: "x".to_owned() };
    let id = ConfigurationId::parse("bpc_1").expect("it is an id");
    let writer = Writer::new(connection.clone(), None);
    let update = Update { desired: &desired, changed: &[], activate: true, marker: &marker };
    let errors = [
        writer.create(&desired, &marker, 0).await.err(),
        writer.update(&id, &update).await.err(),
        writer.deactivate(&id, &role).await.err(),
    ];
    errors.iter().flatten().for_each(told);
    let customer = &CustomerId::parse("cus_1").expect("it is an id");
    let (configuration, flow, return_url, locale) = (&id, None, None, None);
    let session = NewSession { role: &role, configuration, customer, flow, return_url, locale };
    match Sessions::new(connection).open(&session).await {
        Ok(url) => assert!(url.reveal().is_ascii()),
        Err(error) => told(&error),
    }
}
