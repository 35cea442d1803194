//! Keeps tables that only grow within bounds, by a job of its own.

use std::time::Duration;

use super::Store;
use crate::{
    failure::Outcome,
    jobs::{JobDone, JobRegistration, JobRunner, NewJob},
};

/// Kind of the job.
const KIND: &str = "store.retention";
/// How often it runs.
const EVERY: chrono::Duration = chrono::Duration::hours(6);
/// Clients that were away for longer load afresh instead of catching up.
const EVENT_DAYS: i64 = 30;
/// About 100 MB.
const EVENT_ROWS: i64 = 200_000;
/// A little more than a year, so that last year's cases can be looked up.
const AUDIT_DAYS: i64 = 400;
/// About 250 MB.
const AUDIT_ROWS: i64 = 500_000;
/// Ended sessions and grants are shown and checked for a month at most.
const ENDED_DAYS: i64 = 30;
/// Rows of one change: short enough that nobody notices the writer being busy.
const ROWS: i64 = 1_000;
/// Lets others write between two changes.
const PAUSE: Duration = Duration::from_millis(20);

/// Registers the job and schedules it if it is not. Lasts as long as the registration.
///
/// # Errors
/// The database refused the row.
pub async fn keep_bounded(runner: &JobRunner, store: &Store) -> Outcome<JobRegistration> {
    let registration = runner.register(KIND, |job| {
        Box::pin(async move {
            let rows = prune(&job.store).await?;
            if rows > 0 {
                tracing::info!(rows, "old rows were deleted");
            }
            Ok(JobDone::Again(job.store.clock().now() + EVERY))
        })
    });
    let due = store.clock().now();
    store
        .write(move |tx| Box::pin(tx.schedule_once(NewJob::new(KIND, "all", due))))
        .await?;
    Ok(registration)
}

/// Deletes what is too old or too much, and gives how many rows that were.
///
/// # Errors
/// The database does not answer.
pub async fn prune(store: &Store) -> Outcome<u64> {
    let now = store.clock().now_millis();
    let days = |days: i64| now.saturating_sub(chrono::Duration::days(days).num_milliseconds());
    let (events, audit) = {
        let mut db = store.read().await?;
        let old = "SELECT COALESCE(MAX(id), 0) FROM events WHERE at < $1";
        let old = crate::fetch_scalar!(db, i64, old, days(EVENT_DAYS))?;
        let newest = crate::fetch_scalar!(db, i64, "SELECT COALESCE(MAX(id), 0) FROM events")?;
        let events = old.max(newest.saturating_sub(EVENT_ROWS));
        let old = "SELECT COALESCE(MAX(id), 0) FROM audit WHERE at < $1";
        let old = crate::fetch_scalar!(db, i64, old, days(AUDIT_DAYS))?;
        let newest = crate::fetch_scalar!(db, i64, "SELECT COALESCE(MAX(id), 0) FROM audit")?;
        (events, old.max(newest.saturating_sub(AUDIT_ROWS)))
    };
    let ended = days(ENDED_DAYS);
    let mut rows = 0;
    for (sql, upto) in [
        (
            "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id <= $1 ORDER BY id LIMIT $2)",
            events,
        ),
        (
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id <= $1 ORDER BY id LIMIT $2)",
            audit,
        ),
        (
            "DELETE FROM cache_entries WHERE key IN (SELECT key FROM cache_entries WHERE expires_at <= $1 LIMIT $2)",
            now,
        ),
        (
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE absolute_expires_at <= $1 LIMIT $2)",
            ended,
        ),
        // Few and small: a grant is one row per person, ticket and address.
        ("DELETE FROM room_grants WHERE at <= $1 AND $2 > 0", ended),
    ] {
        rows += delete(store, sql, upto).await?;
    }
    Ok(rows)
}

async fn delete(store: &Store, sql: &'static str, upto: i64) -> Outcome<u64> {
    let mut rows = 0;
    loop {
        let deleted = store
            .write(move |tx| Box::pin(async move { Ok(crate::execute!(tx, sql, upto, ROWS)?) }))
            .await?;
        rows += deleted;
        if deleted < ROWS.cast_unsigned() {
            return Ok(rows);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
