//! Where a session's URL leads: a mock of the portal, which obeys its configuration.

use serde_json::Value;

use super::{CONFIGURATIONS, SWITCHING, Stripe};

const SESSIONS: &str = "/v1/billing_portal/sessions";

/// A page.
struct Page {
    status: u16,
    text: String,
}

impl Stripe {
    /// The URL of a new session, as whoever asks over the network at this host gets it.
    fn session(&self, host: &str, form: &str) -> String {
        let request = self.request("POST", SESSIONS).header("Host", host);
        let session: Value = self.send(request, form).ok();
        session["url"].as_str().unwrap().to_owned()
    }

    /// Follows a URL, as a browser with this language does: without a key.
    fn follow(&self, url: &str, language: &str) -> Page {
        let request = http::Request::get(url).header("Accept-Language", language);
        let response = self.emulator.handle(request.body(Vec::new()).unwrap());
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert_eq!(kind, "text/html; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Page {
            status: response.status().as_u16(),
            text: String::from_utf8(response.into_body()).unwrap(),
        }
    }
}

#[test]
fn a_sessions_url_leads_to_a_portal_that_obeys_its_configuration() {
    let stripe = Stripe::shop();
    let viewer = stripe.create("features[invoice_history][enabled]=true");
    let admin = stripe.create(&format!("{SWITCHING}&features[subscription_cancel][enabled]=true"));
    let open = |configuration: &str| {
        let form = format!("customer=cus_ada&configuration={configuration}");
        stripe.follow(&stripe.session("127.0.0.1:12111", &form), "en").text
    };
    let (viewers, admins) = (open(&viewer), open(&admin));
    assert!(viewers.contains("Invoice history") && !viewers.contains("Cancel subscription"));
    assert!(!admins.contains("Invoice history") && admins.contains("Cancel subscription"));
    assert!(admins.contains("Pro") && admins.contains("$10.00 per month"));
    assert!(admins.contains("ada@example.com") || admins.contains("cus_ada"), "{admins}");

    // As Stripe's own, it goes by what the configuration is now.
    stripe.update(&viewer, "features[payment_method_update][enabled]=true").ok();
    assert!(!viewers.contains("Payment method") && open(&viewer).contains("Payment method"));
}

#[test]
fn a_sessions_url_is_where_it_was_asked_for() {
    let stripe = Stripe::shop();
    stripe.create("features[invoice_history][enabled]=true");
    for (host, start) in [
        ("127.0.0.1:4242", "http://127.0.0.1:4242/p/session/test_"),
        ("localhost:80", "http://localhost/p/session/test_"),
        ("[::1]:4242", "http://[::1]:4242/p/session/test_"),
        // Not this machine, so nothing that is served here.
        ("evil.example", "https://billing.stripe.com/p/session/test_"),
        ("127.0.0.1.evil.example", "https://billing.stripe.com/p/session/test_"),
    ] {
        let url = stripe.session(host, "customer=cus_ada");
        assert!(url.starts_with(start), "{host}: {url}");
    }
}

#[test]
fn a_deep_link_opens_what_it_is_for() {
    let stripe = Stripe::shop();
    stripe.create(&format!("{SWITCHING}&features[subscription_cancel][enabled]=true"));
    let closed = stripe.session("localhost", "customer=cus_ada");
    assert!(!stripe.follow(&closed, "en").text.contains("<details open>"));
    let flow = "flow_data[type]=subscription_cancel\
                &flow_data[subscription_cancel][subscription]=sub_1";
    let open = stripe.session("localhost", &format!("customer=cus_ada&{flow}"));
    let page = stripe.follow(&open, "en").text;
    let opened = page.split("<details open>").nth(1).unwrap();
    assert!(opened.split("</summary>").next().unwrap().contains("Cancel subscription"), "{page}");
    assert_eq!(page.matches("<details open>").count(), 1);
}

#[test]
fn the_session_or_else_the_browser_says_which_language_it_is() {
    let stripe = Stripe::shop();
    stripe.create("features[invoice_history][enabled]=true");
    for (locale, browser, chosen) in [
        ("", "en-US,en;q=0.9", "en"),
        ("", "ja,en;q=0.9", "ja"),
        ("&locale=auto", "ja-JP", "ja"),
        ("&locale=ja", "en", "ja"),
        ("&locale=de", "ja", "en"),
    ] {
        let url = stripe.session("localhost", &format!("customer=cus_ada{locale}"));
        let page = stripe.follow(&url, browser).text;
        let radio = page.split("<input ").find(|it| it.contains(" checked")).unwrap();
        assert!(radio.contains(&format!("id=\"language-{chosen}\"")), "{locale} {browser}");
    }
}

#[test]
fn a_link_that_is_too_old_or_nobodys_leads_nowhere() {
    let stripe = Stripe::shop();
    stripe.create("features[invoice_history][enabled]=true");
    let url = stripe.session("localhost", "customer=cus_ada");
    assert_eq!(stripe.follow(&format!("{url}x"), "en").status, 404);
    stripe.wait(60 * 60);
    assert_eq!(stripe.follow(&url, "en").status, 200);
    stripe.wait(1);
    let page = stripe.follow(&url, "en");
    assert!(page.status == 404 && page.text.contains("This session has ended"));
    // Nothing can be posted there, and the API's own paths are what they were.
    assert_eq!(stripe.post("/p/session/x", "").status, 404);
    assert_eq!(stripe.get(CONFIGURATIONS).status, 200);
}
