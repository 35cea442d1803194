//! Catches up with what happened while nobody listened: messages that came, changed or went, channels that were deleted.

use hazebot_core::{
    Outcome,
    ids::{GuildId, MessageId},
};
use hazebot_discord::rest::{DiscordError, code};
use twilight_model::channel::Message as ModelMessage;

use crate::{
    Tickets,
    index::Entry,
    store::{self, messages},
    ticket::Ticket,
};

/// Pages of a hundred messages that are fetched for one ticket at most; who wrote more while the bot was away finds the
/// older ones in Discord.
const PAGES: usize = 20;

impl Tickets {
    /// Reads which channels are tickets. Fast; to be called before events are heard.
    ///
    /// # Errors
    /// The database's.
    pub async fn load(&self) -> Outcome<()> {
        let tickets = store::with_channel(&mut self.store().read().await?).await?;
        self.index.reset(&tickets);
        Ok(())
    }

    /// Catches up with every ticket of a guild, one after the other. One that can't be read now is left for the next
    /// time; its state stays.
    ///
    /// # Errors
    /// The database's.
    pub async fn reconcile(&self, guild: GuildId) -> Outcome<()> {
        let tickets = store::with_channel(&mut self.store().read().await?).await?;
        for ticket in tickets
            .iter()
            .filter(|ticket| ticket.guild == guild && ticket.status.is_visible())
        {
            match self.catch_up(ticket).await {
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(ticket = %ticket.id, %error, "a ticket cannot be caught up with")
                }
            }
        }
        Ok(())
    }

    async fn catch_up(&self, ticket: &Ticket) -> Outcome<()> {
        let Some(channel) = ticket.channel else {
            return Ok(());
        };
        // What the bot is posting meanwhile is recorded by who posts it.
        let _held = self.locks.hold(ticket.id).await;
        // What a run that died has posted gets its author from the outbox, before it is found in the channel.
        match self.post_waiting(ticket).await {
            Err(trouble) if trouble.is_channel_gone() => {
                return self.channel_gone(ticket.guild, channel).await;
            }
            posted => posted?,
        }
        let entry = Entry {
            guild: ticket.guild,
            ticket: ticket.id,
            creator: ticket.creator,
        };
        let last = messages::last_known(&mut self.store().read().await?, ticket.id).await?;
        let mut missed = Vec::new();
        let mut before = None;
        for _ in 0..PAGES {
            let page = match self.discord().history(channel, before, 100).await {
                Err(DiscordError::NotFound {
                    code: code::UNKNOWN_CHANNEL,
                }) => {
                    return self.channel_gone(ticket.guild, channel).await;
                }
                page => page?,
            };
            before = page.last().map(|message| message.id);
            let is_last =
                page.len() < 100 || before.is_none_or(|oldest| last.is_some_and(|last| oldest <= last));
            let (new, known): (Vec<_>, Vec<_>) = page
                .into_iter()
                .partition(|message| last.is_none_or(|last| message.id > last));
            if !known.is_empty() {
                self.compare(entry, &known).await?;
            }
            missed.extend(new);
            if is_last {
                break;
            }
        }
        for message in missed.iter().rev() {
            self.record_message(entry, message).await?;
        }
        Ok(())
    }

    /// Edits and deletions among the newest messages that were known.
    async fn compare(&self, entry: Entry, page: &[ModelMessage]) -> Outcome<()> {
        for message in page {
            self.record_edit(entry, message).await?;
        }
        let Some(oldest) = page.iter().map(|message| message.id).min() else {
            return Ok(());
        };
        let stored = messages::history(&mut self.store().read().await?, entry.guild, entry.ticket).await?;
        let gone: Vec<MessageId> = stored
            .iter()
            .map(|message| message.id)
            .filter(|id| *id >= oldest && *id <= newest(page) && page.iter().all(|message| message.id != *id))
            .collect();
        if gone.is_empty() {
            Ok(())
        } else {
            self.record_deletion(entry, gone).await
        }
    }
}

fn newest(page: &[ModelMessage]) -> MessageId {
    page.iter()
        .map(|message| message.id)
        .max()
        .unwrap_or(MessageId::new(1))
}
