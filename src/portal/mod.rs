//! What a customer sees of a portal, as a page: a mock of Stripe's, which obeys a configuration.
//!
//! Reviewers look at it before a change, and whoever follows a session's URL on the emulator lands in
//! it. So it knows neither what this program wants nor what the emulator has: both say it in the few
//! words of [`Portal`]. Stripe's own page isn't copied, and what it says may differ in any word; what
//! there is to do on it doesn't.
//!
//! A page needs no network and no script, and its policy forbids both. Text gets into it through
//! `maud`, which escapes whatever it is given.

mod document;
mod mark;
mod mock;
mod money;
mod offer;
mod sections;
mod visit;
mod words;

pub use document::{Language, document};
pub use mark::Side;
pub use mock::{Look, mock};
pub use visit::{Visit, expired, visited};

/// What a customer finds in a portal. Nothing of what isn't there has words here.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Portal {
    /// The text at the top.
    pub headline: Option<String>,
    /// Where the link back leads.
    pub return_url: Option<String>,
    /// A link at the bottom.
    pub privacy_policy_url: Option<String>,
    /// Another one.
    pub terms_of_service_url: Option<String>,
    /// Changing the subscription.
    pub switch: Option<Switch>,
    /// Pausing it.
    pub pause: Option<Pause>,
    /// Cancelling it.
    pub cancel: Option<Cancel>,
    /// Changing how it is paid.
    pub payment: Option<Payment>,
    /// Which of their own details customers can change, in Stripe's words.
    pub details: Option<Vec<String>>,
    /// Whether they see their invoices.
    pub invoices: bool,
}

/// How a subscription can be changed. Words are Stripe's.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Switch {
    /// What of it: `price`, `quantity`, `promotion_code`.
    pub allowed: Vec<String>,
    /// What there is to switch to.
    pub products: Vec<Product>,
    /// What becomes of the difference in price.
    pub proration: String,
    /// When the next period begins: `now`, or as before.
    pub billing_cycle_anchor: String,
    /// What becomes of a trial.
    pub trial: String,
    /// What waits for the end of the period.
    pub at_period_end: Vec<String>,
}

/// Something that customers can switch to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Product {
    /// Its name, or its id where nobody knows the name.
    pub name: String,
    /// What it costs.
    pub prices: Vec<Price>,
    /// The least and the most of it, if customers may choose how many.
    pub quantity: Option<(u64, Option<u64>)>,
}

/// What something costs, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price {
    /// Its id.
    pub id: String,
    /// How much, in the currency's smallest unit; nothing if that depends on how much is used.
    pub amount: Option<String>,
    /// The currency, such as `usd`; empty if nothing is known of this price.
    pub currency: String,
    /// How often: a count, and a unit such as `month`.
    pub every: Option<(u64, String)>,
}

/// For how long a subscription can be paused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pause {
    /// Until the customer says so.
    WithoutEnd,
    /// For one of these lengths: a count, and a unit such as `month`.
    For(Vec<(u64, String)>),
}

/// How a subscription is cancelled. Words are Stripe's.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cancel {
    /// When: `at_period_end` or `immediately`.
    pub mode: String,
    /// What becomes of what was paid for the rest of the period.
    pub proration: String,
    /// The reasons that customers are asked to choose from; nothing if they aren't asked.
    pub reasons: Option<Vec<String>>,
}

/// How customers can change their payment method.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payment {
    /// The configuration that says which methods there are, if one was named.
    pub configuration: Option<String>,
}
