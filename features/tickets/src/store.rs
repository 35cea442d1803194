//! The queries on tickets. Each names the guild, so that an id of another guild is like an unknown one.

pub(crate) mod files;
pub(crate) mod messages;
pub(crate) mod notes;
pub(crate) mod outbox;
pub(crate) mod panels;
pub(crate) mod ratings;
pub(crate) mod reads;
pub(crate) mod replies;
pub(crate) mod retention;
pub(crate) mod stats;
pub(crate) mod steps;
pub(crate) mod watch;
pub(crate) mod work;

use hazebot_core::{
    Outcome,
    clock::from_millis,
    execute, fetch_optional, fetch_scalar, fetch_scalar_optional,
    ids::{ChannelId, GuildId, MessageId, Snowflake, UserId},
    store::{Database, Tx},
};

use crate::ticket::{
    Origin, Status, Ticket, TicketId,
    work::{CloseRequest, Priority},
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, guild_id, number, creator_id, creator_name, channel_id, kind, status, claimed_by, ",
            "assigned_to, subject, initial_message, control_message_id, reopen_count, created_at, closed_at, ",
            "closed_by, close_message, delete_after, priority, close_asked_by, close_asked_at, close_due, escalated_at, ",
            "(SELECT string_agg(tag, ' ') FROM ticket_tags WHERE ticket_id = tickets.id) AS tags, ",
            "(SELECT string_agg(CAST(user_id AS TEXT), ' ') FROM ticket_participants ",
            "WHERE ticket_id = tickets.id AND removed = 0) AS participants FROM tickets ",
            $rest
        )
    };
}

pub(crate) mod listed;
pub(crate) mod search;

pub(crate) use listed::{listed, of_creator, page, with_channel};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    guild_id: i64,
    number: i64,
    creator_id: i64,
    creator_name: String,
    channel_id: Option<i64>,
    kind: String,
    status: String,
    claimed_by: Option<i64>,
    assigned_to: Option<i64>,
    subject: String,
    initial_message: String,
    control_message_id: Option<i64>,
    reopen_count: i64,
    created_at: i64,
    closed_at: Option<i64>,
    closed_by: Option<i64>,
    close_message: Option<String>,
    delete_after: Option<i64>,
    priority: i64,
    close_asked_by: Option<i64>,
    close_asked_at: Option<i64>,
    close_due: Option<i64>,
    escalated_at: Option<i64>,
    tags: Option<String>,
    participants: Option<String>,
}

impl Row {
    /// A row that no version of this program can have written is left out.
    fn ticket(self) -> Option<Ticket> {
        Some(Ticket {
            id: self.id.parse().ok()?,
            guild: GuildId::from_i64(self.guild_id)?,
            number: self.number,
            creator: UserId::from_i64(self.creator_id)?,
            creator_name: self.creator_name,
            channel: self.channel_id.and_then(ChannelId::from_i64),
            kind: self.kind,
            status: Status::from_db(&self.status)?,
            claimed_by: self.claimed_by.and_then(UserId::from_i64),
            assigned_to: self.assigned_to.and_then(UserId::from_i64),
            subject: self.subject,
            initial_message: self.initial_message,
            control_message: self.control_message_id.and_then(MessageId::from_i64),
            reopen_count: self.reopen_count,
            created_at: from_millis(self.created_at),
            closed_at: self.closed_at.map(from_millis),
            closed_by: self.closed_by.and_then(UserId::from_i64),
            close_message: self.close_message,
            delete_after: self.delete_after.map(from_millis),
            priority: Priority::from_db(self.priority)?,
            tags: words(self.tags.as_deref(), |tag| Some(tag.to_owned())),
            participants: words(self.participants.as_deref(), UserId::parse),
            close_request: self
                .close_asked_at
                .zip(self.close_due)
                .map(|(asked_at, due)| CloseRequest {
                    by: self.close_asked_by.and_then(UserId::from_i64),
                    asked_at: from_millis(asked_at),
                    due: from_millis(due),
                }),
            escalated_at: self.escalated_at.map(from_millis),
        })
    }
}

/// What a list joined by blanks holds, in an order of its own.
fn words<T: Ord>(joined: Option<&str>, each: impl FnMut(&str) -> Option<T>) -> Vec<T> {
    let mut list: Vec<T> = joined
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(each)
        .collect();
    list.sort_unstable();
    list
}

/// A ticket in any state.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn find(db: &mut impl Database, guild: GuildId, id: TicketId) -> Outcome<Option<Ticket>> {
    let sql = select!("WHERE id = $1 AND guild_id = $2");
    let row = fetch_optional!(db, Row, sql, id.to_string(), guild.to_i64())?;
    Ok(row.and_then(Row::ticket))
}

/// The ticket of a channel, in any state.
///
/// # Errors
/// The database's.
pub(crate) async fn by_channel(
    db: &mut impl Database,
    guild: GuildId,
    channel: ChannelId,
) -> Outcome<Option<Ticket>> {
    let sql = select!("WHERE channel_id = $1 AND guild_id = $2 ORDER BY number DESC LIMIT 1");
    let row = fetch_optional!(db, Row, sql, channel.to_i64(), guild.to_i64())?;
    Ok(row.and_then(Row::ticket))
}

/// When somebody last opened a ticket, of one type or of any; undone openings don't count, deleted tickets do.
///
/// # Errors
/// The database's.
pub(crate) async fn last_opened(
    db: &mut impl Database,
    guild: GuildId,
    user: UserId,
    kind: Option<&str>,
) -> Outcome<Option<i64>> {
    let sql = "SELECT created_at FROM tickets WHERE guild_id = $1 AND creator_id = $2 AND status <> 'undoing'
               AND ($3 = '' OR kind = $3) ORDER BY created_at DESC LIMIT 1";
    Ok(fetch_scalar_optional!(
        db,
        i64,
        sql,
        guild.to_i64(),
        user.to_i64(),
        kind.unwrap_or_default()
    )?)
}

/// How many tickets of somebody, of one type or of any, are open, claimed or being opened.
///
/// # Errors
/// The database's.
pub(crate) async fn open_count(
    db: &mut impl Database,
    guild: GuildId,
    user: UserId,
    kind: Option<&str>,
) -> Outcome<i64> {
    let sql = "SELECT COUNT(*) FROM tickets WHERE guild_id = $1 AND creator_id = $2
               AND status IN ('opening', 'open', 'claimed') AND ($3 = '' OR kind = $3)";
    let kind = kind.unwrap_or_default();
    Ok(fetch_scalar!(db, i64, sql, guild.to_i64(), user.to_i64(), kind)?)
}

/// Takes the next number of a guild. The row stays locked until the transaction ends, so that openings of one guild
/// come one after the other and their limits are counted right.
///
/// # Errors
/// The database's.
pub(crate) async fn next_number(tx: &mut Tx<'_>, guild: GuildId) -> Outcome<i64> {
    let sql = "INSERT INTO ticket_numbers (guild_id, next) VALUES ($1, 2)
               ON CONFLICT (guild_id) DO UPDATE SET next = ticket_numbers.next + 1 RETURNING next";
    let next = fetch_scalar!(tx, i64, sql, guild.to_i64())?;
    Ok(next - 1)
}

/// Adds a ticket as it is given.
///
/// # Errors
/// The database's; a number that is taken.
pub(crate) async fn insert(tx: &mut Tx<'_>, ticket: &Ticket, origin: Origin) -> Outcome<()> {
    let sql = "INSERT INTO tickets (id, guild_id, number, creator_id, creator_name, channel_id, kind, status,
                 claimed_by, assigned_to, subject, initial_message, control_message_id, reopen_count, created_at,
                 closed_at, closed_by, close_message, delete_after, origin)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    execute!(
        tx,
        sql,
        ticket.id.to_string(),
        ticket.guild.to_i64(),
        ticket.number,
        ticket.creator.to_i64(),
        ticket.creator_name.as_str(),
        ticket.channel.map(Snowflake::to_i64),
        ticket.kind.as_str(),
        ticket.status.as_str(),
        ticket.claimed_by.map(Snowflake::to_i64),
        ticket.assigned_to.map(Snowflake::to_i64),
        ticket.subject.as_str(),
        ticket.initial_message.as_str(),
        ticket.control_message.map(Snowflake::to_i64),
        ticket.reopen_count,
        ticket.created_at.timestamp_millis(),
        ticket.closed_at.map(|at| at.timestamp_millis()),
        ticket.closed_by.map(Snowflake::to_i64),
        ticket.close_message.as_deref(),
        ticket.delete_after.map(|at| at.timestamp_millis()),
        origin.as_str(),
    )?;
    Ok(())
}

/// Writes the changed ticket, if it is still in the state, and claimed by whom, it was read in: two who act at once
/// can't both succeed. Gives whether it was.
///
/// # Errors
/// The database's.
pub(crate) async fn replace(tx: &mut Tx<'_>, before: &Ticket, after: &Ticket) -> Outcome<bool> {
    let claimed_now = after.claimed_by.is_some() && before.claimed_by != after.claimed_by;
    let sql =
        "UPDATE tickets SET kind = $1, status = $2, claimed_by = $3, assigned_to = $4, reopen_count = $5,
                 closed_at = $6, closed_by = $7, close_message = $8, delete_after = $9,
                 claimed_at = CASE WHEN $10 = 1 THEN $11 ELSE claimed_at END, priority = $12,
                 close_asked_by = $13, close_asked_at = $14, close_due = $15, escalated_at = $16
               WHERE id = $17 AND guild_id = $18 AND status = $19 AND COALESCE(claimed_by, 0) = $20
                 AND reopen_count = $21";
    let request = after.close_request;
    let changed = execute!(
        tx,
        sql,
        after.kind.as_str(),
        after.status.as_str(),
        after.claimed_by.map(Snowflake::to_i64),
        after.assigned_to.map(Snowflake::to_i64),
        after.reopen_count,
        after.closed_at.map(|at| at.timestamp_millis()),
        after.closed_by.map(Snowflake::to_i64),
        after.close_message.as_deref(),
        after.delete_after.map(|at| at.timestamp_millis()),
        i64::from(claimed_now),
        tx.now_millis(),
        after.priority.to_db(),
        request.and_then(|request| request.by).map(Snowflake::to_i64),
        request.map(|request| request.asked_at.timestamp_millis()),
        request.map(|request| request.due.timestamp_millis()),
        after.escalated_at.map(|at| at.timestamp_millis()),
        after.id.to_string(),
        after.guild.to_i64(),
        before.status.as_str(),
        before.claimed_by.map_or(0, Snowflake::to_i64),
        before.reopen_count,
    )?;
    Ok(changed == 1)
}

/// Notes the channel that was made.
///
/// # Errors
/// The database's.
pub(crate) async fn set_channel(tx: &mut Tx<'_>, id: TicketId, channel: ChannelId) -> Outcome<()> {
    execute!(
        tx,
        "UPDATE tickets SET channel_id = $1 WHERE id = $2",
        channel.to_i64(),
        id.to_string()
    )?;
    Ok(())
}

/// Notes that the channel is gone.
///
/// # Errors
/// The database's.
pub(crate) async fn lose_channel(tx: &mut Tx<'_>, id: TicketId) -> Outcome<()> {
    let sql = "UPDATE tickets SET channel_id = NULL, control_message_id = NULL WHERE id = $1";
    execute!(tx, sql, id.to_string())?;
    outbox::clear(tx, id).await
}

/// Notes the message with the buttons.
///
/// # Errors
/// The database's.
pub(crate) async fn set_control(tx: &mut Tx<'_>, id: TicketId, message: MessageId) -> Outcome<()> {
    let sql = "UPDATE tickets SET control_message_id = $1 WHERE id = $2";
    execute!(tx, sql, message.to_i64(), id.to_string())?;
    Ok(())
}

/// What buttons and overwrites in Discord last showed.
///
/// # Errors
/// The database's.
pub(crate) async fn drawn(db: &mut impl Database, id: TicketId) -> Outcome<Option<String>> {
    let sql = "SELECT drawn FROM tickets WHERE id = $1";
    Ok(fetch_scalar_optional!(db, Option<String>, sql, id.to_string())?.flatten())
}

/// Notes what they show now.
///
/// # Errors
/// The database's.
pub(crate) async fn set_drawn(tx: &mut Tx<'_>, id: TicketId, drawn: &str) -> Outcome<()> {
    execute!(
        tx,
        "UPDATE tickets SET drawn = $1 WHERE id = $2",
        drawn,
        id.to_string()
    )?;
    Ok(())
}

/// Removes what is left of an opening that was undone.
///
/// # Errors
/// The database's.
pub(crate) async fn forget_undone(tx: &mut Tx<'_>, id: TicketId) -> Outcome<()> {
    execute!(
        tx,
        "DELETE FROM tickets WHERE id = $1 AND status = 'undoing'",
        id.to_string()
    )?;
    Ok(())
}

/// Notes that something is paid for; gives `false` if it was before.
///
/// # Errors
/// The database's.
pub(crate) async fn pay_once(tx: &mut Tx<'_>, id: TicketId, kind: &str, user: UserId) -> Outcome<bool> {
    let sql = "INSERT INTO ticket_xp (ticket_id, kind, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(execute!(tx, sql, id.to_string(), kind, user.to_i64())? == 1)
}
