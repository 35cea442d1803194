//! Deletes a ticket with its channel; the row stays.

use hazebot_core::{
    Actor, Outcome,
    ids::{GuildId, Snowflake},
    jobs::{JobContext, JobDone},
};
use serde_json::json;

use super::Change;
use crate::{
    Tickets, store,
    ticket::{Deed, Status, Ticket, TicketId},
};

impl Tickets {
    /// From now on the ticket is unknown. Its transcript is posted if none was, then its channel is deleted.
    ///
    /// # Errors
    /// Unknown ticket, or not allowed.
    pub async fn delete(&self, guild: GuildId, actor: &Actor, id: TicketId) -> Outcome<Ticket> {
        self.change(guild, actor, id, Deed::Delete, |ticket, now| {
            ticket.status = Status::Deleting;
            // The time for keeping its records begins.
            ticket.closed_at.get_or_insert(now);
            ticket.delete_after = None;
            ticket.close_request = None;
            Ok(Change {
                action: "ticket.delete",
                event: "ticket.deleted",
                payload: json!({ "ticket_num": ticket.number }),
                line: None,
                reward: None,
            })
        })
        .await
    }

    /// The job of [`EXPIRE`](super::EXPIRE): deletes a ticket that is still closed and whose time has come.
    ///
    /// # Errors
    /// The database's, or Discord's; then it is tried again.
    pub async fn expire(&self, job: &JobContext) -> Outcome<JobDone> {
        let (Some(guild), Ok(id)) = (job.guild, job.key.parse::<TicketId>()) else {
            return Ok(JobDone::Done);
        };
        let ticket = store::find(&mut self.store().read().await?, guild, id).await?;
        let due = ticket
            .filter(|ticket| ticket.status == Status::Closed)
            .and_then(|ticket| ticket.delete_after);
        match due {
            Some(at) if at <= self.now() => {
                tracing::info!(guild = guild.to_i64(), ticket = %id, "a closed ticket has reached its time");
                self.delete(guild, &Actor::Timer, id).await?;
                Ok(JobDone::Done)
            }
            Some(at) => Ok(JobDone::Again(at)),
            None => Ok(JobDone::Done),
        }
    }
}
