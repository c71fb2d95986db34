//! What is allowed, but probably not what customers should get. One lint a file.
//!
//! Each can be waived in the role's file, with a reason and for a time.

mod bare_live_portal;
mod cancel_without_proration;
mod fixed_quantities;
mod one_way_switch;
mod placeholder_url;
mod powerful_default;
mod useless_portal;
mod useless_schedule;

use super::declared::ProductEntry;
use super::resolve::{RoleFile, WantedRole};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Mode, Settings, Value};
use crate::source::Span;

/// A role, as far as lints judge it.
pub(super) struct Subject<'a> {
    pub(super) file: &'a RoleFile,
    pub(super) wanted: &'a WantedRole,
}

/// A lint, and the code of what it finds.
struct Lint {
    code: Code,
    /// True if it judges what real customers see, and so live environments only.
    is_live_only: bool,
    /// What it finds of a role, beside all roles.
    check: fn(&Subject<'_>, &[Subject<'_>]) -> Option<Diagnostic>,
}

const LINTS: [Lint; 8] = [
    Lint { code: Code::UselessPortal, is_live_only: false, check: useless_portal::check },
    Lint {
        code: Code::CancelWithoutProration,
        is_live_only: false,
        check: cancel_without_proration::check,
    },
    Lint { code: Code::OneWaySwitch, is_live_only: false, check: one_way_switch::check },
    Lint { code: Code::FixedQuantities, is_live_only: false, check: fixed_quantities::check },
    Lint { code: Code::PowerfulDefault, is_live_only: false, check: powerful_default::check },
    Lint { code: Code::BareLivePortal, is_live_only: true, check: bare_live_portal::check },
    Lint { code: Code::PlaceholderUrl, is_live_only: true, check: placeholder_url::check },
    Lint { code: Code::UselessSchedule, is_live_only: false, check: useless_schedule::check },
];

/// The codes of all lints.
pub fn codes() -> impl Iterator<Item = Code> {
    LINTS.iter().map(|lint| lint.code)
}

/// True if this lint looks at environments of this mode.
pub(super) fn looks_at(code: Code, mode: Mode) -> bool {
    LINTS.iter().any(|lint| lint.code == code && (mode.livemode() || !lint.is_live_only))
}

/// What all lints find of a role.
pub(super) fn check(subject: &Subject<'_>, all: &[Subject<'_>], mode: Mode) -> Vec<Diagnostic> {
    let looking = LINTS.iter().filter(|lint| looks_at(lint.code, mode));
    let found = looking.filter_map(|lint| (lint.check)(subject, all));
    found.map(|diagnostic| subject.file.blamed(diagnostic)).collect()
}

impl Subject<'_> {
    fn settings(&self) -> &Settings {
        &self.wanted.settings
    }

    fn products(&self) -> &[ProductEntry] {
        &self.wanted.products
    }

    /// True if the choice is made, by the file or by Stripe's default.
    fn chooses(&self, field: Field, choice: &str) -> bool {
        self.settings().get(&field.into()) == Value::text(choice).as_ref()
    }

    /// True if a list has this member.
    fn allows(&self, list: Field, member: &str) -> bool {
        matches!(self.settings().get(&list.into()), Some(Value::Set(set)) if set.contains(member))
    }

    /// Where the file speaks of this field, or of what is around it, or the file as a whole.
    fn place(&self, field: Field) -> Span {
        match self.file.declared.values.get(&field) {
            Some(value) => value.span,
            None => self.place_around(field),
        }
    }

    /// Where the file speaks of what is around this field, or the file as a whole.
    fn place_around(&self, field: Field) -> Span {
        let mut path = field.path();
        while let Some((around, _)) = path.rsplit_once('.') {
            if let Some(span) = self.file.declared.sections.get(around) {
                return *span;
            }
            path = around;
        }
        self.file.start()
    }

    /// Where the file lists the products.
    fn products_place(&self) -> Span {
        let products = self.file.declared.products.as_ref();
        products.map_or_else(|| self.place(Field::SubscriptionUpdate), |products| products.span)
    }

    /// How many prices customers can switch to.
    fn n_prices(&self) -> usize {
        self.products().iter().map(ProductEntry::n_prices).sum()
    }
}
