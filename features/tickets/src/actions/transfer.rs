//! Gives a ticket another type.

use hazebot_core::{Actor, Outcome, Refusal, ids::GuildId, texts::Arg};
use serde_json::json;

use super::Change;
use crate::{
    Tickets, settings,
    ticket::{Deed, Status, Ticket, TicketId, draft, message::sentence},
};

impl Tickets {
    /// The ticket is of this type from now on, and free for whoever works on those.
    ///
    /// # Errors
    /// Unknown ticket, not staff, closed, an unknown type, or the one that it has.
    pub async fn transfer(&self, guild: GuildId, actor: &Actor, id: TicketId, kind: &str) -> Outcome<Ticket> {
        let categories = self.settings().get(guild, &settings::CATEGORIES);
        let found = categories
            .iter()
            .find(|category| category.eq_ignore_ascii_case(kind.trim()))
            .cloned()
            .ok_or_else(|| draft::unknown_type(&categories));
        let word = found.as_ref().map(String::as_str).unwrap_or_default().to_owned();
        let args = [
            ("name", Arg::user(self.name_of_actor(guild, actor))),
            ("type", Arg::user(word.as_str())),
        ];
        let shown = self.say(guild, "ticket-line-transferred", &args);
        let line = self.line(guild, sentence::transferred(&word), shown, None);
        self.change(guild, actor, id, Deed::Transfer, move |ticket, _| {
            let kind = found?;
            if ticket.kind == kind {
                let refusal = Refusal::invalid("ticket-same-type", "Ticket is of this type already");
                return Err(refusal.with("type", kind).into());
            }
            ticket.kind = kind;
            ticket.status = Status::Open;
            ticket.claimed_by = None;
            ticket.assigned_to = None;
            Ok(Change {
                action: "ticket.transfer",
                event: "ticket.updated",
                payload: json!({
                    "type": ticket.kind, "status": "Open", "claimed_by": null, "assigned_to": null,
                }),
                line: Some(line),
                reward: None,
            })
        })
        .await
    }
}
