//! The queries that list tickets.

use hazebot_core::{
    Outcome, fetch_all, fetch_scalar,
    ids::{GuildId, Snowflake, UserId},
    store::Database,
};

use super::Row;
use crate::ticket::{Status, Ticket};

/// Tickets of one listing at most: ten years of a busy guild; more would not be read by anybody.
const MAX_LISTED: i64 = 10_000;

/// The visible tickets of a guild, newest first.
///
/// # Errors
/// The database's.
pub(crate) async fn listed(
    db: &mut impl Database,
    guild: GuildId,
    status: Option<Status>,
) -> Outcome<Vec<Ticket>> {
    let rows = match status {
        Some(status) => {
            let sql = select!("WHERE guild_id = $1 AND status = $2 ORDER BY number DESC LIMIT $3");
            fetch_all!(db, Row, sql, guild.to_i64(), status.as_str(), MAX_LISTED)?
        }
        None => {
            let sql = select!(
                "WHERE guild_id = $1 AND status IN ('open', 'claimed', 'closed') ORDER BY number DESC LIMIT $2"
            );
            fetch_all!(db, Row, sql, guild.to_i64(), MAX_LISTED)?
        }
    };
    Ok(rows.into_iter().filter_map(Row::ticket).collect())
}

/// A page of the visible tickets of a guild, newest first, with numbers below `before` if that is given; and how many
/// there are in all.
///
/// # Errors
/// The database's.
pub(crate) async fn page(
    db: &mut impl Database,
    guild: GuildId,
    status: Option<Status>,
    before: Option<i64>,
    limit: i64,
) -> Outcome<(Vec<Ticket>, i64)> {
    let (guild, before) = (guild.to_i64(), before.unwrap_or(i64::MAX));
    let (rows, total) = match status.map(Status::as_str) {
        Some(status) => {
            let sql =
                select!("WHERE guild_id = $1 AND status = $2 AND number < $3 ORDER BY number DESC LIMIT $4");
            let count = "SELECT COUNT(*) FROM tickets WHERE guild_id = $1 AND status = $2";
            (
                fetch_all!(db, Row, sql, guild, status, before, limit)?,
                fetch_scalar!(db, i64, count, guild, status)?,
            )
        }
        None => {
            // Not by the index of states, which would have to be sorted by number: numbers come in order by their own.
            let sql = select!(
                "WHERE guild_id = $1 AND number < $2 AND COALESCE(status, '') IN ('open', 'claimed', 'closed')
                 ORDER BY number DESC LIMIT $3"
            );
            let count = "SELECT COUNT(*) FROM tickets
                         WHERE guild_id = $1 AND status IN ('open', 'claimed', 'closed')";
            (
                fetch_all!(db, Row, sql, guild, before, limit)?,
                fetch_scalar!(db, i64, count, guild)?,
            )
        }
    };
    Ok((rows.into_iter().filter_map(Row::ticket).collect(), total))
}

/// The visible tickets that somebody opened or was added to, newest first.
///
/// # Errors
/// The database's.
pub(crate) async fn of_creator(db: &mut impl Database, guild: GuildId, user: UserId) -> Outcome<Vec<Ticket>> {
    let sql = select!(
        "WHERE guild_id = $1 AND status IN ('open', 'claimed', 'closed') AND (creator_id = $2 OR id IN
           (SELECT ticket_id FROM ticket_participants WHERE user_id = $2 AND removed = 0))
         ORDER BY number DESC LIMIT $3"
    );
    let rows = fetch_all!(db, Row, sql, guild.to_i64(), user.to_i64(), MAX_LISTED)?;
    Ok(rows.into_iter().filter_map(Row::ticket).collect())
}

/// All tickets of all guilds that have, or should have, a channel.
///
/// # Errors
/// The database's.
pub(crate) async fn with_channel(db: &mut impl Database) -> Outcome<Vec<Ticket>> {
    let sql = select!("WHERE channel_id IS NOT NULL AND status IN ('opening', 'open', 'claimed', 'closed')");
    Ok(fetch_all!(db, Row, sql)?
        .into_iter()
        .filter_map(Row::ticket)
        .collect())
}
