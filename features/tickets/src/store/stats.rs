//! The query behind the figures.

use hazebot_core::{
    Outcome, Timestamp,
    clock::from_millis,
    fetch_all,
    ids::{GuildId, Snowflake, UserId},
    store::Database,
};

use crate::ticket::stats::Fact;

/// Tickets that figures are made of at most: some years of a busy guild, and a few megabytes.
const MAX_FACTS: i64 = 50_000;

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    created_at: i64,
    first_answer_at: Option<i64>,
    closed_at: Option<i64>,
    claimed_by: Option<i64>,
    first_answer_by: Option<i64>,
    stars: Option<i64>,
}

/// The tickets of a guild that were opened since then, deleted ones too, newest first.
///
/// # Errors
/// The database's.
pub(crate) async fn facts(db: &mut impl Database, guild: GuildId, since: Timestamp) -> Outcome<Vec<Fact>> {
    let sql = "SELECT kind, created_at, first_answer_at, closed_at, claimed_by, first_answer_by, stars
               FROM tickets LEFT JOIN ticket_ratings ON ticket_ratings.ticket_id = tickets.id
               WHERE tickets.guild_id = $1 AND created_at >= $2 AND status NOT IN ('opening', 'undoing')
               ORDER BY created_at DESC LIMIT $3";
    let of = |row: Row| Fact {
        kind: row.kind,
        opened: from_millis(row.created_at),
        answered: row.first_answer_at.map(from_millis),
        closed: row.closed_at.map(from_millis),
        handler: row.claimed_by.or(row.first_answer_by).and_then(UserId::from_i64),
        stars: row.stars,
    };
    let since = since.timestamp_millis();
    let rows = fetch_all!(db, Row, sql, guild.to_i64(), since, MAX_FACTS)?;
    Ok(rows.into_iter().map(of).collect())
}
