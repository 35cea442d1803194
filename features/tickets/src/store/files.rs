//! The queries on files of messages.

use std::collections::HashSet;

use hazebot_core::{
    Outcome, execute, execute_built, fetch_all, fetch_all_built, fetch_optional, fetch_scalar, fetch_scalars,
    ids::{GuildId, MessageId, Snowflake},
    insert_rows,
    store::{Database, Tx},
};

use crate::ticket::{
    TicketId,
    file::{File, FileId, FileState},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    message_id: i64,
    name: String,
    size: i64,
    claimed_type: Option<String>,
    found_type: Option<String>,
    url: String,
    state: String,
    tries: i64,
}

impl Row {
    fn file(self) -> Option<File> {
        Some(File {
            id: FileId::from_i64(self.id)?,
            message: MessageId::from_i64(self.message_id)?,
            name: self.name,
            size: self.size,
            claimed_type: self.claimed_type,
            found_type: self.found_type,
            url: self.url,
            state: FileState::from_db(&self.state)?,
            tries: self.tries,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT f.id, f.message_id, f.name, f.size, f.claimed_type, f.found_type, f.url, f.state, f.tries ",
            "FROM ticket_files f ",
            $rest
        )
    };
}

fn files(rows: Vec<Row>) -> Vec<File> {
    rows.into_iter().filter_map(Row::file).collect()
}

/// Adds the files of a message; known ones stay as they are.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn insert(tx: &mut Tx<'_>, guild: GuildId, ticket: TicketId, files: &[File]) -> Outcome<()> {
    let (guild, ticket) = (guild.to_i64(), ticket.to_string());
    let numbered: Vec<(i64, &File)> = (0..).zip(files).collect();
    insert_rows!(
        tx,
        "INSERT INTO ticket_files (id, message_id, ticket_id, guild_id, position, name, size, claimed_type, url, state) ",
        numbered,
        |tuple, (position, file)| {
            tuple
                .push_bind(file.id.to_i64())
                .push_bind(file.message.to_i64())
                .push_bind(ticket.as_str())
                .push_bind(guild)
                .push_bind(*position)
                .push_bind(file.name.as_str())
                .push_bind(file.size)
                .push_bind(file.claimed_type.as_deref())
                .push_bind(file.url.as_str())
                .push_bind(file.state.as_str());
        },
        " ON CONFLICT DO NOTHING"
    )?;
    Ok(())
}

/// The files of a ticket's messages from this one on, in their order; those of deleted messages and withdrawn ones are
/// left out.
///
/// # Errors
/// The database's.
pub(crate) async fn shown(
    db: &mut impl Database,
    guild: GuildId,
    ticket: TicketId,
    from: Option<MessageId>,
) -> Outcome<Vec<File>> {
    let sql = select!(
        "JOIN ticket_messages m ON m.id = f.message_id
         WHERE f.ticket_id = $1 AND f.guild_id = $2 AND f.message_id >= $3 AND f.state <> 'withdrawn'
           AND m.deleted_at IS NULL
         ORDER BY f.message_id, f.position"
    );
    let from = from.map_or(0, Snowflake::to_i64);
    Ok(files(fetch_all!(
        db,
        Row,
        sql,
        ticket.to_string(),
        guild.to_i64(),
        from
    )?))
}

/// The files that a message shows, in their order.
///
/// # Errors
/// The database's.
pub(crate) async fn of_message(db: &mut impl Database, message: MessageId) -> Outcome<Vec<File>> {
    let sql = select!("WHERE f.message_id = $1 AND f.state <> 'withdrawn' ORDER BY f.position");
    Ok(files(fetch_all!(db, Row, sql, message.to_i64())?))
}

/// The files of these messages of a guild, in their order.
///
/// # Errors
/// The database's.
pub(crate) async fn of_messages(
    db: &mut impl Database,
    guild: GuildId,
    messages: &[MessageId],
) -> Outcome<Vec<File>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let rows = fetch_all_built!(db, Row, |query| {
        query.push(select!("WHERE f.state <> 'withdrawn' AND f.guild_id = "));
        query.push_bind(guild.to_i64()).push(" AND f.message_id IN (");
        let mut list = query.separated(", ");
        for message in messages {
            list.push_bind(message.to_i64());
        }
        query.push(") ORDER BY f.message_id, f.position");
    })?;
    Ok(files(rows))
}

/// One file of a ticket, if its message still shows it.
///
/// # Errors
/// The database's.
pub(crate) async fn find(
    db: &mut impl Database,
    guild: GuildId,
    ticket: TicketId,
    id: FileId,
) -> Outcome<Option<File>> {
    let sql = select!(
        "JOIN ticket_messages m ON m.id = f.message_id
         WHERE f.id = $1 AND f.ticket_id = $2 AND f.guild_id = $3 AND f.state <> 'withdrawn'
           AND m.deleted_at IS NULL"
    );
    let row = fetch_optional!(db, Row, sql, id.to_i64(), ticket.to_string(), guild.to_i64())?;
    Ok(row.and_then(Row::file))
}

/// What is still to be copied, oldest first.
///
/// # Errors
/// The database's.
pub(crate) async fn to_copy(db: &mut impl Database, ticket: TicketId) -> Outcome<Vec<File>> {
    let sql = select!("WHERE f.ticket_id = $1 AND f.state IN ('waiting', 'copying') ORDER BY f.id");
    Ok(files(fetch_all!(db, Row, sql, ticket.to_string())?))
}

/// What is still to be deleted: copies that their message has lost.
///
/// # Errors
/// The database's.
pub(crate) async fn to_delete(db: &mut impl Database, ticket: TicketId) -> Outcome<Vec<FileId>> {
    let sql = "SELECT id FROM ticket_files WHERE ticket_id = $1 AND state = 'withdrawn'";
    let ids = fetch_scalars!(db, i64, sql, ticket.to_string())?;
    Ok(ids.into_iter().filter_map(FileId::from_i64).collect())
}

/// Bytes that copies take, and that are reserved for those under way, without this one: of the ticket, and of the guild.
///
/// # Errors
/// The database's.
pub(crate) async fn used(
    db: &mut impl Database,
    guild: GuildId,
    ticket: TicketId,
    without: FileId,
) -> Outcome<(i64, i64)> {
    let sql = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM ticket_files
               WHERE ticket_id = $1 AND state IN ('copying', 'stored') AND id <> $2";
    let of_ticket = fetch_scalar!(db, i64, sql, ticket.to_string(), without.to_i64())?;
    let sql = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM ticket_files
               WHERE guild_id = $1 AND state IN ('copying', 'stored') AND id <> $2";
    let of_guild = fetch_scalar!(db, i64, sql, guild.to_i64(), without.to_i64())?;
    Ok((of_ticket, of_guild))
}

/// What became of a copy that was still to come; gives `false` if it was withdrawn meanwhile.
///
/// # Errors
/// The database's.
pub(crate) async fn set_state(tx: &mut Tx<'_>, id: FileId, state: FileState) -> Outcome<bool> {
    let sql = "UPDATE ticket_files SET state = $1 WHERE id = $2 AND state IN ('waiting', 'copying')";
    Ok(execute!(tx, sql, state.as_str(), id.to_i64())? == 1)
}

/// The copy is there; gives `false` if it was withdrawn meanwhile.
///
/// # Errors
/// The database's.
pub(crate) async fn set_stored(
    tx: &mut Tx<'_>,
    id: FileId,
    size: i64,
    found_type: Option<&str>,
) -> Outcome<bool> {
    let sql = "UPDATE ticket_files SET state = 'stored', size = $1, found_type = $2, stored_at = $3
               WHERE id = $4 AND state = 'copying'";
    Ok(execute!(tx, sql, size, found_type, tx.now_millis(), id.to_i64())? == 1)
}

/// Copying has failed once more.
///
/// # Errors
/// The database's.
pub(crate) async fn count_try(tx: &mut Tx<'_>, id: FileId) -> Outcome<()> {
    let sql =
        "UPDATE ticket_files SET tries = tries + 1, state = 'waiting' WHERE id = $1 AND state = 'copying'";
    execute!(tx, sql, id.to_i64())?;
    Ok(())
}

/// A message has only these files now; gives whether it had others.
///
/// # Errors
/// The database's.
pub(crate) async fn keep_only(tx: &mut Tx<'_>, message: MessageId, kept: &[File]) -> Outcome<bool> {
    let sql = "SELECT id FROM ticket_files WHERE message_id = $1 AND state NOT IN ('withdrawn', 'removed')";
    let known = fetch_scalars!(tx, i64, sql, message.to_i64())?;
    let kept: HashSet<i64> = kept.iter().map(|file| file.id.to_i64()).collect();
    let lost: Vec<i64> = known.into_iter().filter(|id| !kept.contains(id)).collect();
    if lost.is_empty() {
        return Ok(false);
    }
    execute_built!(tx, |query| {
        query.push("UPDATE ticket_files SET state = 'withdrawn' WHERE id IN (");
        let mut ids = query.separated(", ");
        for id in &lost {
            ids.push_bind(*id);
        }
        query.push(")");
    })?;
    Ok(true)
}

/// Withdrawn copies are deleted.
///
/// # Errors
/// The database's.
pub(crate) async fn set_removed(tx: &mut Tx<'_>, ids: &[FileId]) -> Outcome<()> {
    if ids.is_empty() {
        return Ok(());
    }
    execute_built!(tx, |query| {
        query.push("UPDATE ticket_files SET state = 'removed' WHERE state = 'withdrawn' AND id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id.to_i64());
        }
        query.push(")");
    })?;
    Ok(())
}
