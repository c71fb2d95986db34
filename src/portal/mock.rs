//! The portal itself.

use maud::{Markup, html};

use super::mark::{Compared, Mark, Side};
use super::words::Words;
use super::{Portal, sections};

/// What a mock is made for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look<'p> {
    /// The portal to compare it with, and which of the two this one is.
    pub compared: Option<(Side, &'p Portal)>,
    /// The level of its headings: one more than that of the heading above it.
    pub level: u8,
    /// Who looks at it, and their email address.
    pub customer: Option<(&'p str, &'p str)>,
    /// Whether what customers can open is open, for those who review it; beside another portal, only
    /// what is different there.
    pub is_open: bool,
    /// What a link led to, in Stripe's words for flows, such as `subscription_cancel`.
    pub flow: Option<&'p str>,
}

impl Look<'_> {
    /// Whether something that customers can open is open to begin with.
    pub(super) fn opens(&self, flow: &str, mark: Mark) -> bool {
        let is_meant = self.flow.is_some_and(|it| it.starts_with(flow));
        is_meant || self.is_open && (self.compared.is_none() || mark != Mark::Same)
    }
}

/// A portal as its customers see it. What they can do can be opened, and then does nothing.
pub fn mock(portal: &Portal, look: &Look<'_>) -> Markup {
    let compared = Compared(look.compared);
    html! {
        div.portal {
            div.brand {
                (headline(portal, compared))
                (return_link(portal, compared))
                (legal(portal, compared))
            }
            div.content {
                (sections::subscription(portal, look))
                (sections::payment(portal, look))
                (sections::details(portal, look))
                (sections::invoices(portal, look))
                (absent(portal, look))
            }
        }
    }
}

fn headline(portal: &Portal, compared: Compared<'_>) -> Markup {
    html! {
        p.headline {
            @match &portal.headline {
                Some(headline) => {
                    bdi { (headline) }
                    (compared.badge(compared.mark(portal, |it| it.headline.clone())))
                }
                None => (Words::new("Billing", "お支払い")),
            }
        }
    }
}

fn return_link(portal: &Portal, compared: Compared<'_>) -> Markup {
    let Some(url) = &portal.return_url else { return html! {} };
    let host = host(url);
    html! {
        p {
            (link(url, &Words::new(format!("← Return to {host}"), format!("← {host} に戻る"))))
            (compared.badge(compared.mark(portal, |it| it.return_url.clone())))
        }
    }
}

fn legal(portal: &Portal, compared: Compared<'_>) -> Markup {
    html! {
        @if let Some(url) = &portal.terms_of_service_url {
            p.legal {
                (link(url, &Words::new("Terms", "利用規約")))
                (compared.badge(compared.mark(portal, |it| it.terms_of_service_url.clone())))
            }
        }
        @if let Some(url) = &portal.privacy_policy_url {
            p.legal {
                (link(url, &Words::new("Privacy", "プライバシーポリシー")))
                (compared.badge(compared.mark(portal, |it| it.privacy_policy_url.clone())))
            }
        }
    }
}

/// A link, if it leads to the web: nothing else may be followed.
fn link(url: &str, words: &Words) -> Markup {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    html! {
        @if is_web { a href=(url) rel="noreferrer nofollow" title=(url) { (words) } }
        @else { (words) }
    }
}

/// The part of a URL that customers know.
fn host(url: &str) -> String {
    let parsed = url::Url::parse(url).ok();
    parsed.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| url.to_owned())
}

/// What customers don't find: the most important thing that a picture doesn't show.
fn absent(portal: &Portal, look: &Look<'_>) -> Markup {
    let parts = [
        (
            portal.switch.is_some(),
            Words::new("change the subscription", "サブスクリプションの変更"),
        ),
        (portal.pause.is_some(), Words::new("pause it", "一時停止")),
        (portal.cancel.is_some(), Words::new("cancel it", "キャンセル")),
        (portal.payment.is_some(), Words::new("change the payment method", "お支払い方法の変更")),
        (portal.details.is_some(), Words::new("change their details", "お客様情報の変更")),
        (portal.invoices, Words::new("see invoices", "請求書の閲覧")),
    ];
    let absent: Vec<&Words> =
        parts.iter().filter(|(is_there, _)| !is_there).map(|(_, words)| words).collect();
    if absent.is_empty() || look.customer.is_some() {
        return html! {};
    }
    html! {
        div.absent {
            p { (Words::new("Customers can't", "このポータルでできないこと")) }
            ul { @for words in absent { li { (words) } } }
        }
    }
}
