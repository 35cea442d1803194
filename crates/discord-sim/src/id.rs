//! Snowflakes: Discord's ids, which carry their time of making.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::Millis;

/// Discord's epoch, 2015-01-01, in Unix milliseconds
/// (<https://discord.com/developers/docs/reference#snowflakes>).
pub const DISCORD_EPOCH: Millis = 1_420_070_400_000;

/// Bits below the time in a snowflake.
const TIME_SHIFT: u32 = 22;

/// A snowflake. JSON writes it as a string, because JavaScript's numbers cannot hold it.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Id(u64);

impl Id {
    /// Takes a raw number.
    #[must_use]
    pub const fn new(raw: u64) -> Self {
        Self(raw)
    }

    /// The raw number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The smallest id made at `at` (Unix milliseconds).
    #[must_use]
    pub fn at(at: Millis) -> Self {
        let since = u64::try_from(at.saturating_sub(DISCORD_EPOCH)).unwrap_or(0);
        Self(since << TIME_SHIFT)
    }

    /// When it was made, in Unix milliseconds.
    #[must_use]
    pub fn made_at(self) -> Millis {
        i64::try_from(self.0 >> TIME_SHIFT)
            .unwrap_or(0)
            .saturating_add(DISCORD_EPOCH)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Id {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl From<u64> for Id {
    fn from(raw: u64) -> Self {
        Self(raw)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Number(u64),
        }
        match Form::deserialize(deserializer)? {
            Form::Text(text) => text.parse().map_err(serde::de::Error::custom),
            Form::Number(raw) => Ok(Self(raw)),
        }
    }
}

/// Makes ids that rise strictly and carry the clock's time.
#[derive(Clone, Debug, Default)]
pub(crate) struct IdMaker {
    last: u64,
}

impl IdMaker {
    /// The next id at `now`; if the clock stands still, the low bits count on.
    pub(crate) fn next(&mut self, now: Millis) -> Id {
        let id = Id::at(now).get().max(self.last.saturating_add(1));
        self.last = id;
        Id(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_even_if_time_stands_still() {
        let mut maker = IdMaker::default();
        let first = maker.next(1_700_000_000_000);
        let second = maker.next(1_700_000_000_000);
        assert!(second > first);
        assert_eq!(second.made_at(), 1_700_000_000_000);
    }

    #[test]
    fn an_id_is_a_string_in_json() {
        assert_eq!(serde_json::to_string(&Id::new(12)).unwrap(), "\"12\"");
        assert_eq!(serde_json::from_str::<Id>("\"12\"").unwrap(), Id::new(12));
        assert_eq!(serde_json::from_str::<Id>("12").unwrap(), Id::new(12));
    }
}
