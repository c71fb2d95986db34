use crate::desired::resolve::RoleFile;
use crate::diagnostic::{Bag, Code, Diagnostic};

/// At most one role manages the account's default.
pub(super) fn one_default(files: &[RoleFile], bag: &mut Bag) {
    let defaults: Vec<_> = files
        .iter()
        .filter_map(|file| file.declared.default.as_ref().filter(|default| default.value))
        .collect();
    if let [first, others @ ..] = defaults.as_slice() {
        for other in others {
            let message =
                "an account has one default configuration, so only one role can manage it";
            let diagnostic = Diagnostic::new(Code::TwoDefaults, other.span, message);
            bag.push(diagnostic.related(first.span, "first here").help("remove all but one"));
        }
    }
}
