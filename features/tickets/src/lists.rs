//! Rendered listings: the bytes of `GET /api/tickets`, kept until a ticket or a member of the guild changes.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use dashmap::DashMap;
use hazebot_core::ids::GuildId;

use crate::ticket::Status;

/// One body per guild and filter (all, open, claimed, closed); cleared as a whole for a guild.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists(Arc<DashMap<GuildId, Arc<Guild>>>);

#[derive(Debug, Default)]
struct Guild {
    /// Counts changes, so that a body made from what was read before a change is not kept after it.
    version: AtomicU64,
    bodies: DashMap<Option<Status>, Bytes>,
}

/// Says when reading began.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    guild: Arc<Guild>,
    version: u64,
}

impl Lists {
    /// The body, if nothing has changed since it was made.
    #[must_use]
    pub(crate) fn get(&self, guild: GuildId, status: Option<Status>) -> Option<Bytes> {
        self.0.get(&guild)?.bodies.get(&status).map(|body| body.clone())
    }

    /// To be called before the store is read.
    #[must_use]
    pub(crate) fn reading(&self, guild: GuildId) -> Reading {
        let guild = self.0.entry(guild).or_default().clone();
        let version = guild.version.load(Ordering::Acquire);
        Reading { guild, version }
    }

    /// Keeps a body, unless something has changed since reading began.
    pub(crate) fn keep(&self, reading: &Reading, status: Option<Status>, body: &Bytes) {
        reading.guild.bodies.insert(status, body.clone());
        // After the insert: a change in between clears it, or is seen here.
        if reading.guild.version.load(Ordering::Acquire) != reading.version {
            reading.guild.bodies.clear();
        }
    }

    /// Something of this guild has changed.
    pub(crate) fn changed(&self, guild: GuildId) {
        if let Some(guild) = self.0.get(&guild) {
            guild.version.fetch_add(1, Ordering::AcqRel);
            guild.bodies.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use twilight_model::id::Id;

    use super::*;

    #[test]
    fn a_body_is_kept_until_something_changes() {
        let (lists, guild) = (Lists::default(), Id::new(1));
        let body = Bytes::from_static(b"{}");
        let reading = lists.reading(guild);
        lists.keep(&reading, None, &body);
        assert_eq!(lists.get(guild, None), Some(body));
        lists.changed(guild);
        assert_eq!(lists.get(guild, None), None);
    }

    #[test]
    fn a_body_that_was_read_before_a_change_is_not_kept() {
        let (lists, guild) = (Lists::default(), Id::new(1));
        let reading = lists.reading(guild);
        lists.changed(guild);
        lists.keep(&reading, None, &Bytes::from_static(b"old"));
        assert_eq!(lists.get(guild, None), None);
    }
}
