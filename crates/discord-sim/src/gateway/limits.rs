//! How often a bot may begin a session and ask for all members of a guild
//! (<https://discord.com/developers/docs/events/gateway#session-start-limit-object>).
//!
//! Windows run on the machine's time and follow an advance of the world's clock.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::id::Id;

/// Identifies are counted for a day.
const DAY: Duration = Duration::from_secs(24 * 3600);
/// One identify per bucket of shards in this time.
const PACE: Duration = Duration::from_secs(5);
/// The whole list of a guild's members is given once in this time.
const MEMBERS_EVERY: Duration = Duration::from_secs(30);
/// Requests for members that are remembered; above it, those that are over are forgotten.
const MOST_REMEMBERED: usize = 4096;

/// The session start limit of a bot, as `GET /gateway/bot` gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Allowance {
    /// Identifies in a day.
    pub(crate) total: u32,
    /// How many are left.
    pub(crate) remaining: u32,
    /// Until all are back.
    pub(crate) reset_after: Duration,
    /// Shards that may identify at once.
    pub(crate) max_concurrency: u32,
}

/// Whether an identify is welcome.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Start {
    /// It is.
    Fine,
    /// Another shard of the bucket identified just now.
    TooSoon,
    /// The day's identifies are used up.
    Exhausted,
}

#[derive(Debug)]
struct Used {
    since: Instant,
    identifies: u32,
    /// When each bucket of shards identified last; there are at most as many as may identify at once.
    buckets: HashMap<u64, Instant>,
}

/// What all bots used.
#[derive(Debug, Default)]
pub(crate) struct GatewayLimits {
    starts: HashMap<Id, Used>,
    members: HashMap<(Id, Id), Instant>,
}

impl GatewayLimits {
    /// How many identifies a bot has left.
    pub(crate) fn allowance(&self, application: Id, total: u32, concurrency: u32, now: Instant) -> Allowance {
        let used = self
            .starts
            .get(&application)
            .filter(|u| now.saturating_duration_since(u.since) < DAY);
        Allowance {
            total,
            remaining: total.saturating_sub(used.map_or(0, |u| u.identifies)),
            reset_after: used.map_or(DAY, |u| {
                DAY.saturating_sub(now.saturating_duration_since(u.since))
            }),
            max_concurrency: concurrency.max(1),
        }
    }

    /// Counts an identify. The pace is kept only if `paced`.
    pub(super) fn start(
        &mut self,
        application: Id,
        shard: u64,
        allowance: Allowance,
        paced: bool,
        now: Instant,
    ) -> Start {
        let used = self.starts.entry(application).or_insert_with(|| Used {
            since: now,
            identifies: 0,
            buckets: HashMap::new(),
        });
        if now.saturating_duration_since(used.since) >= DAY {
            (used.since, used.identifies) = (now, 0);
        }
        if allowance.remaining == 0 {
            // The new token begins with a full day.
            (used.since, used.identifies) = (now, 0);
            return Start::Exhausted;
        }
        let bucket = shard % u64::from(allowance.max_concurrency);
        let recent = used
            .buckets
            .get(&bucket)
            .is_some_and(|at| now.saturating_duration_since(*at) < PACE);
        if paced && recent {
            return Start::TooSoon;
        }
        used.identifies += 1;
        used.buckets.insert(bucket, now);
        Start::Fine
    }

    /// Counts a request for all members of a guild. Gives how long to wait if it comes too soon.
    pub(super) fn ask_members(&mut self, application: Id, guild: Id, now: Instant) -> Option<Duration> {
        if self.members.len() > MOST_REMEMBERED {
            self.members
                .retain(|_, at| now.saturating_duration_since(*at) < MEMBERS_EVERY);
        }
        let last = self.members.get(&(application, guild));
        let wait = last.and_then(|at| MEMBERS_EVERY.checked_sub(now.saturating_duration_since(*at)));
        if wait.is_none_or(|w| w.is_zero()) {
            self.members.insert((application, guild), now);
            return None;
        }
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: Id = Id::new(1);

    fn start(limits: &mut GatewayLimits, shard: u64, concurrency: u32, now: Instant) -> Start {
        let allowance = limits.allowance(APP, 3, concurrency, now);
        limits.start(APP, shard, allowance, true, now)
    }

    #[test]
    fn shards_of_one_bucket_identify_one_after_the_other() {
        let (mut limits, now) = (GatewayLimits::default(), Instant::now());
        assert_eq!(start(&mut limits, 0, 2, now), Start::Fine);
        assert_eq!(start(&mut limits, 1, 2, now), Start::Fine);
        assert_eq!(start(&mut limits, 2, 2, now), Start::TooSoon);
        assert_eq!(start(&mut limits, 2, 2, now + PACE), Start::Fine);
    }

    #[test]
    fn the_days_identifies_count_down_and_come_back() {
        let (mut limits, mut now) = (GatewayLimits::default(), Instant::now());
        for left in (0..3).rev() {
            assert_eq!(start(&mut limits, 0, 1, now), Start::Fine);
            assert_eq!(limits.allowance(APP, 3, 1, now).remaining, left);
            now += PACE;
        }
        let spent = limits.allowance(APP, 3, 1, now);
        assert_eq!(spent.reset_after, DAY - 3 * PACE);
        assert_eq!(start(&mut limits, 0, 1, now), Start::Exhausted);
        assert_eq!(limits.allowance(APP, 3, 1, now + DAY).remaining, 3);
    }

    #[test]
    fn all_members_of_a_guild_are_given_twice_a_minute_at_most() {
        let (mut limits, now) = (GatewayLimits::default(), Instant::now());
        let (one, other) = (Id::new(2), Id::new(3));
        assert_eq!(limits.ask_members(APP, one, now), None);
        assert_eq!(limits.ask_members(APP, other, now), None);
        let later = now + Duration::from_secs(10);
        assert_eq!(limits.ask_members(APP, one, later), Some(Duration::from_secs(20)));
        assert_eq!(limits.ask_members(APP, one, now + MEMBERS_EVERY), None);
    }
}
