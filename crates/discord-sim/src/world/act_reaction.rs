//! Reacting to messages.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::World;
use super::json::{self, extend};
use super::message::Reaction;
use super::permissions::Permissions;
use super::post::with_guild;

/// Different emojis under one message.
const MOST_REACTIONS: usize = 20;

/// An emoji as a route or a person names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct EmojiName {
    /// The id of a custom emoji.
    pub(crate) id: Option<Id>,
    /// The Unicode emoji or the custom one's name.
    pub(crate) name: String,
}

impl EmojiName {
    /// Reads `👍`, `name:id` or `a:name:id`.
    pub(crate) fn parse(text: &str) -> ApiResult<Self> {
        let text = text.strip_prefix("a:").unwrap_or(text);
        if let Some((name, id)) = text.rsplit_once(':') {
            let id = id.parse().map_err(|_| ApiError::unknown_emoji())?;
            return Ok(Self {
                id: Some(id),
                name: name.to_owned(),
            });
        }
        if text.is_empty()
            || text.is_ascii() && !text.chars().any(|c| c.is_ascii_digit() || c == '#' || c == '*')
        {
            return Err(ApiError::unknown_emoji());
        }
        Ok(Self {
            id: None,
            name: text.to_owned(),
        })
    }

    fn is(&self, reaction: &Reaction) -> bool {
        match self.id {
            Some(_) => self.id == reaction.emoji_id,
            None => reaction.emoji_id.is_none() && reaction.name == self.name,
        }
    }

    fn json(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "animated": false })
    }
}

impl World {
    /// Adds a user's reaction; a second time changes nothing.
    pub(crate) fn react(&mut self, user: Id, channel: Id, message: Id, emoji: &EmojiName) -> ApiResult<()> {
        let set = self.require_in_channel(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
        let target = self.message(channel, message)?;
        if let Some(id) = emoji.id {
            self.knows_emoji(user, target.guild_id, set, id)?;
        }
        if !target.visible_to(user) || target.is_ephemeral() {
            return Err(ApiError::unknown_message());
        }
        let (author, guild) = (target.author_user(), target.guild_id);
        let known = target.reactions.iter().find(|r| emoji.is(r));
        if known.is_some_and(|r| r.users.contains(&user)) {
            return Ok(());
        }
        if known.is_none() && !set.has(Permissions::ADD_REACTIONS) {
            return Err(ApiError::missing_permissions());
        }
        if known.is_none() && target.reactions.len() >= MOST_REACTIONS {
            return Err(ApiError::too_many_reactions());
        }
        let reactions = &mut self.message_mut(channel, message)?.reactions;
        match reactions.iter_mut().find(|r| emoji.is(r)) {
            Some(reaction) => reaction.users.push(user),
            None => reactions.push(Reaction {
                emoji_id: emoji.id,
                name: emoji.name.clone(),
                users: vec![user],
            }),
        }
        let mut body = self.reaction_body(channel, message, guild);
        extend(
            &mut body,
            json!({ "user_id": user, "emoji": emoji.json(), "burst": false, "type": 0, "burst_colors": [] }),
        );
        if let Some(author) = author {
            extend(&mut body, json!({ "message_author_id": author }));
        }
        if let Some(member) = guild.and_then(|g| self.member(g, user).ok()) {
            let member = json::member(self, member);
            extend(&mut body, json!({ "member": member }));
        }
        let scope = self.channel_scope(channel);
        self.emit("MESSAGE_REACTION_ADD", scope, body);
        Ok(())
    }

    /// Takes a reaction away: one's own, or another's with the right to manage messages.
    pub(crate) fn unreact(
        &mut self,
        by: Id,
        of: Id,
        channel: Id,
        message: Id,
        emoji: &EmojiName,
    ) -> ApiResult<()> {
        let needed = if by == of {
            Permissions::NONE
        } else {
            Permissions::MANAGE_MESSAGES
        };
        self.require_in_channel(channel, by, needed)?;
        let target = self.message_mut(channel, message)?;
        let guild = target.guild_id;
        let reaction = target
            .reactions
            .iter_mut()
            .find(|r| emoji.is(r))
            .ok_or_else(ApiError::unknown_emoji)?;
        let before = reaction.users.len();
        reaction.users.retain(|u| *u != of);
        if reaction.users.len() == before {
            return Ok(());
        }
        target.reactions.retain(|r| !r.users.is_empty());
        let mut body = self.reaction_body(channel, message, guild);
        extend(
            &mut body,
            json!({ "user_id": of, "emoji": emoji.json(), "burst": false, "type": 0 }),
        );
        let scope = self.channel_scope(channel);
        self.emit("MESSAGE_REACTION_REMOVE", scope, body);
        Ok(())
    }

    /// Takes all reactions away, or all of one emoji.
    pub(crate) fn clear_reactions(
        &mut self,
        by: Id,
        channel: Id,
        message: Id,
        emoji: Option<&EmojiName>,
    ) -> ApiResult<()> {
        self.require_in_channel(channel, by, Permissions::MANAGE_MESSAGES)?;
        let target = self.message_mut(channel, message)?;
        let guild = target.guild_id;
        target.reactions.retain(|r| emoji.is_some_and(|e| !e.is(r)));
        let mut body = self.reaction_body(channel, message, guild);
        let scope = self.channel_scope(channel);
        match emoji {
            Some(emoji) => {
                extend(&mut body, json!({ "emoji": emoji.json() }));
                self.emit("MESSAGE_REACTION_REMOVE_EMOJI", scope, body);
            }
            None => self.emit("MESSAGE_REACTION_REMOVE_ALL", scope, body),
        }
        Ok(())
    }

    /// Who reacted with an emoji.
    pub(crate) fn reactors(
        &self,
        viewer: Id,
        channel: Id,
        message: Id,
        emoji: &EmojiName,
    ) -> ApiResult<Vec<Id>> {
        self.require_in_channel(channel, viewer, Permissions::READ_MESSAGE_HISTORY)?;
        let target = self.message(channel, message)?;
        Ok(target
            .reactions
            .iter()
            .find(|r| emoji.is(r))
            .map(|r| r.users.clone())
            .unwrap_or_default())
    }

    fn reaction_body(&self, channel: Id, message: Id, guild: Option<Id>) -> Value {
        with_guild(json!({ "channel_id": channel, "message_id": message }), guild)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emojis_are_read_in_all_three_forms() {
        assert_eq!(
            EmojiName::parse("👍").unwrap(),
            EmojiName {
                id: None,
                name: "👍".to_owned()
            }
        );
        assert_eq!(
            EmojiName::parse("a:party:7").unwrap(),
            EmojiName {
                id: Some(Id::new(7)),
                name: "party".to_owned()
            }
        );
        assert!(EmojiName::parse("thumbsup").is_err());
    }
}
