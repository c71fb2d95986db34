use crate::desired::resolve::RoleFile;
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::Field;

/// A mapping has the key without which its others mean nothing.
pub(super) fn required(file: &RoleFile, bag: &mut Bag) {
    if !file.declared.sections.contains_key("features") && file.declared.is_sound("features") {
        let message = "this file says nothing of `features`";
        let help = "add `features:` and what customers may do, such as `invoice_history: { enabled: true }`";
        bag.push(Diagnostic::new(Code::MissingKey, file.start(), message).help(help));
    }
    for (section, span) in &file.declared.sections {
        for key in ["enabled", "type"] {
            let Some(field) = Field::at(&format!("{section}.{key}")) else { continue };
            let is_missing = !file.declared.values.contains_key(&field);
            if is_missing && file.manages(field) && file.declared.is_sound(field.path()) {
                let message = format!("`{section}` has no `{key}`");
                let diagnostic = Diagnostic::new(Code::MissingKey, *span, message);
                bag.push(file.blamed(diagnostic.help(format!("add `{key}:`"))));
            }
        }
    }
}
