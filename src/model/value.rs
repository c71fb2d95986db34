//! What a field can hold, in the form in which two of them are compared.

use std::collections::BTreeSet;
use std::fmt;

use url::Url;

/// The value of a [`FieldPath`](super::FieldPath).
///
/// There is no empty value: nothing, `null`, `[]` and `""` are all the absence of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// On or off.
    Flag(bool),
    /// A text, or one of several choices.
    Text(String),
    /// Members of a list whose order means nothing. Never empty.
    Set(BTreeSet<String>),
    /// Lengths of time to choose from. Never empty.
    Intervals(BTreeSet<Interval>),
    /// How far a customer may change a product's quantity.
    Quantity(Quantity),
    /// Something that Stripe has and that is of no form that this program knows, as JSON. No file
    /// can want it.
    Unknown(String),
}

impl Value {
    /// A text, or nothing if it is empty. Space around it is not part of it: whether Stripe keeps
    /// it is not established, so this program neither sends nor compares it.
    pub fn text(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self::Text(text.to_owned()))
    }

    /// A text exactly as it is, or nothing if it is empty.
    pub fn exact(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::Text(text.to_owned()))
    }

    /// A URL in its normal form, or nothing if it is empty. Whether Stripe brings URLs into that
    /// form is not established, so this program does it on both sides.
    pub fn url(text: &str) -> Option<Self> {
        match Url::parse(text.trim()) {
            Ok(url) => Some(Self::Text(url.into())),
            Err(_) => Self::text(text),
        }
    }

    /// A set, or nothing if it is empty.
    pub fn set<T: Into<String>>(members: impl IntoIterator<Item = T>) -> Option<Self> {
        let members: BTreeSet<String> = members.into_iter().map(Into::into).collect();
        (!members.is_empty()).then_some(Self::Set(members))
    }

    /// Intervals, or nothing if there are none.
    pub fn intervals(intervals: impl IntoIterator<Item = Interval>) -> Option<Self> {
        let intervals: BTreeSet<Interval> = intervals.into_iter().collect();
        (!intervals.is_empty()).then_some(Self::Intervals(intervals))
    }
}

/// A number of days, weeks, months or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// The unit.
    pub unit: IntervalUnit,
    /// How many of them.
    pub count: u32,
}

impl Interval {
    /// What Stripe offers if a file doesn't say: one month.
    pub const STRIPE_DEFAULT: Self = Self { unit: IntervalUnit::Month, count: 1 };
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {}{s}", self.count, self.unit.as_str())
    }
}

/// The unit of an [`Interval`], shortest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Copy)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum IntervalUnit {
    Day,
    Week,
    Month,
    Year,
}

impl IntervalUnit {
    /// All units.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// Stripe's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The unit of which this is Stripe's word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == word)
    }
}

/// How far a customer may change a product's quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Not at all.
    Fixed,
    /// Between these, both included.
    Adjustable {
        /// The least. What Stripe assumes when it isn't told is not established, so this program
        /// always tells it: [`Quantity::DEFAULT_MINIMUM`] unless a file says otherwise.
        minimum: u64,
        /// The most, if there is one.
        maximum: Option<u64>,
    },
}

impl Quantity {
    /// The least quantity where a file doesn't say: a subscription to none is no subscription.
    pub const DEFAULT_MINIMUM: u64 = 1;
}
