//! The fuzz targets on stable Rust: the same code, with bytes from a seed.

#[expect(unreachable_pub, reason = "a crate of its own for the fuzz targets")]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// Inputs per target: some seconds; `cargo xtask fuzz` runs millions.
const INPUTS: u64 = 400;
/// The longest input.
const LONGEST: usize = 1_024;

fn run(target: fn(&[u8])) {
    for seed in 0..INPUTS {
        let mut dice = StdRng::seed_from_u64(seed);
        let length = dice.random_range(0..LONGEST);
        let input: Vec<u8> = (0..length).map(|_| dice.random()).collect();
        target(&input);
    }
}

#[test]
fn any_request_gets_an_answer_of_discords_form() {
    run(targets::rest::run);
}

#[test]
fn any_frames_end_with_a_code_of_discords_if_at_all() {
    run(targets::frames::run);
}

#[test]
fn any_form_gets_an_answer_of_discords_form() {
    run(targets::forms::run);
}
