//! What can be done. Numbers are taken modulo what there is, so that whatever is left of a sequence is
//! one, too.

use proptest::prelude::*;

use super::seen::Look;

/// One step.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    /// Somebody writes a role's file, or writes it anew.
    Write { role: u8, look: Look },
    /// Somebody removes a file.
    Remove { file: u8 },
    /// Somebody says `default: true` in this file, and in no other.
    MarkDefault { file: u8 },
    /// Somebody says it nowhere any more.
    UnmarkDefault,
    /// Somebody changes a configuration in the Dashboard, whoever's it is.
    Edit { configuration: u8, look: Look },
    /// Somebody makes one by hand, for another project or for an application.
    Make { whose: Maker, look: Look },
    /// Somebody deactivates or activates one.
    Switch { configuration: u8, active: bool },
    /// Somebody makes one the default.
    Promote { configuration: u8 },
    /// Somebody takes the marker off one.
    Disown { configuration: u8 },
    /// A machine loses its lockfile.
    LoseLockfile { machine: u8 },
    /// So much time passes that Stripe forgets all keys.
    Wait,
    /// A run.
    Run { machine: u8, options: Options, trouble: Option<Trouble> },
    /// A run that only looks.
    DryRun { machine: u8, options: Options },
    /// Two machines run at the same time, or nearly, and somebody may just have written a role's file on
    /// each of them.
    RunBoth { delay: u8, written: Option<(u8, Look, Look)> },
    /// A file is made of what was made by hand.
    Import { machine: u8, configuration: u8 },
}

/// Who makes something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Maker {
    Nobody,
    OtherProject,
    Application,
}

/// What a run is told.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Options {
    pub(super) prune: bool,
    /// Of several with one marker, which to keep; the default where it is one of them.
    pub(super) keep: Option<u8>,
}

/// What happens to a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trouble {
    pub(super) kind: u8,
    pub(super) request: u8,
    /// Whether it happens to all later requests as well.
    pub(super) stays: bool,
}

impl Operation {
    /// A run that leaves no question open.
    pub(super) fn tidy() -> Self {
        let options = Options { keep: Some(0), ..Options::default() };
        Self::Run { machine: 0, options, trouble: None }
    }
}

/// Most sequences begin with an account that is in order: one that isn't is in the way of everything.
pub(super) fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let begun = (look(), look()).prop_map(|(viewer, admin)| {
        vec![
            Operation::Write { role: 3, look: viewer },
            Operation::MarkDefault { file: 0 },
            Operation::tidy(),
            Operation::Write { role: 0, look: admin },
        ]
    });
    let begin = prop_oneof![3 => begun, 1 => Just(Vec::new())];
    let then = proptest::collection::vec(operation(), 1..30);
    (begin, then).prop_map(|(begin, then)| begin.into_iter().chain(then).collect())
}

fn operation() -> impl Strategy<Value = Operation> {
    let n = any::<u8>;
    prop_oneof![
        5 => (n(), look()).prop_map(|(role, look)| Operation::Write { role, look }),
        2 => n().prop_map(|file| Operation::Remove { file }),
        4 => n().prop_map(|file| Operation::MarkDefault { file }),
        1 => Just(Operation::UnmarkDefault),
        3 => (n(), look())
            .prop_map(|(configuration, look)| Operation::Edit { configuration, look }),
        2 => (maker(), look()).prop_map(|(whose, look)| Operation::Make { whose, look }),
        2 => (n(), any::<bool>())
            .prop_map(|(configuration, active)| Operation::Switch { configuration, active }),
        1 => n().prop_map(|configuration| Operation::Promote { configuration }),
        1 => n().prop_map(|configuration| Operation::Disown { configuration }),
        1 => n().prop_map(|machine| Operation::LoseLockfile { machine }),
        1 => Just(Operation::Wait),
        7 => (n(), options()).prop_map(|(machine, options)| {
            Operation::Run { machine, options, trouble: None }
        }),
        5 => (n(), options(), trouble()).prop_map(|(machine, options, trouble)| {
            Operation::Run { machine, options, trouble: Some(trouble) }
        }),
        1 => (n(), options()).prop_map(|(machine, options)| Operation::DryRun { machine, options }),
        3 => (0..40u8, proptest::option::of((n(), look(), look())))
            .prop_map(|(delay, written)| Operation::RunBoth { delay, written }),
        2 => (n(), n())
            .prop_map(|(machine, configuration)| Operation::Import { machine, configuration }),
    ]
}

fn look() -> impl Strategy<Value = Look> {
    (any::<bool>(), proptest::option::of(any::<bool>()), proptest::option::of(0..2u8)).prop_map(
        |(sees_invoices, cancels_at_once, headline)| Look {
            sees_invoices,
            cancels_at_once,
            headline: headline.map(|n| format!("Headline {n}")),
            name: None,
        },
    )
}

fn maker() -> impl Strategy<Value = Maker> {
    prop_oneof![Just(Maker::Nobody), Just(Maker::OtherProject), Just(Maker::Application)]
}

fn options() -> impl Strategy<Value = Options> {
    let keep = prop_oneof![2 => Just(None), 1 => any::<u8>().prop_map(Some)];
    (prop::bool::weighted(0.3), keep).prop_map(|(prune, keep)| Options { prune, keep })
}

fn trouble() -> impl Strategy<Value = Trouble> {
    (any::<u8>(), 0..12u8, any::<bool>()).prop_map(|(kind, request, stays)| Trouble {
        kind,
        request,
        stays,
    })
}
