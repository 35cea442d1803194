//! Cooldowns: who used what when. In memory only: after a restart everybody may at once.

use std::{collections::HashMap, time::Duration};

use hazebot_core::ids::UserId;
use parking_lot::Mutex;

/// Pairs of person and command that are remembered; more means that somebody floods, and the oldest go first.
const MOST: usize = 10_000;

/// Whether somebody may use something now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Yes; the waiting time begins.
    Go,
    /// Not yet.
    Wait {
        /// How long.
        left: Duration,
        /// Whether it has not been told yet for this wait.
        tell: bool,
    },
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    until: i64,
    told: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Cooldowns(Mutex<HashMap<(UserId, &'static str), Entry>>);

impl Cooldowns {
    /// `now` in Unix milliseconds.
    pub(crate) fn enter(&self, user: UserId, what: &'static str, wait: Duration, now: i64) -> Verdict {
        let mut entries = self.0.lock();
        if let Some(entry) = entries.get_mut(&(user, what))
            && entry.until > now
        {
            let tell = !std::mem::replace(&mut entry.told, true);
            let left = Duration::from_millis(entry.until.abs_diff(now));
            return Verdict::Wait { left, tell };
        }
        if wait.is_zero() {
            return Verdict::Go;
        }
        if entries.len() >= MOST {
            entries.retain(|_, entry| entry.until > now);
        }
        if entries.len() >= MOST
            && let Some(oldest) = entries
                .iter()
                .min_by_key(|(_, entry)| entry.until)
                .map(|(key, _)| *key)
        {
            entries.remove(&oldest);
        }
        let until = now.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        entries.insert((user, what), Entry { until, told: false });
        Verdict::Go
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_secs(5);

    #[test]
    fn a_wait_is_told_once_and_then_ends() {
        let cooldowns = Cooldowns::default();
        let user = UserId::new(1);
        assert_eq!(cooldowns.enter(user, "meme", WAIT, 0), Verdict::Go);
        let left = Duration::from_secs(3);
        assert_eq!(
            cooldowns.enter(user, "meme", WAIT, 2_000),
            Verdict::Wait { left, tell: true }
        );
        assert_eq!(
            cooldowns.enter(user, "meme", WAIT, 2_000),
            Verdict::Wait { left, tell: false }
        );
        assert_eq!(cooldowns.enter(user, "help", WAIT, 2_000), Verdict::Go);
        assert_eq!(cooldowns.enter(user, "meme", WAIT, 5_000), Verdict::Go);
    }

    #[test]
    fn a_flood_of_people_does_not_grow_the_memory() {
        let cooldowns = Cooldowns::default();
        for id in 1..=12_000 {
            let _ = cooldowns.enter(UserId::new(id), "meme", WAIT, 0);
        }
        assert_eq!(cooldowns.0.lock().len(), MOST);
    }
}
