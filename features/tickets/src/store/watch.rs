//! The queries of the watch: what was said last in a ticket, and which tickets nobody has answered.

use hazebot_core::{
    Outcome,
    clock::from_millis,
    fetch_all, fetch_optional,
    ids::{GuildId, Snowflake, UserId},
    store::Database,
};

use crate::ticket::{
    TicketId,
    watch::Watched,
    work::{CloseRequest, LastWord},
};

/// Tickets that one round of the watch looks at: as many as a guild has channels.
const MAX_WATCHED: i64 = 500;

#[derive(sqlx::FromRow)]
struct Word {
    sent_at: i64,
    author_role: Option<String>,
}

impl Word {
    fn last(self) -> LastWord {
        LastWord {
            at: from_millis(self.sent_at),
            by_staff: self.author_role.is_some(),
        }
    }
}

/// What a person said last in a ticket, its opening not counted.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn last_word(db: &mut impl Database, ticket: TicketId) -> Outcome<Option<LastWord>> {
    let sql = "SELECT sent_at, author_role FROM ticket_messages
               WHERE ticket_id = $1 AND kind IN ('member', 'relay') AND deleted_at IS NULL
               ORDER BY id DESC LIMIT 1";
    Ok(fetch_optional!(db, Word, sql, ticket.to_string())?.map(Word::last))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    created_at: i64,
    first_answer_at: Option<i64>,
    escalated_at: Option<i64>,
    close_asked_by: Option<i64>,
    close_asked_at: Option<i64>,
    close_due: Option<i64>,
    last_at: Option<i64>,
    word_at: Option<i64>,
    word_role: Option<String>,
}

impl Row {
    fn watched(self) -> Option<Watched> {
        let request = |(asked_at, due)| CloseRequest {
            by: self.close_asked_by.and_then(UserId::from_i64),
            asked_at: from_millis(asked_at),
            due: from_millis(due),
        };
        Some(Watched {
            id: self.id.parse().ok()?,
            created_at: from_millis(self.created_at),
            answered: self.first_answer_at.is_some(),
            escalated: self.escalated_at.is_some(),
            request: self.close_asked_at.zip(self.close_due).map(request),
            last_at: from_millis(self.last_at.unwrap_or(self.created_at)),
            last_word: self.word_at.map(|at| LastWord {
                at: from_millis(at),
                by_staff: self.word_role.is_some(),
            }),
        })
    }
}

macro_rules! last {
    ($what:literal, $kinds:literal) => {
        concat!(
            "(SELECT ",
            $what,
            " FROM ticket_messages WHERE ticket_id = tickets.id AND deleted_at IS NULL AND kind IN (",
            $kinds,
            ") ORDER BY id DESC LIMIT 1) AS "
        )
    };
}

/// The live tickets of a guild, oldest first.
///
/// # Errors
/// The database's.
pub(crate) async fn live(db: &mut impl Database, guild: GuildId) -> Outcome<Vec<Watched>> {
    let sql = concat!(
        "SELECT id, created_at, first_answer_at, escalated_at, close_asked_by, close_asked_at, close_due, ",
        last!("sent_at", "'member', 'relay', 'initial', 'system'"),
        "last_at, ",
        last!("sent_at", "'member', 'relay'"),
        "word_at, ",
        last!("author_role", "'member', 'relay'"),
        "word_role FROM tickets WHERE guild_id = $1 AND status IN ('open', 'claimed') ORDER BY number LIMIT $2"
    );
    let rows = fetch_all!(db, Row, sql, guild.to_i64(), MAX_WATCHED)?;
    Ok(rows.into_iter().filter_map(Row::watched).collect())
}
