//! A day of the calendar.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY: u64 = 24 * 60 * 60;

/// A day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    days_since_epoch: u64,
}

impl Date {
    /// The day at this time.
    pub fn at(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { days_since_epoch: since.as_secs() / DAY }
    }

    /// The day that is written like `2027-01-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let is_day = text.len() == "2027-01-31".len();
        let midnight = humantime::parse_rfc3339(&format!("{text}T00:00:00Z")).ok()?;
        is_day.then(|| Self::at(midnight))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let midnight = UNIX_EPOCH + Duration::from_secs(self.days_since_epoch * DAY);
        let text = humantime::format_rfc3339_seconds(midnight).to_string();
        f.write_str(text.split('T').next().unwrap_or(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_days() {
        for text in ["1970-01-01", "2026-11-22", "2028-02-29", "9999-12-31"] {
            assert_eq!(Date::parse(text).unwrap().to_string(), text);
        }
        let wrong = [
            "",
            "2027-1-31",
            "31.01.2027",
            "2027-02-29",
            "2027-13-01",
            "2027-01-31T",
            "２027-01-1",
        ];
        for text in wrong {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2026-12-31") < Date::parse("2027-01-01"));
    }
}
