//! Who is in a thread.

use serde_json::json;

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::model::{Thread, kind};
use super::permissions::Permissions;
use super::{World, json};

/// Members of a thread.
const MOST_MEMBERS: usize = 1000;

impl World {
    fn thread(&self, id: Id) -> ApiResult<&Thread> {
        let thread = self.channel(id)?.thread.as_ref();
        thread.ok_or_else(ApiError::wrong_channel_type)
    }

    /// Adds a user to a thread, or takes one out.
    ///
    /// # Errors
    /// 50083 while it is archived, 50013 without the right, 10007 for somebody who is no member of the guild,
    /// 30033 when it is full.
    pub(crate) fn set_thread_member(&mut self, by: Id, thread: Id, user: Id, inside: bool) -> ApiResult<()> {
        let set = self.require_in_channel(thread, by, Permissions::NONE)?;
        let state = self.channel(thread)?;
        let guild = state.guild_id.ok_or_else(ApiError::not_in_dm)?;
        let of = self.thread(thread)?;
        if of.archived {
            return Err(ApiError::thread_archived());
        }
        let staff = set.has(Permissions::MANAGE_THREADS);
        let private = state.kind == kind::PRIVATE_THREAD;
        let may = match (by == user, inside) {
            (true, _) => true,
            (false, true) => {
                set.has(Permissions::SEND_MESSAGES_IN_THREADS) && (!private || of.invitable || staff)
            }
            (false, false) => staff || (private && state.owner_id == Some(by)),
        };
        if !may {
            return Err(ApiError::missing_permissions());
        }
        if inside {
            self.member(guild, user)?;
            if of.members.len() >= MOST_MEMBERS && !of.members.contains_key(&user) {
                return Err(ApiError::too_many_participants());
            }
        }
        self.change_thread_member(guild, thread, user, inside)
    }

    /// Puts a user in or takes one out without asking anybody, and tells of it.
    pub(super) fn change_thread_member(
        &mut self,
        guild: Id,
        thread: Id,
        user: Id,
        inside: bool,
    ) -> ApiResult<()> {
        let now = self.now();
        let members = &mut self
            .channel_mut(thread)?
            .thread
            .as_mut()
            .ok_or_else(ApiError::wrong_channel_type)?
            .members;
        let changed = match inside {
            true if members.contains_key(&user) => false,
            true => members.insert(user, now).is_none(),
            false => members.remove(&user).is_some(),
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
