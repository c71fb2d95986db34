//! The stable names of problems.

use std::fmt;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The files can't be used.
    Error,
    /// Probably not what was meant.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// The kind of a problem. Its text is stable: scripts and people search for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
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
        }
    };
}

codes! {
    /// The folder or a file can't be read.
    UnreadableFile = "unreadable-file", Error;
    /// Links, folders and devices are not followed: a link could show what must stay secret.
    NotAFile = "not-a-file", Error;
    /// No configuration is this large.
    FileTooLarge = "file-too-large", Error;
    /// A file that looks meant, but has a name that is not read.
    FileName = "file-name", Error;
    /// There is nothing to manage.
    NoRoles = "no-roles", Error;
    /// The text is not YAML.
    YamlSyntax = "yaml-syntax", Error;
    /// A key is there twice; YAML forbids it, and which one counts would be chance.
    DuplicateKey = "duplicate-key", Error;
    /// A key that means nothing here.
    UnknownKey = "unknown-key", Error;
    /// A value of another type than the key has.
    WrongType = "wrong-type", Error;
    /// A key without which the others mean nothing.
    MissingKey = "missing-key", Error;
    /// A value that Stripe doesn't know.
    UnknownValue = "unknown-value", Error;
    /// A list that has the same value twice.
    RepeatedValue = "repeated-value", Warning;
    /// `${name}` of a variable that the environment doesn't have.
    UndefinedVariable = "undefined-variable", Error;
    /// Text that is longer than Stripe takes.
    TooLong = "too-long", Error;
    /// Text that is not a URL that a customer could follow.
    InvalidUrl = "invalid-url", Error;
    /// Text that can't be the id it should be.
    InvalidId = "invalid-id", Error;
    /// A number outside of its range.
    OutOfRange = "out-of-range", Error;
    /// Metadata beyond what Stripe keeps.
    MetadataLimit = "metadata-limit", Error;
    /// A metadata key that marks whose a configuration is.
    ReservedMetadata = "reserved-metadata", Error;
    /// A feature that is on but lets customers do nothing.
    NothingPermitted = "nothing-permitted", Error;
    /// More products than a configuration can hold.
    TooManyProducts = "too-many-products", Error;
    /// A product that is listed twice.
    RepeatedProduct = "repeated-product", Error;
    /// Proration that can't happen with this way of cancelling.
    CancelProration = "cancel-proration", Error;
    /// A pause that is longer than Stripe allows, or of no length at all.
    PauseDuration = "pause-duration", Error;
    /// Two roles both want to be the account's default.
    TwoDefaults = "two-defaults", Error;
    /// A path that is set and left to the Dashboard at once.
    UnmanagedAndSet = "unmanaged-and-set", Error;
    /// A lookup key that no active price of the account has.
    UnknownPrice = "unknown-price", Error;
    /// A price that is paid once can't be switched to.
    OneTimePrice = "one-time-price", Error;
    /// Prices of several products in one entry.
    MixedProducts = "mixed-products", Error;
    /// Two prices of one product with the same billing interval.
    SameInterval = "same-interval", Error;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
