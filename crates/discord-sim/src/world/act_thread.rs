//! Starting threads, changing them, and who is in them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::act_channel::apply;
use super::model::{Channel, Thread, kind};
use super::permissions::Permissions;
use super::{AuditLine, World, json};

impl World {
    /// Starts a thread, on a message or free.
    pub(crate) fn start_thread(
        &mut self,
        user: Id,
        parent: Id,
        on: Option<Id>,
        body: &Value,
    ) -> ApiResult<Id> {
        let state = self.channel(parent)?;
        let guild = state.guild_id.ok_or_else(ApiError::not_in_dm)?;
        if state.is_thread() || state.kind == kind::CATEGORY {
            return Err(ApiError::wrong_channel_type());
        }
        let asked = body
            .get("type")
            .and_then(Value::as_u64)
            .and_then(|k| u8::try_from(k).ok());
        let thread_kind = match (state.kind, on, asked) {
            (kind::NEWS, _, _) => kind::NEWS_THREAD,
            (kind::FORUM, _, _) | (_, Some(_), _) => kind::PUBLIC_THREAD,
            (_, None, asked) => asked.unwrap_or(kind::PRIVATE_THREAD),
        };
        let needed = match (state.kind, thread_kind) {
            (kind::FORUM, _) => Permissions::SEND_MESSAGES,
            (_, kind::PRIVATE_THREAD) => Permissions::CREATE_PRIVATE_THREADS,
            _ => Permissions::CREATE_PUBLIC_THREADS,
        };
        self.require_in_channel(parent, user, needed)?;
        if let Some(message) = on
            && self.message(parent, message)?.thread_id.is_some()
        {
            return Err(ApiError::thread_exists());
        }
        let now = self.now();
        // A thread on a message has that message's id.
        let id = on.unwrap_or_else(|| self.new_id());
        let mut channel = Channel::new(id, thread_kind, Some(guild), "");
        channel.parent_id = Some(parent);
        channel.owner_id = Some(user);
        channel.thread = Some(Thread {
            archived: false,
            locked: false,
            auto_archive: 1440,
            archived_at: now,
            members: BTreeMap::from([(user, now)]),
            message_count: 0,
            invitable: true,
            applied_tags: Vec::new(),
        });
        apply(&mut channel, body);
        self.channels.insert(id, channel);
        self.guild_mut(guild)?.channels.insert(id);
        if let Some(message) = on {
            let message = self.message_mut(parent, message)?;
            message.thread_id = Some(id);
            message.flags |= super::message::flags::HAS_THREAD;
        }
        self.emit_channel("THREAD_CREATE", id);
        self.audit(guild, AuditLine::new(110, user, id, None));
        Ok(id)
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
        let owner = self.channel(id)?.owner_id == Some(user);
        let locks = body.get("locked").is_some();
        if !set.has(Permissions::MANAGE_THREADS) && (locks || !owner) {
            return Err(ApiError::missing_permissions());
        }
        let now = self.now();
        let channel = self.channel_mut(id)?;
        apply(channel, body);
        if let Some(thread) = channel.thread.as_mut().filter(|_| body.get("archived").is_some()) {
            thread.archived_at = now;
        }
        self.emit_channel("THREAD_UPDATE", id);
        self.audit(guild, AuditLine::new(111, user, id, reason));
        Ok(())
    }

    /// Adds a user to a thread, or takes one out.
    pub(crate) fn set_thread_member(&mut self, by: Id, thread: Id, user: Id, inside: bool) -> ApiResult<()> {
        self.require_in_channel(thread, by, Permissions::NONE)?;
        let now = self.now();
        let state = self.channel_mut(thread)?;
        let guild = state.guild_id.ok_or_else(ApiError::not_in_dm)?;
        let members = &mut state
            .thread
            .as_mut()
            .ok_or_else(ApiError::wrong_channel_type)?
            .members;
        let changed = if inside {
            members.insert(user, now).is_none()
        } else {
            members.remove(&user).is_some()
        };
        if !changed {
            return Ok(());
        }
        let count = members.len();
        let mut body = json!({ "id": thread, "guild_id": guild, "member_count": count.min(50) });
        let added = inside.then(|| self.member(guild, user).ok()).flatten().map(|m| {
            let mut value = json::thread_member(thread, user, now);
            json::extend(
                &mut value,
                json!({ "member": json::member(self, m), "presence": null }),
            );
            value
        });
        json::extend(
            &mut body,
            match added {
                Some(member) => json!({ "added_members": [member] }),
                None => json!({ "removed_member_ids": [user] }),
            },
        );
        let scope = self.channel_scope(thread);
        self.emit("THREAD_MEMBERS_UPDATE", scope, body);
        Ok(())
    }
}
