//! What things cost, as people write it.

use super::Price;
use super::words::Words;

/// Currencies whose smallest unit isn't a hundredth, and how many digits it has:
/// <https://docs.stripe.com/currencies#minor-units>, read 2026-11. Stripe counts ISK and UGX in
/// hundredths.
const DIGITS: &[(&str, usize)] = &[
    ("bhd", 3),
    ("bif", 0),
    ("clp", 0),
    ("djf", 0),
    ("gnf", 0),
    ("jod", 3),
    ("jpy", 0),
    ("kmf", 0),
    ("krw", 0),
    ("kwd", 3),
    ("mga", 0),
    ("omr", 3),
    ("pyg", 0),
    ("rwf", 0),
    ("tnd", 3),
    ("vnd", 0),
    ("vuv", 0),
    ("xaf", 0),
    ("xof", 0),
    ("xpf", 0),
];

/// Currencies whose sign nobody mistakes for another's. The others are named by their code.
const SIGNS: &[(&str, &str)] =
    &[("eur", "€"), ("gbp", "£"), ("inr", "₹"), ("jpy", "¥"), ("krw", "₩"), ("usd", "$")];

/// What a price says: `$12.50 a month`. Nothing if only its id is known.
pub(super) fn price(price: &Price) -> Option<Words> {
    if price.currency.is_empty() {
        return None;
    }
    let amount = match &price.amount {
        None => Words::new("By usage", "従量課金"),
        Some(amount) => Words::foreign(&money(amount, &price.currency)),
    };
    Some(match &price.every {
        None => amount,
        Some((count, unit)) => {
            let (en, ja) = every(*count, unit);
            Words::new(format!("{} {en}", amount.en()), format!("{}{ja}", amount.ja()))
        }
    })
}

fn every(count: u64, unit: &str) -> (String, String) {
    let (one, several) = match unit {
        "day" => ("日", "日"),
        "week" => ("週", "週間"),
        "month" => ("月", "か月"),
        "year" => ("年", "年"),
        other => (other, other),
    };
    if count == 1 {
        (format!("per {unit}"), format!(" / {one}"))
    } else {
        (format!("every {count} {unit}s"), format!(" / {count}{several}"))
    }
}

/// An amount that Stripe gives in the smallest unit, which can have a fraction: `1250.5` of `usd`.
fn money(amount: &str, currency: &str) -> String {
    // Whoever answers for Stripe may say anything.
    if !amount.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-') {
        return amount.to_owned();
    }
    let n_digits =
        DIGITS.iter().find(|(code, _)| *code == currency).map_or(2, |(_, digits)| *digits);
    let (sign, amount) = match amount.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", amount),
    };
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let padded = format!("{whole:0>width$}", width = n_digits + 1);
    let (units, parts) = padded.split_at(padded.len() - n_digits);
    let fraction = format!("{parts}{fraction}");
    let number = match fraction.as_str() {
        "" => grouped(units),
        _ => format!("{}.{fraction}", grouped(units)),
    };
    match SIGNS.iter().find(|(code, _)| *code == currency) {
        Some((_, currency)) => format!("{sign}{currency}{number}"),
        None => format!("{sign}{} {number}", currency.to_uppercase()),
    }
}

/// `1234567` as `1,234,567`.
fn grouped(digits: &str) -> String {
    let n_digits = digits.chars().count();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (n_digits - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_write_them() {
        for (amount, currency, text) in [
            ("1000", "usd", "$10.00"),
            ("5", "usd", "$0.05"),
            ("123456789", "eur", "€1,234,567.89"),
            ("12.5", "usd", "$0.125"),
            ("980", "jpy", "¥980"),
            ("1000000", "jpy", "¥1,000,000"),
            ("1500", "kwd", "KWD 1.500"),
            ("0", "chf", "CHF 0.00"),
            ("-250", "usd", "-$2.50"),
            ("é", "usd", "é"),
        ] {
            assert_eq!(money(amount, currency), text);
        }
    }

    #[test]
    fn a_price_says_how_often_it_is_paid() {
        let every = |count, unit: &str| Price {
            id: "price_1".into(),
            amount: Some("1000".into()),
            currency: "jpy".into(),
            every: Some((count, unit.into())),
        };
        let said =
            |one: &Price| price(one).map(|words| (words.en().to_owned(), words.ja().to_owned()));
        assert_eq!(
            said(&every(1, "month")),
            Some(("¥1,000 per month".into(), "¥1,000 / 月".into()))
        );
        assert_eq!(
            said(&every(3, "month")),
            Some(("¥1,000 every 3 months".into(), "¥1,000 / 3か月".into()))
        );
        assert_eq!(said(&every(1, "week")), Some(("¥1,000 per week".into(), "¥1,000 / 週".into())));
        assert_eq!(said(&Price { id: "price_1".into(), ..Price::default() }), None);
    }
}
