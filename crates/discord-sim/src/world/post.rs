//! Putting a message into its channel, changing it there, taking it out; rights are checked elsewhere.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::draft::Draft;
use super::event::Scope;
use super::json::extend;
use super::message::{Attachment, Author, InteractionNote, Message, Reference, flags};
use super::permissions::Permissions;
use super::poll::Poll;
use super::{World, components, json_message};

/// The type of the message that a thread was started on.
const STARTER_MESSAGE: u8 = 21;
/// Flags that a sender may set.
const SENDER_FLAGS: u64 = flags::SUPPRESS_EMBEDS | flags::SUPPRESS_NOTIFICATIONS | flags::COMPONENTS_V2;

/// Everything about a message to be posted that its sender does not write.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) channel: Id,
    pub(crate) author: Author,
    pub(crate) draft: Draft,
    pub(crate) kind: u8,
    pub(crate) webhook_id: Option<Id>,
    pub(crate) application_id: Option<Id>,
    pub(crate) interaction: Option<InteractionNote>,
    pub(crate) only_for: Option<Id>,
    pub(crate) extra_flags: u64,
    /// What it points to without being a reply.
    pub(crate) reference: Option<Reference>,
    /// The id it must have: a forum post's first message shares its thread's.
    pub(crate) id: Option<Id>,
}

impl Post {
    pub(crate) fn by(author: Author, channel: Id, draft: Draft) -> Self {
        Self {
            channel,
            author,
            draft,
            kind: 0,
            webhook_id: None,
            application_id: None,
            interaction: None,
            only_for: None,
            extra_flags: 0,
            reference: None,
            id: None,
        }
    }
}

impl World {
    /// Puts a message into its channel and tells the gateway. Checks nothing but the files.
    pub(crate) fn post(&mut self, mut post: Post) -> ApiResult<Id> {
        let files = self.store_uploads(&mut post.draft)?;
        let (guild_id, rights) = {
            let state = self.channel(post.channel)?;
            let rights = match post.author {
                Author::User(user) if post.webhook_id.is_none() => self.permissions_in(state, user),
                _ => Permissions::ALL,
            };
            (state.guild_id, rights)
        };
        let id = post.id.unwrap_or_else(|| self.new_id());
        let mut message = Message::new(id, post.channel, guild_id, post.author);
        let draft = post.draft;
        message.kind = if draft.reply_to.is_some() && post.kind == 0 {
            19
        } else {
            post.kind
        };
        message.content = draft.content.unwrap_or_default().trim().to_owned();
        message.flags = (draft.flags.unwrap_or(0) & SENDER_FLAGS) | post.extra_flags;
        message.tts = draft.tts;
        message.nonce = draft.nonce;
        message.reply_to = draft.reply_to;
        message.webhook_id = post.webhook_id;
        message.application_id = post.application_id;
        message.interaction = post.interaction;
        message.only_for = post.only_for;
        message.embeds = draft.embeds.unwrap_or_default();
        message.components = draft.components.unwrap_or_default();
        message.attachments = files;
        let asked = id.made_at();
        message.poll = draft.poll.map(|p| Box::new(Poll::read(&p, asked)));
        message.reference = post.reference.map(Box::new);
        components::give_ids(&mut message.components);
        self.resolve_files(&mut message);
        let found = self.mentions_of(&message.content, guild_id, rights, draft.allowed.as_ref());
        message.mentions = found.users;
        message.mention_roles = found.roles;
        message.mention_everyone = found.everyone;
        self.ping_replied(
            &mut message,
            draft.allowed.as_ref().is_none_or(|a| a.replied_user),
        );
        let asks = message.poll.is_some();
        self.insert(message);
        if asks {
            self.expect_end(post.channel, id);
        }
        Ok(id)
    }

    fn ping_replied(&self, message: &mut Message, allowed: bool) {
        let author = message
            .reply_to
            .and_then(|id| self.channels.get(&message.channel_id)?.message(id)?.author_user());
        if let Some(author) = author.filter(|a| allowed && !message.mentions.contains(a)) {
            message.mentions.push(author);
        }
    }

    fn insert(&mut self, message: Message) {
        let keep = self.limits.messages_per_channel;
        let (id, channel_id, only_for) = (message.id, message.channel_id, message.only_for);
        let body = json_message::dispatched(self, &message);
        let Some(channel) = self.channels.get_mut(&channel_id) else {
            return;
        };
        channel.messages.push_back(message);
        while channel.messages.len() > keep {
            channel.messages.pop_front();
        }
        if only_for.is_none() {
            channel.last_message_id = Some(id);
        }
        let scope = self.message_scope(channel_id, only_for);
        self.emit("MESSAGE_CREATE", scope, body);
        if only_for.is_none() {
            self.spoken_in_thread(channel_id, id);
        }
    }

    /// A message wakes an archived thread, is counted, and makes its author a member.
    fn spoken_in_thread(&mut self, channel: Id, id: Id) {
        let now = self.now();
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        let author = state.message(id).and_then(Message::author_user);
        let starts = id == channel || state.message(id).is_some_and(|m| m.kind == STARTER_MESSAGE);
        let Some(thread) = &mut state.thread else { return };
        if !starts {
            thread.message_count += 1;
            thread.total_sent += 1;
        }
        let woken = std::mem::replace(&mut thread.archived, false);
        if woken {
            thread.archived_at = now;
        }
        let guild = state.guild_id;
        if woken {
            self.expect_silence(channel);
            self.emit_channel("THREAD_UPDATE", channel);
        }
        if let (Some(guild), Some(author)) = (guild, author) {
            // Whoever wrote is a member of the guild, and the thread was just seen.
            let _ = self.change_thread_member(guild, channel, author, true);
        }
    }

    fn message_scope(&self, channel: Id, only_for: Option<Id>) -> Scope {
        match only_for {
            Some(id) => Scope::User { id, channel },
            None => self.channel_scope(channel),
        }
    }

    pub(crate) fn channel_scope(&self, channel: Id) -> Scope {
        Scope::Channel {
            guild: self.channels.get(&channel).and_then(|c| c.guild_id),
            channel,
        }
    }

    /// Gives embeds their type, their fields a place, and `attachment://` addresses their place on the CDN.
    fn resolve_files(&self, message: &mut Message) {
        let base = format!("{}/attachments/{}", self.base_url, message.channel_id);
        let mut used = Vec::new();
        for embed in &mut message.embeds {
            drop_nulls(embed);
            extend_missing(embed, "type", json!("rich"));
            let fields = embed.get_mut("fields").and_then(Value::as_array_mut);
            for field in fields.into_iter().flatten() {
                let inline = field.get("inline").and_then(Value::as_bool).unwrap_or(false);
                extend(field, json!({ "inline": inline }));
            }
            resolve(embed, &base, &message.attachments, &mut used);
        }
        // A file that an embed shows does not stand below the message a second time.
        let shown_in_embeds = std::mem::take(&mut used);
        for component in &mut message.components {
            resolve(component, &base, &message.attachments, &mut used);
        }
        message.shows_files |= !shown_in_embeds.is_empty() || !used.is_empty();
        message.attachments.retain(|a| !shown_in_embeds.contains(&a.id));
    }

    /// Changes a message; its author's rights were checked before.
    pub(crate) fn change(&mut self, channel: Id, id: Id, mut draft: Draft) -> ApiResult<()> {
        let files = self.store_uploads(&mut draft)?;
        let mut message = self.message(channel, id)?.clone();
        let now = self.now();
        let was_loading = message.flags & flags::LOADING != 0;
        message.flags &= !flags::LOADING;
        if let Some(flags_set) = draft.flags {
            let editable = flags::SUPPRESS_EMBEDS | flags::COMPONENTS_V2;
            message.flags = (message.flags & !flags::SUPPRESS_EMBEDS) | (flags_set & editable);
        }
        if let Some(content) = draft.content {
            message.content = content.trim().to_owned();
            let found = self.mentions_of(
                &message.content,
                message.guild_id,
                Permissions::ALL,
                draft.allowed.as_ref(),
            );
            message.mentions = found.users;
            message.mention_roles = found.roles;
        }
        if let Some(embeds) = draft.embeds {
            message.embeds = embeds;
        }
        if let Some(list) = draft.components {
            message.components = list;
            components::give_ids(&mut message.components);
        }
        if let Some(kept) = &draft.attachments {
            message.attachments.retain(|a| {
                kept.iter()
                    .any(|k| k.get("id").and_then(super::draft::id_of) == Some(a.id))
            });
        }
        message.attachments.extend(files);
        self.resolve_files(&mut message);
        if message.content.is_empty()
            && message.embeds.is_empty()
            && message.components.is_empty()
            && message.attachments.is_empty()
            && message.poll.is_none()
            && message.reference.is_none()
        {
            return Err(ApiError::empty_message());
        }
        if !was_loading {
            message.edited = Some(now);
        }
        *self.message_mut(channel, id)? = message;
        self.tell_update(channel, id);
        Ok(())
    }

    /// Tells the gateway how a message is now.
    pub(super) fn tell_update(&mut self, channel: Id, id: Id) {
        let Ok(message) = self.message(channel, id) else {
            return;
        };
        let (body, only_for) = (json_message::dispatched(self, message), message.only_for);
        let scope = self.message_scope(channel, only_for);
        self.emit("MESSAGE_UPDATE", scope, body);
    }

    /// Removes a message; rights were checked before.
    pub(crate) fn remove_message(&mut self, channel: Id, id: Id) -> ApiResult<()> {
        let state = self.channel_mut(channel)?;
        let at = state
            .messages
            .binary_search_by_key(&id, |m| m.id)
            .map_err(|_| ApiError::unknown_message())?;
        let gone = state.messages.remove(at);
        if let Some(thread) = &mut state.thread {
            thread.message_count = thread.message_count.saturating_sub(1);
        }
        let guild = state.guild_id;
        let scope = self.message_scope(channel, gone.and_then(|m| m.only_for));
        let body = with_guild(json!({ "id": id, "channel_id": channel }), guild);
        self.emit("MESSAGE_DELETE", scope, body);
        Ok(())
    }
}

/// Adds `guild_id` if there is one.
pub(crate) fn with_guild(mut value: Value, guild: Option<Id>) -> Value {
    if let Some(guild) = guild {
        extend(&mut value, json!({ "guild_id": guild }));
    }
    value
}

fn extend_missing(value: &mut Value, key: &str, with: Value) {
    if let Value::Object(map) = value {
        map.entry(key).or_insert(with);
    }
}

/// What is null in an embed is absent.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        Value::Object(map) => {
            map.retain(|_, inner| !inner.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        _ => {}
    }
}

/// Replaces `attachment://name` by the file's address, everywhere inside `value`.
fn resolve(value: &mut Value, base: &str, files: &[Attachment], used: &mut Vec<Id>) {
    match value {
        Value::String(text) => {
            let file = text
                .strip_prefix("attachment://")
                .and_then(|n| files.iter().find(|f| f.filename == n));
            if let Some(file) = file {
                used.push(file.id);
                *text = format!(
                    "{base}/{}/{}",
                    file.id,
                    crate::cdn::encode_path_part(&file.filename)
                );
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|v| resolve(v, base, files, used)),
        Value::Object(map) => map.values_mut().for_each(|v| resolve(v, base, files, used)),
        _ => {}
    }
}
