//! The parts of a portal: the subscription, how it is paid, whose it is, and what was paid.

use maud::{Markup, html};

use super::mark::{Compared, Mark};
use super::mock::Look;
use super::words::{self, Words};
use super::{Cancel, Pause, Portal, money, offer};

/// The subscription and what can be done with it.
pub(super) fn subscription(portal: &Portal, look: &Look<'_>) -> Markup {
    let compared = Compared(look.compared);
    let first = portal.switch.iter().flat_map(|it| &it.products).next();
    let price = first.and_then(|it| offer::prices(it).first().copied().and_then(money::price));
    html! {
        section {
            (heading(&Words::new("Current subscription", "現在のサブスクリプション"), look, Mark::Same))
            p.plan {
                @match first {
                    Some(product) => bdi { (product.name) },
                    None => (Words::new("Your plan", "ご利用中のプラン")),
                }
                @if let Some(price) = price { span.price { (price) } }
            }
            @if let Some(switch) = &portal.switch {
                @let mark = compared.mark(portal, |it| it.switch.clone());
                (dialog(
                    &Words::new("Update subscription", "サブスクリプションを変更"),
                    &compared.badge(mark),
                    look.opens("subscription_update", mark),
                    &offer::switch(switch),
                ))
            }
            @if let Some(terms) = &portal.pause {
                @let mark = compared.mark(portal, |it| it.pause.clone());
                (dialog(
                    &Words::new("Pause subscription", "サブスクリプションを一時停止"),
                    &compared.badge(mark),
                    look.opens("subscription_pause", mark),
                    &pause(terms),
                ))
            }
            @if let Some(terms) = &portal.cancel {
                @let mark = compared.mark(portal, |it| it.cancel.clone());
                (dialog(
                    &Words::new("Cancel subscription", "サブスクリプションをキャンセル"),
                    &compared.badge(mark),
                    look.opens("subscription_cancel", mark),
                    &cancel(terms),
                ))
            }
        }
    }
}

fn pause(pause: &Pause) -> Markup {
    html! {
        p { (Words::new("For how long?", "一時停止の期間を選択してください")) }
        ul.choices {
            @match pause {
                Pause::WithoutEnd => {
                    li { (Words::new("Until I resume it", "再開するまで")) }
                }
                Pause::For(lengths) => {
                    @for (count, unit) in lengths { li { (words::length(*count, unit)) } }
                }
            }
        }
    }
}

fn cancel(cancel: &Cancel) -> Markup {
    html! {
        p { (words::of(words::CANCEL_MODES, &cancel.mode)) }
        p { (words::of(words::CANCEL_PRORATIONS, &cancel.proration)) }
        @if let Some(reasons) = &cancel.reasons {
            p { (Words::new("Why do you want to leave?", "キャンセルの理由をお聞かせください")) }
            ul.choices {
                @for reason in words::all(words::REASONS, reasons) { li { (reason) } }
            }
        }
    }
}

/// How it is paid.
pub(super) fn payment(portal: &Portal, look: &Look<'_>) -> Markup {
    let Some(payment) = &portal.payment else { return html! {} };
    let mark = Compared(look.compared).mark(portal, |it| it.payment.clone());
    html! {
        section {
            (heading(&Words::new("Payment method", "お支払い方法"), look, mark))
            p.card { "Visa •••• 4242" }
            (dialog(
                &Words::new("Add payment method", "お支払い方法を追加"),
                &html! {},
                look.opens("payment_method_update", mark),
                &html! {
                    @match &payment.configuration {
                        Some(id) => p {
                            (Words::new("The methods of", "利用できるお支払い方法の設定:")) " "
                            code { (id) }
                        },
                        None => p {
                            (Words::new(
                                "Any method that the account accepts.",
                                "アカウントで有効なお支払い方法。",
                            ))
                        },
                    }
                },
            ))
        }
    }
}

/// Whose it is.
pub(super) fn details(portal: &Portal, look: &Look<'_>) -> Markup {
    let Some(details) = &portal.details else { return html! {} };
    let mark = Compared(look.compared).mark(portal, |it| it.details.clone());
    let (name, email) = look.customer.unwrap_or(("Ada Example", "ada@example.com"));
    html! {
        section {
            (heading(&Words::new("Billing information", "お客様情報"), look, mark))
            p { bdi { (name) } br; bdi { (email) } }
            (dialog(
                &Words::new("Update information", "お客様情報を変更"),
                &html! {},
                look.opens("customer_update", mark),
                &html! {
                    ul.choices {
                        @for detail in words::all(words::DETAILS, details) { li { (detail) } }
                    }
                },
            ))
        }
    }
}

/// What was paid.
pub(super) fn invoices(portal: &Portal, look: &Look<'_>) -> Markup {
    if !portal.invoices {
        return html! {};
    }
    let mark = Compared(look.compared).mark(portal, |it| it.invoices.then_some(()));
    html! {
        section {
            (heading(&Words::new("Invoice history", "請求書の履歴"), look, mark))
            ul.invoices {
                @for number in ["0002", "0001"] {
                    li {
                        span { (Words::new("Invoice", "請求書")) " " (number) }
                        span { (Words::new("Paid", "支払い済み")) }
                    }
                }
            }
        }
    }
}

fn heading(words: &Words, look: &Look<'_>, mark: Mark) -> Markup {
    html! {
        p.title role="heading" aria-level=(look.level) {
            (words) (Compared(look.compared).badge(mark))
        }
    }
}

/// Something that customers can open.
fn dialog(words: &Words, badge: &Markup, is_open: bool, inside: &Markup) -> Markup {
    html! {
        details open[is_open] {
            summary { (words) (badge) }
            div.dialog { (inside) }
        }
    }
}
