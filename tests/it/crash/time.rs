//! Clocks that are wrong.

use std::fs;

use portal_reconciler::emulator::Quirks;

use super::case::NOW;
use super::ending::Ending;
use super::run::run_well;
use super::scenes::of_history;
use crate::repository::{root, rust_files};

/// 1970, 2100, and a year that has more than four digits.
const TIMES: [i64; 3] = [1, 4_102_444_800, 400_000_000_000];

#[test]
fn whatever_time_it_is_at_stripe_a_run_ends_the_same() {
    for case in of_history() {
        let reference = case.stage(Quirks::default());
        run_well(&case, &reference);
        for (first, second) in TIMES.into_iter().zip(TIMES.into_iter().cycle().skip(1)) {
            let stage = case.stage(Quirks::default());
            stage.clock.pass(first - NOW);
            assert!(run_well(&case, &stage).is_converged());
            stage.clock.pass(second - first);
            assert!(run_well(&case, &stage).is_converged());
            assert_eq!(Ending::of(&stage), Ending::of(&reference), "{}", case.name);
        }
    }
}

/// Our own clock says which waivers still hold, and nothing else: `cli::world`. The emulator has
/// one, as Stripe has.
#[test]
fn the_wall_clock_is_read_in_one_place() {
    let source = root().join("src");
    let mut readers = rust_files(&source);
    readers.retain(|file| reads_the_clock(&fs::read_to_string(file).unwrap()));
    let expected = ["cli/world.rs", "emulator/handle.rs"].map(|file| source.join(file));
    assert_eq!(readers, expected);
}

fn reads_the_clock(text: &str) -> bool {
    ["SystemTime::now", "UNIX_EPOCH.elapsed", "Utc::now", "Local::now"]
        .iter()
        .any(|call| text.contains(call))
}
