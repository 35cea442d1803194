//! All caches of the program, for the admin page and for purging.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde::{Serialize, de::DeserializeOwned};

use super::{Cache, CacheOptions, CacheStats, Flights, Persistence, Shared, guild_key};
use crate::{Clock, ids::GuildId, store::Store};

/// A cache whatever its type.
trait AnyCache: Send + Sync {
    fn name(&self) -> &'static str;
    fn purge<'c>(self: Arc<Self>, prefix: &'c str) -> BoxFuture<'c, u64>;
    fn stats(self: Arc<Self>) -> BoxFuture<'static, CacheStats>;
}

impl<V: Clone + Send + Sync + 'static> AnyCache for Shared<V> {
    fn name(&self) -> &'static str {
        self.options.name
    }

    fn purge<'c>(self: Arc<Self>, prefix: &'c str) -> BoxFuture<'c, u64> {
        Box::pin(async move { Cache(self).purge(prefix).await })
    }

    fn stats(self: Arc<Self>) -> BoxFuture<'static, CacheStats> {
        Box::pin(async move { Cache(self).stats().await })
    }
}

/// Makes caches and keeps track of them. Cheap to clone.
#[derive(Clone)]
pub struct Caches {
    clock: Clock,
    /// Weak: a cog that is unloaded takes its caches along.
    all: Arc<Mutex<Vec<Weak<dyn AnyCache>>>>,
    flights: Flights,
    ids: Arc<AtomicU64>,
}

/// How long the result of a computation stays with those who waited for it; they take it at once.
const FLIGHT: Duration = Duration::from_secs(1);
/// Results that stay so; computations under way are not counted.
const MOST_FLIGHTS: u64 = 1_000;

impl std::fmt::Debug for Caches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caches")
            .field("caches", &self.all.lock().len())
            .finish_non_exhaustive()
    }
}

impl Caches {
    /// No caches yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let flights = moka::future::Cache::builder()
            .max_capacity(MOST_FLIGHTS)
            .time_to_live(FLIGHT)
            .build();
        Self {
            clock,
            all: Arc::default(),
            flights,
            ids: Arc::default(),
        }
    }

    /// Makes a cache in memory.
    pub fn build<V: Clone + Send + Sync + 'static>(&self, options: CacheOptions) -> Cache<V> {
        self.add(Cache::new(options, self, None))
    }

    /// Makes a cache whose entries outlive a restart. The name must be its own.
    pub fn build_persisted<V>(&self, options: CacheOptions, store: Store) -> Cache<V>
    where
        V: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    {
        self.add(Cache::new(options, self, Some(Persistence::new(store))))
    }

    /// What a new cache shares with the others, and its id.
    pub(super) fn parts(&self) -> (Clock, Flights, u64) {
        (
            self.clock.clone(),
            self.flights.clone(),
            self.ids.fetch_add(1, Ordering::Relaxed),
        )
    }

    fn add<V: Clone + Send + Sync + 'static>(&self, cache: Cache<V>) -> Cache<V> {
        let weak = Arc::downgrade(&cache.0);
        let mut all = self.all.lock();
        all.retain(|other| other.strong_count() > 0);
        all.push(weak);
        cache
    }

    fn living(&self) -> Vec<Arc<dyn AnyCache>> {
        self.all.lock().iter().filter_map(Weak::upgrade).collect()
    }

    /// What each cache has done, by name.
    pub async fn stats(&self) -> Vec<CacheStats> {
        let mut stats = Vec::new();
        for cache in self.living() {
            stats.push(cache.stats().await);
        }
        stats.sort_by_key(|stats| stats.name);
        stats
    }

    /// Forgets all keys that begin so, in one cache or in all. Gives how many were in memory.
    pub async fn purge(&self, cache: Option<&str>, prefix: &str) -> u64 {
        let mut purged = 0;
        for each in self.living() {
            if cache.is_none_or(|name| name == each.name()) {
                purged += each.purge(prefix).await;
            }
        }
        purged
    }

    /// Forgets everything of a guild.
    pub async fn purge_guild(&self, guild: GuildId) -> u64 {
        self.purge(None, &guild_key(guild, "")).await
    }
}
