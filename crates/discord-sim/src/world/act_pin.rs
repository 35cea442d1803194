//! Pinning messages
//! (<https://discord.com/developers/docs/resources/message#pin-message>).

use serde_json::json;

use crate::clock::iso;
use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::draft::Draft;
use super::message::{Author, Message, Reference};
use super::permissions::Permissions;
use super::post::{Post, with_guild};
use super::{AuditLine, World};

/// Pins of one channel.
const MOST_PINS: usize = 250;
/// The type of the message that tells of a pin.
const PIN_MESSAGE: u8 = 6;

impl World {
    /// Pins or unpins a message.
    ///
    /// # Errors
    /// 50013 without the right to pin, 10008 for an unknown message, 30003 when there are enough pins.
    pub(crate) fn set_pinned(
        &mut self,
        user: Id,
        channel: Id,
        id: Id,
        pinned: bool,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        let set = self.require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
        let guild = self.channel(channel)?.guild_id;
        let may = set.has(Permissions::MANAGE_MESSAGES) || set.has(Permissions::PIN_MESSAGES);
        if guild.is_some() && !may {
            return Err(ApiError::missing_permissions());
        }
        let message = self.message(channel, id)?;
        if message.is_ephemeral() {
            return Err(ApiError::unknown_message());
        }
        if !matches!(message.kind, 0 | 19 | 20 | 23) {
            return Err(ApiError::system_message());
        }
        if message.pinned == pinned {
            return Ok(());
        }
        let author = message.author_user();
        let now = self.now();
        let state = self.channel_mut(channel)?;
        if pinned && state.messages.iter().filter(|m| m.pinned).count() >= MOST_PINS {
            return Err(ApiError::too_many_pins());
        }
        if pinned {
            state.last_pin = Some(now);
        }
        let last_pin = state.last_pin.map(iso);
        if let Some(message) = state.message_mut(id) {
            message.pinned = pinned;
            message.pinned_at = pinned.then_some(now);
        }
        self.tell_update(channel, id);
        let body = with_guild(
            json!({ "channel_id": channel, "last_pin_timestamp": last_pin }),
            guild,
        );
        let scope = self.channel_scope(channel);
        self.emit("CHANNEL_PINS_UPDATE", scope, body);
        if pinned {
            self.tell_of_pin(user, channel, guild, id)?;
        }
        if let (Some(guild), Some(author)) = (guild, author) {
            self.audit(
                guild,
                AuditLine::new(if pinned { 74 } else { 75 }, user, author, reason)
                    .telling(json!({ "channel_id": channel, "message_id": id })),
            );
        }
        Ok(())
    }

    fn tell_of_pin(&mut self, user: Id, channel: Id, guild: Option<Id>, id: Id) -> ApiResult<()> {
        let mut post = Post::by(Author::User(user), channel, Draft::default());
        post.kind = PIN_MESSAGE;
        post.reference = Some(Reference {
            kind: 0,
            channel,
            guild,
            message: Some(id),
            snapshot: None,
        });
        self.post(post).map(drop)
    }

    /// The pinned messages of a channel, the one pinned last first.
    pub(crate) fn pins(&self, user: Id, channel: Id) -> ApiResult<Vec<&Message>> {
        self.require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
        let mut found: Vec<&Message> = self
            .channel(channel)?
            .messages
            .iter()
            .filter(|m| m.pinned)
            .collect();
        found.sort_by_key(|m| std::cmp::Reverse((m.pinned_at, m.id)));
        Ok(found)
    }
}
