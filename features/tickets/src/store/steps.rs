//! The queries on what has been done for a ticket, so that a repeated run skips it.

use hazebot_core::{
    Outcome, execute, fetch_scalar,
    ids::{MessageId, Snowflake},
    store::{Database, Tx},
};

use crate::ticket::Ticket;

/// Something that is done once per round of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Staff were told of the new ticket.
    Announced,
    /// The transcript was posted.
    Transcript,
    /// The creator was told by direct message, or can't be.
    Told,
    /// The transcript is on its way by mail.
    Mailed,
}

impl Step {
    /// The form of the database, also the tag of its nonce.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Announced => "new",
            Self::Transcript => "script",
            Self::Told => "told",
            Self::Mailed => "mail",
        }
    }
}

/// Whether it is done in the ticket's present round.
///
/// # Errors
/// The database's, as for all functions here.
pub(crate) async fn is_done(db: &mut impl Database, ticket: &Ticket, step: Step) -> Outcome<bool> {
    let sql = "SELECT COUNT(*) FROM ticket_steps WHERE ticket_id = $1 AND round = $2 AND step = $3";
    let count = fetch_scalar!(
        db,
        i64,
        sql,
        ticket.id.to_string(),
        ticket.reopen_count,
        step.as_str()
    )?;
    Ok(count > 0)
}

/// Notes that it is done.
///
/// # Errors
/// The database's.
pub(crate) async fn mark(
    tx: &mut Tx<'_>,
    ticket: &Ticket,
    step: Step,
    message: Option<MessageId>,
) -> Outcome<()> {
    let sql = "INSERT INTO ticket_steps (ticket_id, round, step, message_id, done_at)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    execute!(
        tx,
        sql,
        ticket.id.to_string(),
        ticket.reopen_count,
        step.as_str(),
        message.map(Snowflake::to_i64),
        tx.now_millis(),
    )?;
    Ok(())
}
