//! Looks at what this program and the emulator say to each other while other tests run.

use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use portal_reconciler::transport::{Request, Response, Sending, Transport};
use serde_json::Value as Json;

use super::check::{Violation, check_form, check_json};
use super::shape::{Shape, object, request};

/// The endpoints of which there are shapes: method, path, the parameters' shape, the answer's.
/// `ID` is one segment. Whoever retrieves something says nothing but what to expand.
const ENDPOINTS: [(Method, &str, Option<&str>, &str); 9] = [
    (Method::POST, "billing_portal/configurations", Some("configuration_create"), "configuration"),
    (
        Method::GET,
        "billing_portal/configurations",
        Some("configuration_list"),
        "configuration_page",
    ),
    (
        Method::POST,
        "billing_portal/configurations/ID",
        Some("configuration_update"),
        "configuration",
    ),
    (Method::GET, "billing_portal/configurations/ID", None, "configuration"),
    (Method::POST, "billing_portal/sessions", Some("session_create"), "session"),
    (Method::GET, "prices", Some("price_list"), "price_page"),
    (Method::GET, "prices/ID", None, "price"),
    (Method::GET, "products/ID", None, "product"),
    (Method::POST, "products/ID", None, "product"),
];

/// The shapes of an endpoint's parameters and answer, if it is one of those that have any.
pub(super) fn endpoint(
    method: &Method,
    path: &str,
) -> Option<(Option<&'static Shape>, &'static Shape)> {
    let segments: Vec<&str> = path.strip_prefix("/v1/")?.split('/').collect();
    let is_it = |(of, pattern, ..): &&(Method, &str, Option<&str>, &str)| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        let mut pairs = pattern.iter().zip(&segments);
        of == method
            && pattern.len() == segments.len()
            && pairs.all(|(wanted, is)| *wanted == "ID" || wanted == is)
    };
    let (_, _, parameters, answer) = ENDPOINTS.iter().find(is_it)?;
    Some((parameters.map(request), object(answer)))
}

/// Everything that wasn't of its shape.
#[derive(Default)]
pub(crate) struct Watch(Mutex<Vec<String>>);

impl Watch {
    /// Looks at a request, and returns how to look at its answer.
    pub(crate) fn request(&self, request: &Request) -> impl FnOnce(&Response) + use<'_> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let shapes = endpoint(&method, &path);
        if let Some((Some(shape), _)) = shapes {
            let query = request.uri().query().unwrap_or_default().as_bytes();
            let form = if method == Method::GET { query } else { request.body() };
            self.note(&format!("{method} {path} says"), &check_form(shape, form));
        }
        move |response| {
            let Some((_, shape)) = shapes.filter(|_| response.status() == 200) else { return };
            let answer: Json = serde_json::from_slice(response.body()).unwrap();
            self.note(&format!("{method} {path} answers"), &check_json(shape, &answer));
        }
    }

    fn note(&self, what: &str, violations: &[Violation]) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.extend(violations.iter().map(|violation| format!("{what}: {violation}")));
    }

    /// Fails if anything wasn't of its shape.
    #[track_caller]
    pub(crate) fn assert_nothing_found(&self) {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(found.is_empty(), "not of Stripe's official shape:\n{}", found.join("\n"));
    }
}

/// A transport whose every request and answer is looked at.
pub(crate) struct Watched(pub(crate) Arc<dyn Transport>);

impl Transport for Watched {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let watch = Watch::default();
            let look_at_answer = watch.request(&request);
            watch.assert_nothing_found();
            let response = self.0.send(request).await?;
            look_at_answer(&response);
            watch.assert_nothing_found();
            Ok(response)
        })
    }
}
