//! Posts an answer from the app or the panel under its writer's name and picture, where the guild wants that.

use hazebot_core::ids::{ChannelId, GuildId, MessageId};
use hazebot_discord::{
    message::{Message as Post, limits, text::fit},
    rest::{DiscordError, Webhook, Writer, code},
};

use super::settle::reason;
use crate::{
    Tickets, settings,
    store::outbox::Outgoing,
    ticket::{Ticket, message::Kind},
};

/// The name of the webhooks in a channel's settings.
const NAME: &str = "HazeBot";

impl Tickets {
    /// Whether this message is meant to stand under its writer's name.
    pub(super) fn writes_as_member(&self, guild: GuildId, outgoing: &Outgoing) -> bool {
        let relayed = outgoing.message.kind == Kind::Relay && outgoing.message.display_content.is_some();
        relayed && self.settings().get(guild, &settings::REPLY_AS_MEMBER)
    }

    /// Posts it; `None` if the bot has to quote instead: no permission, no room for a webhook, a name that Discord does
    /// not take.
    pub(super) async fn post_as_member(
        &self,
        channel: ChannelId,
        ticket: &Ticket,
        outgoing: &Outgoing,
    ) -> Result<Option<MessageId>, DiscordError> {
        let Some(text) = outgoing.message.display_content.as_deref() else {
            return Ok(None);
        };
        let name = self.name_of(ticket.guild, outgoing.message.author);
        let writer = Writer {
            name: &name,
            avatar: outgoing.message.author_avatar.as_deref(),
        };
        if !writer.may_be_shown() {
            return Ok(None);
        }
        let post = Post::new().text(fit(text, limits::CONTENT));
        // A second time with a fresh one, if somebody has deleted the webhook by hand.
        for fresh in [false, true] {
            let Some(webhook) = self.webhook(channel, ticket, fresh).await? else {
                return Ok(None);
            };
            match self.discord().send_as(&webhook, writer, &post).await {
                Ok(posted) => return Ok(Some(posted.id)),
                Err(DiscordError::NotFound { code }) if code == code::UNKNOWN_WEBHOOK => {}
                Err(error) if error.is_temporary() => return Err(error),
                Err(error) => {
                    tracing::warn!(ticket = %ticket.id, %error, "not posted by the webhook; the bot quotes");
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    async fn webhook(
        &self,
        channel: ChannelId,
        ticket: &Ticket,
        fresh: bool,
    ) -> Result<Option<Webhook>, DiscordError> {
        if fresh {
            self.webhooks.remove(&channel);
        } else if let Some(known) = self.webhooks.get(&channel) {
            return Ok(Some(known.clone()));
        }
        match self.discord().webhook(channel, NAME, &reason(ticket)).await {
            Ok(webhook) => {
                self.webhooks.insert(channel, webhook.clone());
                Ok(Some(webhook))
            }
            Err(error) if error.is_temporary() => Err(error),
            Err(error) => {
                tracing::warn!(ticket = %ticket.id, %error, setting = settings::REPLY_AS_MEMBER.key(), "no webhook; the bot quotes");
                Ok(None)
            }
        }
    }
}
