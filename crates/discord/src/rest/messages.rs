//! Messages and reactions.

use hazebot_core::ids::{ChannelId, MessageId, UserId};
use serde::Deserialize;
use twilight_http::{request::channel::reaction::RequestReactionType, routing::Route};
use twilight_model::channel::Message as ModelMessage;

use super::{Discord, DiscordError, Posted};
use crate::message::{Message, Purpose};

/// How many messages Discord takes in one bulk deletion, and gives in one page.
pub const PAGE: u16 = 100;

impl Discord {
    /// Posts a message. With a [`Message::nonce`] it is repeated when Discord is away for a moment, without it never.
    ///
    /// # Errors
    /// [`DiscordError::Limit`] before the call; else as any call.
    pub async fn send(&self, channel: ChannelId, message: &Message) -> Result<Posted, DiscordError> {
        let route = Route::CreateMessage {
            channel_id: channel.get(),
        };
        self.with_message(&route, message, Purpose::Create, true).await
    }

    /// Makes an existing message this one; with [`Message::partial`] only the parts that it names.
    ///
    /// # Errors
    /// As [`Discord::send`].
    pub async fn edit(
        &self,
        channel: ChannelId,
        id: MessageId,
        message: &Message,
    ) -> Result<Posted, DiscordError> {
        let route = Route::UpdateMessage {
            channel_id: channel.get(),
            message_id: id.get(),
        };
        self.with_message(&route, message, Purpose::Edit, true).await
    }

    /// Deletes a message; one that is gone already counts as deleted.
    ///
    /// # Errors
    /// As any call, but not [`DiscordError::NotFound`].
    pub async fn delete(&self, channel: ChannelId, id: MessageId) -> Result<(), DiscordError> {
        match self.done(self.http().delete_message(channel, id)).await {
            Err(DiscordError::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    /// Deletes up to [`PAGE`] messages at once; Discord refuses such that are older than two weeks.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete_many(&self, channel: ChannelId, ids: &[MessageId]) -> Result<(), DiscordError> {
        match ids {
            [] => Ok(()),
            [one] => self.delete(channel, *one).await,
            many => self.done(self.http().delete_messages(channel, many)).await,
        }
    }

    /// One message.
    ///
    /// # Errors
    /// As any call.
    pub async fn message(&self, channel: ChannelId, id: MessageId) -> Result<ModelMessage, DiscordError> {
        self.json(self.http().message(channel, id)).await
    }

    /// Up to `limit` (1 to [`PAGE`]) messages of a channel, newest first, older than `before` if that is given.
    ///
    /// # Errors
    /// As any call.
    pub async fn history(
        &self,
        channel: ChannelId,
        before: Option<MessageId>,
        limit: u16,
    ) -> Result<Vec<ModelMessage>, DiscordError> {
        let request = self.http().channel_messages(channel);
        let limit = limit.clamp(1, PAGE);
        match before {
            Some(before) => self.json(request.before(before).limit(limit)).await,
            None => self.json(request.limit(limit)).await,
        }
    }

    /// Sends a direct message.
    ///
    /// # Errors
    /// [`DiscordError::ClosedDms`] if the person takes none; else as [`Discord::send`].
    pub async fn dm(&self, user: UserId, message: &Message) -> Result<Posted, DiscordError> {
        #[derive(Deserialize)]
        struct Dm {
            id: ChannelId,
        }
        message.check()?;
        let dm: Dm = self.json(self.http().create_private_channel(user)).await?;
        self.send(dm.id, message).await
    }

    /// Puts a reaction on a message: `✅`, or `<:name:123>`.
    ///
    /// # Errors
    /// As any call.
    pub async fn react(&self, channel: ChannelId, id: MessageId, emoji: &str) -> Result<(), DiscordError> {
        use twilight_model::channel::message::EmojiReactionType;
        let emoji = crate::message::emoji(emoji);
        let reaction = match &emoji {
            EmojiReactionType::Custom { id, name, .. } => RequestReactionType::Custom {
                id: *id,
                name: name.as_deref(),
            },
            EmojiReactionType::Unicode { name } => RequestReactionType::Unicode { name },
        };
        self.done(self.http().create_reaction(channel, id, &reaction))
            .await
    }

    /// Pins a message.
    ///
    /// # Errors
    /// As any call.
    pub async fn pin(&self, channel: ChannelId, id: MessageId) -> Result<(), DiscordError> {
        self.done(self.http().create_pin(channel, id)).await
    }

    /// Shows "… is typing" for ten seconds, or until a message comes.
    ///
    /// # Errors
    /// As any call.
    pub async fn type_in(&self, channel: ChannelId) -> Result<(), DiscordError> {
        self.done(self.http().create_typing_trigger(channel)).await
    }
}
