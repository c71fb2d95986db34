//! Switches for what the public record of Stripe's API leaves unknown.
//!
//! The default is what is likeliest. A client that behaves the same under every other setting
//! doesn't depend on a guess. The emulator's `README.md` has a table of them, and says which
//! questions have no switch.

mod setting;

use std::fmt::Write;

pub use self::setting::SameInterval;
use self::setting::Setting;

/// Declares the quirks, each below the question that it answers, and everything that goes by their
/// names, so that none can be left out. Behind `=` stands a value to try where there are too many to
/// try them all.
macro_rules! quirks {
    ($($question:literal {
        $($(#[doc = $doc:literal])+ $name:ident: $kind:ty $(= $tried:literal)?,)+
    })+) => {
        /// How Stripe behaves where nobody has written it down.
        ///
        /// Each switch says what happens when it is on. All are off by default.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Quirks {
            $($($(#[doc = $doc])+ pub $name: $kind,)+)+
        }

        /// All that there are, in the order of the questions.
        const QUESTIONS: &[Question] = &[$(
            Question {
                text: $question,
                quirks: &[$(
                    Quirk {
                        name: stringify!($name),
                        meaning: concat!($($doc),+),
                        takes: <$kind as Setting>::TAKES,
                        others: <$kind as Setting>::OTHERS,
                        tried: &[$($tried)?],
                    },
                )+],
            },
        )+];

        impl Quirks {
            fn set_to(&mut self, name: &str, value: Option<&str>) -> Result<(), QuirkError> {
                match name {
                    $($(
                        stringify!($name) => {
                            let set = <$kind as Setting>::parse(value);
                            self.$name = set.ok_or_else(|| QuirkError::Value {
                                name: name.to_owned(),
                                expected: <$kind as Setting>::TAKES,
                            })?;
                        }
                    )+)+
                    _ => return Err(QuirkError::Unknown(name.to_owned())),
                }
                Ok(())
            }
        }
    };
}

quirks! {
    "Which quantities does a product have that is listed without them?" {
        /// A product listed without `adjustable_quantity` lets customers adjust the quantity.
        quantity_is_adjustable_by_default: bool,
        /// An adjustable quantity without `minimum` starts at 1, not at 0.
        minimum_quantity_is_one: bool,
    }
    "What is a `billing_cycle_anchor` that was never sent?" {
        /// A `billing_cycle_anchor` that was never sent is null, not `unchanged`. Both mean the same.
        anchor_is_null_by_default: bool,
    }
    "What are products that were asked for and aren't there?" {
        /// Products that were asked for and aren't there are null, not an empty list.
        no_products_is_null: bool,
    }
    "What becomes of products when the feature is switched off, or they are cleared?" {
        /// Switching `subscription_update` off drops its products.
        disabling_drops_products: bool,
        /// `products` can be cleared while `subscription_update` stays on.
        products_can_be_cleared_while_enabled: bool,
    }
    "Must products that are there be sent again to switch the feature on?" {
        /// An update with `subscription_update[enabled]=true` must bring the products, even if the
        /// configuration has some.
        enabling_needs_products_again: bool,
    }
    "When do two prices of one product have the same billing interval?" {
        /// What makes two prices of one product have the same billing interval.
        same_interval: SameInterval,
    }
    "What is refused where no refusal is on record, and in which words?" {
        /// Refusals whose words nobody has recorded come in other words, without code and parameter.
        unrecorded_refusals_are_worded_otherwise: bool,
        /// `create_prorations` is accepted for cancellations at the end of the period.
        prorations_at_period_end_are_accepted: bool,
        /// A cancellation reason that is on and has no options is refused.
        reasons_without_options_are_refused: bool,
        /// `customer_update` that is on and permits nothing is refused.
        customer_update_of_nothing_is_refused: bool,
        /// Archived prices and products can be listed.
        archived_prices_are_accepted: bool,
        /// A product can be listed twice.
        repeated_products_are_accepted: bool,
    }
    "How is a session with an inactive configuration refused?" {
        /// A session with an inactive configuration answers 404, not 400.
        inactive_configuration_is_404: bool,
    }
    "How is an unknown id in a parameter refused?" {
        /// An unknown id in a parameter answers 404, not 400.
        missing_parameter_object_is_404: bool,
    }
    "In which order do lists in a configuration come back, and what becomes of repetitions?" {
        /// Lists of words come back sorted, not as they were sent.
        words_are_sorted: bool,
        /// Repeated words in a list are kept.
        repeated_words_are_kept: bool,
        /// Products, and the prices of each, come back sorted by id, not as they were sent.
        products_are_sorted: bool,
    }
    "Is an update that changes nothing an update?" {
        /// An update that changes nothing leaves `updated` alone.
        no_op_keeps_updated: bool,
    }
    "What do login pages and their addresses depend on?" {
        /// A login page that is switched off and on again has a new address.
        login_url_changes: bool,
        /// Deactivating a configuration switches its login page off.
        deactivating_closes_login_page: bool,
        /// Only the default configuration can have a login page.
        login_page_needs_default: bool,
    }
    "What happens when somebody makes another configuration the default in the Dashboard?" {
        /// The default that another configuration replaces in the Dashboard becomes inactive.
        promotion_deactivates_the_former: bool,
        /// The Dashboard can't make another configuration the default.
        the_default_stays: bool,
    }
    "Which texts come back otherwise than they were sent, and what counts as a character?" {
        /// Web addresses come back as a browser writes them: with a lower-case host in ASCII and at
        /// least a slash for a path.
        urls_are_normalised: bool,
        /// Strings are trimmed.
        strings_are_trimmed: bool,
        /// The limit of the headline counts bytes, not characters.
        headline_counts_bytes: bool,
    }
    "How long may a name be, and can two configurations have the same?" {
        /// `name` has the headline's limit.
        name_is_limited_to_sixty: bool,
        /// A name that another configuration has is refused.
        names_are_unique: bool,
    }
    "What do older versions make of newer parameters?" {
        /// A version refuses parameters that are newer than itself.
        old_versions_refuse_newer_parameters: bool,
        /// Versions from 2024-04-10 to 2026-09-30, whose types have no pauses, don't answer them
        /// either.
        old_versions_hide_pauses: bool,
    }
    "What does an idempotency key stand for, and which refusals are saved under it?" {
        /// An idempotency key that was used on one account or side can't be used on another one.
        idempotency_keys_span_accounts: bool,
        /// The key that a semantic refusal came with can be used again for something else.
        refusals_are_not_saved: bool,
    }
    "In which order are objects of one second listed, and from when on?" {
        /// Objects of one second are listed by id, not newest first.
        list_ties_are_by_id: bool,
        /// For how many seconds a new object is absent from lists.
        list_delay: u32 = "2",
    }
    "How many configurations can there be?" {
        /// How many configurations one side of an account can have; 0 for any number.
        max_configurations: u32 = "1000",
    }
    "What becomes of more than ten lookup keys?" {
        /// Lookup keys beyond the tenth are ignored, not refused.
        lookup_keys_are_truncated: bool,
    }
    "Does the live side need policy addresses?" {
        /// A configuration of the live side needs both policy addresses.
        live_needs_policy_urls: bool,
    }
    "Can an inactive default be activated?" {
        /// An inactive default can't be activated again.
        default_stays_inactive: bool,
    }
    "What does a refusal because of a limit say?" {
        /// A refusal because of a limit says after how many seconds to come back.
        rate_limits_say_retry_after: bool,
        /// A refusal because of a limit doesn't say which one.
        rate_limits_have_no_reason: bool,
    }
    "How far does a platform reach into a connected account?" {
        /// The first configuration of a connected account becomes its default even if a platform
        /// made it.
        applications_make_the_default: bool,
        /// A platform can change the default of a connected account.
        applications_change_defaults: bool,
        /// A platform can change what a connected account or another platform made there.
        applications_change_what_others_made: bool,
    }
}

/// Something that nobody has said of Stripe.
struct Question {
    text: &'static str,
    quirks: &'static [Quirk],
}

/// One quirk.
struct Quirk {
    name: &'static str,
    meaning: &'static str,
    takes: &'static str,
    /// The values that differ from the default, unless there are too many.
    others: &'static [&'static str],
    /// One of them, if there are too many.
    tried: &'static [&'static str],
}

impl Quirk {
    fn all() -> impl Iterator<Item = &'static Self> {
        QUESTIONS.iter().flat_map(|question| question.quirks)
    }

    /// How it is set, and what that means.
    fn explained(&self) -> (String, String) {
        let Self { name, meaning, takes, others: _, tried: _ } = self;
        let meaning = meaning.trim();
        if *takes == <bool as Setting>::TAKES {
            return ((*name).to_owned(), meaning.to_owned());
        }
        (format!("{name}=VALUE"), format!("{meaning} Takes {takes}."))
    }
}

/// Why a setting can't be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuirkError {
    /// Nothing has this name.
    #[error("there is no quirk `{0}`")]
    Unknown(String),
    /// The value isn't one.
    #[error("`{name}` takes {expected}")]
    Value {
        /// Which quirk.
        name: String,
        /// What would be a value.
        expected: &'static str,
    },
}

impl Quirks {
    /// Makes a setting by its name: `words_are_sorted`, `list_delay=2`.
    pub fn set(&mut self, setting: &str) -> Result<(), QuirkError> {
        match setting.split_once('=') {
            Some((name, value)) => self.set_to(name, Some(value)),
            None => self.set_to(setting, None),
        }
    }

    /// Every setting that differs from the default in one quirk, with that quirk's name.
    pub fn each_flipped() -> Vec<(&'static str, Quirks)> {
        let flip = |name: &'static str, value: &str| {
            let mut quirks = Quirks::default();
            quirks.set_to(name, Some(value)).expect("it is in the table");
            (name, quirks)
        };
        Quirk::all()
            .flat_map(|quirk| {
                let values = quirk.others.iter().chain(quirk.tried);
                values.map(move |value| flip(quirk.name, value))
            })
            .collect()
    }

    /// The names of all of them.
    pub fn names() -> Vec<&'static str> {
        Quirk::all().map(|quirk| quirk.name).collect()
    }

    /// All settings, a line each, with what they mean.
    pub fn list() -> String {
        let mut text = String::new();
        for (setting, meaning) in Quirk::all().map(Quirk::explained) {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{setting}: {meaning}");
        }
        text
    }

    /// All settings as a table in Markdown, below the questions that they answer.
    pub fn table() -> String {
        let mut text = "| | question | quirk | when it is on |\n|---|---|---|---|\n".to_owned();
        for (n, question) in (1..).zip(QUESTIONS) {
            let (mut number, mut asked) = (format!("{n}"), question.text);
            for (setting, meaning) in question.quirks.iter().map(Quirk::explained) {
                let _ = writeln!(text, "| {number} | {asked} | `{setting}` | {meaning} |");
                (number, asked) = (String::new(), "");
            }
        }
        text
    }
}
