//! The queries on canned replies.

use hazebot_core::{
    Outcome, execute, fetch_all, fetch_scalar, fetch_scalar_optional,
    ids::{GuildId, Snowflake},
    store::{Database, Tx},
};

use crate::ticket::canned::MAX_CANNED;

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Canned {
    /// Its name, unique in the guild.
    pub(crate) name: String,
    /// Its text, with the words in braces.
    pub(crate) text: String,
}

/// All of a guild, by name.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn list(db: &mut impl Database, guild: GuildId) -> Outcome<Vec<Canned>> {
    let sql = "SELECT name, text FROM ticket_replies WHERE guild_id = $1 ORDER BY name LIMIT $2";
    Ok(fetch_all!(db, Canned, sql, guild.to_i64(), MAX_CANNED)?)
}

/// The text of one.
///
/// # Errors
/// The database's.
pub(crate) async fn find(db: &mut impl Database, guild: GuildId, name: &str) -> Outcome<Option<String>> {
    let sql = "SELECT text FROM ticket_replies WHERE guild_id = $1 AND name = $2";
    Ok(fetch_scalar_optional!(db, String, sql, guild.to_i64(), name)?)
}

/// How many a guild has.
///
/// # Errors
/// The database's.
pub(crate) async fn count(db: &mut impl Database, guild: GuildId) -> Outcome<i64> {
    let sql = "SELECT COUNT(*) FROM ticket_replies WHERE guild_id = $1";
    Ok(fetch_scalar!(db, i64, sql, guild.to_i64())?)
}

/// Writes one, new or instead of the one before.
///
/// # Errors
/// The database's.
pub(crate) async fn put(tx: &mut Tx<'_>, guild: GuildId, name: &str, text: &str) -> Outcome<()> {
    let sql = "INSERT INTO ticket_replies (guild_id, name, text, changed_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (guild_id, name) DO UPDATE SET text = excluded.text, changed_at = excluded.changed_at";
    execute!(tx, sql, guild.to_i64(), name, text, tx.now_millis())?;
    Ok(())
}

/// Takes one away.
///
/// # Errors
/// The database's.
pub(crate) async fn remove(tx: &mut Tx<'_>, guild: GuildId, name: &str) -> Outcome<()> {
    let sql = "DELETE FROM ticket_replies WHERE guild_id = $1 AND name = $2";
    execute!(tx, sql, guild.to_i64(), name)?;
    Ok(())
}
