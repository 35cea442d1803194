//! Faults by chance, the same in each run with the same seed and the same order of requests.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// Routes and shards that are counted apart; further ones share a count.
const MOST_COUNTS: usize = 1024;

/// How often things go wrong by chance.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "Raw")]
pub struct Chaos {
    probability: f64,
    seed: u64,
}

#[derive(Deserialize)]
struct Raw {
    probability: f64,
    #[serde(default)]
    seed: u64,
}

impl TryFrom<Raw> for Chaos {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        Self::new(raw.probability, raw.seed).ok_or("a probability lies between 0 and 1")
    }
}

impl Chaos {
    /// Each request, and each event of a session, fails with `probability` (0 to 1); `None` for another number.
    #[must_use]
    pub fn new(probability: f64, seed: u64) -> Option<Self> {
        (0.0..=1.0)
            .contains(&probability)
            .then_some(Self { probability, seed })
    }
}

/// Chaos at work. Each route and shard has its own count, so what happens on one does not change another.
#[derive(Debug)]
pub(crate) struct ChaosDice {
    chaos: Chaos,
    counts: HashMap<String, u64>,
}

impl ChaosDice {
    pub(crate) fn new(chaos: Chaos) -> Self {
        Self {
            chaos,
            counts: HashMap::new(),
        }
    }

    /// Whether the next thing under `key` fails, and if so a number that decides how.
    pub(crate) fn roll(&mut self, key: &str) -> Option<u64> {
        let key = if self.counts.len() < MOST_COUNTS || self.counts.contains_key(key) {
            key
        } else {
            ""
        };
        let count = self.counts.entry(key.to_owned()).or_default();
        *count += 1;
        let named = key
            .bytes()
            .fold(self.chaos.seed, |sum, byte| mix(sum ^ u64::from(byte)));
        let number = mix(named ^ mix(*count));
        // 53 bits are what a float holds exactly.
        let chance = (number >> 11) as f64 / (1_u64 << 53) as f64;
        (chance < self.chaos.probability).then(|| mix(number) >> 8)
    }
}

/// Spreads a number over all bits (the finaliser of SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_as_much_fails_as_was_asked_for() {
        let mut dice = ChaosDice::new(Chaos::new(0.05, 7).unwrap());
        let failed = (0..10_000)
            .filter(|_| dice.roll("GET /gateway").is_some())
            .count();
        assert!((400..600).contains(&failed), "{failed}");
    }

    #[test]
    fn one_route_does_not_change_another() {
        let chaos = Chaos::new(0.3, 7).unwrap();
        let (mut alone, mut mixed) = (ChaosDice::new(chaos), ChaosDice::new(chaos));
        for _ in 0..200 {
            mixed.roll("b");
            assert_eq!(alone.roll("a"), mixed.roll("a"));
        }
    }

    #[test]
    fn a_probability_lies_between_nothing_and_everything() {
        assert!(Chaos::new(1.5, 0).is_none());
        assert!(Chaos::new(f64::NAN, 0).is_none());
        let mut never = ChaosDice::new(Chaos::new(0.0, 0).unwrap());
        assert!((0..1000).all(|_| never.roll("a").is_none()));
    }
}
