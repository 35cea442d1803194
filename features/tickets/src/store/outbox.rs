//! The queries on messages that the bot still has to post.

use hazebot_core::{
    Outcome,
    clock::from_millis,
    execute, fetch_all,
    ids::{MessageId, RoleId, Snowflake, UserId},
    store::{Database, Tx},
};

use crate::ticket::{
    Ticket, TicketId,
    message::{Kind, Message, StaffRole},
};

/// Buttons under a message of the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buttons {
    /// Close it, or keep it open.
    CloseRequest,
    /// One to five stars.
    Rating,
}

impl Buttons {
    fn as_str(self) -> &'static str {
        match self {
            Self::CloseRequest => "close_request",
            Self::Rating => "rating",
        }
    }

    fn from_db(text: &str) -> Option<Self> {
        [Self::CloseRequest, Self::Rating]
            .into_iter()
            .find(|buttons| buttons.as_str() == text)
    }
}

/// A message on its way to Discord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
    /// Marks it in Discord and here, so that it is posted once.
    pub(crate) nonce: String,
    /// As it will be stored; the id is not known yet and holds a placeholder.
    pub(crate) message: Message,
    /// What stands in Discord.
    pub(crate) shown: String,
    /// Whom it pings.
    pub(crate) pings: Option<UserId>,
    /// A role that it pings.
    pub(crate) role: Option<RoleId>,
    /// What can be pressed under it.
    pub(crate) buttons: Option<Buttons>,
}

#[derive(sqlx::FromRow)]
struct Row {
    nonce: String,
    author_id: i64,
    author_name: String,
    author_avatar: Option<String>,
    author_role: Option<String>,
    kind: String,
    content: String,
    display_content: Option<String>,
    shown: String,
    pings: Option<i64>,
    pings_role: Option<i64>,
    buttons: Option<String>,
    created_at: i64,
}

impl Row {
    fn outgoing(self) -> Option<Outgoing> {
        Some(Outgoing {
            nonce: self.nonce,
            message: Message {
                id: MessageId::new(1),
                author: UserId::from_i64(self.author_id)?,
                author_name: self.author_name,
                author_avatar: self.author_avatar,
                role: self.author_role.as_deref().and_then(StaffRole::from_db),
                kind: Kind::from_db(&self.kind)?,
                content: self.content,
                display_content: self.display_content,
                sent_at: from_millis(self.created_at),
                edited_at: None,
            },
            shown: self.shown,
            pings: self.pings.and_then(UserId::from_i64),
            role: self.pings_role.and_then(RoleId::from_i64),
            buttons: self.buttons.as_deref().and_then(Buttons::from_db),
        })
    }
}

/// Adds a message behind those that wait.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn push(tx: &mut Tx<'_>, ticket: &Ticket, out: &Outgoing) -> Outcome<()> {
    let sql = "INSERT INTO ticket_outbox (nonce, ticket_id, sequence, author_id, author_name, author_avatar,
                 author_role, kind, content, display_content, shown, pings, created_at, pings_role, buttons)
               VALUES ($1, $2, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM ticket_outbox WHERE ticket_id = $2),
                 $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING";
    let message = &out.message;
    execute!(
        tx,
        sql,
        out.nonce.as_str(),
        ticket.id.to_string(),
        message.author.to_i64(),
        message.author_name.as_str(),
        message.author_avatar.as_deref(),
        message.role.map(StaffRole::as_str),
        message.kind.as_str(),
        message.content.as_str(),
        message.display_content.as_deref(),
        out.shown.as_str(),
        out.pings.map(Snowflake::to_i64),
        tx.now_millis(),
        out.role.map(Snowflake::to_i64),
        out.buttons.map(Buttons::as_str),
    )?;
    Ok(())
}

/// What waits for a ticket, in order.
///
/// # Errors
/// The database's.
pub(crate) async fn waiting(db: &mut impl Database, ticket: TicketId) -> Outcome<Vec<Outgoing>> {
    let sql =
        "SELECT nonce, author_id, author_name, author_avatar, author_role, kind, content, display_content,
                 shown, pings, pings_role, buttons, created_at
               FROM ticket_outbox WHERE ticket_id = $1 ORDER BY sequence";
    Ok(fetch_all!(db, Row, sql, ticket.to_string())?
        .into_iter()
        .filter_map(Row::outgoing)
        .collect())
}

/// Takes a message out: it is posted, or never will be.
///
/// # Errors
/// The database's.
pub(crate) async fn remove(tx: &mut Tx<'_>, nonce: &str) -> Outcome<bool> {
    Ok(execute!(tx, "DELETE FROM ticket_outbox WHERE nonce = $1", nonce)? == 1)
}

/// Takes all messages of a ticket out: its channel is gone.
///
/// # Errors
/// The database's.
pub(crate) async fn clear(tx: &mut Tx<'_>, ticket: TicketId) -> Outcome<()> {
    execute!(
        tx,
        "DELETE FROM ticket_outbox WHERE ticket_id = $1",
        ticket.to_string()
    )?;
    Ok(())
}
