//! Rate limits: a bucket per route and main resource, and the global limit of a bot
//! (<https://discord.com/developers/docs/topics/rate-limits>).
//!
//! Windows run on the machine's time, even if the world's clock stands still: libraries wait in real time. They follow
//! an advance of the clock.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Requests per second of one bot over all routes.
const GLOBAL_PER_SECOND: u32 = 50;
/// Buckets are swept when there are more than this.
const MOST_BUCKETS: usize = 4096;

/// How many requests a route takes in which time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limit {
    pub(crate) requests: u32,
    pub(crate) window: Duration,
}

impl Limit {
    pub(crate) const fn new(requests: u32, window_ms: u64) -> Self {
        Self {
            requests,
            window: Duration::from_millis(window_ms),
        }
    }
}

/// Discord does not publish its numbers; these are those that bots commonly meet.
pub(crate) const DEFAULT_LIMIT: Limit = Limit::new(30, 1_000);

#[derive(Debug)]
struct Window {
    ends: Instant,
    used: u32,
}

/// All buckets.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    buckets: HashMap<String, Window>,
    global: HashMap<String, Window>,
}

/// How a bucket stands after a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Standing {
    pub(crate) bucket: String,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_after: Duration,
    /// `Some` if the request is refused: true for the global limit.
    pub(crate) refused: Option<bool>,
}

impl RateLimits {
    /// Counts a request of `who` on `route` with the main resource `major`.
    pub(crate) fn count(
        &mut self,
        who: &str,
        route: &str,
        major: &str,
        limit: Limit,
        global: bool,
        now: Instant,
    ) -> Standing {
        if self.buckets.len() > MOST_BUCKETS {
            self.buckets.retain(|_, w| w.ends > now);
            self.global.retain(|_, w| w.ends > now);
        }
        let bucket = bucket_name(route, who);
        let mut standing = Standing {
            bucket,
            limit: limit.requests,
            remaining: 0,
            reset_after: limit.window,
            refused: None,
        };
        if global {
            let window = open(&mut self.global, who.to_owned(), Duration::from_secs(1), now);
            if window.used >= GLOBAL_PER_SECOND {
                standing.reset_after = window.ends.saturating_duration_since(now);
                standing.refused = Some(true);
                return standing;
            }
            window.used += 1;
        }
        let window = open(
            &mut self.buckets,
            format!("{who} {route} {major}"),
            limit.window,
            now,
        );
        standing.reset_after = window.ends.saturating_duration_since(now);
        if window.used >= limit.requests {
            standing.refused = Some(false);
        } else {
            window.used += 1;
            standing.remaining = limit.requests - window.used;
        }
        standing
    }
}

fn open(of: &mut HashMap<String, Window>, key: String, length: Duration, now: Instant) -> &mut Window {
    let window = of.entry(key).or_insert(Window {
        ends: now + length,
        used: 0,
    });
    if window.ends <= now {
        *window = Window {
            ends: now + length,
            used: 0,
        };
    }
    window
}

/// Bucket names are opaque hashes.
fn bucket_name(route: &str, who: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (route, who.len()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_message_in_five_seconds_waits() {
        let mut limits = RateLimits::default();
        let now = Instant::now();
        let limit = Limit::new(5, 5_000);
        for left in (0..5).rev() {
            let standing = limits.count("bot", "send", "1", limit, true, now);
            assert_eq!((standing.remaining, standing.refused), (left, None));
        }
        assert_eq!(
            limits.count("bot", "send", "1", limit, true, now).refused,
            Some(false)
        );
        assert_eq!(limits.count("bot", "send", "2", limit, true, now).refused, None);
        let later = now + Duration::from_secs(5);
        assert_eq!(limits.count("bot", "send", "1", limit, true, later).refused, None);
    }

    #[test]
    fn fifty_requests_a_second_are_the_end_everywhere() {
        let mut limits = RateLimits::default();
        let now = Instant::now();
        for n in 0..50 {
            limits.count("bot", &n.to_string(), "", DEFAULT_LIMIT, true, now);
        }
        assert_eq!(
            limits.count("bot", "x", "", DEFAULT_LIMIT, true, now).refused,
            Some(true)
        );
    }
}
