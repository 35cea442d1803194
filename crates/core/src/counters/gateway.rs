//! How far each shard has got, stored in the transaction of the counters, so that a restart resumes the session and a
//! replayed event is not counted twice. Of the installation: a shard serves many guilds.
//!
//! Discord numbers the events of a session (`s` in <https://discord.com/developers/docs/events/gateway-events>) and
//! replays those after the number that a resume names. Two numbers are kept: `sequence`, up to which all effects are
//! stored, is where a resume begins; `counted`, up to which counters are stored, may be ahead of it.

use std::collections::HashMap;

use super::{Counter, Counters, Key, State};
use crate::{
    ids::{GuildId, Snowflake, UserId},
    store::Reader,
};

/// What a resume needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewaySession {
    /// Id of the session.
    pub id: String,
    /// Where to connect to resume it.
    pub resume_url: String,
    /// The last event whose effects are all stored.
    pub sequence: u64,
}

/// A shard's state in memory.
#[derive(Debug, Default)]
pub(super) struct Shard {
    id: String,
    resume_url: String,
    seen: u64,
    counted: u64,
    /// `counted` of the database when the program started: up to here replayed events are counted already.
    replayed: u64,
    dirty: bool,
    /// Where the saved session began, for [`Gateway::saved`].
    saved: Option<GatewaySession>,
}

/// What is stored of a shard.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    pub(super) id: String,
    pub(super) resume_url: String,
    pub(super) seen: u64,
    pub(super) counted: u64,
}

impl Shard {
    pub(super) fn take(&mut self) -> Option<Progress> {
        if !std::mem::take(&mut self.dirty) {
            return None;
        }
        Some(Progress {
            id: self.id.clone(),
            resume_url: self.resume_url.clone(),
            seen: self.seen,
            counted: self.counted,
        })
    }

    pub(super) fn mark(&mut self) {
        self.dirty = true;
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    shard: i64,
    session_id: String,
    resume_url: String,
    sequence: i64,
    counted: i64,
}

/// All shards of the database.
pub(super) async fn load(reader: &mut Reader<'_>) -> Result<HashMap<u32, Shard>, sqlx::Error> {
    let rows = crate::fetch_all!(
        reader,
        Row,
        "SELECT shard, session_id, resume_url, sequence, counted FROM gateway_sessions"
    )?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((u32::try_from(row.shard).ok()?, row.into())))
        .collect())
}

impl From<Row> for Shard {
    fn from(row: Row) -> Self {
        let seen = row.sequence.max(0).cast_unsigned();
        let counted = row.counted.max(0).cast_unsigned();
        // An empty id is a session that was forgotten.
        let saved = (!row.session_id.is_empty()).then(|| GatewaySession {
            id: row.session_id.clone(),
            resume_url: row.resume_url.clone(),
            sequence: seen,
        });
        Self {
            id: row.session_id,
            resume_url: row.resume_url,
            seen,
            counted,
            replayed: counted,
            dirty: false,
            saved,
        }
    }
}

/// The counters of one shard. Its methods are called in the order of the events; none of them waits.
#[derive(Clone, Debug)]
pub struct Gateway {
    counters: Counters,
    shard: u32,
}

impl Gateway {
    pub(super) fn new(counters: Counters, shard: u32) -> Self {
        Self { counters, shard }
    }

    /// The session that the last run of the program left, to resume it.
    #[must_use]
    pub fn saved(&self) -> Option<GatewaySession> {
        self.counters
            .0
            .state
            .lock()
            .shards
            .get(&self.shard)?
            .saved
            .clone()
    }

    /// Discord has told a session (READY). A new id begins a new numbering.
    pub fn session(&self, id: &str, resume_url: &str) {
        self.change(|shard| {
            if shard.id != id {
                *shard = Shard {
                    id: id.to_owned(),
                    ..Shard::default()
                };
            }
            resume_url.clone_into(&mut shard.resume_url);
            shard.dirty = true;
        });
    }

    /// The session can't be resumed any more (invalid session).
    pub fn forget(&self) {
        self.change(|shard| {
            *shard = Shard {
                dirty: true,
                ..Shard::default()
            }
        });
    }

    /// All effects of the events up to `sequence` are stored, or lie in counters. A smaller number changes nothing.
    pub fn seen(&self, sequence: u64) {
        self.change(|shard| {
            if sequence > shard.seen {
                shard.seen = sequence;
                shard.dirty = true;
            }
        });
    }

    /// Counts 1 for the event `sequence`. `false`: it was counted before the program was restarted.
    pub fn count(&self, sequence: u64, guild: GuildId, user: UserId, counter: Counter) -> bool {
        self.count_many(sequence, guild, user, &[(counter, 1)])
    }

    /// Counts several things for one event. `false`: they were counted before the program was restarted.
    pub fn count_many(&self, sequence: u64, guild: GuildId, user: UserId, counts: &[(Counter, i64)]) -> bool {
        let keys = {
            let mut state = self.counters.0.state.lock();
            let State { shards, .. } = &mut *state;
            let shard = shards.entry(self.shard).or_default();
            if sequence <= shard.replayed {
                return false;
            }
            shard.counted = shard.counted.max(sequence);
            shard.dirty = true;
            for (counter, by) in counts {
                let key: Key = (guild.to_i64(), user.to_i64(), *counter);
                state.add(key, *by);
            }
            state.deltas.len()
        };
        self.counters.gathered(keys);
        true
    }

    fn change(&self, change: impl FnOnce(&mut Shard)) {
        let dirty = {
            let mut state = self.counters.0.state.lock();
            let shard = state.shards.entry(self.shard).or_default();
            change(shard);
            shard.dirty
        };
        if dirty {
            self.counters.0.dirty.notify_one();
        }
    }
}
