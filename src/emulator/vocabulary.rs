//! The closed vocabularies of Stripe's parameters, each with its words as they are on the wire.

/// A set of words of which a parameter takes one.
pub(super) trait Vocabulary: Copy + PartialEq + 'static {
    /// Every word, in the order in which Stripe lists them.
    const ALL: &'static [Self];

    fn as_str(self) -> &'static str;
}

/// Declares an enum, its words and their serialised form in one table, so that they can't differ.
macro_rules! vocabulary {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        pub(in crate::emulator) enum $name {
            $(#[serde(rename = $word)] $variant),+
        }

        impl Vocabulary for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }
    )+};
}

vocabulary! {
    /// What customers may change about themselves.
    CustomerField {
        Address = "address",
        Email = "email",
        Name = "name",
        Phone = "phone",
        Shipping = "shipping",
        TaxId = "tax_id",
    }
    /// When a cancellation takes effect.
    CancelMode {
        AtPeriodEnd = "at_period_end",
        Immediately = "immediately",
    }
    /// What happens to the unused or additional part of a period.
    ProrationBehavior {
        AlwaysInvoice = "always_invoice",
        CreateProrations = "create_prorations",
        None = "none",
    }
    /// Why a customer cancels.
    CancellationReason {
        CustomerService = "customer_service",
        LowQuality = "low_quality",
        MissingFeatures = "missing_features",
        Other = "other",
        SwitchedService = "switched_service",
        TooComplex = "too_complex",
        TooExpensive = "too_expensive",
        Unused = "unused",
    }
    /// How long a pause may be.
    PauseDuration {
        Indefinite = "indefinite",
        IntervalOptions = "interval_options",
    }
    /// A unit of time.
    Interval {
        Day = "day",
        Month = "month",
        Week = "week",
        Year = "year",
    }
    /// What customers may change about a subscription.
    SubscriptionField {
        Price = "price",
        PromotionCode = "promotion_code",
        Quantity = "quantity",
    }
    /// Where the billing cycle starts after a change.
    BillingCycleAnchor {
        Now = "now",
        Unchanged = "unchanged",
    }
    /// What a change does to a running trial.
    TrialUpdateBehavior {
        ContinueTrial = "continue_trial",
        EndTrial = "end_trial",
    }
    /// Which changes wait for the end of the period.
    ScheduleCondition {
        DecreasingItemAmount = "decreasing_item_amount",
        ShorteningInterval = "shortening_interval",
    }
    /// Whether a price is charged once or again and again.
    PriceType {
        OneTime = "one_time",
        Recurring = "recurring",
    }
    /// How the amount of a price is computed; tiers aren't emulated.
    BillingScheme {
        PerUnit = "per_unit",
    }
    /// How the usage of a recurring price is counted.
    UsageType {
        Licensed = "licensed",
        Metered = "metered",
    }
    /// Whether a price includes taxes.
    TaxBehavior {
        Exclusive = "exclusive",
        Inclusive = "inclusive",
        Unspecified = "unspecified",
    }
    /// Whether a product is a good or a service.
    ProductType {
        Good = "good",
        Service = "service",
    }
    /// A customer's tax status.
    TaxExempt {
        Exempt = "exempt",
        None = "none",
        Reverse = "reverse",
    }
    /// Where a deep link leads.
    FlowType {
        CustomerUpdate = "customer_update",
        PaymentMethodUpdate = "payment_method_update",
        SubscriptionCancel = "subscription_cancel",
        SubscriptionPause = "subscription_pause",
        SubscriptionUpdate = "subscription_update",
        SubscriptionUpdateConfirm = "subscription_update_confirm",
    }
    /// What follows a completed deep link.
    AfterCompletion {
        HostedConfirmation = "hosted_confirmation",
        PortalHomepage = "portal_homepage",
        Redirect = "redirect",
    }
    /// What an expired session leads to.
    AfterExpiration {
        CustomerLogin = "customer_login",
    }
    /// How a cancelling customer is retained.
    Retention {
        CouponOffer = "coupon_offer",
    }
    /// The languages of the portal.
    Locale {
        Auto = "auto",
        Bg = "bg",
        Cs = "cs",
        Da = "da",
        De = "de",
        El = "el",
        En = "en",
        EnAu = "en-AU",
        EnCa = "en-CA",
        EnGb = "en-GB",
        EnIe = "en-IE",
        EnIn = "en-IN",
        EnNz = "en-NZ",
        EnSg = "en-SG",
        Es = "es",
        Es419 = "es-419",
        Et = "et",
        Fi = "fi",
        Fil = "fil",
        Fr = "fr",
        FrCa = "fr-CA",
        Hr = "hr",
        Hu = "hu",
        Id = "id",
        It = "it",
        Ja = "ja",
        Ko = "ko",
        Lt = "lt",
        Lv = "lv",
        Ms = "ms",
        Mt = "mt",
        Nb = "nb",
        Nl = "nl",
        Pl = "pl",
        Pt = "pt",
        PtBr = "pt-BR",
        Ro = "ro",
        Ru = "ru",
        Sk = "sk",
        Sl = "sl",
        Sv = "sv",
        Th = "th",
        Tr = "tr",
        Vi = "vi",
        Zh = "zh",
        ZhHk = "zh-HK",
        ZhTw = "zh-TW",
    }
}

impl Interval {
    /// Whether this many intervals are at most three years, the most that Stripe takes for a
    /// billing interval and for a pause.
    pub(super) fn within_three_years(self, count: i64) -> bool {
        let most = match self {
            Self::Day => 1095,
            Self::Week => 156,
            Self::Month => 36,
            Self::Year => 3,
        };
        (1..=most).contains(&count)
    }
}
