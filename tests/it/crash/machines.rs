//! Two processes at once.

use std::fs;
use std::time::Duration;

use super::ending::Ending;
use super::program::{Program, said};

/// Somebody runs it by hand while a hook does the same. Two clones are in `accounts`.
#[test]
fn two_processes_in_one_folder_make_one_account_and_never_half_a_lockfile() {
    let program = Program::new();
    let reference = program.end();
    for milliseconds in [0, 20, 200] {
        program.emulator.reset().unwrap();
        let lockfile = program.configs().join("test.lock.json");
        fs::remove_file(&lockfile).unwrap();
        program.server.delay_answers_to_writes(Duration::from_millis(milliseconds));
        let children = [(); 2].map(|()| program.reconcile().spawn().unwrap());
        for child in children {
            let output = child.wait_with_output().unwrap();
            let said = said(&output);
            let is_fine = match output.status.code() {
                // If the other one has replaced the lockfile, not done, or not seen to be.
                Some(0 | 4) => true,
                Some(1) => said.contains("was changed by somebody else during this run"),
                _ => false,
            };
            assert!(is_fine, "{said}");
        }
        let then = Ending::at(&program.emulator, &lockfile);
        assert!(
            portal_reconciler::lockfile::parse(&then.lockfile.replace("role ", "bpc_")).is_ok()
        );
        assert_eq!(program.end(), reference);
    }
}
