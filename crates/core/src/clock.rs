//! The one source of wall-clock time. Tests and the demo set it; nothing else asks the system.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeZone, Utc};

/// A moment, always UTC inside the program.
pub type Timestamp = DateTime<Utc>;

/// Tells the time. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    /// Unix milliseconds.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::advance`] moves it.
    #[must_use]
    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.timestamp_millis()))))
    }

    /// The present moment.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place where the system's clock comes in"
    )]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Utc::now(),
            Source::Manual(millis) => from_millis(millis.load(Ordering::Acquire)),
        }
    }

    /// The present moment in Unix milliseconds, the form of the database.
    #[must_use]
    pub fn now_millis(&self) -> i64 {
        match &self.0 {
            Source::System => self.now().timestamp_millis(),
            Source::Manual(millis) => millis.load(Ordering::Acquire),
        }
    }

    /// Moves a manual clock forward; the system's clock is left alone.
    pub fn advance(&self, by: chrono::Duration) {
        if let Source::Manual(millis) = &self.0 {
            millis.fetch_add(by.num_milliseconds(), Ordering::AcqRel);
        }
    }
}

/// A moment from Unix milliseconds; what lies outside of chrono's range becomes the epoch.
#[must_use]
pub fn from_millis(millis: i64) -> Timestamp {
    Utc.timestamp_millis_opt(millis).single().unwrap_or_default()
}

/// RFC 3339 in UTC with offset, `2026-01-02T03:04:05.678+00:00`: the form of every time in the API.
#[must_use]
pub fn rfc3339(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
}

/// A timestamp that Discord shows in the reader's own zone and language.
///
/// `style` is one of `t T d D f F R`, see Discord's reference on message formatting.
#[must_use]
pub fn discord_timestamp(moment: Timestamp, style: char) -> String {
    format!("<t:{}:{style}>", moment.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(from_millis(1_000));
        let twin = clock.clone();
        assert_eq!(clock.now_millis(), 1_000);
        twin.advance(chrono::Duration::seconds(2));
        assert_eq!(clock.now(), from_millis(3_000));
    }

    #[test]
    fn times_of_the_api_carry_their_offset() {
        assert_eq!(rfc3339(from_millis(1_500)), "1970-01-01T00:00:01.500+00:00");
    }
}
