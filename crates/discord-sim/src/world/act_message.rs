//! Writing, editing, deleting and pinning messages.

use serde_json::json;

use crate::clock::Millis;
use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::draft::Draft;
use super::json::extend;
use super::message::{Author, Reference, flags};
use super::model::{Channel, kind};
use super::permissions::Permissions;
use super::post::{Post, with_guild};
use super::{AuditLine, World};

/// Bulk deletion takes no messages older than this.
const BULK_AGE: Millis = 14 * 24 * 3600 * 1000;
/// How far back a nonce is compared (Discord says "the past few minutes").
const NONCE_WINDOW: Millis = 3 * 60 * 1000;
/// The type of a reference that forwards.
const FORWARD: u8 = 1;

impl World {
    /// Posts a message as a user, human or bot, with every check that Discord makes.
    pub(crate) fn write(&mut self, user: Id, channel: Id, draft: Draft) -> ApiResult<Id> {
        self.check_may_write(user, channel, &draft)?;
        if let Some(id) = self.same_nonce(user, channel, &draft) {
            return Ok(id);
        }
        let reference = self.forwarded(user, &draft)?;
        let mut post = Post::by(Author::User(user), channel, draft);
        if reference.is_some() {
            post.extra_flags = flags::HAS_SNAPSHOT;
        }
        post.reference = reference;
        let id = self.post(post)?;
        let now = self.now();
        if let Some(state) = self.channels.get_mut(&channel).filter(|c| c.slowmode > 0) {
            state.last_written.insert(user, now);
        }
        Ok(id)
    }

    fn check_may_write(&self, user: Id, channel: Id, draft: &Draft) -> ApiResult<()> {
        let state = self.channel(channel)?;
        let needed = if state.is_thread() {
            Permissions::SEND_MESSAGES_IN_THREADS
        } else {
            Permissions::SEND_MESSAGES
        };
        let set = self.require_in_channel(channel, user, needed)?;
        if state.kind == kind::FORUM {
            return Err(ApiError::forum_message());
        }
        if !state.takes_messages() {
            return Err(ApiError::not_a_text_channel());
        }
        if state.thread.as_ref().is_some_and(|t| t.locked) && !set.has(Permissions::MANAGE_THREADS) {
            return Err(ApiError::thread_locked());
        }
        if state.kind == kind::DM {
            self.check_dm_open(state.recipients.iter().copied().find(|r| *r != user), user)?;
        }
        check_parts(draft, set)?;
        self.check_reference(user, state, set, draft)?;
        self.check_slowmode(user, channel, set)
    }

    /// A reply names a message of the same channel that the author can see.
    fn check_reference(&self, user: Id, state: &Channel, set: Permissions, draft: &Draft) -> ApiResult<()> {
        let Some(id) = draft.reply_to else { return Ok(()) };
        if !set.has(Permissions::READ_MESSAGE_HISTORY) {
            return Err(ApiError::reply_unread());
        }
        let (channel, guild) = draft.reply_place;
        let elsewhere =
            channel.is_some_and(|c| c != state.id) || guild.is_some_and(|g| state.guild_id != Some(g));
        let wrong = |code, text| Err(ApiError::field("message_reference", code, text));
        match state.message(id).filter(|m| m.visible_to(user) && !elsewhere) {
            None if draft.reply_must_exist || elsewhere => {
                wrong("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            }
            Some(message) if !may_be_replied_to(message.kind) => wrong(
                "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
                "Cannot reply to a system message",
            ),
            _ => Ok(()),
        }
    }

    /// The message that a draft forwards, as it is now.
    fn forwarded(&self, user: Id, draft: &Draft) -> ApiResult<Option<Reference>> {
        let Some((channel, id)) = draft.forward else {
            return Ok(None);
        };
        let unknown = || {
            ApiError::field(
                "message_reference",
                "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
                "Unknown message",
            )
        };
        let place = self.channels.get(&channel).ok_or_else(unknown)?;
        let set = self.permissions_in(place, user);
        if !set.has(Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY) {
            return Err(ApiError::forward_unread());
        }
        let message = place
            .message(id)
            .filter(|m| !m.is_ephemeral())
            .ok_or_else(unknown)?;
        if !may_be_replied_to(message.kind) || message.poll.is_some() {
            return Err(ApiError::field(
                "message_reference",
                "MESSAGE_REFERENCE_CANNOT_FORWARD",
                "This message cannot be forwarded",
            ));
        }
        // A forward of a forward carries what that one carried.
        let inner = message.reference.as_ref().and_then(|r| r.snapshot.clone());
        Ok(Some(Reference {
            kind: FORWARD,
            channel,
            guild: place.guild_id,
            message: Some(id),
            snapshot: Some(inner.unwrap_or_else(|| Box::new(message.clone()))),
        }))
    }

    fn check_dm_open(&self, other: Option<Id>, user: Id) -> ApiResult<()> {
        let other = other
            .and_then(|id| self.users.get(&id))
            .ok_or_else(ApiError::unknown_user)?;
        let sender_is_bot = self.users.get(&user).is_some_and(|u| u.bot);
        if sender_is_bot && (other.bot || !other.takes_dms || !self.share_a_guild(user, other.id)) {
            return Err(ApiError::dms_closed());
        }
        Ok(())
    }

    fn check_slowmode(&self, user: Id, channel: Id, set: Permissions) -> ApiResult<()> {
        let state = self.channel(channel)?;
        let exempt = set.has(Permissions::MANAGE_MESSAGES) || set.has(Permissions::MANAGE_CHANNELS);
        let wait = i64::try_from(state.slowmode).unwrap_or(0) * 1000;
        match state.last_written.get(&user) {
            Some(last) if !exempt && self.now() < last + wait => Err(ApiError::slowmode()),
            _ => Ok(()),
        }
    }

    fn same_nonce(&self, user: Id, channel: Id, draft: &Draft) -> Option<Id> {
        let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce)?;
        let since = self.now() - NONCE_WINDOW;
        let newest_first = self.channels.get(&channel)?.messages.iter().rev();
        newest_first
            .take_while(|m| m.id.made_at() >= since)
            .find(|m| m.author_user() == Some(user) && m.nonce.as_ref() == Some(nonce))
            .map(|m| m.id)
    }

    /// Deletes a message as a user: one's own, or with the right to manage messages.
    pub(crate) fn delete_message(
        &mut self,
        user: Id,
        channel: Id,
        id: Id,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        let set = self.require_in_channel(channel, user, Permissions::NONE)?;
        let message = self.message(channel, id)?;
        if !message.visible_to(user) {
            return Err(ApiError::unknown_message());
        }
        let (author, guild) = (message.author_user(), message.guild_id);
        if author != Some(user) && !set.has(Permissions::MANAGE_MESSAGES) {
            return Err(ApiError::missing_permissions());
        }
        self.remove_message(channel, id)?;
        if let (Some(guild), Some(author)) = (guild, author.filter(|a| *a != user)) {
            self.audit(
                guild,
                AuditLine::new(72, user, author, reason)
                    .telling(json!({ "channel_id": channel, "count": "1" })),
            );
        }
        Ok(())
    }

    /// Deletes 2 to 100 messages at once.
    pub(crate) fn bulk_delete(
        &mut self,
        user: Id,
        channel: Id,
        ids: &[Id],
        reason: Option<&str>,
    ) -> ApiResult<()> {
        self.require_in_channel(channel, user, Permissions::MANAGE_MESSAGES)?;
        let guild = self.channel(channel)?.guild_id.ok_or_else(ApiError::not_in_dm)?;
        if !(2..=100).contains(&ids.len()) {
            return Err(ApiError::bulk_count());
        }
        let oldest = self.now() - BULK_AGE;
        if ids.iter().any(|id| id.made_at() < oldest) {
            return Err(ApiError::too_old_for_bulk());
        }
        let state = self.channel_mut(channel)?;
        let (gone, kept) = std::mem::take(&mut state.messages)
            .into_iter()
            .partition::<Vec<_>, _>(|m| ids.contains(&m.id) && !m.is_ephemeral());
        state.messages = kept.into();
        let gone: Vec<Id> = gone.into_iter().map(|m| m.id).collect();
        let count = gone.len();
        if count > 0 {
            let scope = self.channel_scope(channel);
            let body = with_guild(json!({ "ids": gone, "channel_id": channel }), Some(guild));
            self.emit("MESSAGE_DELETE_BULK", scope, body);
            self.audit(
                guild,
                AuditLine::new(73, user, channel, reason).telling(json!({ "count": count.to_string() })),
            );
        }
        Ok(())
    }

    /// Edits a message as its author (or only its flags with the right to manage messages).
    pub(crate) fn edit_message(&mut self, user: Id, channel: Id, id: Id, draft: Draft) -> ApiResult<()> {
        let set = self.require_in_channel(channel, user, Permissions::NONE)?;
        let message = self.message(channel, id)?;
        if !message.visible_to(user) || (message.is_ephemeral() && message.author_user() == Some(user)) {
            return Err(ApiError::unknown_message());
        }
        let only_flags = draft.content.is_none() && draft.embeds.is_none() && draft.components.is_none();
        if message.author_user() != Some(user) && !(only_flags && set.has(Permissions::MANAGE_MESSAGES)) {
            return Err(ApiError::not_the_author());
        }
        if !may_be_replied_to(message.kind) {
            return Err(ApiError::system_message());
        }
        if message.poll.is_some() {
            return Err(ApiError::poll_edit());
        }
        self.change(channel, id, draft)
    }

    /// Shows that a user is typing.
    pub(crate) fn type_in(&mut self, user: Id, channel: Id) -> ApiResult<()> {
        self.require_in_channel(channel, user, Permissions::SEND_MESSAGES)?;
        let guild = self.channel(channel)?.guild_id;
        let mut body = json!({ "channel_id": channel, "user_id": user, "timestamp": self.now() / 1000 });
        if let Some(member) = guild.and_then(|g| self.member(g, user).ok()) {
            let member = super::json::member(self, member);
            extend(&mut body, json!({ "member": member }));
        }
        let scope = self.channel_scope(channel);
        self.emit("TYPING_START", scope, with_guild(body, guild));
        Ok(())
    }
}

/// Checks what a message holds against what its author may send.
pub(super) fn check_parts(draft: &Draft, set: Permissions) -> ApiResult<()> {
    if draft.stickers > 0 {
        return Err(ApiError::invalid_sticker());
    }
    if draft.is_empty() {
        return Err(ApiError::empty_message());
    }
    let wants = [
        (!draft.uploads.is_empty(), Permissions::ATTACH_FILES),
        (
            draft.embeds.as_ref().is_some_and(|e| !e.is_empty()),
            Permissions::EMBED_LINKS,
        ),
        (draft.tts, Permissions::SEND_TTS_MESSAGES),
        (draft.poll.is_some(), Permissions::SEND_POLLS),
    ];
    if wants.into_iter().any(|(wanted, bit)| wanted && !set.has(bit)) {
        return Err(ApiError::missing_permissions());
    }
    Ok(())
}

/// Messages that people and bots write; the rest is Discord's own.
fn may_be_replied_to(kind: u8) -> bool {
    matches!(kind, 0 | 19 | 20 | 23)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use crate::clock::SimClock;
    use crate::world::draft::AllowedMentions;
    use crate::world::scenario::{Community, CommunityOptions, Scenario};

    use super::*;

    fn place() -> (World, Community, SimClock) {
        let clock = SimClock::manual(1_750_000_000_000);
        let options = CommunityOptions {
            clock: clock.clone(),
            ..CommunityOptions::default()
        };
        let (world, c) = Scenario::community_with(options).unwrap();
        (world, c, clock)
    }

    #[test]
    fn slow_mode_holds_members_back_but_not_moderators() {
        let (mut world, c, clock) = place();
        world.channel_mut(c.channels.general).unwrap().slowmode = 10;
        let write = |world: &mut World, user| world.write(user, c.channels.general, Draft::text("x"));
        write(&mut world, c.finn).unwrap();
        assert_eq!(write(&mut world, c.finn), Err(ApiError::slowmode()));
        clock.advance(Duration::from_secs(10));
        assert!(write(&mut world, c.finn).is_ok());
        let moderator = *c.moderators.first().unwrap();
        write(&mut world, moderator).unwrap();
        assert!(write(&mut world, moderator).is_ok());
    }

    #[test]
    fn the_same_nonce_gives_the_same_message() {
        let (mut world, c, _) = place();
        let draft = || Draft {
            nonce: Some(json!("n")),
            enforce_nonce: true,
            ..Draft::text("x")
        };
        let first = world.write(c.bot, c.channels.general, draft()).unwrap();
        assert_eq!(world.write(c.bot, c.channels.general, draft()), Ok(first));
    }

    #[test]
    fn allowed_mentions_decide_who_is_notified() {
        let (mut world, c, _) = place();
        let text = format!("<@{}> <@{}> @everyone", c.finn, c.owner);
        let allowed = AllowedMentions {
            users: vec![c.finn],
            ..AllowedMentions::default()
        };
        let draft = Draft {
            allowed: Some(allowed),
            ..Draft::text(text)
        };
        let id = world.write(c.bot, c.channels.general, draft).unwrap();
        let message = world.message(c.channels.general, id).unwrap();
        assert_eq!(
            (message.mentions.as_slice(), message.mention_everyone),
            ([c.finn].as_slice(), false)
        );
    }

    #[test]
    fn members_cannot_notify_everybody() {
        let (mut world, c, _) = place();
        let id = world
            .write(c.finn, c.channels.general, Draft::text("@everyone"))
            .unwrap();
        assert!(!world.message(c.channels.general, id).unwrap().mention_everyone);
        let id = world
            .write(c.owner, c.channels.general, Draft::text("@everyone"))
            .unwrap();
        assert!(world.message(c.channels.general, id).unwrap().mention_everyone);
    }

    #[test]
    fn messages_older_than_two_weeks_are_not_deleted_in_bulk() {
        let (mut world, c, clock) = place();
        let ids: Vec<Id> = (0..2)
            .map(|_| world.write(c.finn, c.channels.general, Draft::text("x")).unwrap())
            .collect();
        clock.advance(Duration::from_secs(15 * 24 * 3600));
        assert_eq!(
            world.bulk_delete(c.bot, c.channels.general, &ids, None),
            Err(ApiError::too_old_for_bulk())
        );
    }

    #[test]
    fn only_the_newest_messages_are_kept() {
        let (mut world, c, _) = place();
        world.limits.messages_per_channel = 20;
        for number in 0..50 {
            world
                .write(c.finn, c.channels.general, Draft::text(number.to_string()))
                .unwrap();
        }
        let kept = &world.channel(c.channels.general).unwrap().messages;
        assert_eq!((kept.len(), kept.back().unwrap().content.as_str()), (20, "49"));
    }
}
