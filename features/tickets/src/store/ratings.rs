//! The queries on ratings.

use hazebot_core::{
    Outcome,
    clock::from_millis,
    execute, fetch_optional,
    ids::Snowflake,
    store::{Database, Tx},
};

use crate::ticket::{Ticket, TicketId, rating::Rating};

#[derive(sqlx::FromRow)]
struct Row {
    round: i64,
    stars: i64,
    comment: Option<String>,
    rated_at: i64,
}

/// What was said of a ticket.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn find(db: &mut impl Database, id: TicketId) -> Outcome<Option<Rating>> {
    let sql = "SELECT round, stars, comment, rated_at FROM ticket_ratings WHERE ticket_id = $1";
    let row = fetch_optional!(db, Row, sql, id.to_string())?;
    Ok(row.map(|row| Rating {
        round: row.round,
        stars: row.stars,
        comment: row.comment,
        rated_at: from_millis(row.rated_at),
    }))
}

/// Writes it.
///
/// # Errors
/// The database's.
pub(crate) async fn put(tx: &mut Tx<'_>, ticket: &Ticket, rating: &Rating) -> Outcome<()> {
    let sql = "INSERT INTO ticket_ratings (ticket_id, guild_id, round, stars, comment, rated_at)
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (ticket_id) DO UPDATE SET round = excluded.round, stars = excluded.stars,
                 comment = excluded.comment, rated_at = excluded.rated_at";
    execute!(
        tx,
        sql,
        ticket.id.to_string(),
        ticket.guild.to_i64(),
        rating.round,
        rating.stars,
        rating.comment.as_deref(),
        rating.rated_at.timestamp_millis(),
    )?;
    Ok(())
}
