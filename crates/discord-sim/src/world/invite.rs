//! Invitations to a guild.

use serde_json::{Value, json};

use crate::clock::{Millis, iso};
use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::json::{self, extend};
use super::permissions::Permissions;
use super::{AuditLine, Scope, World};

/// Invitations of one guild.
const MOST_INVITES: usize = 1000;
/// Letters of an invitation's code.
const CODE_LENGTH: usize = 8;

/// An invitation.
#[derive(Clone, Debug)]
pub struct Invite {
    /// What its address ends with.
    pub code: String,
    /// The guild.
    pub guild: Id,
    /// The channel it leads to.
    pub channel: Id,
    /// Who made it.
    pub inviter: Id,
    /// When it was made.
    pub made: Millis,
    /// How many seconds it works, 0 for ever.
    pub max_age: i64,
    /// How often it works, 0 for any number.
    pub max_uses: u64,
    /// How often it was used.
    pub uses: u64,
    /// Membership ends with the visit.
    pub temporary: bool,
}

impl Invite {
    fn is_over(&self, now: Millis) -> bool {
        (self.max_age > 0 && now > self.made + self.max_age * 1000)
            || (self.max_uses > 0 && self.uses >= self.max_uses)
    }
}

impl World {
    /// Makes an invitation from a checked body.
    pub(crate) fn create_invite(
        &mut self,
        user: Id,
        channel: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<String> {
        self.require_in_channel(channel, user, Permissions::CREATE_INSTANT_INVITE)?;
        let guild = self.channel(channel)?.guild_id.ok_or_else(ApiError::not_in_dm)?;
        let now = self.now();
        self.invites.retain(|_, invite| !invite.is_over(now));
        if self.invites.values().filter(|i| i.guild == guild).count() >= MOST_INVITES {
            return Err(ApiError::too_many_invites());
        }
        let invite = Invite {
            code: self.dice.token(CODE_LENGTH),
            guild,
            channel,
            inviter: user,
            made: now,
            max_age: body.get("max_age").and_then(Value::as_i64).unwrap_or(86_400),
            max_uses: body.get("max_uses").and_then(Value::as_u64).unwrap_or(0),
            uses: 0,
            temporary: body.get("temporary").and_then(Value::as_bool).unwrap_or(false),
        };
        let code = invite.code.clone();
        let mut event = self.invite_counts(&invite);
        extend(&mut event, json!({ "channel_id": channel, "guild_id": guild }));
        self.invites.insert(code.clone(), invite);
        self.emit(
            "INVITE_CREATE",
            Scope::Channel {
                guild: Some(guild),
                channel,
            },
            event,
        );
        self.audit(guild, AuditLine::new(40, user, channel, reason));
        Ok(code)
    }

    /// An invitation that still works.
    pub(crate) fn invite(&self, code: &str) -> ApiResult<&Invite> {
        self.invites
            .get(code)
            .filter(|i| !i.is_over(self.now()))
            .ok_or_else(ApiError::unknown_invite)
    }

    /// Takes an invitation back.
    pub(crate) fn delete_invite(&mut self, user: Id, code: &str, reason: Option<&str>) -> ApiResult<()> {
        let (guild, channel) = self.invite(code).map(|i| (i.guild, i.channel))?;
        let manages = self
            .require_in_channel(channel, user, Permissions::MANAGE_CHANNELS)
            .is_ok();
        if !manages {
            self.require_in_guild(guild, user, Permissions::MANAGE_GUILD)?;
        }
        self.invites.remove(code);
        let body = json!({ "channel_id": channel, "guild_id": guild, "code": code });
        self.emit(
            "INVITE_DELETE",
            Scope::Channel {
                guild: Some(guild),
                channel,
            },
            body,
        );
        self.audit(guild, AuditLine::new(42, user, channel, reason));
        Ok(())
    }

    /// A user follows an invitation.
    pub(crate) fn accept_invite(&mut self, user: Id, code: &str) -> ApiResult<Id> {
        let guild = self.invite(code)?.guild;
        if self.member(guild, user).is_err() {
            self.join(guild, user)?;
            if let Some(invite) = self.invites.get_mut(code) {
                invite.uses += 1;
            }
        }
        Ok(guild)
    }

    fn invite_counts(&self, of: &Invite) -> Value {
        json!({
            "code": of.code, "inviter": self.users.get(&of.inviter).map(json::user), "max_age": of.max_age,
            "max_uses": of.max_uses, "uses": of.uses, "temporary": of.temporary, "created_at": iso(of.made),
            "expires_at": (of.max_age > 0).then(|| iso(of.made + of.max_age * 1000)),
        })
    }

    /// An invitation as Discord writes it; with its counts for those who manage the guild.
    pub(crate) fn invite_json(&self, of: &Invite, with_counts: bool) -> ApiResult<Value> {
        let guild = self.guild(of.guild)?;
        let channel = self.channels.get(&of.channel);
        let mut body = json!({
            "type": 0, "code": of.code, "guild_id": guild.id, "inviter": self.users.get(&of.inviter).map(json::user),
            "guild": { "id": guild.id, "name": guild.name, "icon": guild.icon, "splash": null, "banner": null,
                "description": guild.description, "features": ["COMMUNITY"], "verification_level": 1,
                "vanity_url_code": null, "nsfw_level": 0, "nsfw": false, "premium_subscription_count": 0, "premium_tier": 0 },
            "channel": channel.map(|c| json!({ "id": c.id, "name": c.name, "type": c.kind })),
            "expires_at": (of.max_age > 0).then(|| iso(of.made + of.max_age * 1000)), "flags": 0,
            "approximate_member_count": guild.members.len(), "approximate_presence_count": guild.members.len(),
        });
        if with_counts {
            extend(&mut body, self.invite_counts(of));
        }
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::clock::SimClock;
    use crate::world::scenario::{CommunityOptions, Scenario};

    use super::*;

    #[test]
    fn an_invitation_ends_with_its_time_or_its_uses() {
        let clock = SimClock::manual(1_750_000_000_000);
        let options = CommunityOptions {
            clock: clock.clone(),
            ..CommunityOptions::default()
        };
        let (mut world, c) = Scenario::community_with(options).unwrap();
        let body = json!({ "max_age": 60, "max_uses": 1 });
        let code = world
            .create_invite(c.owner, c.channels.general, &body, None)
            .unwrap();
        assert_eq!(world.accept_invite(c.stranger, &code), Ok(c.guild));
        assert!(world.member(c.guild, c.stranger).is_ok());
        assert_eq!(world.invite(&code).err(), Some(ApiError::unknown_invite()));
        let code = world
            .create_invite(c.owner, c.channels.general, &body, None)
            .unwrap();
        clock.advance(Duration::from_secs(61));
        assert!(world.invite(&code).is_err());
    }
}
