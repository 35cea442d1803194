//! Gives a claimed ticket back.

use hazebot_core::{Actor, Outcome, ids::GuildId, texts::Arg};
use serde_json::json;

use super::Change;
use crate::{
    Tickets,
    ticket::{Deed, Status, Ticket, TicketId, message::sentence},
};

impl Tickets {
    /// The ticket is open again for whoever takes it.
    ///
    /// # Errors
    /// Unknown ticket, not staff, closed, or not claimed.
    pub async fn unclaim(&self, guild: GuildId, actor: &Actor, id: TicketId) -> Outcome<Ticket> {
        let name = actor
            .user()
            .map_or_else(|| actor.name().to_owned(), |user| self.name_of(guild, user));
        let shown = self.say(
            guild,
            "ticket-line-unclaimed",
            &[("name", Arg::user(name.as_str()))],
        );
        let line = self.line(guild, sentence::unclaimed(&name), shown, None);
        self.change(guild, actor, id, Deed::Unclaim, move |ticket, _| {
            ticket.status = Status::Open;
            ticket.claimed_by = None;
            Ok(Change {
                action: "ticket.unclaim",
                event: "ticket.updated",
                payload: json!({ "status": "Open", "claimed_by": null }),
                line: Some(line),
                reward: None,
            })
        })
        .await
    }
}
