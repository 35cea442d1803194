//! The full-text search: one function over what each database has for it.

use hazebot_core::{
    Outcome, fetch_all, fetch_all_built,
    ids::{GuildId, MessageId, Snowflake, UserId},
    store::Database,
};

use super::{Row as TicketRow, TicketId};
use crate::ticket::{Ticket, search::Wanted};

/// Newest messages that are looked at for one page: several may be of one ticket. Each is a row to read, which is most of the
/// time of a search.
pub(crate) const HITS: i64 = 40;

/// Whose tickets are searched, besides those that somebody opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All of the guild.
    All,
    /// Their own, and those of types that they help with.
    Of(UserId, Vec<String>),
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Its ticket.
    pub(crate) ticket: TicketId,
    /// The message.
    pub(crate) message: MessageId,
    /// Who wrote it.
    pub(crate) author: String,
    /// Its text.
    pub(crate) content: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    ticket_id: String,
    author_name: String,
    content: String,
}

/// The newest messages in which all words occur, in tickets that are there to be seen, older than `before` if given.
///
/// # Errors
/// The database's.
pub(crate) async fn hits(
    db: &mut impl Database,
    guild: GuildId,
    wanted: &Wanted,
    scope: &Scope,
    before: Option<MessageId>,
) -> Outcome<Vec<Hit>> {
    let before = before.map_or(i64::MAX, Snowflake::to_i64);
    let sqlite = db.connection().is_sqlite();
    let rows = fetch_all_built!(db, Row, |query| {
        query.push("SELECT m.id, m.ticket_id, m.author_name, m.content FROM ");
        if sqlite {
            // In this order, so that the index of words gives the newest messages and nothing is sorted.
            query.push("ticket_words w CROSS JOIN ticket_messages m ON m.id = w.rowid ");
            query.push("CROSS JOIN tickets t ON t.id = m.ticket_id WHERE w.ticket_words MATCH ");
            query.push_bind(wanted.for_fts5(guild.to_i64()));
            query.push(" AND w.rowid < ").push_bind(before);
        } else {
            query.push("ticket_messages m JOIN tickets t ON t.id = m.ticket_id ");
            query.push("WHERE m.words @@ to_tsquery('simple', ");
            query.push_bind(wanted.for_tsquery());
            query.push(") AND m.id < ").push_bind(before);
        }
        query.push(" AND m.guild_id = ").push_bind(guild.to_i64());
        query.push(" AND m.deleted_at IS NULL AND t.status IN ('open', 'claimed', 'closed')");
        if let Scope::Of(user, kinds) = scope {
            query.push(" AND (t.creator_id = ").push_bind(user.to_i64());
            for kind in kinds {
                query.push(" OR t.kind = ").push_bind(kind.as_str());
            }
            query.push(
                " OR t.id IN (SELECT ticket_id FROM ticket_participants WHERE removed = 0 AND user_id = ",
            );
            query.push_bind(user.to_i64()).push("))");
        }
        query.push(if sqlite {
            " ORDER BY w.rowid DESC LIMIT "
        } else {
            " ORDER BY m.id DESC LIMIT "
        });
        query.push_bind(HITS);
    })?;
    let hit = |row: Row| {
        Some(Hit {
            ticket: row.ticket_id.parse().ok()?,
            message: MessageId::from_i64(row.id)?,
            author: row.author_name,
            content: row.content,
        })
    };
    Ok(rows.into_iter().filter_map(hit).collect())
}

/// These tickets of a guild, in no order.
///
/// # Errors
/// The database's.
pub(crate) async fn tickets(
    db: &mut impl Database,
    guild: GuildId,
    ids: &[TicketId],
) -> Outcome<Vec<Ticket>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = fetch_all_built!(db, TicketRow, |query| {
        query.push(select!("WHERE guild_id = ")).push_bind(guild.to_i64());
        query.push(" AND id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id.to_string());
        }
        query.push(")");
    })?;
    Ok(rows.into_iter().filter_map(TicketRow::ticket).collect())
}

/// The ticket with this number.
///
/// # Errors
/// The database's.
pub(crate) async fn numbered(db: &mut impl Database, guild: GuildId, number: i64) -> Outcome<Option<Ticket>> {
    let sql = select!("WHERE guild_id = $1 AND number = $2");
    let rows = fetch_all!(db, TicketRow, sql, guild.to_i64(), number)?;
    Ok(rows.into_iter().find_map(TicketRow::ticket))
}
