//! Leases: a row belongs to one runner for a while, and to nobody when that time is over. A runner renews the lease of
//! what it works on; should it die, another takes over.

use std::time::Duration;

use crate::{
    clock::Timestamp,
    failure::Outcome,
    secrets::Masker,
    store::{Conn, Database, Store, Tx},
};

/// How long a lease holds without renewal: so long waits a job whose process died (SQLite's single process frees its
/// jobs at start).
pub(super) const LEASE: Duration = Duration::from_secs(60);
/// Longest text of an error that is kept.
const ERROR_LENGTH: usize = 500;

/// Kind and key of a job.
pub(super) type JobKey = (String, String);

/// Which rows a runner may take.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Kinds with a handler.
    pub(super) kinds: Vec<&'static str>,
    /// What it works on already: not taken twice, even if the clock was moved and the lease ended.
    pub(super) running: Vec<JobKey>,
}

impl Wanted {
    /// Adds `kind IN (…) AND NOT (…)`. There is at least one kind.
    fn push<DB>(&self, query: &mut sqlx::QueryBuilder<DB>)
    where
        DB: sqlx::Database,
        for<'q> &'q str: sqlx::Encode<'q, DB> + sqlx::Type<DB>,
    {
        query.push("kind IN (");
        let mut list = query.separated(", ");
        for kind in &self.kinds {
            list.push_bind(*kind);
        }
        query.push(")");
        for (kind, key) in &self.running {
            query.push(" AND NOT (kind = ").push_bind(kind.as_str());
            query.push(" AND key = ").push_bind(key.as_str()).push(")");
        }
    }
}

/// A row that is ours for a while.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Leased {
    pub(super) kind: String,
    pub(super) key: String,
    pub(super) guild_id: i64,
    pub(super) due_at: i64,
    pub(super) attempts: i64,
    pub(super) generation: i64,
    pub(super) payload: String,
    #[sqlx(default)]
    pub(super) token: String,
}

/// When the next wanted job is due that nobody works on; a lease that ends counts as due then.
pub(super) async fn next_due(db: &mut impl Database, wanted: &Wanted) -> Outcome<Option<i64>> {
    if wanted.kinds.is_empty() {
        return Ok(None);
    }
    let rows = crate::fetch_all_built!(db, (Option<i64>,), |query| {
        query.push(
            "SELECT MIN(CASE WHEN leased_until IS NOT NULL AND leased_until > due_at THEN leased_until ELSE due_at END) FROM jobs WHERE ",
        );
        wanted.push(&mut query);
    })?;
    Ok(rows.first().and_then(|(due,)| *due))
}

/// Leases up to `limit` wanted jobs that are due, the longest due first.
pub(super) async fn take(store: &Store, wanted: Wanted, limit: i64) -> Outcome<Vec<Leased>> {
    let token = store.entropy().hex(32);
    store
        .write(move |tx| {
            Box::pin(async move {
                let now = tx.now_millis();
                // Another process that takes jobs at the same time skips these rows instead of waiting for them.
                let tail = if matches!(tx.connection(), Conn::Postgres(_)) { " FOR UPDATE SKIP LOCKED" } else { "" };
                let mut jobs = crate::fetch_all_built!(tx, Leased, |query| {
                    query.push("SELECT kind, key, guild_id, due_at, attempts, generation, payload FROM jobs WHERE due_at <= ");
                    query.push_bind(now);
                    query.push(" AND (leased_until IS NULL OR leased_until <= ");
                    query.push_bind(now);
                    query.push(") AND ");
                    wanted.push(&mut query);
                    query.push(" ORDER BY due_at, kind, key LIMIT ");
                    query.push_bind(limit);
                    query.push(tail);
                })?;
                for job in &mut jobs {
                    job.attempts = job.attempts.saturating_add(1);
                    job.token.clone_from(&token);
                    crate::execute!(
                        tx,
                        "UPDATE jobs SET leased_until = $1, lease_token = $2, attempts = $3 WHERE kind = $4 AND key = $5",
                        until(now),
                        &*token,
                        job.attempts,
                        &*job.kind,
                        &*job.key
                    )?;
                }
                Ok(jobs)
            })
        })
        .await
}

fn until(now: i64) -> i64 {
    now.saturating_add(i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX))
}

/// Holds the lease for longer.
pub(super) async fn renew(store: &Store, job: Leased) -> Outcome<()> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let until = until(tx.now_millis());
                crate::execute!(
                    tx,
                    "UPDATE jobs SET leased_until = $1 WHERE kind = $2 AND key = $3 AND lease_token = $4",
                    until,
                    job.kind,
                    job.key,
                    job.token
                )?;
                Ok(())
            })
        })
        .await
}

/// How a run ended, for the row.
pub(super) enum Ending {
    /// The row goes.
    Done,
    /// Due again, tries begin anew.
    Again(Timestamp),
    /// Tried again then.
    Failed(Timestamp, String),
}

/// Records the ending. A job that was scheduled anew during the run keeps what it was given; a cancelled one stays away.
pub(super) async fn end(store: &Store, job: Leased, ending: Ending) -> Outcome<()> {
    store
        .write(move |tx| {
            Box::pin(async move {
                if record(tx, &job, ending).await? == 0 {
                    crate::execute!(
                        tx,
                        "UPDATE jobs SET leased_until = NULL, lease_token = NULL WHERE kind = $1 AND key = $2 AND lease_token = $3",
                        &*job.kind,
                        &*job.key,
                        &*job.token
                    )?;
                }
                // Nobody is woken here: the runner does it once the job no longer counts as running.
                Ok(())
            })
        })
        .await
}

async fn record(tx: &mut Tx<'_>, job: &Leased, ending: Ending) -> Outcome<u64> {
    let (kind, key, token, generation) = (&*job.kind, &*job.key, &*job.token, job.generation);
    let rows = match ending {
        Ending::Done => crate::execute!(
            tx,
            "DELETE FROM jobs WHERE kind = $1 AND key = $2 AND lease_token = $3 AND generation = $4",
            kind,
            key,
            token,
            generation
        )?,
        Ending::Again(due) => crate::execute!(
            tx,
            "UPDATE jobs SET due_at = $1, attempts = 0, last_error = NULL, leased_until = NULL, lease_token = NULL WHERE kind = $2 AND key = $3 AND lease_token = $4 AND generation = $5",
            due.timestamp_millis(),
            kind,
            key,
            token,
            generation
        )?,
        Ending::Failed(due, error) => crate::execute!(
            tx,
            "UPDATE jobs SET due_at = $1, last_error = $2, leased_until = NULL, lease_token = NULL WHERE kind = $3 AND key = $4 AND lease_token = $5 AND generation = $6",
            due.timestamp_millis(),
            Masker::new()
                .mask(&error)
                .chars()
                .take(ERROR_LENGTH)
                .collect::<String>(),
            kind,
            key,
            token,
            generation
        )?,
    };
    Ok(rows)
}

/// Frees all leases. Only for a database that no other process uses: whoever held them is dead.
pub(super) async fn free_all(store: &Store) -> Outcome<()> {
    store
        .write(|tx| {
            Box::pin(async move {
                crate::execute!(
                    tx,
                    "UPDATE jobs SET leased_until = NULL, lease_token = NULL WHERE leased_until IS NOT NULL"
                )?;
                Ok(())
            })
        })
        .await
}
