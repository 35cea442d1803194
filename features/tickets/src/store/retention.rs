//! The queries on what is no longer to be kept of closed tickets.

use hazebot_core::{
    Outcome, Timestamp, execute, execute_built, fetch_all, fetch_scalars,
    ids::{GuildId, Snowflake},
    store::{Database, Tx},
};

use crate::ticket::TicketId;

/// Tickets of one step.
const TICKETS: i64 = 50;
/// Messages that are deleted in one change: some ten milliseconds with the index of words.
const MESSAGES: i64 = 500;

/// A ticket whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Old {
    /// Which.
    pub(crate) id: TicketId,
    /// Its number, for the audit log.
    pub(crate) number: i64,
}

type Row = (String, i64);

fn old(rows: Vec<Row>) -> Vec<Old> {
    let one = |(id, number): Row| {
        Some(Old {
            id: id.parse().ok()?,
            number,
        })
    };
    rows.into_iter().filter_map(one).collect()
}

/// Guilds that have tickets.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn guilds(db: &mut impl Database) -> Outcome<Vec<GuildId>> {
    let guilds = fetch_scalars!(db, i64, "SELECT guild_id FROM ticket_numbers ORDER BY guild_id")?;
    Ok(guilds.into_iter().filter_map(GuildId::from_i64).collect())
}

/// Tickets closed before a moment that have copies of files.
///
/// # Errors
/// The database's.
pub(crate) async fn with_files(
    db: &mut impl Database,
    guild: GuildId,
    until: Timestamp,
) -> Outcome<Vec<Old>> {
    let sql = "SELECT id, number FROM tickets t
               WHERE guild_id = $1 AND closed_at < $2 AND status IN ('closed', 'deleted')
                 AND EXISTS (SELECT 1 FROM ticket_files f WHERE f.ticket_id = t.id
                   AND f.state IN ('waiting', 'copying', 'stored', 'withdrawn'))
               ORDER BY closed_at LIMIT $3";
    let rows = fetch_all!(db, Row, sql, guild.to_i64(), until.timestamp_millis(), TICKETS)?;
    Ok(old(rows))
}

/// Tickets closed before a moment that have messages and no channel any more: while there is one, the messages are in
/// it, and would be recorded again.
///
/// # Errors
/// The database's.
pub(crate) async fn with_messages(
    db: &mut impl Database,
    guild: GuildId,
    until: Timestamp,
) -> Outcome<Vec<Old>> {
    let sql = "SELECT id, number FROM tickets t
               WHERE guild_id = $1 AND closed_at < $2 AND status IN ('closed', 'deleted')
                 AND channel_id IS NULL
                 AND EXISTS (SELECT 1 FROM ticket_messages m WHERE m.ticket_id = t.id)
               ORDER BY closed_at LIMIT $3";
    let rows = fetch_all!(db, Row, sql, guild.to_i64(), until.timestamp_millis(), TICKETS)?;
    Ok(old(rows))
}

/// The copies of these tickets' files are deleted; gives how many there were.
///
/// # Errors
/// The database's.
pub(crate) async fn forget_files(tx: &mut Tx<'_>, tickets: &[Old]) -> Outcome<u64> {
    let rows = execute_built!(tx, |query| {
        query.push("UPDATE ticket_files SET state = 'removed' WHERE state IN ('waiting', 'copying', 'stored', 'withdrawn')");
        query.push(" AND ticket_id IN (");
        let mut list = query.separated(", ");
        for ticket in tickets {
            list.push_bind(ticket.id.to_string());
        }
        query.push(")");
    })?;
    Ok(rows)
}

/// Deletes some messages of a ticket, with what is known of their files; gives whether there may be more.
///
/// # Errors
/// The database's.
pub(crate) async fn forget_some_messages(tx: &mut Tx<'_>, ticket: TicketId) -> Outcome<bool> {
    let sql = "DELETE FROM ticket_messages WHERE id IN
                 (SELECT id FROM ticket_messages WHERE ticket_id = $1 ORDER BY id LIMIT $2)";
    Ok(execute!(tx, sql, ticket.to_string(), MESSAGES)? == MESSAGES.cast_unsigned())
}

/// Takes what people wrote out of the tickets themselves, with the notes on them and the words of their ratings.
///
/// # Errors
/// The database's.
pub(crate) async fn forget_texts(tx: &mut Tx<'_>, tickets: &[Old]) -> Outcome<()> {
    for (change, key) in [
        (
            "UPDATE tickets SET subject = '', initial_message = '', close_message = NULL",
            "id",
        ),
        ("DELETE FROM ticket_notes", "ticket_id"),
        ("UPDATE ticket_ratings SET comment = NULL", "ticket_id"),
    ] {
        execute_built!(tx, |query| {
            query.push(change).push(" WHERE ").push(key).push(" IN (");
            let mut list = query.separated(", ");
            for ticket in tickets {
                list.push_bind(ticket.id.to_string());
            }
            query.push(")");
        })?;
    }
    Ok(())
}
