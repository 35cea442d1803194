//! Writes and shows the rows.

use serde::Serialize;

use super::NewJob;
use crate::{
    clock::{Timestamp, from_millis},
    failure::Outcome,
    ids::{GuildId, Snowflake},
    store::{Database, Tx},
};

/// Most rows that [`list`] gives.
const PAGE: i64 = 500;

impl Tx<'_> {
    /// Schedules a job. One of the same kind and key is replaced: its due time, payload and tries begin anew; a run that
    /// is under way ends, and does not take the new one with it.
    ///
    /// # Errors
    /// The database refused it.
    pub async fn schedule(&mut self, job: NewJob) -> Outcome<()> {
        crate::execute!(
            self,
            "INSERT INTO jobs (kind, key, guild_id, due_at, payload, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, key) DO UPDATE SET guild_id = excluded.guild_id, due_at = excluded.due_at, payload = excluded.payload, attempts = 0, generation = jobs.generation + 1, last_error = NULL",
            job.kind,
            job.key,
            job.guild.map_or(0, Snowflake::to_i64),
            job.due.timestamp_millis(),
            job.payload.to_string(),
            self.now_millis()
        )?;
        self.effects.jobs = true;
        Ok(())
    }

    /// Schedules a job unless one of its kind and key is there. Gives whether it was.
    ///
    /// # Errors
    /// The database refused it.
    pub async fn schedule_once(&mut self, job: NewJob) -> Outcome<bool> {
        let rows = crate::execute!(
            self,
            "INSERT INTO jobs (kind, key, guild_id, due_at, payload, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, key) DO NOTHING",
            job.kind,
            job.key,
            job.guild.map_or(0, Snowflake::to_i64),
            job.due.timestamp_millis(),
            job.payload.to_string(),
            self.now_millis()
        )?;
        self.effects.jobs |= rows > 0;
        Ok(rows > 0)
    }

    /// Takes a job back. Gives whether there was one. A run that is under way is not stopped.
    ///
    /// # Errors
    /// The database refused it.
    pub async fn cancel_job(&mut self, kind: &str, key: &str) -> Outcome<bool> {
        Ok(crate::execute!(self, "DELETE FROM jobs WHERE kind = $1 AND key = $2", kind, key)? > 0)
    }
}

/// A job as people look at it.
#[derive(Clone, Debug, Serialize)]
pub struct JobState {
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// The guild it belongs to.
    pub guild: Option<GuildId>,
    /// When it is due.
    pub due: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// Until when somebody works on it.
    pub leased_until: Option<Timestamp>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    key: String,
    guild_id: i64,
    due_at: i64,
    attempts: i64,
    leased_until: Option<i64>,
    last_error: Option<String>,
}

/// Jobs by due time, of one kind or of all.
///
/// # Errors
/// The database does not answer.
pub async fn list(db: &mut impl Database, kind: Option<&str>) -> Outcome<Vec<JobState>> {
    let rows = crate::fetch_all!(
        db,
        Row,
        "SELECT kind, key, guild_id, due_at, attempts, leased_until, last_error FROM jobs WHERE $1 = '' OR kind = $1 ORDER BY due_at, kind, key LIMIT $2",
        kind.unwrap_or_default(),
        PAGE
    )?;
    Ok(rows
        .into_iter()
        .map(|row| JobState {
            kind: row.kind,
            key: row.key,
            guild: GuildId::from_i64(row.guild_id),
            due: from_millis(row.due_at),
            attempts: row.attempts,
            leased_until: row.leased_until.map(from_millis),
            last_error: row.last_error,
        })
        .collect())
}
