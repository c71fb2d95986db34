//! What the page says to customers, in the languages that it speaks.

use maud::{Markup, Render, html};

/// The same in English and in Japanese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    en: String,
    ja: String,
}

impl Words {
    /// These.
    pub(super) fn new(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { en: en.into(), ja: ja.into() }
    }

    /// The English.
    pub(super) fn en(&self) -> &str {
        &self.en
    }

    /// The Japanese.
    pub(super) fn ja(&self) -> &str {
        &self.ja
    }

    /// What nobody has translated: names, and words that Stripe has learned since.
    pub(super) fn foreign(text: &str) -> Self {
        Self::new(text, text)
    }
}

/// Both are in the page; its style shows the one that is chosen.
impl Render for Words {
    fn render(&self) -> Markup {
        if self.en == self.ja {
            return html! { bdi { (self.en) } };
        }
        html! {
            span.said lang="en" { (self.en) }
            span.said lang="ja" { (self.ja) }
        }
    }
}

/// Both languages of a word of Stripe's, or the word itself.
pub(super) fn of(table: &[(&str, &str, &str)], word: &str) -> Words {
    match table.iter().find(|(name, ..)| *name == word) {
        Some((_, en, ja)) => Words::new(*en, *ja),
        None => Words::foreign(word),
    }
}

/// Both languages of several words, in the order of the table, and what isn't in it last.
pub(super) fn all(table: &[(&str, &str, &str)], words: &[String]) -> Vec<Words> {
    let place = |word: &&String| table.iter().position(|(name, ..)| name == word);
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|word| place(word).unwrap_or(table.len()));
    words.into_iter().map(|word| of(table, word)).collect()
}

/// Customers' own details.
pub(super) const DETAILS: &[(&str, &str, &str)] = &[
    ("name", "Name", "名前"),
    ("email", "Email", "メールアドレス"),
    ("address", "Billing address", "請求先住所"),
    ("shipping", "Shipping address", "配送先住所"),
    ("phone", "Phone", "電話番号"),
    ("tax_id", "Tax ID", "税務識別番号"),
];

/// Why somebody cancels.
pub(super) const REASONS: &[(&str, &str, &str)] = &[
    ("too_expensive", "It costs too much", "料金が高い"),
    ("missing_features", "Something that I need is missing", "必要な機能がない"),
    ("switched_service", "I use another service now", "別のサービスを利用する"),
    ("unused", "I don't use it enough", "あまり利用していない"),
    ("customer_service", "The customer service", "カスタマーサービスへの不満"),
    ("too_complex", "It is hard to use", "使い方が難しい"),
    ("low_quality", "The quality", "品質への不満"),
    ("other", "Something else", "その他"),
];

/// When a cancelled subscription ends.
pub(super) const CANCEL_MODES: &[(&str, &str, &str)] = &[
    (
        "at_period_end",
        "Your subscription goes on until the end of the period that is paid for.",
        "サブスクリプションは、お支払い済みの期間の終わりまでご利用いただけます。",
    ),
    ("immediately", "Your subscription ends at once.", "サブスクリプションは、すぐに終了します。"),
];

/// What becomes of what was paid for the rest of the period.
pub(super) const CANCEL_PRORATIONS: &[(&str, &str, &str)] = &[
    (
        "none",
        "Nothing is credited for the rest of the period.",
        "残りの期間分の払い戻しはありません。",
    ),
    (
        "create_prorations",
        "The rest of the period is credited to you.",
        "残りの期間分は、クレジットとして残ります。",
    ),
];

/// What becomes of the difference in price.
pub(super) const SWITCH_PRORATIONS: &[(&str, &str, &str)] = &[
    (
        "none",
        "For the current period, nothing is charged or credited.",
        "現在の期間について、差額の請求や払い戻しはありません。",
    ),
    (
        "create_prorations",
        "The difference is settled with your next invoice.",
        "差額は、次回の請求書で精算されます。",
    ),
    ("always_invoice", "The difference is charged at once.", "差額は、すぐに請求されます。"),
];

/// What waits for the end of the period.
pub(super) const AT_PERIOD_END: &[(&str, &str, &str)] = &[
    (
        "decreasing_item_amount",
        "A change to a cheaper plan takes effect at the end of the period.",
        "より安いプランへの変更は、期間の終わりに適用されます。",
    ),
    (
        "shortening_interval",
        "A change to a shorter period takes effect at the end of the current one.",
        "より短い請求間隔への変更は、現在の期間の終わりに適用されます。",
    ),
];

/// When the next period begins.
pub(super) const ANCHORS: &[(&str, &str, &str)] =
    &[("now", "A new billing period begins at once.", "新しい請求期間が、すぐに始まります。")];

/// What becomes of a trial.
pub(super) const TRIALS: &[(&str, &str, &str)] = &[
    (
        "end_trial",
        "A trial ends with the change.",
        "トライアル中の場合は、変更するとトライアルが終了します。",
    ),
    (
        "continue_trial",
        "A trial goes on after the change.",
        "トライアル中の場合は、変更後もトライアルが続きます。",
    ),
];

/// A length of time: `3 months`.
pub(super) fn length(count: u64, unit: &str) -> Words {
    let s = if count == 1 { "" } else { "s" };
    let counter = match unit {
        "day" => "日間",
        "week" => "週間",
        "month" => "か月間",
        "year" => "年間",
        other => other,
    };
    Words::new(format!("{count} {unit}{s}"), format!("{count}{counter}"))
}
