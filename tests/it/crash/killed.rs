//! `kill -9`.

#![cfg(unix)]

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::program::Program;

/// Spread evenly over a run.
const N_KILLS: u32 = 20;

/// So long that most kills come while a write is under way.
const WRITES_TAKE: Duration = Duration::from_millis(30);

#[test]
fn a_run_that_is_killed_at_any_moment_is_finished_by_the_next_one() {
    let program = Program::new();
    program.server.delay_answers_to_writes(WRITES_TAKE);
    let begun = Instant::now();
    let reference = program.end();
    let duration = begun.elapsed();
    let mut n_killed_halfway = 0;
    for kill in 0..N_KILLS {
        program.emulator.reset().unwrap();
        let lockfile = program.configs().join("test.lock.json");
        fs::remove_file(&lockfile).unwrap();
        let mut child = program.reconcile().spawn().unwrap();
        thread::sleep(duration * kill / N_KILLS);
        child.kill().unwrap();
        let was_killed = child.wait().unwrap().code().is_none();
        let n_made = program.emulator.configurations(false).len();
        n_killed_halfway += u32::from(was_killed && n_made > 0);
        assert_eq!(program.end(), reference, "kill {kill} of {N_KILLS}, with {n_made} made");
    }
    assert!(n_killed_halfway >= 3, "only {n_killed_halfway} kills came after the first write");
}
