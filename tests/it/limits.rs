//! An account that takes so many requests a second, or at once, and no more.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use portal_reconciler::apply::{ApplyReport, StepResult};
use portal_reconciler::emulator::{Emulator, Limits, Seed};
use portal_reconciler::stripe::{Effect, ErrorKind};
use portal_reconciler::transport::{Request, Response, Sending, Transport};
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use crate::program;
use crate::server::Server;
use crate::support::{Project, connect};

const LATENCY: Duration = Duration::from_millis(100);

/// What came of creating a hundred roles.
struct Run {
    report: ApplyReport,
    project: Project,
    /// When the last request came, counted from the first one.
    took: Duration,
}

impl Run {
    /// With an account that has these limits. Time passes only while everybody waits.
    fn with(limits: Limits) -> Self {
        let began = OnceLock::<Instant>::new();
        let latest = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&latest);
        let clock = move || {
            let elapsed = began.get_or_init(Instant::now).elapsed();
            seen.fetch_max(u64::try_from(elapsed.as_millis()).unwrap(), Ordering::SeqCst);
            Duration::from_secs(1_790_000_000) + elapsed
        };
        let emulator = Emulator::in_memory(Seed::default()).with_fine_clock(clock);
        let project = Project::new(emulator.with_limits(limits).with_latency(LATENCY));
        project.write(&a_hundred_roles());
        let report = project.apply_over(connect(project.emulator.clone()));
        let took = Duration::from_millis(latest.load(Ordering::SeqCst));
        Self { report, project, took }
    }

    /// How many requests were refused because of a limit.
    fn n_refused(&self) -> usize {
        self.project.emulator.exchanges().iter().filter(|it| it.status == 429).count()
    }

    #[track_caller]
    fn assert_all_created(&self) {
        assert!(self.report.is_complete(), "{:?}", self.report);
        assert_eq!(self.project.emulator.configurations(false).len(), 100);
    }
}

fn a_hundred_roles() -> BTreeMap<String, Json> {
    let role = |n: usize| {
        let features = json!({ "invoice_history": { "enabled": true } });
        (format!("role{n:03}"), json!({ "default": n == 50, "features": features }))
    };
    (0..100).map(role).collect()
}

#[test]
fn what_stripe_documents_is_used_up_and_nothing_is_refused() {
    let run = Run::with(Limits::default());
    run.assert_all_created();
    assert_eq!(run.n_refused(), 0);
    let floor = Duration::from_secs(100 / 25);
    assert!(run.took < floor.mul_f64(1.1), "{:?}", run.took);
}

/// Somebody else uses the same account. Floors are how long it takes whoever knows the limit.
#[test]
fn an_account_that_takes_less_is_asked_more_slowly_and_nothing_fails() {
    for (limits, floor) in [
        (Limits { per_second: Some(10), ..Limits::default() }, 9),
        (Limits { per_endpoint_per_second: 5, ..Limits::default() }, 19),
        (Limits { per_second: Some(1), ..Limits::default() }, 99),
        (Limits { concurrent: Some(3), ..Limits::default() }, 4),
        (Limits { concurrent_per_endpoint: Some(1), ..Limits::default() }, 10),
    ] {
        let run = Run::with(limits.clone());
        run.assert_all_created();
        let took = run.took;
        assert!(took < Duration::from_secs(floor).mul_f64(1.5), "{took:?} with {limits:?}");
    }
}

/// An account whose every write meets a limit.
struct Exhausted(Arc<Emulator>);

impl Transport for Exhausted {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            if request.method() == http::Method::GET {
                return Ok(self.0.handle(request));
            }
            let refusal: http::response::Builder = http::Response::builder().status(429);
            let body = br#"{"error": {"code": "rate_limit", "message": "Too much."}}"#.to_vec();
            Ok::<Response, _>(refusal.body(body).unwrap())
        })
    }
}

#[test]
fn a_limit_that_never_ends_ends_the_run_after_some_minutes() {
    let project = Project::new(Emulator::in_memory(Seed::default()));
    let features = json!({ "invoice_history": { "enabled": true } });
    project
        .write(&BTreeMap::from([("a".into(), json!({ "default": true, "features": features }))]));
    let report = project.apply_over(connect(Arc::new(Exhausted(project.emulator.clone()))));
    let StepResult::Failed(error) = &report.outcomes[0].result else { panic!("{report:?}") };
    assert_eq!(
        (&error.kind, error.effect),
        (&ErrorKind::RateLimited("Too much.".into()), Effect::None)
    );
    let (attempts, took) = (error.effort.attempts, error.effort.took.as_secs());
    assert!((10..=30).contains(&attempts) && (240..=300).contains(&took), "{attempts} in {took} s");
    assert!(project.apply().is_complete(), "the next run does it");
}

#[test]
fn whoever_waits_for_a_lock_is_told_once_that_takes_long() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    fs::write(&file, "default: true\nfeatures: { invoice_history: { enabled: true } }\n").unwrap();
    let server = Server::start(Arc::new(Emulator::in_memory(Seed::default())));
    let reconcile = || {
        let mut command = program::reconcile(folder.path(), &server.base);
        command.args(["--yes", "-C", "."]).stdout(Stdio::null());
        command
    };
    assert!(reconcile().status().unwrap().success());
    fs::write(&file, "default: true\nname: A\nfeatures: { invoice_history: { enabled: true } }\n")
        .unwrap();
    let body = r#"{"error": {"code": "lock_timeout"}}"#;
    let locked = format!(
        "HTTP/1.1 429 X\r\nconnection: close\r\nretry-after: 2\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    server.answer_instead("/v1/billing_portal/configurations/", locked.into_bytes());
    let began = std::time::Instant::now();
    let mut child = reconcile().stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    assert_eq!(
        said.next().unwrap().unwrap(),
        "warning: can't update the configuration of `a` yet: another request to Stripe has locked \
         the object; waiting for it"
    );
    assert!(began.elapsed() >= Duration::from_secs(2), "a short wait is ordinary");
    server.be_well();
    assert_eq!(said.next().transpose().unwrap(), None);
    assert!(child.wait().unwrap().success());
}
