//! The one source of randomness: seeded by the system, or by a number where a run must repeat itself.

use std::sync::Arc;

use parking_lot::Mutex;
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// Letters of generated passwords: none that look alike.
const PASSWORD_LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Gives random values. Cheap to clone; all clones draw from one stream.
#[derive(Clone, Debug)]
pub struct Entropy(Arc<Mutex<StdRng>>);

impl Entropy {
    /// Seeded by the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// The same seed gives the same values, in order. Never for secrets outside of tests.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Fills the slice.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().fill_bytes(bytes);
    }

    /// A UUID v4.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// `digits` lower-case hexadecimal digits.
    #[must_use]
    pub fn hex(&self, digits: usize) -> String {
        let mut rng = self.0.lock();
        (0..digits)
            .filter_map(|_| char::from_digit(rng.random_range(0..16), 16))
            .collect()
    }

    /// A password of `length` letters and digits (5.8 bits each).
    #[must_use]
    pub fn password(&self, length: usize) -> String {
        let mut rng = self.0.lock();
        (0..length)
            .filter_map(|_| PASSWORD_LETTERS.get(rng.random_range(0..PASSWORD_LETTERS.len())))
            .map(|&letter| char::from(letter))
            .collect()
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    #[must_use]
    pub fn below(&self, bound: usize) -> usize {
        if bound == 0 {
            0
        } else {
            self.0.lock().random_range(0..bound)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence() {
        let (a, b) = (Entropy::seeded(7), Entropy::seeded(7));
        assert_eq!(a.uuid(), b.uuid());
        assert_eq!(a.password(20), b.password(20));
        assert_ne!(a.hex(32), Entropy::seeded(8).hex(32));
    }

    #[test]
    fn a_uuid_is_version_four() {
        assert_eq!(Entropy::seeded(1).uuid().get_version_num(), 4);
    }
}
