//! Entries that outlive a restart, in the table `cache_entries`, under `<cache>/<key>`.
//!
//! A cache that can't reach its table is a cache in memory: faults are logged and nobody waits for them.

use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};

use super::Slot;
use crate::{
    Clock, Outcome,
    store::{self, Store},
};

/// Rows of all caches together; the ones that end first go first.
const MOST_ROWS: i64 = 20_000;
/// Bytes of a row: larger values stay in memory only.
const LARGEST_ROW: usize = 1024 * 1024;

type Encode<V> = fn(&V) -> Option<Vec<u8>>;
type Decode<V> = fn(&[u8]) -> Option<V>;

/// Saves and loads entries of one type.
pub(super) struct Persistence<V> {
    store: Store,
    encode: Encode<V>,
    decode: Decode<V>,
}

/// A row's value begins with two times in milliseconds: when it was got, and until when it counts.
const TIMES: usize = 16;

impl<V> Persistence<V> {
    pub(super) fn new(store: Store) -> Self
    where
        V: Serialize + DeserializeOwned,
    {
        Self {
            store,
            encode: |value| serde_json::to_vec(value).ok(),
            decode: |bytes| serde_json::from_slice(bytes).ok(),
        }
    }

    /// The row, also beyond its time.
    pub(super) async fn load(&self, cache: &str, key: &str) -> Option<Slot<V>> {
        let found: Outcome<Option<Vec<u8>>> = async {
            let mut reader = self.store.read().await?;
            let key = row_key(cache, key);
            Ok(store::fetch_scalar_optional!(
                reader,
                Vec<u8>,
                "SELECT value FROM cache_entries WHERE key = $1",
                key
            )?)
        }
        .await;
        let bytes = found.unwrap_or_else(|error| {
            tracing::warn!(cache, %error, "a cache entry was not read");
            None
        })?;
        let (times, value) = bytes.split_at_checked(TIMES)?;
        let (at, until) = times.split_at_checked(TIMES / 2)?;
        let millis = |bytes: &[u8]| bytes.try_into().ok().map(i64::from_be_bytes);
        let value = if value.is_empty() {
            None
        } else {
            Some((self.decode)(value)?)
        };
        Some(Slot {
            value,
            at: millis(at)?,
            until: millis(until)?,
        })
    }

    pub(super) async fn save(&self, cache: &str, key: &str, slot: &Slot<V>, stale: Duration) {
        let mut bytes = [slot.at.to_be_bytes(), slot.until.to_be_bytes()].concat();
        if let Some(value) = &slot.value {
            match (self.encode)(value) {
                Some(encoded) if encoded.len() <= LARGEST_ROW => bytes.extend_from_slice(&encoded),
                _ => return,
            }
        }
        let stale = i64::try_from(stale.as_millis()).unwrap_or(i64::MAX);
        let (key, ends) = (row_key(cache, key), slot.until.saturating_add(stale));
        let written = self.store.write(move |tx| {
            Box::pin(async move {
                store::execute!(
                    tx,
                    "INSERT INTO cache_entries (key, value, expires_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
                    key,
                    bytes,
                    ends
                )?;
                Ok(())
            })
        });
        report(cache, written.await);
    }

    pub(super) async fn remove(&self, cache: &str, key: &str) {
        let key = row_key(cache, key);
        let written = self.store.write(move |tx| {
            Box::pin(async move {
                store::execute!(tx, "DELETE FROM cache_entries WHERE key = $1", key)?;
                Ok(())
            })
        });
        report(cache, written.await);
    }

    pub(super) async fn purge(&self, cache: &str, prefix: &str) {
        let prefix = row_key(cache, prefix);
        let length = i64::try_from(prefix.chars().count()).unwrap_or(i64::MAX);
        let written = self.store.write(move |tx| {
            Box::pin(async move {
                // LIKE ignores case on SQLite, comparing with < obeys the locale on PostgreSQL.
                store::execute!(
                    tx,
                    "DELETE FROM cache_entries WHERE SUBSTR(key, 1, CAST($1 AS INTEGER)) = $2",
                    length,
                    prefix
                )?;
                Ok(())
            })
        });
        report(cache, written.await);
    }
}

fn row_key(cache: &str, key: &str) -> String {
    format!("{cache}/{key}")
}

fn report(cache: &str, written: Outcome<()>) {
    if let Err(error) = written {
        tracing::warn!(cache, %error, "a cache entry was not written");
    }
}

/// Removes rows whose time has passed, and the ones that end first beyond 20,000. Gives how many. To be run every hour.
///
/// # Errors
/// The store's.
pub async fn sweep(store: &Store, clock: &Clock) -> Outcome<u64> {
    let now = clock.now_millis();
    store
        .write(move |tx| {
            Box::pin(async move {
                let ended = store::execute!(tx, "DELETE FROM cache_entries WHERE expires_at <= $1", now)?;
                let many = store::execute!(
                    tx,
                    "DELETE FROM cache_entries WHERE expires_at <= COALESCE((SELECT expires_at FROM cache_entries ORDER BY expires_at DESC LIMIT 1 OFFSET $1), 0)",
                    MOST_ROWS
                )?;
                Ok(ended + many)
            })
        })
        .await
}
