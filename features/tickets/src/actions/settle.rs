//! Brings Discord in line with what is stored. Looks at the present state and does what is missing, so it may run
//! after any crash, and twice.

use hazebot_core::{
    Outcome,
    ids::{GuildId, MessageId},
    jobs::{JobContext, JobDone},
};
use hazebot_discord::rest::{DiscordError, code};

use super::{SETTLE, post::Trouble};
use crate::{
    Tickets,
    store::{
        self,
        steps::{self, Step},
    },
    ticket::{Status, Ticket, TicketId, access},
};

/// How soon a guild that is not known yet is looked for again.
pub(super) const GUILD_ARRIVES: chrono::Duration = chrono::Duration::seconds(2);

impl Tickets {
    /// The job of [`SETTLE`].
    ///
    /// # Errors
    /// Ours or Discord's; then it is tried again.
    pub async fn settle_job(&self, job: &JobContext) -> Outcome<JobDone> {
        let (Some(guild), Ok(id)) = (job.guild, job.key.parse::<TicketId>()) else {
            return Ok(JobDone::Done);
        };
        if !self.directory().knows(guild) {
            // After a start the guild arrives a moment later; without it every category and role would seem deleted.
            return Ok(JobDone::Again(self.now() + GUILD_ARRIVES));
        }
        self.settle(guild, id).await?;
        self.finish_closing(guild, id).await?;
        Ok(JobDone::Done)
    }

    /// What people wait for, right after an action. A failure is left to the job.
    pub(crate) async fn settle_front(&self, ticket: &Ticket) {
        if let Err(failure) = self.settle(ticket.guild, ticket.id).await {
            tracing::warn!(ticket = %ticket.id, error = %failure, "Discord is brought in line later");
        }
    }

    async fn settle(&self, guild: GuildId, id: TicketId) -> Outcome<()> {
        let _held = self.locks.hold(id).await;
        let Some(ticket) = store::find(&mut self.store().read().await?, guild, id).await? else {
            return Ok(());
        };
        let done = match ticket.status {
            Status::Opening => return self.resume_opening(&ticket).await,
            Status::Undoing => return self.undo(&ticket).await,
            Status::Deleting => self.tear_down(&ticket).await,
            Status::Deleted => Ok(()),
            Status::Open | Status::Claimed | Status::Closed => self.redraw(&ticket).await,
        };
        match (done, ticket.channel) {
            (Err(trouble), Some(channel)) if trouble.is_channel_gone() => {
                self.channel_gone(guild, channel).await
            }
            (done, _) => Ok(done?),
        }
    }

    /// Posts what waits, sets the creator's rights, redraws the buttons.
    async fn redraw(&self, ticket: &Ticket) -> Result<(), Trouble> {
        let Some(channel) = ticket.channel else {
            return Ok(());
        };
        self.post_waiting(ticket).await?;
        let (drawn, wanted) = (self.drawn(ticket).await?, look(ticket));
        if drawn.as_deref() == Some(wanted.as_str()) {
            return Ok(());
        }
        let was_closed = drawn.as_deref().map(is_closed_look);
        if was_closed != Some(ticket.status == Status::Closed) {
            let overwrite = access::creator_overwrite(ticket.status, ticket.creator);
            self.discord()
                .set_overwrite(channel, overwrite, &reason(ticket))
                .await?;
        }
        if let Some(before) = drawn.as_deref().and_then(kind_of_look)
            && before != ticket.kind
        {
            self.move_to_kind(ticket, channel, before).await?;
        }
        self.share(ticket, channel).await?;
        self.redraw_controls(ticket).await?;
        // A closed ticket has more to do; its job goes on.
        let (id, more) = (ticket.id, ticket.status == Status::Closed);
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                store::set_drawn(tx, id, &wanted).await?;
                if !more {
                    tx.cancel_job(SETTLE, &id.to_string()).await?;
                }
                Ok(())
            })
        });
        Ok(written.await?)
    }

    async fn drawn(&self, ticket: &Ticket) -> Outcome<Option<String>> {
        store::drawn(&mut self.store().read().await?, ticket.id).await
    }

    /// Edits the message with the buttons, or posts it anew if somebody deleted it.
    async fn redraw_controls(&self, ticket: &Ticket) -> Result<(), Trouble> {
        let Some(channel) = ticket.channel else {
            return Ok(());
        };
        if let Some(message) = ticket.control_message {
            match self
                .discord()
                .edit(channel, message, &self.control_update(ticket))
                .await
            {
                Err(DiscordError::NotFound { code }) if code != code::UNKNOWN_CHANNEL => {}
                result => return Ok(result.map(drop)?),
            }
        }
        let post = self.control_message(ticket).nonce(self.nonce());
        let message = self.discord().send(channel, &post).await?.id;
        Ok(self.note_control(ticket, message).await?)
    }

    pub(super) async fn note_control(&self, ticket: &Ticket, message: MessageId) -> Outcome<()> {
        let id = ticket.id;
        self.store()
            .write(move |tx| Box::pin(async move { store::set_control(tx, id, message).await }))
            .await
    }

    /// Copies the last files, posts the transcript if the ticket was deleted unclosed, deletes the channel, closes the row.
    async fn tear_down(&self, ticket: &Ticket) -> Result<(), Trouble> {
        self.copy_last_files(ticket).await?;
        self.post_transcript(ticket).await?;
        if let Some(channel) = ticket.channel {
            self.discord().delete_channel(channel, &reason(ticket)).await?;
            self.index.remove(channel);
            self.webhooks.remove(&channel);
        }
        let before = ticket.clone();
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                let after = Ticket {
                    status: Status::Deleted,
                    ..before.clone()
                };
                store::replace(tx, &before, &after).await?;
                store::lose_channel(tx, before.id).await?;
                tx.cancel_job(SETTLE, &before.id.to_string()).await?;
                Ok(())
            })
        });
        Ok(written.await?)
    }

    pub(super) async fn is_done(&self, ticket: &Ticket, step: Step) -> Outcome<bool> {
        steps::is_done(&mut self.store().read().await?, ticket, step).await
    }

    pub(super) async fn mark(&self, ticket: &Ticket, step: Step, message: Option<MessageId>) -> Outcome<()> {
        let ticket = ticket.clone();
        let written = self
            .store()
            .write(move |tx| Box::pin(async move { steps::mark(tx, &ticket, step, message).await }));
        written.await
    }
}

/// Everything that buttons, card and overwrites show, as one word.
pub(super) fn look(ticket: &Ticket) -> String {
    let id = |user: Option<hazebot_core::ids::UserId>| user.map_or(0, |user| user.get());
    let (claimed, assigned) = (id(ticket.claimed_by), id(ticket.assigned_to));
    let people: Vec<String> = ticket.participants.iter().map(ToString::to_string).collect();
    format!(
        "{} {claimed} {assigned} {} {} {} {} {}",
        ticket.status.as_str(),
        ticket.reopen_count,
        ticket.priority.to_db(),
        ticket
            .close_request
            .map_or(0, |request| request.due.timestamp_millis()),
        people.join(","),
        ticket.kind
    )
}

/// The type that a look shows: its last word, which may hold blanks.
fn kind_of_look(look: &str) -> Option<&str> {
    look.splitn(8, ' ').nth(7)
}

fn is_closed_look(look: &str) -> bool {
    look.starts_with(Status::Closed.as_str())
}

/// For Discord's audit log.
pub(crate) fn reason(ticket: &Ticket) -> String {
    format!("Ticket #{} ({})", ticket.number, ticket.status.as_str())
}
