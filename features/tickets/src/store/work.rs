//! The queries on tags and on people who were added.

use hazebot_core::{
    Outcome, execute, fetch_all,
    ids::{Snowflake, UserId},
    insert_rows,
    store::{Database, Tx},
};

use crate::ticket::{Ticket, TicketId};

/// Writes what differs in tags and people; the rest of a ticket is [`replace`](super::replace)'s.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn save(tx: &mut Tx<'_>, before: &Ticket, after: &Ticket) -> Outcome<()> {
    let id = after.id.to_string();
    if before.tags != after.tags {
        execute!(tx, "DELETE FROM ticket_tags WHERE ticket_id = $1", id.as_str())?;
        insert_rows!(
            tx,
            "INSERT INTO ticket_tags (ticket_id, tag) ",
            &after.tags,
            |tuple, tag| {
                tuple.push_bind(id.as_str()).push_bind(tag.as_str());
            }
        )?;
    }
    if before.participants != after.participants {
        execute!(
            tx,
            "UPDATE ticket_participants SET removed = 1 WHERE ticket_id = $1",
            id.as_str()
        )?;
        // One who comes back keeps the note of what Discord shows.
        insert_rows!(
            tx,
            "INSERT INTO ticket_participants (ticket_id, user_id) ",
            &after.participants,
            |tuple, user| {
                tuple.push_bind(id.as_str()).push_bind(user.to_i64());
            },
            " ON CONFLICT (ticket_id, user_id) DO UPDATE SET removed = 0"
        )?;
    }
    Ok(())
}

/// Somebody whose rights in Discord are, or were, part of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Who.
    pub(crate) user: UserId,
    /// Whether they were taken out again.
    pub(crate) removed: bool,
    /// The rights that Discord shows, as [`set_shown`] noted them.
    pub(crate) drawn: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    user_id: i64,
    removed: i64,
    drawn: Option<String>,
}

/// Everybody whose overwrite exists, or shall.
///
/// # Errors
/// The database's.
pub(crate) async fn shown(db: &mut impl Database, id: TicketId) -> Outcome<Vec<Shown>> {
    let sql = "SELECT user_id, removed, drawn FROM ticket_participants WHERE ticket_id = $1 ORDER BY user_id";
    let rows = fetch_all!(db, Row, sql, id.to_string())?;
    let of = |row: Row| {
        Some(Shown {
            user: UserId::from_i64(row.user_id)?,
            removed: row.removed != 0,
            drawn: row.drawn,
        })
    };
    Ok(rows.into_iter().filter_map(of).collect())
}

/// Notes the rights that Discord shows.
///
/// # Errors
/// The database's.
pub(crate) async fn set_shown(tx: &mut Tx<'_>, id: TicketId, user: UserId, drawn: &str) -> Outcome<()> {
    let sql = "UPDATE ticket_participants SET drawn = $1 WHERE ticket_id = $2 AND user_id = $3";
    execute!(tx, sql, drawn, id.to_string(), user.to_i64())?;
    Ok(())
}

/// Discord shows nothing of them any more. One who came back meanwhile is shown anew.
///
/// # Errors
/// The database's.
pub(crate) async fn unshown(tx: &mut Tx<'_>, id: TicketId, user: UserId) -> Outcome<()> {
    let (id, user) = (id.to_string(), user.to_i64());
    execute!(
        tx,
        "DELETE FROM ticket_participants WHERE ticket_id = $1 AND user_id = $2 AND removed = 1",
        id.as_str(),
        user
    )?;
    let sql = "UPDATE ticket_participants SET drawn = NULL WHERE ticket_id = $1 AND user_id = $2";
    execute!(tx, sql, id.as_str(), user)?;
    Ok(())
}
