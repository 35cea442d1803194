//! Channels and their permission overwrites.

use hazebot_core::ids::{ChannelId, GuildId, RoleId, UserId};
use serde::Deserialize;
use twilight_http::request::AuditLogReason as _;
use twilight_model::{
    channel::{
        ChannelType,
        permission_overwrite::{PermissionOverwrite, PermissionOverwriteType},
    },
    guild::Permissions,
    http::permission_overwrite as wire,
    id::Id,
};

use super::{Discord, DiscordError};
use crate::message::{limits, text::fit};

/// Who an overwrite is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverwriteTarget {
    /// Everyone in the guild.
    Everyone(GuildId),
    /// Holders of a role.
    Role(RoleId),
    /// One member.
    Member(UserId),
}

/// What somebody may or may not do in one channel, whatever their roles say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overwrite {
    /// Who.
    pub target: OverwriteTarget,
    /// Allowed here.
    pub allow: Permissions,
    /// Denied here.
    pub deny: Permissions,
}

impl From<Overwrite> for PermissionOverwrite {
    fn from(overwrite: Overwrite) -> Self {
        let (id, kind) = match overwrite.target {
            OverwriteTarget::Everyone(guild) => (guild.cast(), PermissionOverwriteType::Role),
            OverwriteTarget::Role(role) => (role.cast(), PermissionOverwriteType::Role),
            OverwriteTarget::Member(user) => (user.cast(), PermissionOverwriteType::Member),
        };
        Self {
            allow: overwrite.allow,
            deny: overwrite.deny,
            id,
            kind,
        }
    }
}

/// A channel to be made.
#[derive(Clone, Debug, Default)]
pub struct NewChannel<'a> {
    /// Its name; Discord makes it lower-case with dashes. Cut to [`limits::CHANNEL_NAME`] characters.
    pub name: &'a str,
    /// The category that it goes into.
    pub parent: Option<ChannelId>,
    /// What stands below its name; cut to [`limits::TOPIC`] characters.
    pub topic: Option<&'a str>,
    /// Who may do what.
    pub overwrites: &'a [Overwrite],
}

/// What changes of a channel; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ChannelChange<'a> {
    /// New name; Discord allows two changes in ten minutes.
    pub name: Option<&'a str>,
    /// New category.
    pub parent: Option<ChannelId>,
    /// New topic; counts as a rename for the limit.
    pub topic: Option<&'a str>,
    /// All overwrites anew.
    pub overwrites: Option<&'a [Overwrite]>,
    /// Seconds that members wait between messages, up to 21,600.
    pub slowmode: Option<u16>,
}

#[derive(Deserialize)]
struct Created {
    id: ChannelId,
}

impl Discord {
    /// Makes a text channel and gives its id. Not repeated: look for a half-made one by its topic.
    ///
    /// # Errors
    /// As any call; a full guild or category is [`DiscordError::Rejected`].
    pub async fn create_channel(
        &self,
        guild: GuildId,
        channel: &NewChannel<'_>,
        reason: &str,
    ) -> Result<ChannelId, DiscordError> {
        let name = fit(channel.name, limits::CHANNEL_NAME);
        let topic = channel.topic.map(|topic| fit(topic, limits::TOPIC));
        let reason = fit(reason, limits::REASON);
        let overwrites: Vec<PermissionOverwrite> = channel.overwrites.iter().map(|&o| o.into()).collect();
        let mut request = self
            .http()
            .create_guild_channel(guild, &name)
            .kind(ChannelType::GuildText)
            .permission_overwrites(&overwrites)
            .reason(&reason);
        if let Some(parent) = channel.parent {
            request = request.parent_id(parent);
        }
        if let Some(topic) = &topic {
            request = request.topic(topic);
        }
        let created: Created = self.json(request).await?;
        Ok(created.id)
    }

    /// Changes a channel.
    ///
    /// # Errors
    /// As any call.
    pub async fn edit_channel(
        &self,
        channel: ChannelId,
        change: &ChannelChange<'_>,
        reason: &str,
    ) -> Result<(), DiscordError> {
        let name = change.name.map(|name| fit(name, limits::CHANNEL_NAME));
        let topic = change.topic.map(|topic| fit(topic, limits::TOPIC));
        let reason = fit(reason, limits::REASON);
        let overwrites: Vec<PermissionOverwrite> = change
            .overwrites
            .unwrap_or_default()
            .iter()
            .map(|&o| o.into())
            .collect();
        let mut request = self.http().update_channel(channel).reason(&reason);
        if let Some(name) = &name {
            request = request.name(name);
        }
        if let Some(topic) = &topic {
            request = request.topic(topic);
        }
        if change.parent.is_some() {
            request = request.parent_id(change.parent);
        }
        if change.overwrites.is_some() {
            request = request.permission_overwrites(&overwrites);
        }
        if let Some(seconds) = change.slowmode {
            request = request.rate_limit_per_user(seconds);
        }
        self.done(request).await
    }

    /// Deletes a channel; one that is gone already counts as deleted.
    ///
    /// # Errors
    /// As any call, but not [`DiscordError::NotFound`].
    pub async fn delete_channel(&self, channel: ChannelId, reason: &str) -> Result<(), DiscordError> {
        let reason = fit(reason, limits::REASON);
        match self
            .done(self.http().delete_channel(channel).reason(&reason))
            .await
        {
            Err(DiscordError::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    /// Sets an overwrite.
    ///
    /// # Errors
    /// As any call.
    pub async fn set_overwrite(
        &self,
        channel: ChannelId,
        overwrite: Overwrite,
        reason: &str,
    ) -> Result<(), DiscordError> {
        let reason = fit(reason, limits::REASON);
        let whole = PermissionOverwrite::from(overwrite);
        let overwrite = wire::PermissionOverwrite {
            allow: Some(whole.allow),
            deny: Some(whole.deny),
            id: whole.id,
            kind: match overwrite.target {
                OverwriteTarget::Member(_) => wire::PermissionOverwriteType::Member,
                OverwriteTarget::Everyone(_) | OverwriteTarget::Role(_) => {
                    wire::PermissionOverwriteType::Role
                }
            },
        };
        self.done(
            self.http()
                .update_channel_permission(channel, &overwrite)
                .reason(&reason),
        )
        .await
    }

    /// Takes an overwrite away; one that is not there counts as taken away.
    ///
    /// # Errors
    /// As any call, but not [`DiscordError::NotFound`].
    pub async fn remove_overwrite(
        &self,
        channel: ChannelId,
        target: OverwriteTarget,
        reason: &str,
    ) -> Result<(), DiscordError> {
        let reason = fit(reason, limits::REASON);
        let request = self.http().delete_channel_permission(channel);
        let request = match target {
            OverwriteTarget::Everyone(guild) => request.role(Id::new(guild.get())),
            OverwriteTarget::Role(role) => request.role(role),
            OverwriteTarget::Member(user) => request.member(user),
        };
        match self.done(request.reason(&reason)).await {
            Err(DiscordError::NotFound { .. }) => Ok(()),
            result => result,
        }
    }
}
