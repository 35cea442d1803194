//! Moments in a world file: an instant, or how long ago.

use serde::{Deserialize, Deserializer, de};

use crate::clock::{Millis, parse_iso};

/// An instant, or a time before the one at which the world is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Moment {
    /// Unix milliseconds.
    At(Millis),
    /// Milliseconds before.
    Ago(Millis),
}

impl Moment {
    /// The instant, if the world is made at `now`.
    pub(super) fn from(self, now: Millis) -> Millis {
        match self {
            Self::At(at) => at,
            Self::Ago(by) => now.saturating_sub(by),
        }
    }

    fn read(text: &str) -> Option<Self> {
        if let Some(at) = parse_iso(text) {
            return Some(Self::At(at));
        }
        let (number, unit) = text
            .strip_prefix('-')?
            .split_at_checked(text.len().checked_sub(2)?)?;
        let unit = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 24 * 3600,
            _ => return None,
        };
        let number: Millis = number.parse::<u32>().ok()?.into();
        Some(Self::Ago(number * unit * 1000))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "{text:?} is no moment; write 2025-03-01T12:00:00Z, or how long ago: -30s, -5m, -2h, -90d"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_instants_or_times_ago() {
        assert_eq!(Moment::read("1970-01-01T00:00:01Z"), Some(Moment::At(1000)));
        assert_eq!(Moment::read("-90s").map(|m| m.from(100_000)), Some(10_000));
        assert_eq!(Moment::read("-2d"), Some(Moment::Ago(2 * 86_400_000)));
        for wrong in ["", "-", "2h", "-h", "-2w", "-2.5h", "yesterday", "-é", "--2h"] {
            assert_eq!(Moment::read(wrong), None, "{wrong:?}");
        }
    }
}
