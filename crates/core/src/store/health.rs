//! How the database is doing, for `/status`, `/health` and the doctor.

use std::{sync::atomic::Ordering, time::Instant};

use serde::Serialize;

use super::{Backend, Store, migrate};
use crate::failure::Outcome;

/// What the database says about itself.
#[derive(Clone, Debug, Serialize)]
pub struct StoreHealth {
    /// `sqlite` or `postgres`.
    pub backend: &'static str,
    /// Version of the schema.
    pub schema: i64,
    /// Time of a small read, in microseconds.
    pub read_micros: u64,
    /// Size of the database in bytes.
    pub size_bytes: i64,
    /// Changes that wait for the writer (SQLite).
    pub queued: usize,
    /// Commits since the start (SQLite).
    pub commits: u64,
    /// Changes since the start (SQLite); divided by `commits` it tells how many share one.
    pub changes: u64,
    /// Counters in memory that are not stored yet.
    pub pending_counters: usize,
    /// Jobs that are due.
    pub due_jobs: i64,
    /// The newest event.
    pub latest_event: i64,
}

impl Store {
    /// Asks the database how it is.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn health(&self) -> Outcome<StoreHealth> {
        let started = Instant::now();
        let now = self.clock().now_millis();
        let mut reader = self.read().await?;
        let due_jobs =
            crate::fetch_scalar!(reader, i64, "SELECT COUNT(*) FROM jobs WHERE due_at <= $1", now)?;
        let read_micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let (backend, queued, commits, changes, size_bytes) = match &self.0.backend {
            Backend::Sqlite { orders, stats, .. } => {
                let pages = crate::fetch_scalar!(reader, i64, "PRAGMA page_count")?;
                let page = crate::fetch_scalar!(reader, i64, "PRAGMA page_size")?;
                let queued = orders.max_capacity() - orders.capacity();
                let (commits, changes) = (
                    stats.commits.load(Ordering::Relaxed),
                    stats.changes.load(Ordering::Relaxed),
                );
                ("sqlite", queued, commits, changes, pages.saturating_mul(page))
            }
            Backend::Postgres(_) => (
                "postgres",
                0,
                0,
                0,
                crate::fetch_scalar!(reader, i64, "SELECT pg_database_size(current_database())")?,
            ),
        };
        Ok(StoreHealth {
            backend,
            schema: self.0.schema.min(migrate::newest()),
            read_micros,
            size_bytes,
            queued,
            commits,
            changes,
            pending_counters: self.counters().pending(),
            due_jobs,
            latest_event: self.events().latest().0,
        })
    }
}
