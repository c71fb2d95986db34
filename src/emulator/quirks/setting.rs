//! What a quirk can be set to.

/// The type of a quirk.
pub(super) trait Setting: Sized {
    /// What can stand behind `=`, for whoever wrote something else there.
    const TAKES: &'static str;
    /// The values that differ from the default, where they can be counted.
    const OTHERS: &'static [&'static str];

    /// Reads what stands behind `=`; nothing if there is no `=`.
    fn parse(value: Option<&str>) -> Option<Self>;
}

/// A switch. Its name alone switches it on.
impl Setting for bool {
    const TAKES: &'static str = "true or false";
    const OTHERS: &'static [&'static str] = &["true"];

    fn parse(value: Option<&str>) -> Option<Self> {
        match value {
            None | Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => None,
        }
    }
}

impl Setting for u32 {
    const TAKES: &'static str = "a number";
    const OTHERS: &'static [&'static str] = &[];

    fn parse(value: Option<&str>) -> Option<Self> {
        value?.parse().ok()
    }
}

/// What makes two prices of one product have the same billing interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SameInterval {
    /// The same unit and count: a quarterly price beside a monthly one is accepted.
    #[default]
    UnitAndCount,
    /// The same unit: a quarterly price beside a monthly one is refused.
    Unit,
    /// The same unit, count and currency: one monthly price a currency is accepted.
    UnitCountAndCurrency,
}

impl Setting for SameInterval {
    const TAKES: &'static str = "unit_and_count, unit or unit_count_and_currency";
    const OTHERS: &'static [&'static str] = &["unit", "unit_count_and_currency"];

    fn parse(value: Option<&str>) -> Option<Self> {
        match value? {
            "unit_and_count" => Some(Self::UnitAndCount),
            "unit" => Some(Self::Unit),
            "unit_count_and_currency" => Some(Self::UnitCountAndCurrency),
            _ => None,
        }
    }
}
