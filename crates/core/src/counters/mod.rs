//! Counters at chat speed: merged per member and kind in memory, stored as one multi-row upsert a few times a second,
//! together with how far each shard of the gateway has got. A message costs no write of its own.
//!
//! Counters are exempt from audit and events. A read of the table lags by 250 ms at most; [`Store::flush`] first where
//! that matters.
//!
//! [`Store::flush`]: crate::store::Store::flush

mod gateway;
mod write;

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::gateway::Shard;
pub use self::gateway::{Gateway, GatewaySession};
use crate::{
    failure::Outcome,
    ids::{GuildId, Snowflake, UserId},
    store::{Database, Inner, ReadPool, Store},
};

/// How long counters gather before they are stored: with the commit itself within a quarter of a second.
const GATHER: Duration = Duration::from_millis(200);
/// Pause after a flush failed.
const AGAIN: Duration = Duration::from_secs(1);
/// So many different keys are stored at once without waiting further.
const EARLY: usize = 10_000;
/// Different keys in memory at most (about 5 MB). Reached only while the database is away for long; further keys are
/// then dropped and counted.
const MOST: usize = 100_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counter {
    /// Messages written.
    Messages,
    /// Images sent.
    Images,
}

impl Counter {
    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Images => "images",
        }
    }
}

/// Guild, member, kind: ordered, so that two processes lock rows in the same order.
type Key = (i64, i64, Counter);

/// The counters. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Counters(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Something waits to be stored.
    dirty: Notify,
    /// So much waits that it is stored at once.
    full: Notify,
    /// One flush at a time, so that one that waits for it has all stored.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    deltas: HashMap<Key, i64>,
    shards: HashMap<u32, Shard>,
    dropped: u64,
}

impl Counters {
    pub(crate) async fn open(pool: &ReadPool) -> Result<Self, sqlx::Error> {
        let mut reader = pool.get().await?;
        let shards = gateway::load(&mut reader).await?;
        let state = Mutex::new(State {
            shards,
            ..State::default()
        });
        let turn = tokio::sync::Mutex::new(());
        Ok(Self(Arc::new(Shared {
            state,
            dirty: Notify::new(),
            full: Notify::new(),
            turn,
        })))
    }

    /// Counts for a member of a guild. Stored within 250 ms.
    pub fn add(&self, counter: Counter, guild: GuildId, user: UserId, by: i64) {
        let keys = {
            let mut state = self.0.state.lock();
            state.add((guild.to_i64(), user.to_i64(), counter), by);
            state.deltas.len()
        };
        self.gathered(keys);
    }

    fn gathered(&self, keys: usize) {
        self.0.dirty.notify_one();
        if keys >= EARLY {
            self.0.full.notify_one();
        }
    }

    /// The counters of a shard, which know what is counted already when events are replayed after a restart.
    #[must_use]
    pub fn gateway(&self, shard: u32) -> Gateway {
        Gateway::new(self.clone(), shard)
    }

    /// Counters in memory that are not stored yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.0.state.lock().deltas.len()
    }

    /// Counts that were dropped because the database was away for too long.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.state.lock().dropped
    }

    /// Stores what is in memory. On an error it stays there.
    pub(crate) async fn flush(&self, store: &Store) -> Outcome<()> {
        let _turn = self.0.turn.lock().await;
        let batch = self.0.state.lock().take();
        if batch.is_empty() {
            return Ok(());
        }
        let batch = Arc::new(batch);
        let writing = Arc::clone(&batch);
        let written = store
            .write(move |tx| Box::pin(async move { write::write(tx, &writing).await }))
            .await;
        if written.is_err() {
            self.0.state.lock().put_back(&batch);
        }
        written
    }
}

/// What one flush stores.
#[derive(Debug, Default)]
struct Batch {
    deltas: Vec<(Key, i64)>,
    shards: Vec<(u32, gateway::Progress)>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.deltas.is_empty() && self.shards.is_empty()
    }
}

impl State {
    fn add(&mut self, key: Key, by: i64) {
        if let Some(delta) = self.deltas.get_mut(&key) {
            *delta = delta.saturating_add(by);
        } else if self.deltas.len() < MOST {
            self.deltas.insert(key, by);
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
    }

    /// Takes the deltas together with the progress of the shards: both are of the same moment.
    fn take(&mut self) -> Batch {
        // Frees the memory of a burst too.
        let mut deltas: Vec<_> = std::mem::take(&mut self.deltas)
            .into_iter()
            .filter(|(_, by)| *by != 0)
            .collect();
        deltas.sort_unstable_by_key(|(key, _)| *key);
        let mut shards: Vec<_> = self
            .shards
            .iter_mut()
            .filter_map(|(shard, state)| Some((*shard, state.take()?)))
            .collect();
        shards.sort_unstable_by_key(|(shard, _)| *shard);
        Batch { deltas, shards }
    }

    fn put_back(&mut self, batch: &Batch) {
        for (key, by) in &batch.deltas {
            self.add(*key, *by);
        }
        for (shard, _) in &batch.shards {
            if let Some(state) = self.shards.get_mut(shard) {
                state.mark();
            }
        }
    }
}

/// Stores what has gathered, until the store is closed or dropped.
pub(crate) async fn flush_forever(store: Weak<Inner>, counters: Counters, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = counters.0.dirty.notified() => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(GATHER) => {}
            () = counters.0.full.notified() => {}
        }
        let Some(inner) = store.upgrade() else { return };
        if let Err(error) = counters.flush(&Store::from_inner(inner)).await {
            if stop.is_cancelled() {
                return;
            }
            tracing::error!(%error, "counters were not stored; they are kept in memory");
            counters.0.dirty.notify_one();
            tokio::time::sleep(AGAIN).await;
        }
    }
}

/// A member's stored counter; 0 if it never counted.
///
/// # Errors
/// The database does not answer.
pub async fn value(db: &mut impl Database, counter: Counter, guild: GuildId, user: UserId) -> Outcome<i64> {
    let value = crate::fetch_scalar_optional!(
        db,
        i64,
        "SELECT value FROM member_counters WHERE guild_id = $1 AND user_id = $2 AND kind = $3",
        guild.to_i64(),
        user.to_i64(),
        counter.name()
    )?;
    Ok(value.unwrap_or_default())
}

/// The members of a guild with the highest stored counters, highest first, 100 at most.
///
/// # Errors
/// The database does not answer.
pub async fn top(
    db: &mut impl Database,
    counter: Counter,
    guild: GuildId,
    limit: i64,
) -> Outcome<Vec<(UserId, i64)>> {
    let rows = crate::fetch_all!(
        db,
        (i64, i64),
        "SELECT user_id, value FROM member_counters WHERE guild_id = $1 AND kind = $2 ORDER BY value DESC, user_id LIMIT $3",
        guild.to_i64(),
        counter.name(),
        limit.clamp(1, 100)
    )?;
    Ok(rows
        .into_iter()
        .filter_map(|(user, value)| Some((UserId::from_i64(user)?, value)))
        .collect())
}
