//! News channels: following them, and publishing their messages to those that follow
//! (<https://discord.com/developers/docs/resources/message#crosspost-message>).

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::World;
use super::draft::Draft;
use super::message::{Author, Reference, flags};
use super::model::{Webhook, kind};
use super::permissions::Permissions;
use super::post::Post;

/// The type of the message that tells of a followed channel.
const FOLLOW_MESSAGE: u8 = 12;

impl World {
    /// Lets `target` follow the news channel `source`. Gives the webhook that brings the messages.
    ///
    /// # Errors
    /// 50024 if `source` is no news channel, 50013 without the right to manage webhooks in `target`.
    pub(crate) fn follow(&mut self, user: Id, source: Id, target: Id, reason: Option<&str>) -> ApiResult<Id> {
        self.require_in_channel(source, user, Permissions::NONE)?;
        let state = self.channel(source)?;
        let (Some(source_guild), kind::NEWS) = (state.guild_id, state.kind) else {
            return Err(ApiError::wrong_channel_type());
        };
        let name = {
            let guild = self.guilds.get(&source_guild).map_or("", |g| g.name.as_str());
            format!("{guild} #{}", state.name)
        };
        let id = self.make_webhook(user, target, name, None, None, reason)?;
        if let Some(webhook) = self.webhooks.get_mut(&id) {
            webhook.source = Some((source_guild, source));
        }
        let name = self.webhooks.get(&id).map_or(String::new(), |w| w.name.clone());
        let mut post = Post::by(Author::User(user), target, Draft::text(name));
        post.kind = FOLLOW_MESSAGE;
        post.reference = Some(Reference {
            kind: 0,
            channel: source,
            guild: Some(source_guild),
            message: None,
            snapshot: None,
        });
        self.post(post)?;
        Ok(id)
    }

    /// Publishes a message of a news channel to every channel that follows it.
    ///
    /// # Errors
    /// 50024 outside news channels, 40033 the second time, 50013 for somebody else's message without the right to
    /// manage messages.
    pub(crate) fn crosspost(&mut self, user: Id, channel: Id, id: Id) -> ApiResult<()> {
        let set = self.require_in_channel(channel, user, Permissions::SEND_MESSAGES)?;
        let state = self.channel(channel)?;
        if state.kind != kind::NEWS {
            return Err(ApiError::wrong_channel_type());
        }
        let message = self.message(channel, id)?;
        if message.author_user() != Some(user) && !set.has(Permissions::MANAGE_MESSAGES) {
            return Err(ApiError::missing_permissions());
        }
        if message.flags & (flags::CROSSPOSTED | flags::IS_CROSSPOST) != 0 {
            return Err(ApiError::already_crossposted());
        }
        let message = message.clone();
        self.message_mut(channel, id)?.flags |= flags::CROSSPOSTED;
        self.tell_update(channel, id);
        let followers: Vec<Webhook> = self
            .webhooks
            .values()
            .filter(|w| w.source.is_some_and(|(_, from)| from == channel))
            .cloned()
            .collect();
        for webhook in followers {
            let author = Author::Webhook {
                id: webhook.id,
                name: webhook.name,
                avatar: webhook.avatar,
            };
            let draft = Draft {
                embeds: Some(message.embeds.clone()),
                components: Some(message.components.clone()),
                flags: Some(message.flags),
                ..Draft::text(message.content.clone())
            };
            let mut post = Post::by(author, webhook.channel_id, draft);
            post.webhook_id = Some(webhook.id);
            post.extra_flags = flags::IS_CROSSPOST;
            post.reference = Some(Reference {
                kind: 0,
                channel,
                guild: message.guild_id,
                message: Some(id),
                snapshot: None,
            });
            self.post(post)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::world::scenario::Scenario;

    use super::*;

    #[test]
    fn a_published_message_reaches_the_channels_that_follow() {
        let (mut world, c) = Scenario::community(7).unwrap();
        let news = world.add_channel_of(c.guild, kind::NEWS, "news", None);
        world.follow(c.owner, news, c.channels.general, None).unwrap();
        let id = world.write(c.owner, news, Draft::text("hear ye")).unwrap();
        world.crosspost(c.owner, news, id).unwrap();
        let copy = world
            .channel(c.channels.general)
            .unwrap()
            .messages
            .back()
            .unwrap();
        assert_eq!(copy.content, "hear ye");
        assert_ne!(copy.flags & flags::IS_CROSSPOST, 0);
        assert_eq!(copy.reference.as_ref().unwrap().message, Some(id));
        assert_eq!(
            world.crosspost(c.owner, news, id),
            Err(ApiError::already_crossposted())
        );
        assert_eq!(
            world.follow(c.owner, c.channels.general, news, None),
            Err(ApiError::wrong_channel_type())
        );
        let foreign = world.write(c.owner, news, Draft::text("x")).unwrap();
        assert_eq!(
            world.crosspost(c.finn, news, foreign),
            Err(ApiError::missing_permissions())
        );
    }
}
