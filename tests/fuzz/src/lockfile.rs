//! Documents that the program has written, and perhaps somebody else.

use portal_reconciler::lockfile::{parse, to_text};
use portal_reconciler::report::Reviewed;
use portal_reconciler::snapshot::Saved;

/// A lockfile that can be read has one text, which is read as the same lockfile, and every role of it
/// has its id. Anything else is an error, also where a snapshot or a plan is wanted.
pub(crate) fn lockfile(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match parse(text) {
        Ok(lockfile) => {
            let canonical = to_text(&lockfile);
            let again = parse(&canonical).expect("it was written by this program");
            assert_eq!(again, lockfile);
            assert_eq!(to_text(&again), canonical);
            for (role, id) in &lockfile.roles {
                assert_eq!(lockfile.id(role.as_str()).expect("it has this role"), id);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(saved) = Saved::parse(text) {
        let again = Saved::parse(&saved.to_text()).expect("it was written by this program");
        assert_eq!(again, saved);
    }
    if let Err(why) = Reviewed::parse(text) {
        assert!(!why.is_empty());
    }
}
