//! Catches up with what happened while nobody listened: messages that came, changed or went, channels that were deleted.

use std::collections::HashMap;

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
    ticket::{Ticket, message::Message},
};

/// Pages of a hundred messages that are fetched for one ticket at most; who wrote more while the bot was away finds the
/// older ones in Discord.
const PAGES: usize = 20;
/// Messages of a page, as many as Discord gives
/// (<https://docs.discord.com/developers/resources/message#get-channel-messages>).
const PAGE: u16 = 100;

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
        self.begin_watch(guild).await?;
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
        let stored = messages::history(&mut self.store().read().await?, ticket.guild, ticket.id).await?;
        let mut missed = Vec::new();
        let mut before = None;
        for _ in 0..PAGES {
            let page = match self.discord().history(channel, before, PAGE).await {
                Err(DiscordError::NotFound {
                    code: code::UNKNOWN_CHANNEL,
                }) => {
                    return self.channel_gone(ticket.guild, channel).await;
                }
                page => page?,
            };
            before = page.last().map(|message| message.id);
            self.compare(entry, &page, &stored).await?;
            let ids: Vec<MessageId> = page.iter().map(|message| message.id).collect();
            let known = messages::known(&mut self.store().read().await?, ticket.id, &ids).await?;
            let is_short = page.len() < usize::from(PAGE);
            let found = missed.len();
            missed.extend(page.into_iter().filter(|message| {
                !known.contains(&message.id) && self.stored_form(entry.guild, message).is_some()
            }));
            // What somebody wrote after the gap is known already, so a page with anything missed is not the last.
            if is_short || (found == missed.len() && !known.is_empty()) {
                break;
            }
        }
        for message in missed.iter().rev() {
            self.record_message(entry, message).await?;
        }
        Ok(())
    }

    /// Edits and deletions among the messages that are known.
    async fn compare(&self, entry: Entry, page: &[ModelMessage], stored: &[Message]) -> Outcome<()> {
        let (Some(oldest), Some(newest)) = (
            page.iter().map(|message| message.id).min(),
            page.iter().map(|message| message.id).max(),
        ) else {
            return Ok(());
        };
        let there: HashMap<MessageId, &ModelMessage> =
            page.iter().map(|message| (message.id, message)).collect();
        let mut gone = Vec::new();
        for known in stored
            .iter()
            .filter(|known| (oldest..=newest).contains(&known.id))
        {
            let Some(message) = there.get(&known.id) else {
                gone.push(known.id);
                continue;
            };
            let now = self.stored_form(entry.guild, message);
            if now.is_some_and(|now| now.content != known.content) {
                self.record_edit(entry, message).await?;
            }
        }
        if gone.is_empty() {
            Ok(())
        } else {
            self.record_deletion(entry, gone).await
        }
    }
}
