//! Posts what waits in the outbox of a ticket: once, in order, also over a crash.

use hazebot_core::{
    Failure, Outcome,
    clock::from_millis,
    events::NewEvent,
    ids::{ChannelId, MessageId},
};
use hazebot_discord::{
    message::{Message as Post, limits, text::fit},
    rest::{DiscordError, code},
};
use serde_json::json;

use crate::{
    Tickets,
    store::{
        messages,
        outbox::{self, Outgoing},
    },
    ticket::{
        self, Ticket,
        message::{Kind, Message, WireMessage},
    },
};

/// Discord remembers a nonce for some minutes. A message that has waited longer than this may have been posted by a run
/// that died, so it is looked for first.
pub(super) const NONCE_HOLDS: chrono::Duration = chrono::Duration::seconds(60);
/// The moment that snowflakes count from, see "Snowflakes" in Discord's reference.
const DISCORD_EPOCH: u64 = 1_420_070_400_000;

/// Whether a message that is to be posted may have been tried before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// Just written.
    Never,
    /// It has waited in the outbox: a run that died may have posted it.
    Perhaps,
}

/// Why something for a ticket could not be done in Discord.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Discord's.
    #[error(transparent)]
    Discord(#[from] DiscordError),
    /// Ours.
    #[error(transparent)]
    Other(#[from] Failure),
}

impl Trouble {
    /// Whether the ticket's channel no longer exists.
    pub(crate) fn is_channel_gone(&self) -> bool {
        matches!(
            self,
            Self::Discord(DiscordError::NotFound {
                code: code::UNKNOWN_CHANNEL
            })
        )
    }

    /// Whether it may work later without any change.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            Self::Discord(error) => error.is_temporary(),
            Self::Other(failure) => failure.refusal().is_none(),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Discord(error) => error.into(),
            Trouble::Other(failure) => failure,
        }
    }
}

impl Tickets {
    /// Posts all that waits for a ticket. The caller holds its lock.
    pub(crate) async fn post_waiting(&self, ticket: &Ticket) -> Result<(), Trouble> {
        let waiting = outbox::waiting(&mut self.store().read().await?, ticket.id).await?;
        for outgoing in waiting {
            self.post(ticket, outgoing, Tried::Perhaps).await?;
        }
        Ok(())
    }

    /// Posts one message and stores it. The caller holds the ticket's lock.
    pub(crate) async fn post(
        &self,
        ticket: &Ticket,
        outgoing: Outgoing,
        tried: Tried,
    ) -> Result<Message, Trouble> {
        let channel = ticket
            .channel
            .ok_or_else(|| Failure::from(ticket::channel_gone()))?;
        let waited = self.now() - outgoing.message.sent_at;
        let by_webhook = self.writes_as_member(ticket.guild, &outgoing);
        let found = if waited > NONCE_HOLDS || (by_webhook && tried == Tried::Perhaps) {
            self.find_posted(channel, ticket, &outgoing).await?
        } else {
            None
        };
        let id = match found {
            Some(id) => id,
            None => self.put(channel, ticket, &outgoing, by_webhook).await?,
        };
        Ok(self.posted(ticket, outgoing, id).await?)
    }

    async fn put(
        &self,
        channel: ChannelId,
        ticket: &Ticket,
        outgoing: &Outgoing,
        by_webhook: bool,
    ) -> Result<MessageId, Trouble> {
        if by_webhook {
            match self.post_as_member(channel, ticket, outgoing).await {
                Ok(Some(id)) => return Ok(id),
                // Without the permission, or a webhook to be had, the bot quotes.
                Ok(None) => {}
                Err(error) if error.is_temporary() => {
                    // It may stand there although the answer got lost, and there is no nonce to ask by.
                    let found = self.find_posted(channel, ticket, outgoing).await?;
                    return found.ok_or_else(|| error.into());
                }
                Err(error) => return Err(error.into()),
            }
        }
        let post = self.rendered(ticket, outgoing);
        Ok(self.discord().send(channel, &post).await?.id)
    }

    /// What stands in Discord: the opening in a frame, which holds long texts, everything else as text.
    fn rendered(&self, ticket: &Ticket, outgoing: &Outgoing) -> Post {
        let post = Post::new().nonce(outgoing.nonce.as_str());
        let post = match outgoing.message.kind {
            Kind::Initial => post.embed(
                self.bot
                    .embed(Some(ticket.guild))
                    .title(fit(&ticket.subject, limits::EMBED_TITLE))
                    .description(outgoing.shown.as_str()),
            ),
            _ => post.text(fit(&outgoing.shown, limits::CONTENT)),
        };
        let post = match outgoing.buttons {
            Some(buttons) => post.buttons(self.answers(ticket, buttons)),
            None => post,
        };
        let post = match outgoing.role {
            Some(role) => post.mention_role(role),
            None => post,
        };
        match outgoing.pings {
            Some(user) => post.mention_user(user),
            None => post,
        }
    }

    /// The message, if a run that died has posted it.
    async fn find_posted(
        &self,
        channel: ChannelId,
        ticket: &Ticket,
        outgoing: &Outgoing,
    ) -> Result<Option<MessageId>, Trouble> {
        let me = self.me(ticket.guild).id;
        let wanted = fit(&outgoing.shown, limits::CONTENT);
        let since = outgoing.message.sent_at - NONCE_HOLDS;
        for message in self.discord().history(channel, None, 100).await? {
            let same = match outgoing.message.kind {
                Kind::Initial => message
                    .embeds
                    .iter()
                    .any(|e| e.description.as_deref() == Some(&outgoing.shown)),
                _ => message.content == wanted,
            };
            let as_member = message.webhook_id.is_some()
                && outgoing.message.display_content.as_deref() == Some(message.content.as_str());
            let recent = sent_at(message.id) >= since;
            if recent
                && (as_member || (same && message.author.id == me))
                && self.is_unrecorded(ticket, message.id).await?
            {
                return Ok(Some(message.id));
            }
        }
        Ok(None)
    }

    /// Two equal sentences may stand in a channel; one that is stored already belongs to an earlier action.
    async fn is_unrecorded(&self, ticket: &Ticket, id: MessageId) -> Outcome<bool> {
        Ok(messages::find(&mut self.store().read().await?, ticket.id, id)
            .await?
            .is_none())
    }

    /// Stores a posted message with its event and takes it out of the outbox.
    async fn posted(&self, ticket: &Ticket, outgoing: Outgoing, id: MessageId) -> Outcome<Message> {
        let Outgoing {
            nonce, mut message, ..
        } = outgoing;
        message.id = id;
        message.sent_at = sent_at(id);
        let (guild, ticket_id, number, stored) = (ticket.guild, ticket.id, ticket.number, message.clone());
        let written = self.store().write(move |tx| {
            Box::pin(async move {
                outbox::remove(tx, &nonce).await?;
                if messages::insert(tx, guild, ticket_id, &stored, Some(&nonce)).await? {
                    tx.emit(message_added(ticket_id, number, &stored.as_sent()).guild(guild))
                        .await?;
                }
                Ok(())
            })
        });
        written.await?;
        Ok(message)
    }
}

/// The event of a new message, whoever wrote it where.
pub(crate) fn message_added(ticket: crate::TicketId, number: i64, message: &WireMessage) -> NewEvent {
    NewEvent::new("ticket.message_added")
        .subject(ticket.to_string())
        .payload(json!({ "ticket_num": number, "message": message }))
}

/// When a message was sent, by its id.
pub(crate) fn sent_at(id: MessageId) -> hazebot_core::Timestamp {
    from_millis(((id.get() >> 22) + DISCORD_EPOCH).cast_signed())
}

#[cfg(test)]
mod tests {
    use hazebot_core::clock::rfc3339;

    use super::*;

    #[test]
    fn a_messages_id_tells_when_it_was_sent() {
        // The example of "Snowflakes" in Discord's reference.
        assert_eq!(
            rfc3339(sent_at(MessageId::new(175_928_847_299_117_063))),
            "2016-04-30T11:18:25.796+00:00"
        );
    }
}
