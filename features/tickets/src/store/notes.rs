//! The queries on notes of staff.

use hazebot_core::{
    Outcome, Timestamp,
    clock::from_millis,
    execute, fetch_all, fetch_scalar,
    ids::{GuildId, Snowflake, UserId},
    store::{Database, Tx},
};

use crate::ticket::{TicketId, work::MAX_NOTES};

/// A note as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// Its number, which only grows.
    pub(crate) id: i64,
    /// Who wrote it; `None` for a panel login without a Discord account.
    pub(crate) author: Option<UserId>,
    /// Their name at the time.
    pub(crate) author_name: String,
    /// What it says.
    pub(crate) text: String,
    /// When it was written.
    pub(crate) created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    author_id: Option<i64>,
    author_name: String,
    text: String,
    created_at: i64,
}

/// The notes on a ticket, oldest first.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn list(db: &mut impl Database, guild: GuildId, ticket: TicketId) -> Outcome<Vec<Note>> {
    let sql = "SELECT id, author_id, author_name, text, created_at FROM ticket_notes
               WHERE ticket_id = $1 AND guild_id = $2 ORDER BY id LIMIT $3";
    let rows = fetch_all!(db, Row, sql, ticket.to_string(), guild.to_i64(), MAX_NOTES)?;
    let of = |row: Row| Note {
        id: row.id,
        author: row.author_id.and_then(UserId::from_i64),
        author_name: row.author_name,
        text: row.text,
        created_at: from_millis(row.created_at),
    };
    Ok(rows.into_iter().map(of).collect())
}

/// How many a ticket has.
///
/// # Errors
/// The database's.
pub(crate) async fn count(db: &mut impl Database, ticket: TicketId) -> Outcome<i64> {
    let sql = "SELECT COUNT(*) FROM ticket_notes WHERE ticket_id = $1";
    Ok(fetch_scalar!(db, i64, sql, ticket.to_string())?)
}

/// Adds a note and gives its number.
///
/// # Errors
/// The database's.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    guild: GuildId,
    ticket: TicketId,
    author: Option<UserId>,
    author_name: &str,
    text: &str,
) -> Outcome<i64> {
    let sql = "INSERT INTO ticket_notes (ticket_id, guild_id, author_id, author_name, text, created_at)
               VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    Ok(fetch_scalar!(
        tx,
        i64,
        sql,
        ticket.to_string(),
        guild.to_i64(),
        author.map(Snowflake::to_i64),
        author_name,
        text,
        tx.now_millis()
    )?)
}

/// Takes a note away; gives `false` if there was none.
///
/// # Errors
/// The database's.
pub(crate) async fn remove(tx: &mut Tx<'_>, guild: GuildId, ticket: TicketId, id: i64) -> Outcome<bool> {
    let sql = "DELETE FROM ticket_notes WHERE id = $1 AND ticket_id = $2 AND guild_id = $3";
    Ok(execute!(tx, sql, id, ticket.to_string(), guild.to_i64())? == 1)
}
