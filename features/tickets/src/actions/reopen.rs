//! Opens a closed ticket again.

use hazebot_core::{Actor, Outcome, ids::GuildId, texts::Arg};
use serde_json::json;

use super::Change;
use crate::{
    Tickets, store,
    ticket::{self, Deed, MAX_REOPENS, Status, Ticket, TicketId, message::sentence},
};

impl Tickets {
    /// The creator may write again; claim, assignment and all that belongs to the closing are cleared.
    ///
    /// # Errors
    /// Unknown ticket, not closed, reopened too often, not allowed, or its channel is gone.
    pub async fn reopen(&self, guild: GuildId, actor: &Actor, id: TicketId) -> Outcome<Ticket> {
        // The line tells the count, so it is read before; the transaction checks that it has not changed.
        let before = store::find(&mut self.store().read().await?, guild, id)
            .await?
            .ok_or_else(ticket::unknown)?;
        let count = before.reopen_count + 1;
        let args = [("count", Arg::number(count)), ("max", Arg::number(MAX_REOPENS))];
        let shown = self.say(guild, "ticket-line-reopened", &args);
        let line = self.line(guild, sentence::reopened(count), shown, None);
        self.change(guild, actor, id, Deed::Reopen, move |ticket, _| {
            if ticket.channel.is_none() {
                return Err(ticket::channel_gone().into());
            }
            if ticket.reopen_count + 1 != count {
                return Err(ticket::changed().into());
            }
            unshut(ticket);
            ticket.reopen_count = count;
            Ok(Change {
                action: "ticket.reopen",
                event: "ticket.reopened",
                payload: json!({ "reopen_count": count }),
                line: Some(line),
                reward: None,
            })
        })
        .await
    }
}

/// The state of a ticket that is open again.
pub(super) fn unshut(ticket: &mut Ticket) {
    ticket.status = Status::Open;
    ticket.claimed_by = None;
    ticket.assigned_to = None;
    ticket.closed_at = None;
    ticket.closed_by = None;
    ticket.close_message = None;
    ticket.delete_after = None;
}
