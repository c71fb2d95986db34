//! The stable names of problems.

use std::fmt;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The files can't be used.
    Error,
    /// Probably not what was meant. What a lint finds can be waived.
    Warning,
}

impl Severity {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// The kind of a problem. Its text is stable: scripts and people search for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])* $name,)*
        }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable text.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// How bad it is.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }

            /// What it means, in a sentence or two.
            pub fn meaning(self) -> String {
                let lines: &[&str] = match self {
                    $(Self::$name => &[$($doc),*],)*
                };
                let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
                lines.join(" ")
            }
        }
    };
}

codes! {
    /// The folder or a file can't be read.
    UnreadableFile = "unreadable-file", Error;
    /// Links, folders and devices are not followed: a link could show what must stay secret.
    NotAFile = "not-a-file", Error;
    /// No portal configuration is larger than 1 MiB.
    FileTooLarge = "file-too-large", Error;
    /// The file looks meant, but its name is not that of a role with `.yaml` behind it.
    FileName = "file-name", Error;
    /// There is no role, so that there is nothing to manage.
    NoRoles = "no-roles", Error;
    /// The text is not YAML.
    YamlSyntax = "yaml-syntax", Error;
    /// A key is written twice. YAML forbids it, and which one counts would be chance.
    DuplicateKey = "duplicate-key", Error;
    /// A key means nothing where it stands.
    UnknownKey = "unknown-key", Error;
    /// A value is of another type than its key has.
    WrongType = "wrong-type", Error;
    /// A key is missing without which the others mean nothing.
    MissingKey = "missing-key", Error;
    /// Stripe doesn't know the value.
    UnknownValue = "unknown-value", Error;
    /// A list has the same value twice.
    RepeatedValue = "repeated-value", Warning;
    /// The environment has no variable of the name in `${name}`.
    UndefinedVariable = "undefined-variable", Error;
    /// A text is longer than Stripe takes: a headline can have 60 characters.
    TooLong = "too-long", Error;
    /// A text is not a URL that a customer could follow: it needs `https://` and a host.
    InvalidUrl = "invalid-url", Error;
    /// A text can't be the id that it should be.
    InvalidId = "invalid-id", Error;
    /// A number is outside of its range.
    OutOfRange = "out-of-range", Error;
    /// Stripe keeps 50 metadata keys, of which this program needs three.
    TooManyMetadataKeys = "too-many-metadata-keys", Error;
    /// A metadata key is empty, has more than 40 characters, or has square brackets.
    MetadataKey = "metadata-key", Error;
    /// A metadata value has more than 500 characters, or space around it.
    /// Whether Stripe keeps that space is not established.
    MetadataValue = "metadata-value", Error;
    /// A metadata key begins with `reconcile_`: such keys mark whose a configuration is.
    ReservedMetadata = "reserved-metadata", Error;
    /// A feature is on, but the list of what it allows is empty: customers could do nothing with it.
    EmptyPermission = "empty-permission", Error;
    /// `subscription_update` is on without products. Stripe needs them even for quantities alone.
    MissingProducts = "missing-products", Error;
    /// A configuration can have ten products.
    TooManyProducts = "too-many-products", Error;
    /// A product has two entries. All of its prices belong into one.
    RepeatedProduct = "repeated-product", Error;
    /// Stripe refuses `always_invoice` for cancelling, although its types list it.
    AlwaysInvoiceOnCancel = "always-invoice-on-cancel", Error;
    /// There is nothing to prorate when a subscription ends with its period.
    ProrationAtPeriodEnd = "proration-at-period-end", Error;
    /// A pause can last three years at most, and one day at least.
    PauseLength = "pause-length", Error;
    /// Customers who may pause have no length of a pause to choose from.
    PauseWithoutLength = "pause-without-length", Error;
    /// An account has one default configuration, so only one role can manage it.
    TwoDefaults = "two-defaults", Error;
    /// A path is set and left to the Dashboard at once.
    UnmanagedAndSet = "unmanaged-and-set", Error;
    /// No active price of the account has this lookup key, or several have it.
    UnknownPrice = "unknown-price", Error;
    /// A price that is paid once can't be switched to.
    OneTimePrice = "one-time-price", Error;
    /// The prices of one entry are of several products.
    MixedProducts = "mixed-products", Error;
    /// Two prices of one product have the same billing interval and currency, which Stripe refuses.
    SameInterval = "same-interval", Error;
    /// A waiver is of something that can't be waived.
    InvalidWaiver = "invalid-waiver", Error;
    /// A waiver has nothing to waive, or its day is over.
    IdleWaiver = "idle-waiver", Warning;
    /// No feature is on: customers who open this portal can do nothing.
    UselessPortal = "useless-portal", Warning;
    /// Whoever cancels loses at once what is paid for, and gets nothing back for it.
    CancelWithoutProration = "cancel-without-proration", Warning;
    /// There is one price to switch to, so that whoever does can't switch back.
    OneWaySwitch = "one-way-switch", Warning;
    /// Customers may change quantities, but every product's quantity is fixed.
    FixedQuantities = "fixed-quantities", Warning;
    /// The default configuration allows something that another role doesn't. Every customer of an app
    /// that names no configuration gets it.
    PowerfulDefault = "powerful-default", Warning;
    /// A live portal has no headline, or no link to the privacy policy or the terms of service.
    BareLivePortal = "bare-live-portal", Warning;
    /// A live portal sends customers to a placeholder such as example.com or localhost.
    PlaceholderUrl = "placeholder-url", Warning;
    /// `schedule_at_period_end` only affects switches between prices of one product, and no product
    /// has two.
    UselessSchedule = "useless-schedule", Warning;
}

impl Code {
    /// The code with this text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
