use crate::desired::resolve::RoleFile;
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::Field;

/// Cancelling is prorated only where it can be.
pub(super) fn cancel(file: &RoleFile, bag: &mut Bag) {
    let Some((proration, at)) = file.declared.choice(Field::CancelProration) else { return };
    if !file.judges(Field::CancelProration) {
        return;
    }
    let mode = file.declared.choice(Field::CancelMode);
    match proration {
        "always_invoice" => {
            let message = "Stripe refuses `always_invoice` for cancelling";
            bag.push(
                Diagnostic::new(Code::AlwaysInvoiceOnCancel, at, message)
                    .help("use `create_prorations` or `none`"),
            );
        }
        "create_prorations"
            if file.judges(Field::CancelMode)
                && mode.is_none_or(|(mode, _)| mode == "at_period_end") =>
        {
            let message = "there is nothing to prorate when a subscription ends with its period";
            let mut diagnostic = Diagnostic::new(Code::ProrationAtPeriodEnd, at, message)
                .help("use `mode: immediately`, or leave out `proration_behavior`");
            if let Some((_, mode_at)) = mode {
                diagnostic = diagnostic.related(mode_at, "cancels at the period's end");
            }
            bag.push(file.blamed(diagnostic));
        }
        _ => {}
    }
}
