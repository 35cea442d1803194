//! Members: roles, kicks, bans, time-outs. Who may do that to whom is the caller's to decide; the reason goes into
//! Discord's audit log.

use hazebot_core::{
    Timestamp,
    ids::{GuildId, RoleId, UserId},
};
use twilight_http::request::AuditLogReason as _;
use twilight_model::{guild::Member, util::Timestamp as ModelTimestamp};

use super::{Discord, DiscordError};
use crate::message::{limits, text::fit};

/// How far back a ban may delete messages, in seconds: seven days.
pub const BAN_DELETES_AT_MOST: u32 = 7 * 24 * 60 * 60;

impl Discord {
    /// A member, from Discord itself. Ask the directory first.
    ///
    /// # Errors
    /// As any call.
    pub async fn member(&self, guild: GuildId, user: UserId) -> Result<Member, DiscordError> {
        self.json(self.http().guild_member(guild, user)).await
    }

    /// Gives a role.
    ///
    /// # Errors
    /// As any call.
    pub async fn add_role(
        &self,
        guild: GuildId,
        user: UserId,
        role: RoleId,
        reason: &str,
    ) -> Result<(), DiscordError> {
        let reason = fit(reason, limits::REASON);
        self.done(
            self.http()
                .add_guild_member_role(guild, user, role)
                .reason(&reason),
        )
        .await
    }

    /// Takes a role.
    ///
    /// # Errors
    /// As any call.
    pub async fn remove_role(
        &self,
        guild: GuildId,
        user: UserId,
        role: RoleId,
        reason: &str,
    ) -> Result<(), DiscordError> {
        let reason = fit(reason, limits::REASON);
        self.done(
            self.http()
                .remove_guild_member_role(guild, user, role)
                .reason(&reason),
        )
        .await
    }

    /// Removes a member, who may come back.
    ///
    /// # Errors
    /// As any call.
    pub async fn kick(&self, guild: GuildId, user: UserId, reason: &str) -> Result<(), DiscordError> {
        let reason = fit(reason, limits::REASON);
        self.done(self.http().remove_guild_member(guild, user).reason(&reason))
            .await
    }

    /// Bans somebody, deleting what they wrote in the last `delete_seconds` (at most [`BAN_DELETES_AT_MOST`]).
    ///
    /// # Errors
    /// As any call.
    pub async fn ban(
        &self,
        guild: GuildId,
        user: UserId,
        delete_seconds: u32,
        reason: &str,
    ) -> Result<(), DiscordError> {
        let reason = fit(reason, limits::REASON);
        let delete_seconds = delete_seconds.min(BAN_DELETES_AT_MOST);
        let request = self
            .http()
            .create_ban(guild, user)
            .delete_message_seconds(delete_seconds);
        self.done(request.reason(&reason)).await
    }

    /// Lifts a ban; one that is not there counts as lifted.
    ///
    /// # Errors
    /// As any call, but not [`DiscordError::NotFound`].
    pub async fn unban(&self, guild: GuildId, user: UserId, reason: &str) -> Result<(), DiscordError> {
        let reason = fit(reason, limits::REASON);
        match self
            .done(self.http().delete_ban(guild, user).reason(&reason))
            .await
        {
            Err(DiscordError::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    /// Keeps a member from writing and speaking until `until` (at most 28 days ahead), or ends that with `None`.
    ///
    /// # Errors
    /// As any call.
    pub async fn time_out(
        &self,
        guild: GuildId,
        user: UserId,
        until: Option<Timestamp>,
        reason: &str,
    ) -> Result<(), DiscordError> {
        let reason = fit(reason, limits::REASON);
        let until = until.and_then(|until| ModelTimestamp::from_secs(until.timestamp()).ok());
        let request = self
            .http()
            .update_guild_member(guild, user)
            .communication_disabled_until(until);
        self.done(request.reason(&reason)).await
    }
}
