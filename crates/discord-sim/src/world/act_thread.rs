//! Starting threads and forum posts, and changing them
//! (<https://discord.com/developers/docs/topics/threads>).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::act_channel::apply;
use super::act_message::check_parts;
use super::changes::changes;
use super::draft::Draft;
use super::forum::ids_in;
use super::message::{Author, Reference};
use super::model::{Channel, Thread, Webhook, kind};
use super::permissions::Permissions;
use super::post::Post;
use super::{AuditLine, World, json, json_message};

/// Active threads of a guild.
const MOST_ACTIVE: usize = 1000;
/// Minutes of silence before a thread is archived, unless its channel or maker says otherwise.
const USUAL_SILENCE: u64 = 4320;

/// The types of messages that tell of threads.
mod told {
    /// In the parent: a thread was started without a message.
    pub(super) const THREAD_CREATED: u8 = 18;
}

/// The audit log's numbers.
mod action {
    pub(super) const CREATE: u16 = 110;
    pub(super) const UPDATE: u16 = 111;
}

impl World {
    /// Starts a thread, on a message or free, from a checked body.
    ///
    /// # Errors
    /// 50024 where there are no threads, 50013 without the right, 160004 for a message that has one,
    /// 160006 when there are enough.
    pub(crate) fn start_thread(
        &mut self,
        user: Id,
        parent: Id,
        on: Option<Id>,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<Id> {
        let state = self.channel(parent)?;
        state.guild_id.ok_or_else(ApiError::not_in_dm)?;
        if !matches!(state.kind, kind::TEXT | kind::NEWS) {
            return Err(ApiError::wrong_channel_type());
        }
        let asked = body
            .get("type")
            .and_then(Value::as_u64)
            .and_then(|k| u8::try_from(k).ok());
        let thread_kind = match (state.kind, on, asked) {
            (kind::NEWS, _, _) => kind::NEWS_THREAD,
            (_, Some(_), _) => kind::PUBLIC_THREAD,
            (_, None, Some(kind::PUBLIC_THREAD)) => kind::PUBLIC_THREAD,
            (_, None, Some(kind::NEWS_THREAD)) => return Err(ApiError::wrong_channel_type()),
            (_, None, _) => kind::PRIVATE_THREAD,
        };
        let needed = match thread_kind {
            kind::PRIVATE_THREAD => Permissions::CREATE_PRIVATE_THREADS,
            _ => Permissions::CREATE_PUBLIC_THREADS,
        };
        self.require_in_channel(parent, user, needed)?;
        if let Some(message) = on
            && self.message(parent, message)?.thread_id.is_some()
        {
            return Err(ApiError::thread_exists());
        }
        // A thread on a message has that message's id.
        let id = on.unwrap_or_else(|| self.new_id());
        self.make_thread(user, parent, id, thread_kind, body, reason)?;
        if let Some(message) = on {
            let state = self.message_mut(parent, message)?;
            state.thread_id = Some(id);
            state.flags |= super::message::flags::HAS_THREAD;
            self.tell_update(parent, message);
        }
        self.tell_of_thread(user, parent, id, thread_kind, on)?;
        Ok(id)
    }

    /// Starts a post of a forum with its first message.
    ///
    /// # Errors
    /// As [`World::start_thread`], and 10087, 40066 and 40067 about its tags.
    pub(crate) fn start_post(
        &mut self,
        user: Id,
        forum: Id,
        body: &Value,
        draft: Draft,
        reason: Option<&str>,
    ) -> ApiResult<Id> {
        let set = self.require_in_channel(forum, user, Permissions::SEND_MESSAGES)?;
        let state = self.channel(forum)?;
        check_parts(&draft, set)?;
        self.check_tags(state, &ids_in(body, "applied_tags"), set)?;
        let id = self.new_id();
        self.make_thread(user, forum, id, kind::PUBLIC_THREAD, body, reason)?;
        // The first message of a post has the post's id.
        let mut post = Post::by(Author::User(user), id, draft);
        post.id = Some(id);
        self.post(post)
    }

    /// A webhook starts a post of its forum, named by the body's `thread_name`.
    pub(crate) fn start_webhook_post(&mut self, webhook: &Webhook, body: &Value) -> ApiResult<Id> {
        let forum = self.channel(webhook.channel_id)?;
        self.check_tags(forum, &ids_in(body, "applied_tags"), Permissions::ALL)?;
        let id = self.new_id();
        let about = json!({ "name": body.get("thread_name"), "applied_tags": body.get("applied_tags") });
        self.make_thread(
            webhook.user_id,
            webhook.channel_id,
            id,
            kind::PUBLIC_THREAD,
            &about,
            None,
        )?;
        Ok(id)
    }

    /// Makes the thread and tells of it.
    pub(super) fn make_thread(
        &mut self,
        user: Id,
        parent: Id,
        id: Id,
        kind: u8,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        let state = self.channel(parent)?;
        let guild = state.guild_id.ok_or_else(ApiError::not_in_dm)?;
        let defaults = state.defaults.clone();
        let active = |c: &&Channel| c.thread.as_ref().is_some_and(|t| !t.archived);
        if self.guild_channels(guild).filter(active).count() >= MOST_ACTIVE {
            return Err(ApiError::too_many_threads());
        }
        let now = self.now();
        let mut channel = Channel::new(id, kind, Some(guild), "");
        channel.parent_id = Some(parent);
        channel.owner_id = Some(user);
        channel.slowmode = defaults.slowmode;
        channel.thread = Some(Thread {
            archived: false,
            locked: false,
            auto_archive: defaults.auto_archive.unwrap_or(USUAL_SILENCE),
            archived_at: now,
            members: BTreeMap::from([(user, now)]),
            message_count: 0,
            total_sent: 0,
            invitable: true,
            applied_tags: Vec::new(),
        });
        apply(&mut channel, body);
        let after = json::channel(self, &channel);
        self.channels.insert(id, channel);
        self.guild_mut(guild)?.channels.insert(id);
        let mut told = after.clone();
        json::extend(&mut told, json!({ "newly_created": true }));
        let scope = self.channel_scope(id);
        self.emit("THREAD_CREATE", scope, told);
        self.expect_silence(id);
        let line = AuditLine::new(action::CREATE, user, id, reason);
        self.audit(guild, line.changing(changes(&Value::Null, &after)));
        Ok(())
    }

    fn tell_of_thread(&mut self, user: Id, parent: Id, id: Id, kind: u8, on: Option<Id>) -> ApiResult<()> {
        let guild = self.channel(parent)?.guild_id;
        let to = |channel: Id, message: Option<Id>| Reference {
            kind: 0,
            channel,
            guild,
            message,
            snapshot: None,
        };
        let post = match on {
            Some(message) => {
                let mut post = Post::by(Author::User(user), id, Draft::default());
                post.kind = json_message::STARTER;
                post.reference = Some(to(parent, Some(message)));
                post
            }
            // A private thread is nobody's business.
            None if kind == kind::PRIVATE_THREAD => return Ok(()),
            None => {
                let name = self.channel(id)?.name.clone();
                let mut post = Post::by(Author::User(user), parent, Draft::text(name));
                post.kind = told::THREAD_CREATED;
                post.reference = Some(to(id, None));
                post
            }
        };
        self.post(post).map(drop)
    }

    pub(super) fn modify_thread(
        &mut self,
        user: Id,
        guild: Id,
        id: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        let set = self.require_in_channel(id, user, Permissions::NONE)?;
        let state = self.channel(id)?;
        let before = json::channel(self, state);
        let staff = set.has(Permissions::MANAGE_THREADS);
        let (owner, thread) = (state.owner_id == Some(user), state.thread.as_ref());
        let locked = thread.is_some_and(|t| t.locked);
        let has = |key: &str| body.get(key).is_some_and(|v| !v.is_null());
        // Who can write in an open thread may bring it back from the archive; the rest is the owner's.
        let only_reopens = body
            .as_object()
            .is_some_and(|map| map.keys().all(|k| k == "archived"))
            && body.get("archived") == Some(&json!(false))
            && set.has(Permissions::SEND_MESSAGES_IN_THREADS);
        let needs_staff = has("locked") || has("rate_limit_per_user") || has("flags") || locked;
        if !staff && (needs_staff || !(owner || only_reopens)) {
            return Err(ApiError::missing_permissions());
        }
        let archived = thread.is_some_and(|t| t.archived);
        if archived && body.get("archived") != Some(&json!(false)) {
            return Err(ApiError::thread_archived());
        }
        if body.get("applied_tags").is_some() {
            let forum = self.permission_channel(state);
            self.check_tags(forum, &ids_in(body, "applied_tags"), set)?;
        }
        let now = self.now();
        let channel = self.channel_mut(id)?;
        apply(channel, body);
        if let Some(thread) = channel.thread.as_mut().filter(|t| t.archived != archived) {
            thread.archived_at = now;
        }
        self.expect_silence(id);
        self.emit_channel("THREAD_UPDATE", id);
        let after = json::channel(self, self.channel(id)?);
        let line = AuditLine::new(action::UPDATE, user, id, reason);
        self.audit(guild, line.changing(changes(&before, &after)));
        Ok(())
    }
}
