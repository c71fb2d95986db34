//! A Stripe that has learned something that this program hasn't: new words, new parameters. Nothing
//! of it may break a run, or be lost by accident.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http::Method;
use portal_reconciler::emulator::Emulator;
use portal_reconciler::transport::{Request, Response, Sending, Transport};
use serde_json::{Value as Json, json};
use url::form_urlencoded;

use crate::shapes::watch::Watch;

/// The emulator, and what configurations have beside what it knows.
pub(crate) struct Tomorrow {
    emulator: Arc<Emulator>,
    /// Looks at what reaches the emulator, where nothing is new.
    pub(crate) watch: Watch,
    /// By configuration and path. What is added to a list is a member of it; anything else stands
    /// instead of what the emulator says.
    extras: Mutex<BTreeMap<(String, String), Json>>,
}

/// Lists of words, and whether each word is wrapped in an object with a `type`.
const LISTS: [(&str, bool); 4] = [
    ("features.customer_update.allowed_updates", false),
    ("features.subscription_cancel.cancellation_reason.options", false),
    ("features.subscription_update.default_allowed_updates", false),
    ("features.subscription_update.schedule_at_period_end.conditions", true),
];

const CONFIGURATIONS: &str = "/v1/billing_portal/configurations";

impl Tomorrow {
    pub(crate) fn new(emulator: Arc<Emulator>) -> Self {
        Self { emulator, watch: Watch::default(), extras: Mutex::default() }
    }

    /// Gives a configuration something new.
    pub(crate) fn add(&self, id: &str, path: &str, value: Json) {
        self.extras.lock().unwrap().insert((id.to_owned(), path.to_owned()), value);
    }

    /// What a configuration still has of it.
    pub(crate) fn extras(&self, id: &str) -> BTreeMap<String, Json> {
        let extras = self.extras.lock().unwrap();
        let of_it = extras.iter().filter(|((of, _), _)| of == id);
        of_it.map(|((_, path), value)| (path.clone(), value.clone())).collect()
    }

    pub(crate) fn handle(&self, request: Request) -> Response {
        if self.extras.lock().unwrap().is_empty() {
            return self.ask(request);
        }
        let response = self.ask(self.take_in(request));
        let (parts, body) = response.into_parts();
        let Ok(mut json) = serde_json::from_slice::<Json>(&body) else {
            return Response::from_parts(parts, body);
        };
        match json.get_mut("data").and_then(Json::as_array_mut) {
            Some(page) => page.iter_mut().for_each(|object| self.show(object)),
            None => self.show(&mut json),
        }
        Response::from_parts(parts, json.to_string().into_bytes())
    }

    /// What the emulator answers.
    fn ask(&self, request: Request) -> Response {
        let look_at_answer = self.watch.request(&request);
        let response = self.emulator.handle(request);
        look_at_answer(&response);
        response
    }

    /// Takes out of an update what the emulator doesn't know. What the update replaces is gone.
    fn take_in(&self, request: Request) -> Request {
        let path = request.uri().path().to_owned();
        let id = path.strip_prefix(CONFIGURATIONS).and_then(|rest| rest.strip_prefix('/'));
        let Some(id) = id.filter(|_| request.method() == Method::POST) else { return request };
        let (parts, body) = request.into_parts();
        let mut form: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
        self.extras.lock().unwrap().retain(|(of, path), value| {
            of != id
                || match LISTS.iter().find(|(list, _)| list == path) {
                    Some((_, is_wrapped)) => take_word(&mut form, path, *is_wrapped, value),
                    None => !form.iter().any(|(name, _)| is_in(name, replaced_with(path))),
                }
        });
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        Request::from_parts(parts, body.into_bytes())
    }

    /// Puts what is new where it belongs.
    fn show(&self, object: &mut Json) {
        let Some(id) = object["id"].as_str().map(str::to_owned) else { return };
        for (path, value) in self.extras(&id) {
            let place = format!("/{}", path.replace('.', "/"));
            match LISTS.iter().find(|(list, _)| *list == path) {
                Some((_, is_wrapped)) => {
                    let member = if *is_wrapped { json!({ "type": value }) } else { value };
                    object.pointer_mut(&place).unwrap().as_array_mut().unwrap().push(member);
                }
                None => {
                    let (around, name) = place.rsplit_once('/').unwrap();
                    if let Some(around) = object.pointer_mut(around) {
                        around[name] = value;
                    }
                }
            }
        }
    }
}

/// Takes a word out of a list, if the list is sent. Returns false if it is sent without the word.
fn take_word(form: &mut Vec<(String, String)>, path: &str, is_wrapped: bool, word: &Json) -> bool {
    let (sent, others): (Vec<_>, Vec<_>) = form.drain(..).partition(|(name, _)| is_in(name, path));
    *form = others;
    let is_kept = sent.is_empty() || sent.iter().any(|(_, sent)| word == sent);
    let is_known = |sent: &&String| word != *sent && !sent.is_empty();
    let known: Vec<&String> = sent.iter().map(|(_, sent)| sent).filter(is_known).collect();
    if !sent.is_empty() && known.is_empty() {
        form.push((wire(path), String::new()));
    }
    let inner = if is_wrapped { "[type]" } else { "" };
    for (index, known) in known.into_iter().enumerate() {
        form.push((format!("{}[{index}]{inner}", wire(path)), known.clone()));
    }
    is_kept
}

/// The parameter whose value replaces whatever is at a path.
fn replaced_with(path: &str) -> &str {
    const PRODUCTS: &str = "features.subscription_update.products";
    if path.starts_with(PRODUCTS) { PRODUCTS } else { path }
}

/// `features.x` as `features[x]`.
fn wire(path: &str) -> String {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    rest.split('.').fold(first.to_owned(), |name, part| format!("{name}[{part}]"))
}

/// True if a parameter is at this path or below it.
fn is_in(name: &str, path: &str) -> bool {
    name.strip_prefix(&wire(path)).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

impl Transport for Tomorrow {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let response = self.handle(request);
            self.watch.assert_nothing_found();
            Ok(response)
        })
    }
}
