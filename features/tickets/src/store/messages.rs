//! The queries on messages of tickets.

use std::collections::HashSet;

use hazebot_core::{
    Outcome,
    clock::from_millis,
    execute, fetch_all, fetch_optional, fetch_scalar_optional, fetch_scalars,
    ids::{GuildId, MessageId, Snowflake, UserId},
    store::{Database, Tx},
};

use crate::ticket::{
    TicketId,
    message::{HISTORY, Kind, Message, StaffRole},
};

/// Messages of one transcript at most: some 20 MB of text.
pub(crate) const MAX_TRANSCRIPT: i64 = 20_000;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    author_id: i64,
    author_name: String,
    author_avatar: Option<String>,
    author_role: Option<String>,
    kind: String,
    content: String,
    display_content: Option<String>,
    sent_at: i64,
    edited_at: Option<i64>,
}

impl Row {
    fn message(self) -> Option<Message> {
        Some(Message {
            id: MessageId::from_i64(self.id)?,
            author: UserId::from_i64(self.author_id)?,
            author_name: self.author_name,
            author_avatar: self.author_avatar,
            role: self.author_role.as_deref().and_then(StaffRole::from_db),
            kind: Kind::from_db(&self.kind)?,
            content: self.content,
            display_content: self.display_content,
            sent_at: from_millis(self.sent_at),
            edited_at: self.edited_at.map(from_millis),
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, author_id, author_name, author_avatar, author_role, kind, content, display_content, sent_at, edited_at ",
            "FROM ticket_messages ",
            $rest
        )
    };
}

/// Adds a message; gives `false` if it was known already.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    guild: GuildId,
    ticket: TicketId,
    message: &Message,
    nonce: Option<&str>,
) -> Outcome<bool> {
    let sql = "INSERT INTO ticket_messages (id, ticket_id, guild_id, author_id, author_name, author_avatar,
                 author_role, kind, content, display_content, nonce, sent_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
    let added = execute!(
        tx,
        sql,
        message.id.to_i64(),
        ticket.to_string(),
        guild.to_i64(),
        message.author.to_i64(),
        message.author_name.as_str(),
        message.author_avatar.as_deref(),
        message.role.map(StaffRole::as_str),
        message.kind.as_str(),
        message.content.as_str(),
        message.display_content.as_deref(),
        nonce,
        message.sent_at.timestamp_millis(),
    )?;
    if added == 1 && message.role.is_some() && matches!(message.kind, Kind::Member | Kind::Relay) {
        note_answer(tx, ticket, message).await?;
    }
    Ok(added == 1)
}

/// Notes the first answer of staff.
async fn note_answer(tx: &mut Tx<'_>, ticket: TicketId, message: &Message) -> Outcome<()> {
    let sql = "UPDATE tickets SET first_answer_at = $1, first_answer_by = $2
               WHERE id = $3 AND first_answer_at IS NULL AND creator_id <> $2";
    let (at, by) = (message.sent_at.timestamp_millis(), message.author.to_i64());
    execute!(tx, sql, at, by, ticket.to_string())?;
    Ok(())
}

/// Changes the text of a person's message; gives `false` if nothing changed.
///
/// # Errors
/// The database's.
pub(crate) async fn edit(tx: &mut Tx<'_>, ticket: TicketId, id: MessageId, content: &str) -> Outcome<bool> {
    let sql = "UPDATE ticket_messages SET content = $1, edited_at = $2
               WHERE id = $3 AND ticket_id = $4 AND kind = 'member' AND deleted_at IS NULL AND content <> $1";
    Ok(execute!(tx, sql, content, tx.now_millis(), id.to_i64(), ticket.to_string())? == 1)
}

/// Marks a message as deleted; gives `false` if it was before, or is not known.
///
/// # Errors
/// The database's.
pub(crate) async fn delete(tx: &mut Tx<'_>, ticket: TicketId, id: MessageId) -> Outcome<bool> {
    let sql =
        "UPDATE ticket_messages SET deleted_at = $1 WHERE id = $2 AND ticket_id = $3 AND deleted_at IS NULL";
    Ok(execute!(tx, sql, tx.now_millis(), id.to_i64(), ticket.to_string())? == 1)
}

/// One message.
///
/// # Errors
/// The database's.
pub(crate) async fn find(
    db: &mut impl Database,
    ticket: TicketId,
    id: MessageId,
) -> Outcome<Option<Message>> {
    let sql = select!("WHERE id = $1 AND ticket_id = $2 AND deleted_at IS NULL");
    Ok(fetch_optional!(db, Row, sql, id.to_i64(), ticket.to_string())?.and_then(Row::message))
}

/// The newest message of a ticket.
///
/// # Errors
/// The database's.
pub(crate) async fn newest(db: &mut impl Database, ticket: TicketId) -> Outcome<Option<MessageId>> {
    let sql =
        "SELECT id FROM ticket_messages WHERE ticket_id = $1 AND deleted_at IS NULL ORDER BY id DESC LIMIT 1";
    let id = fetch_scalar_optional!(db, i64, sql, ticket.to_string())?;
    Ok(id.and_then(MessageId::from_i64))
}

/// The newest messages of a ticket, oldest first.
///
/// # Errors
/// The database's.
pub(crate) async fn history(
    db: &mut impl Database,
    guild: GuildId,
    ticket: TicketId,
) -> Outcome<Vec<Message>> {
    let sql =
        select!("WHERE ticket_id = $1 AND guild_id = $2 AND deleted_at IS NULL ORDER BY id DESC LIMIT $3");
    let rows = fetch_all!(db, Row, sql, ticket.to_string(), guild.to_i64(), HISTORY)?;
    Ok(rows.into_iter().rev().filter_map(Row::message).collect())
}

/// All messages of a ticket, oldest first, at most [`MAX_TRANSCRIPT`].
///
/// # Errors
/// The database's.
pub(crate) async fn transcript(db: &mut impl Database, ticket: TicketId) -> Outcome<Vec<Message>> {
    let sql = select!("WHERE ticket_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT $2");
    let rows = fetch_all!(db, Row, sql, ticket.to_string(), MAX_TRANSCRIPT)?;
    Ok(rows.into_iter().filter_map(Row::message).collect())
}

/// Which of these messages of a ticket are known, deleted ones too. `ids` are at most a page of Discord's history.
///
/// # Errors
/// The database's.
pub(crate) async fn known(
    db: &mut impl Database,
    ticket: TicketId,
    ids: &[MessageId],
) -> Outcome<HashSet<MessageId>> {
    let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else {
        return Ok(HashSet::new());
    };
    let sql = "SELECT id FROM ticket_messages WHERE ticket_id = $1 AND id BETWEEN $2 AND $3";
    let rows = fetch_scalars!(db, i64, sql, ticket.to_string(), first.to_i64(), last.to_i64())?;
    Ok(rows.into_iter().filter_map(MessageId::from_i64).collect())
}
