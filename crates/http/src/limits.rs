//! How often somebody may ask: a bounded table of token buckets on the clock of the core, and the growing pause after
//! wrong passwords.

use std::{collections::HashMap, hash::Hash, sync::Arc, time::Duration};

use hazebot_core::Clock;
use parking_lot::Mutex;

use crate::{net::Place, policy::RouteLimit};

/// Most callers that one table remembers; beyond, those whose bucket is full again are forgotten, then all.
const MAX_CALLERS: usize = 20_000;
/// All requests of one signed-in caller in a minute. The Flutter client makes a few a second at most.
pub(crate) const PER_USER: RouteLimit = RouteLimit::per_minute(300);
/// Requests without a token from one place in a minute; pictures are among them.
pub(crate) const PER_PLACE: RouteLimit = RouteLimit::per_minute(600);
/// Sign-ins through Discord from one place in a minute.
pub(crate) const OAUTH: RouteLimit = RouteLimit::per_minute(20);
/// Tries to sign in with a password from one place in a minute, right ones included.
pub(crate) const LOGIN: RouteLimit = RouteLimit::per_minute(30);
/// Wrong passwords from one place before the pauses begin.
const FREE_FAILURES: u32 = 5;
/// The first pause; each further failure doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(15);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);
/// Failures are forgotten after this time without one.
const FAILURE_MEMORY: Duration = Duration::from_secs(60 * 60);

/// Who is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Place(Place),
    Account(Arc<str>),
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}

fn duration(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// Token buckets (the "generic cell rate algorithm": per key only the moment at which the bucket is full again).
#[derive(Debug)]
pub(crate) struct Limiter<K> {
    clock: Clock,
    enabled: bool,
    full_at: Mutex<HashMap<K, i64>>,
}

impl<K: Eq + Hash> Limiter<K> {
    /// An empty table; if not `enabled` it lets everything through.
    #[must_use]
    pub(crate) fn new(clock: Clock, enabled: bool) -> Self {
        Self {
            clock,
            enabled,
            full_at: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one token of the key's bucket.
    ///
    /// # Errors
    /// The time until there is a token again.
    pub(crate) fn take(&self, key: K, limit: RouteLimit) -> Result<(), Duration> {
        if !self.enabled {
            return Ok(());
        }
        let now = self.clock.now_millis();
        let per = millis(limit.per).max(1_000);
        let step = (per / i64::from(limit.calls.max(1))).max(1);
        let mut table = self.full_at.lock();
        // a clock that was set back must not lock anybody out for longer than the limit's own time
        let full_at = table.get(&key).copied().unwrap_or(now).clamp(now, now + per);
        let wait = full_at + step - per - now;
        if wait > 0 {
            return Err(duration(wait));
        }
        if table.len() >= MAX_CALLERS && !table.contains_key(&key) {
            table.retain(|_, full_at| *full_at > now);
            if table.len() >= MAX_CALLERS {
                table.clear();
            }
        }
        table.insert(key, full_at + step);
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: i64,
}

/// Pauses after wrong passwords, per place.
#[derive(Debug)]
pub(crate) struct BackOff {
    clock: Clock,
    enabled: bool,
    failures: Mutex<HashMap<Place, Failures>>,
}

impl BackOff {
    /// An empty table; if not `enabled` it lets everything through.
    #[must_use]
    pub(crate) fn new(clock: Clock, enabled: bool) -> Self {
        Self {
            clock,
            enabled,
            failures: Mutex::new(HashMap::new()),
        }
    }

    /// Whether this place may try now.
    ///
    /// # Errors
    /// The rest of its pause.
    pub(crate) fn check(&self, place: Place) -> Result<(), Duration> {
        let Some(Failures { count, last }) = self.failures.lock().get(&place).copied() else {
            return Ok(());
        };
        let Some(doublings) = count.checked_sub(FREE_FAILURES) else {
            return Ok(());
        };
        let pause = FIRST_PAUSE
            .saturating_mul(1 << doublings.min(10))
            .min(LONGEST_PAUSE);
        let rest = (last + millis(pause) - self.clock.now_millis()).min(millis(pause));
        if self.enabled && rest > 0 {
            Err(duration(rest))
        } else {
            Ok(())
        }
    }

    /// Somebody there was wrong.
    pub(crate) fn failed(&self, place: Place) {
        let now = self.clock.now_millis();
        let mut table = self.failures.lock();
        if table.len() >= MAX_CALLERS {
            table.retain(|_, failures| now - failures.last < millis(FAILURE_MEMORY));
            if table.len() >= MAX_CALLERS {
                table.clear();
            }
        }
        let entry = table.entry(place).or_insert(Failures { count: 0, last: now });
        if now - entry.last >= millis(FAILURE_MEMORY) {
            entry.count = 0;
        }
        *entry = Failures {
            count: entry.count.saturating_add(1),
            last: now,
        };
    }

    /// Somebody there was right.
    pub(crate) fn succeeded(&self, place: Place) {
        self.failures.lock().remove(&place);
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use hazebot_core::clock::from_millis;

    use super::*;

    fn clock() -> Clock {
        Clock::manual(from_millis(1_000_000_000_000))
    }

    fn place(text: &str) -> Place {
        text.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let clock = clock();
        let limiter = Limiter::new(clock.clone(), true);
        let limit = RouteLimit::per_minute(3);
        for _ in 0..3 {
            limiter.take("a", limit).unwrap();
        }
        assert_eq!(limiter.take("a", limit), Err(Duration::from_secs(20)));
        limiter.take("b", limit).unwrap();
        clock.advance(chrono::Duration::seconds(20));
        limiter.take("a", limit).unwrap();
        assert!(limiter.take("a", limit).is_err());
    }

    #[test]
    fn the_switch_turns_limits_off() {
        let limiter = Limiter::new(clock(), false);
        assert!((0..1_000).all(|_| limiter.take((), RouteLimit::per_minute(1)).is_ok()));
    }

    #[test]
    fn a_table_never_grows_beyond_its_bound() {
        let limiter = Limiter::new(clock(), true);
        for key in 0..MAX_CALLERS * 2 + 5 {
            limiter.take(key, RouteLimit::per_minute(2)).unwrap();
        }
        assert!(limiter.full_at.lock().len() <= MAX_CALLERS);
    }

    #[test]
    fn wrong_passwords_make_longer_and_longer_pauses() {
        let clock = clock();
        let back_off = BackOff::new(clock.clone(), true);
        let here = place("9.9.9.9");
        for _ in 0..4 {
            back_off.failed(here);
        }
        back_off.check(here).unwrap();
        back_off.failed(here);
        assert_eq!(back_off.check(here), Err(Duration::from_secs(15)));
        back_off.check(place("8.8.8.8")).unwrap();
        clock.advance(chrono::Duration::seconds(15));
        back_off.check(here).unwrap();
        back_off.failed(here);
        assert_eq!(back_off.check(here), Err(Duration::from_secs(30)));
        back_off.succeeded(here);
        back_off.check(here).unwrap();
    }
}
