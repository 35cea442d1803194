//! Who sees what and may do what: the questions that every act asks first.

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::World;
use super::model::{self, Channel, Member};
use super::permissions::{self, Permissions};

impl World {
    /// The channel whose overwrites count: a thread's parent, or the channel itself.
    #[must_use]
    pub fn permission_channel<'a>(&'a self, channel: &'a Channel) -> &'a Channel {
        match channel.parent_id {
            Some(parent) if channel.is_thread() => self.channels.get(&parent).unwrap_or(channel),
            _ => channel,
        }
    }

    /// What `user` may do in `channel`: everything for the two users of a direct message, nothing for strangers.
    #[must_use]
    pub fn permissions_in(&self, channel: &Channel, user: Id) -> Permissions {
        let Some(guild_id) = channel.guild_id else {
            return if channel.recipients.contains(&user) {
                Permissions::ALL.without(Permissions::MANAGE_MESSAGES)
            } else {
                Permissions::NONE
            };
        };
        let Some(guild) = self.guilds.get(&guild_id) else {
            return Permissions::NONE;
        };
        let Some(member) = guild.members.get(&user) else {
            return Permissions::NONE;
        };
        let set = permissions::in_channel(guild, self.permission_channel(channel), member, self.now());
        match &channel.thread {
            Some(thread)
                if channel.kind == model::kind::PRIVATE_THREAD
                    && !thread.members.contains_key(&user)
                    && !set.has(Permissions::MANAGE_THREADS) =>
            {
                Permissions::NONE
            }
            _ => set,
        }
    }

    /// True if `user` sees `channel`.
    #[must_use]
    pub fn sees(&self, user: Id, channel: &Channel) -> bool {
        self.permissions_in(channel, user).has(Permissions::VIEW_CHANNEL)
    }

    /// What `user` may do in the guild as a whole; nothing for strangers.
    #[must_use]
    pub fn permissions_in_guild(&self, guild: Id, user: Id) -> Permissions {
        let Some(guild) = self.guilds.get(&guild) else {
            return Permissions::NONE;
        };
        guild
            .members
            .get(&user)
            .map_or(Permissions::NONE, |m| permissions::in_guild(guild, m, self.now()))
    }

    /// Checks that `user` has `needed` in the guild.
    ///
    /// # Errors
    /// 10004 for a guild that the user is not in (a stranger's guild looks like none), 50013 without the bits.
    pub fn require_in_guild(&self, guild: Id, user: Id, needed: Permissions) -> ApiResult<()> {
        if !self.guild(guild)?.members.contains_key(&user) {
            return Err(ApiError::missing_access());
        }
        if self.permissions_in_guild(guild, user).has(needed) {
            Ok(())
        } else {
            Err(ApiError::missing_permissions())
        }
    }

    /// Checks that `user` sees `channel` and has `needed` there.
    ///
    /// # Errors
    /// 10003, 50001 if it cannot be seen, 50013 without the bits.
    pub fn require_in_channel(&self, channel: Id, user: Id, needed: Permissions) -> ApiResult<Permissions> {
        let set = self.permissions_in(self.channel(channel)?, user);
        if !set.has(Permissions::VIEW_CHANNEL) {
            return Err(ApiError::missing_access());
        }
        if set.has(needed) {
            Ok(set)
        } else {
            Err(ApiError::missing_permissions())
        }
    }

    /// True if both users are members of one guild.
    #[must_use]
    pub fn share_a_guild(&self, a: Id, b: Id) -> bool {
        self.guilds
            .values()
            .any(|g| g.members.contains_key(&a) && g.members.contains_key(&b))
    }
}

impl World {
    /// Members whose user name, display name or nickname starts with `query`, in any letter case.
    pub(crate) fn members_named(&self, guild: Id, query: &str, limit: usize) -> Vec<&Member> {
        let query = query.to_lowercase();
        let starts = |name: &str| name.to_lowercase().starts_with(&query);
        let fits = |m: &&Member| {
            let user = self.users.get(&m.user_id);
            m.nick.as_deref().is_some_and(starts)
                || user.is_some_and(|u| starts(&u.name) || u.global_name.as_deref().is_some_and(starts))
        };
        self.guilds
            .get(&guild)
            .into_iter()
            .flat_map(|g| g.members.values())
            .filter(fits)
            .take(limit)
            .collect()
    }
}
