//! Randomness from a seed, so that a run can be repeated.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The letters of tokens and session ids.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A generator that gives the same values for the same seed.
#[derive(Debug)]
pub(crate) struct Dice {
    rng: StdRng,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
        }
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 {
            0
        } else {
            self.rng.random_range(0..bound)
        }
    }

    /// One of `items`, or `None` if there are none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// A token of `length` letters and digits.
    pub(crate) fn token(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| {
                ALPHABET
                    .get(self.below(ALPHABET.len()))
                    .map_or('x', |b| char::from(*b))
            })
            .collect()
    }

    /// A hash of 32 hexadecimal digits, as image hashes are.
    pub(crate) fn image_hash(&mut self) -> String {
        format!("{:032x}", self.rng.random::<u128>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_tokens() {
        assert_eq!(Dice::new(7).token(20), Dice::new(7).token(20));
        assert_ne!(Dice::new(7).token(20), Dice::new(8).token(20));
    }
}
