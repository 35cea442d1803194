//! The simulator's time: the machine's clock by default, shifted or wholly driven by hand in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// Unix milliseconds, the unit of every instant in the simulator.
pub type Millis = i64;

/// Where time comes from. Clones share one clock.
#[derive(Clone, Debug)]
pub struct SimClock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// `None`: the machine's clock; `Some`: the fixed start of a clock that only moves by hand.
    start: Option<Millis>,
    advanced: AtomicI64,
    moved: watch::Sender<u64>,
}

impl SimClock {
    /// Follows the machine's clock; [`SimClock::advance`] adds to it.
    #[must_use]
    pub fn real() -> Self {
        Self::new(None)
    }

    /// Stands still at `start` (Unix milliseconds) until it is advanced, so runs can be repeated exactly.
    #[must_use]
    pub fn manual(start: Millis) -> Self {
        Self::new(Some(start))
    }

    fn new(start: Option<Millis>) -> Self {
        let (moved, _) = watch::channel(0);
        Self {
            shared: Arc::new(Shared {
                start,
                advanced: AtomicI64::new(0),
                moved,
            }),
        }
    }

    /// The present instant in Unix milliseconds.
    #[must_use]
    pub fn now(&self) -> Millis {
        let base = self.shared.start.unwrap_or_else(machine_now);
        base.saturating_add(self.shared.advanced.load(Ordering::Acquire))
    }

    /// The machine's monotonic time, moved on by what was [advanced](SimClock::advance): for windows in which programs
    /// wait in real time, and which a test may jump over.
    #[must_use]
    pub fn instant(&self) -> Instant {
        let now = Instant::now();
        let advanced = u64::try_from(self.shared.advanced.load(Ordering::Acquire)).unwrap_or(0);
        now.checked_add(Duration::from_millis(advanced)).unwrap_or(now)
    }

    /// Moves time forward and wakes whoever waits for a deadline.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.shared.advanced.fetch_add(by, Ordering::AcqRel);
        self.shared.moved.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Takes every advance back.
    pub(crate) fn rewind(&self) {
        self.shared.advanced.store(0, Ordering::Release);
        self.shared.moved.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// True if the clock moves by hand only.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        self.shared.start.is_some()
    }

    /// Resolves once `deadline` (Unix milliseconds) is reached, however time gets there.
    pub async fn wait_for(&self, deadline: Millis) {
        let mut moved = self.shared.moved.subscribe();
        loop {
            let left = deadline.saturating_sub(self.now());
            if left <= 0 {
                return;
            }
            if self.is_manual() {
                if moved.changed().await.is_err() {
                    return;
                }
                continue;
            }
            let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                _ = moved.changed() => {}
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the simulator reads the machine's clock"
)]
fn machine_now() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|d| i64::try_from(d.as_millis()).ok())
        .unwrap_or_default()
}

/// An instant as Discord writes it: ISO 8601 with microseconds and offset.
#[must_use]
pub fn iso(at: Millis) -> String {
    use chrono::{DateTime, SecondsFormat, Utc};
    DateTime::<Utc>::from_timestamp_millis(at)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Micros, false)
}

/// Reads an ISO 8601 instant into Unix milliseconds; `None` if it is none.
#[must_use]
pub fn parse_iso(text: &str) -> Option<Millis> {
    chrono::DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|t| t.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = SimClock::manual(1_000);
        assert_eq!(clock.now(), 1_000);
        clock.advance(Duration::from_secs(3));
        assert_eq!(clock.now(), 4_000);
    }

    #[test]
    fn an_instant_is_written_as_discord_writes_it() {
        assert_eq!(iso(1_577_836_800_123), "2020-01-01T00:00:00.123000+00:00");
        assert_eq!(
            parse_iso("2020-01-01T00:00:00.123000+00:00"),
            Some(1_577_836_800_123)
        );
    }

    #[tokio::test]
    async fn advancing_wakes_a_waiter() {
        let clock = SimClock::manual(0);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.wait_for(5_000).await }
        });
        clock.advance(Duration::from_secs(5));
        waiting.await.unwrap();
    }
}
