//! Priority and tags.

use hazebot_core::{Actor, Outcome, ids::GuildId};
use serde_json::{Value, json};

use super::Change;
use crate::{
    Tickets,
    ticket::{
        Deed, Ticket, TicketId,
        work::{self, Priority},
    },
};

/// What happens to a ticket's tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagEdit {
    /// These instead of those before.
    Set(Vec<String>),
    /// One more.
    Add(String),
    /// One less; a tag that it does not have is no error.
    Remove(String),
}

impl Tickets {
    /// How soon the ticket wants an answer.
    ///
    /// # Errors
    /// Unknown ticket, or not staff.
    pub async fn prioritise(
        &self,
        guild: GuildId,
        actor: &Actor,
        id: TicketId,
        priority: Priority,
    ) -> Outcome<Ticket> {
        self.change(guild, actor, id, Deed::Annotate, move |ticket, _| {
            ticket.priority = priority;
            Ok(silent("ticket.prioritise", json!({ "priority": priority })))
        })
        .await
    }

    /// Puts tags on the ticket, or takes them off.
    ///
    /// # Errors
    /// Unknown ticket, not staff, a tag that is none, or too many.
    pub async fn tag(&self, guild: GuildId, actor: &Actor, id: TicketId, edit: TagEdit) -> Outcome<Ticket> {
        self.change(guild, actor, id, Deed::Annotate, move |ticket, _| {
            ticket.tags = match edit {
                TagEdit::Set(tags) => work::tags(tags)?,
                TagEdit::Add(tag) => work::tags(ticket.tags.iter().cloned().chain([tag]))?,
                TagEdit::Remove(tag) => {
                    let tag = work::tag(&tag)?;
                    let rest = ticket.tags.iter().filter(|one| **one != tag);
                    rest.cloned().collect()
                }
            };
            // The ticket's creator hears this event too, and tags are for staff.
            Ok(silent("ticket.tag", json!({})))
        })
        .await
    }
}

/// A change that nobody is told of in the channel.
fn silent(action: &'static str, payload: Value) -> Change {
    Change {
        action,
        event: "ticket.updated",
        payload,
        line: None,
        reward: None,
    }
}
