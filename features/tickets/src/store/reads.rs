//! The queries on how far people have read.

use hazebot_core::{
    Outcome, execute, fetch_all,
    ids::{GuildId, MessageId, Snowflake, UserId},
    store::{Database, Tx},
};

use crate::ticket::{Ticket, TicketId};

/// How far one person has read.
#[derive(sqlx::FromRow)]
struct Mark {
    user_id: i64,
    message_id: i64,
}

/// Moves somebody's mark forward; never back. Gives whether it moved.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn set(
    tx: &mut Tx<'_>,
    ticket: TicketId,
    user: UserId,
    message: MessageId,
) -> Outcome<bool> {
    let sql = "INSERT INTO ticket_reads (ticket_id, user_id, message_id, read_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (ticket_id, user_id) DO UPDATE SET message_id = $3, read_at = $4
               WHERE ticket_reads.message_id < $3";
    let moved = execute!(
        tx,
        sql,
        ticket.to_string(),
        user.to_i64(),
        message.to_i64(),
        tx.now_millis()
    )?;
    Ok(moved > 0)
}

/// How far everybody has read a ticket.
///
/// # Errors
/// The database's.
pub(crate) async fn of(db: &mut impl Database, ticket: &Ticket) -> Outcome<Vec<(UserId, MessageId)>> {
    let sql = "SELECT user_id, message_id FROM ticket_reads WHERE ticket_id = $1 ORDER BY user_id";
    let rows = fetch_all!(db, Mark, sql, ticket.id.to_string())?;
    let pair = |row: Mark| UserId::from_i64(row.user_id).zip(MessageId::from_i64(row.message_id));
    Ok(rows.into_iter().filter_map(pair).collect())
}

#[derive(sqlx::FromRow)]
struct Count {
    ticket_id: String,
    unread: i64,
}

/// How many messages of others somebody has not read in each live ticket of a guild that has any; with `own` only in
/// tickets that they have opened themselves. Sentences of the bot are not counted.
///
/// # Errors
/// The database's.
pub(crate) async fn unread(
    db: &mut impl Database,
    guild: GuildId,
    user: UserId,
    own: bool,
) -> Outcome<Vec<(String, i64)>> {
    let sql = "SELECT t.id AS ticket_id, COUNT(*) AS unread FROM tickets t
               JOIN ticket_messages m ON m.ticket_id = t.id
               LEFT JOIN ticket_reads r ON r.ticket_id = t.id AND r.user_id = $2
               WHERE t.guild_id = $1 AND t.status IN ('open', 'claimed') AND ($3 = 0 OR t.creator_id = $2)
                 AND m.deleted_at IS NULL AND m.author_id <> $2 AND m.kind IN ('member', 'relay')
                 AND m.id > COALESCE(r.message_id, 0)
               GROUP BY t.id";
    let rows = fetch_all!(db, Count, sql, guild.to_i64(), user.to_i64(), i64::from(own))?;
    Ok(rows.into_iter().map(|row| (row.ticket_id, row.unread)).collect())
}
