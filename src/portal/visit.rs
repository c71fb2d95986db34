//! What the emulator shows to whoever follows a session's URL.

use maud::{Markup, html};

use super::Portal;
use super::document::{Language, document};
use super::mock::{Look, mock};

/// Somebody who follows a session's URL.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'v> {
    /// The configuration's id.
    pub configuration: &'v str,
    /// The customer's name, or their id.
    pub name: &'v str,
    /// The customer's email address.
    pub email: &'v str,
    /// What the link leads to, if it is a deep one.
    pub flow: Option<&'v str>,
    /// What they are spoken to in.
    pub language: Language,
}

/// The portal that somebody gets.
pub fn visited(portal: &Portal, visit: &Visit<'_>) -> String {
    let Visit { configuration, name, email, flow, language } = *visit;
    let look = Look { level: 2, customer: Some((name, email)), flow, ..Look::default() };
    let header = html! {
        h1 { "Customer portal" }
        p.about {
            "A mock by the emulator of what " bdi { (name) } " gets with "
            code { (configuration) } ". Nothing here changes anything."
        }
    };
    document("Customer portal", language, &header, &mock(portal, &look))
}

/// What there is where no session is, or none any more.
pub fn expired(why: &str) -> String {
    let header: Markup = html! { h1 { "This session has ended" } };
    let main = html! { p.about { (why) } };
    document("This session has ended", Language::English, &header, &main)
}
