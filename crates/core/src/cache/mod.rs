//! The cache service: named caches with a capacity, a time to live, answers of "there is none", one computation at a time
//! per key, and statistics.
//!
//! Caches belong to the installation. What belongs to a guild begins with [`guild_key`], so that it can be purged whole.
//!
//! ```
//! # use std::time::Duration;
//! # use hazebot_core::{Clock, cache::{CacheOptions, Caches}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let caches = Caches::new(Clock::system());
//! let squares = caches.build::<u64>(CacheOptions::new("squares", 100, Duration::from_secs(60)));
//! let square = squares.get_or_try_compute("7", async { Ok::<_, ()>(Some(49)) }).await;
//! assert_eq!(square, Ok(Some(49)));
//! # }
//! ```

mod persist;
mod registry;

use std::{
    any::Any,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use persist::Persistence;
use serde::Serialize;

pub use persist::sweep;
pub use registry::Caches;

use crate::{Clock, Timestamp, clock::from_millis, ids::GuildId};

/// How a cache behaves.
#[derive(Clone, Debug)]
pub struct CacheOptions {
    /// Its name on the admin page, and in the database if it is persisted.
    pub name: &'static str,
    /// Most entries; the least used go first.
    pub capacity: u64,
    /// How long an entry counts.
    pub ttl: Duration,
    /// How long "there is none" counts; zero does not keep it.
    pub absent_ttl: Duration,
    /// How long an entry is kept beyond its time, for [`Cache::last_known`].
    pub stale: Duration,
}

impl CacheOptions {
    /// A cache whose "there is none" counts as long as everything else, and that keeps nothing beyond its time.
    #[must_use]
    pub fn new(name: &'static str, capacity: u64, ttl: Duration) -> Self {
        Self {
            name,
            capacity,
            ttl,
            absent_ttl: ttl,
            stale: Duration::ZERO,
        }
    }

    /// Sets how long "there is none" counts.
    #[must_use]
    pub fn absent_ttl(mut self, ttl: Duration) -> Self {
        self.absent_ttl = ttl;
        self
    }

    /// Keeps entries beyond their time.
    #[must_use]
    pub fn stale(mut self, stale: Duration) -> Self {
        self.stale = stale;
        self
    }
}

/// The beginning of all keys of a guild, followed by `rest`.
#[must_use]
pub fn guild_key(guild: GuildId, rest: &str) -> String {
    format!("g{guild}/{rest}")
}

/// What a cache has done since the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CacheStats {
    /// Its name.
    pub name: &'static str,
    /// Look-ups that were answered from memory or database.
    pub hits: u64,
    /// Look-ups that were not.
    pub misses: u64,
    /// Entries now, about.
    pub size: u64,
    /// Most entries.
    pub capacity: u64,
    /// Time to live in seconds.
    pub ttl_seconds: u64,
    /// Whether entries outlive a restart.
    pub persisted: bool,
}

/// What is known about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<V> {
    /// The value.
    Found(V),
    /// It is known that there is none.
    Absent,
    /// Nothing is known.
    Miss,
}

/// A cache of values of one type. Cheap to clone.
pub struct Cache<V>(Arc<Shared<V>>);

impl<V> Clone for Cache<V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<V> std::fmt::Debug for Cache<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Cache").field(&self.0.options.name).finish()
    }
}

/// Computations under way in all caches, by cache and key: who asks for the same key waits for the same one. One for all,
/// since each costs about 30 KiB.
pub(crate) type Flights = moka::future::Cache<(u64, String), Arc<dyn Any + Send + Sync>>;

struct Shared<V> {
    options: CacheOptions,
    clock: Clock,
    values: moka::future::Cache<String, Slot<V>>,
    flights: Flights,
    /// Tells the flights of this cache from those of others.
    id: u64,
    persistence: Option<Persistence<V>>,
    hits: AtomicU64,
    misses: AtomicU64,
    /// Raised by each purge: what was computed from older facts is not kept.
    generation: AtomicU64,
}

/// An entry; `None` is "there is none".
#[derive(Clone, Debug)]
pub(crate) struct Slot<V> {
    value: Option<V>,
    at: i64,
    until: i64,
}

impl<V: Clone + Send + Sync + 'static> Cache<V> {
    fn new(options: CacheOptions, caches: &Caches, persistence: Option<Persistence<V>>) -> Self {
        let kept = options.ttl.max(options.absent_ttl) + options.stale;
        let values = moka::future::Cache::builder()
            .max_capacity(options.capacity)
            .time_to_live(kept)
            .build();
        let (clock, flights, id) = caches.parts();
        Self(Arc::new(Shared {
            options,
            clock,
            values,
            flights,
            id,
            persistence,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            generation: AtomicU64::new(0),
        }))
    }

    /// What is in memory about a key.
    pub async fn get(&self, key: &str) -> Lookup<V> {
        match self.fresh(key).await {
            Some(slot) => {
                self.0.hits.fetch_add(1, Ordering::Relaxed);
                slot.value.map_or(Lookup::Absent, Lookup::Found)
            }
            None => {
                self.0.misses.fetch_add(1, Ordering::Relaxed);
                Lookup::Miss
            }
        }
    }

    /// The value; computed if it is not known. Who asks for the same key meanwhile waits for the same computation and
    /// gets the same result, a failure too. Failures are not kept.
    ///
    /// # Errors
    /// What the computation gave.
    pub async fn get_or_try_compute<F, E>(&self, key: &str, compute: F) -> Result<Option<V>, Arc<E>>
    where
        F: Future<Output = Result<Option<V>, E>> + Send,
        E: Send + Sync + 'static,
    {
        if let Some(slot) = self.fresh(key).await {
            self.0.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(slot.value);
        }
        let flight = async {
            // Somebody may have finished between the look-up and here.
            if let Some(slot) = self.fresh(key).await {
                self.0.hits.fetch_add(1, Ordering::Relaxed);
                return Ok(slot);
            }
            if let Some(slot) = self.persisted(key).await {
                self.0.hits.fetch_add(1, Ordering::Relaxed);
                self.0.values.insert(key.to_owned(), slot.clone()).await;
                return Ok(slot);
            }
            self.0.misses.fetch_add(1, Ordering::Relaxed);
            let generation = self.0.generation.load(Ordering::Acquire);
            let slot = self.slot(compute.await?);
            if self.0.generation.load(Ordering::Acquire) == generation {
                self.keep(key, slot.clone()).await;
            }
            Ok(slot)
        };
        // Boxed: a look-up that hits carries none of the weight of a computation.
        let flight = Box::pin(async { Ok::<Arc<dyn Any + Send + Sync>, E>(Arc::new(flight.await?)) });
        let flight_key = (self.0.id, key.to_owned());
        let slot = self.0.flights.try_get_with_by_ref(&flight_key, flight).await;
        self.0.flights.invalidate(&flight_key).await;
        // The key names this cache, so the type is its own.
        Ok(slot?
            .downcast::<Slot<V>>()
            .ok()
            .and_then(|slot| slot.value.clone()))
    }

    /// Keeps a value.
    pub async fn insert(&self, key: &str, value: V) {
        self.keep(key, self.slot(Some(value))).await;
    }

    /// Keeps that there is none.
    pub async fn insert_absent(&self, key: &str) {
        self.keep(key, self.slot(None)).await;
    }

    /// The last value that was known, also beyond its time, and when it was got. Counts in no statistics.
    pub async fn last_known(&self, key: &str) -> Option<(V, Timestamp)> {
        let slot = match self.0.values.get(key).await {
            Some(slot) => slot,
            None => {
                self.0
                    .persistence
                    .as_ref()?
                    .load(self.0.options.name, key)
                    .await?
            }
        };
        Some((slot.value?, from_millis(slot.at)))
    }

    /// Forgets a key.
    pub async fn remove(&self, key: &str) {
        self.0.generation.fetch_add(1, Ordering::AcqRel);
        self.0.values.invalidate(key).await;
        if let Some(persistence) = &self.0.persistence {
            persistence.remove(self.0.options.name, key).await;
        }
    }

    /// Forgets all keys that begin so; an empty text forgets everything. Gives how many were in memory.
    pub async fn purge(&self, prefix: &str) -> u64 {
        self.0.generation.fetch_add(1, Ordering::AcqRel);
        let keys: Vec<Arc<String>> = self
            .0
            .values
            .iter()
            .map(|(key, _)| key)
            .filter(|key| key.starts_with(prefix))
            .collect();
        let mut purged = 0;
        for key in keys {
            purged += u64::from(self.0.values.remove(key.as_str()).await.is_some());
        }
        if let Some(persistence) = &self.0.persistence {
            persistence.purge(self.0.options.name, prefix).await;
        }
        purged
    }

    /// What it has done.
    pub async fn stats(&self) -> CacheStats {
        self.0.values.run_pending_tasks().await;
        CacheStats {
            name: self.0.options.name,
            hits: self.0.hits.load(Ordering::Relaxed),
            misses: self.0.misses.load(Ordering::Relaxed),
            size: self.0.values.entry_count(),
            capacity: self.0.options.capacity,
            ttl_seconds: self.0.options.ttl.as_secs(),
            persisted: self.0.persistence.is_some(),
        }
    }

    async fn fresh(&self, key: &str) -> Option<Slot<V>> {
        let slot = self.0.values.get(key).await?;
        (self.0.clock.now_millis() < slot.until).then_some(slot)
    }

    async fn persisted(&self, key: &str) -> Option<Slot<V>> {
        let slot = self
            .0
            .persistence
            .as_ref()?
            .load(self.0.options.name, key)
            .await?;
        (self.0.clock.now_millis() < slot.until).then_some(slot)
    }

    fn slot(&self, value: Option<V>) -> Slot<V> {
        let at = self.0.clock.now_millis();
        let ttl = if value.is_some() {
            self.0.options.ttl
        } else {
            self.0.options.absent_ttl
        };
        Slot {
            value,
            at,
            until: at.saturating_add(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX)),
        }
    }

    async fn keep(&self, key: &str, slot: Slot<V>) {
        if slot.until <= slot.at {
            return;
        }
        if let Some(persistence) = &self.0.persistence {
            persistence
                .save(self.0.options.name, key, &slot, self.0.options.stale)
                .await;
        }
        self.0.values.insert(key.to_owned(), slot).await;
    }
}

#[cfg(test)]
mod tests;
