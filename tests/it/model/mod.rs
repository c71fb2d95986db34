//! Anything that people, networks and runs can do to one account, in any order, against a model of what
//! must be true after each step. The model is plain data and shares no code with plans and applies.
//!
//! `RECONCILE_MODEL_CASES=5000 cargo test model` tries that many sequences instead of a few.

mod expected;
mod files;
mod judge;
mod operation;
mod seen;
mod world;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use self::operation::{Operation, Options, operations};
use self::seen::Look;
use self::world::World;

/// Some seconds.
const FEW: u32 = 96;

/// Sequences are the same in each run of the test, and more of them begin with the same ones.
#[test]
fn whatever_is_done_in_whatever_order_the_model_holds() {
    let cases = std::env::var("RECONCILE_MODEL_CASES");
    let cases = cases.map_or(FEW, |cases| cases.parse().expect("a number of sequences"));
    let max_shrink_iters = 2_000;
    let config = ProptestConfig {
        cases,
        max_shrink_iters,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let tried = runner.run(&operations(), |operations| {
        follow(&operations);
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

/// Does all of it, and in the end what gets an account in order.
fn follow(operations: &[Operation]) {
    let mut world = World::new();
    for operation in operations {
        world.follow(operation);
    }
    world.follow(&Operation::LoseLockfile { machine: 0 });
    world.follow(&Operation::tidy());
}

/// The marker is gone, the file as well, and another role is to manage the default. Two lines of one
/// configuration would make a lockfile that nobody can read.
#[test]
fn what_is_adopted_by_another_role_has_one_line_in_the_lockfile() {
    let look = Look::default();
    let run = || Operation::Run { machine: 0, options: Options::default(), trouble: None };
    follow(&[
        Operation::Write { role: 3, look: look.clone() },
        Operation::MarkDefault { file: 0 },
        run(),
        Operation::Disown { configuration: 0 },
        Operation::Remove { file: 0 },
        Operation::Write { role: 0, look },
        Operation::MarkDefault { file: 0 },
        run(),
        run(),
    ]);
}
