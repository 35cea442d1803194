//! Joining, leaving, moderating and changing members.

use serde_json::{Value, json};

use crate::clock::{Millis, parse_iso};
use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::changes::changes;
use super::draft::{Draft, id_of};
use super::event::Scope;
use super::json::{self, extend};
use super::message::Author;
use super::model::Member;
use super::permissions::{self, Permissions};
use super::post::Post;
use super::{AuditLine, World};

/// A time-out lasts 28 days at most (<https://discord.com/developers/docs/resources/guild#modify-guild-member>).
const LONGEST_TIMEOUT: Millis = 28 * 24 * 3600 * 1000;
/// Bans of people who are no members. Discord does not publish its number.
const MOST_STRANGERS_BANNED: usize = 10_000;
/// The type of the message that greets a new member.
const JOIN_MESSAGE: u8 = 7;

impl World {
    /// A user joins a guild. Bots get the guild; members learn of the user.
    pub(crate) fn join(&mut self, guild: Id, user: Id) -> ApiResult<()> {
        self.user(user)?;
        let now = self.now();
        let status = self.status_on_joining(user);
        let state = self.guild_mut(guild)?;
        if state.bans.contains_key(&user) {
            return Err(ApiError::user_banned());
        }
        if state.members.contains_key(&user) {
            return Ok(());
        }
        state.members.insert(
            user,
            Member {
                user_id: user,
                nick: None,
                roles: Vec::new(),
                joined_at: now,
                timed_out_until: None,
                pending: false,
                status,
                mute: false,
                deaf: false,
            },
        );
        let system_channel = state.system_channel;
        let mut body = json::member(self, self.member(guild, user)?);
        extend(&mut body, json!({ "guild_id": guild }));
        self.emit("GUILD_MEMBER_ADD", Scope::Guild(guild), body);
        if let Some(channel) = system_channel {
            let mut post = Post::by(Author::User(user), channel, Draft::default());
            post.kind = JOIN_MESSAGE;
            self.post(post)?;
        }
        if let Some(application) = self.application_of_bot(user).map(|a| a.id) {
            let body = json::guild_create(
                self,
                self.guild(guild)?,
                user,
                false,
                json::DEFAULT_LARGE_THRESHOLD,
            );
            self.emit(
                "GUILD_CREATE",
                Scope::Application {
                    id: application,
                    guild: Some(guild),
                },
                body,
            );
        }
        Ok(())
    }

    /// A user leaves a guild.
    pub(crate) fn leave(&mut self, guild: Id, user: Id) -> ApiResult<()> {
        if self.guild(guild)?.owner_id == user {
            return Err(ApiError::new(400, 50055, "Invalid Guild"));
        }
        self.remove_member(guild, user)
    }

    pub(super) fn remove_member(&mut self, guild: Id, user: Id) -> ApiResult<()> {
        if self.guild(guild)?.voice.contains_key(&user) {
            self.leave_voice(guild, user)?;
        }
        self.guild_mut(guild)?
            .members
            .remove(&user)
            .ok_or_else(ApiError::unknown_member)?;
        let account = json::user(self.user(user)?);
        self.emit(
            "GUILD_MEMBER_REMOVE",
            Scope::Guild(guild),
            json!({ "guild_id": guild, "user": account }),
        );
        if let Some(application) = self.application_of_bot(user).map(|a| a.id) {
            self.emit(
                "GUILD_DELETE",
                Scope::Application {
                    id: application,
                    guild: Some(guild),
                },
                json!({ "id": guild }),
            );
        }
        Ok(())
    }

    fn check_outranks(&self, guild: Id, by: Id, target: Id) -> ApiResult<()> {
        let state = self.guild(guild)?;
        let actor = self.member(guild, by)?;
        match state.members.get(&target) {
            Some(target) if !permissions::outranks(state, actor, target) => {
                Err(ApiError::missing_permissions())
            }
            _ => Ok(()),
        }
    }

    /// Removes a member.
    pub(crate) fn kick(&mut self, by: Id, guild: Id, user: Id, reason: Option<&str>) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::KICK_MEMBERS)?;
        self.member(guild, user)?;
        self.check_outranks(guild, by, user)?;
        self.remove_member(guild, user)?;
        self.audit(guild, AuditLine::new(20, by, user, reason));
        Ok(())
    }

    /// Bans a user, member or not, and deletes what they wrote in the last `purge` milliseconds.
    pub(crate) fn ban(
        &mut self,
        by: Id,
        guild: Id,
        user: Id,
        purge: Millis,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::BAN_MEMBERS)?;
        let account = json::user(self.user(user)?);
        self.check_outranks(guild, by, user)?;
        let state = self.guild_mut(guild)?;
        let strangers = state.bans.len();
        if !state.members.contains_key(&user)
            && !state.bans.contains_key(&user)
            && strangers >= MOST_STRANGERS_BANNED
        {
            return Err(ApiError::too_many_strangers_banned());
        }
        if state.bans.insert(user, reason.map(str::to_owned)).is_some() {
            return Ok(());
        }
        if state.members.contains_key(&user) {
            self.remove_member(guild, user)?;
        }
        self.emit(
            "GUILD_BAN_ADD",
            Scope::Guild(guild),
            json!({ "guild_id": guild, "user": account }),
        );
        if purge > 0 {
            self.purge(guild, user, self.now() - purge);
        }
        self.audit(guild, AuditLine::new(22, by, user, reason));
        Ok(())
    }

    fn purge(&mut self, guild: Id, user: Id, since: Millis) {
        let channels: Vec<Id> = self
            .guilds
            .get(&guild)
            .map(|g| g.channels.iter().copied().collect())
            .unwrap_or_default();
        for channel in channels {
            let gone: Vec<Id> = self
                .channels
                .get(&channel)
                .into_iter()
                .flat_map(|c| c.messages.iter())
                .filter(|m| m.author_user() == Some(user) && m.id.made_at() >= since)
                .map(|m| m.id)
                .collect();
            for id in gone {
                // The message was just seen there.
                let _ = self.remove_message(channel, id);
            }
        }
    }

    /// Lifts a ban.
    pub(crate) fn unban(&mut self, by: Id, guild: Id, user: Id, reason: Option<&str>) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::BAN_MEMBERS)?;
        self.guild_mut(guild)?
            .bans
            .remove(&user)
            .ok_or_else(ApiError::unknown_ban)?;
        let account = json::user(self.user(user)?);
        self.emit(
            "GUILD_BAN_REMOVE",
            Scope::Guild(guild),
            json!({ "guild_id": guild, "user": account }),
        );
        self.audit(guild, AuditLine::new(23, by, user, reason));
        Ok(())
    }

    /// Gives a role or takes it.
    pub(crate) fn set_role(
        &mut self,
        by: Id,
        guild: Id,
        user: Id,
        role: Id,
        has: bool,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        self.require_in_guild(guild, by, Permissions::MANAGE_ROLES)?;
        self.check_role(guild, by, role)?;
        let roles = &mut self.member_mut(guild, user)?.roles;
        if roles.contains(&role) == has {
            return Ok(());
        }
        if has {
            roles.push(role);
        } else {
            roles.retain(|r| *r != role);
        }
        self.emit_member(guild, user)?;
        let (before, after) = if has {
            (vec![], vec![role])
        } else {
            (vec![role], vec![])
        };
        self.audit_roles(by, guild, user, &before, &after, reason);
        Ok(())
    }

    /// Writes into the audit log which roles a member got and lost.
    fn audit_roles(
        &mut self,
        by: Id,
        guild: Id,
        user: Id,
        before: &[Id],
        after: &[Id],
        reason: Option<&str>,
    ) {
        let roles = self.guilds.get(&guild).map(|g| &g.roles);
        let only_in = |here: &[Id], there: &[Id]| -> Vec<Value> {
            let ids = here.iter().filter(|id| !there.contains(id));
            ids.map(|id| json!({ "id": id, "name": roles.and_then(|r| r.get(id)).map_or("", |r| &r.name) }))
                .collect()
        };
        let changed: Vec<Value> = [
            ("$add", only_in(after, before)),
            ("$remove", only_in(before, after)),
        ]
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(key, list)| json!({ "key": key, "new_value": list }))
        .collect();
        if !changed.is_empty() {
            self.audit(guild, AuditLine::new(25, by, user, reason).changing(changed));
        }
    }

    fn check_role(&self, guild: Id, by: Id, role: Id) -> ApiResult<()> {
        let state = self.guild(guild)?;
        let found = state.roles.get(&role).ok_or_else(ApiError::unknown_role)?;
        let actor = self.member(guild, by)?;
        if found.managed || role == guild || !permissions::above_role(state, actor, role) {
            return Err(ApiError::missing_permissions());
        }
        Ok(())
    }

    /// Changes nickname, roles, time-out and voice state from a checked body.
    pub(crate) fn modify_member(
        &mut self,
        by: Id,
        guild: Id,
        user: Id,
        body: &Value,
        reason: Option<&str>,
    ) -> ApiResult<()> {
        let target = self.member(guild, user)?.clone();
        self.require_in_guild(guild, by, Permissions::NONE)?;
        let has = |bit| self.permissions_in_guild(guild, by).has(bit);
        let needs = [
            (
                "nick",
                if by == user {
                    Permissions::CHANGE_NICKNAME
                } else {
                    Permissions::MANAGE_NICKNAMES
                },
            ),
            ("roles", Permissions::MANAGE_ROLES),
            ("mute", Permissions::MUTE_MEMBERS),
            ("deaf", Permissions::DEAFEN_MEMBERS),
            ("channel_id", Permissions::MOVE_MEMBERS),
            ("communication_disabled_until", Permissions::MODERATE_MEMBERS),
        ];
        if needs
            .iter()
            .any(|(key, bit)| body.get(key).is_some() && !has(*bit))
        {
            return Err(ApiError::missing_permissions());
        }
        let moderates = body.get("nick").is_some() || body.get("communication_disabled_until").is_some();
        if by != user && moderates {
            self.check_outranks(guild, by, user)?;
        }
        let mut next = target.clone();
        if let Some(nick) = body.get("nick") {
            next.nick = nick.as_str().filter(|n| !n.is_empty()).map(str::to_owned);
        }
        if let Some(until) = body.get("communication_disabled_until") {
            next.timed_out_until = self.read_timeout(guild, &target, until)?;
        }
        if let Some(Value::Array(list)) = body.get("roles") {
            let wanted: Vec<Id> = list.iter().filter_map(id_of).collect();
            let changed = wanted
                .iter()
                .filter(|r| !target.roles.contains(r))
                .chain(target.roles.iter().filter(|r| !wanted.contains(r)));
            for role in changed {
                self.check_role(guild, by, *role)?;
            }
            next.roles = wanted;
        }
        let voice = ["mute", "deaf", "channel_id"]
            .iter()
            .any(|key| body.get(key).is_some_and(|v| !v.is_null()));
        let moves = body.get("channel_id").map(id_of);
        if (voice || moves.is_some()) && !self.guild(guild)?.voice.contains_key(&user) {
            return Err(ApiError::not_in_voice());
        }
        next.mute = body.get("mute").and_then(Value::as_bool).unwrap_or(next.mute);
        next.deaf = body.get("deaf").and_then(Value::as_bool).unwrap_or(next.deaf);
        let (before, after) = (json::partial_member(&target), json::partial_member(&next));
        let roles = (target.roles.clone(), next.roles.clone());
        *self.member_mut(guild, user)? = next;
        self.emit_member(guild, user)?;
        match moves {
            Some(to) => self.move_in_voice(guild, user, to)?,
            None if voice => self.emit_voice(guild, user, None)?,
            None => {}
        }
        let changed = changes(&before, &after);
        if !changed.is_empty() {
            self.audit(guild, AuditLine::new(24, by, user, reason).changing(changed));
        }
        self.audit_roles(by, guild, user, &roles.0, &roles.1, reason);
        if let Some(to) = moves {
            let (action, options) = match to {
                Some(channel) => (26, json!({ "channel_id": channel, "count": "1" })),
                None => (27, json!({ "count": "1" })),
            };
            let mut line = AuditLine::new(action, by, user, reason).telling(options);
            line.target = None;
            self.audit(guild, line);
        }
        Ok(())
    }

    fn read_timeout(&self, guild: Id, target: &Member, until: &Value) -> ApiResult<Option<Millis>> {
        let Some(until) = until.as_str().and_then(parse_iso) else {
            return Ok(None);
        };
        if until > self.now() + LONGEST_TIMEOUT {
            return Err(ApiError::field(
                "communication_disabled_until",
                "MEMBER_COMMUNICATION_DISABLED_UNTIL_INVALID",
                "The time-out may last 28 days at most",
            ));
        }
        if self
            .permissions_in_guild(guild, target.user_id)
            .has(Permissions::ADMINISTRATOR)
        {
            return Err(ApiError::missing_permissions());
        }
        Ok(Some(until).filter(|at| *at > self.now()))
    }

    /// Tells the gateway how a member is now.
    pub(crate) fn emit_member(&mut self, guild: Id, user: Id) -> ApiResult<()> {
        let mut body = json::member(self, self.member(guild, user)?);
        extend(&mut body, json!({ "guild_id": guild }));
        self.emit("GUILD_MEMBER_UPDATE", Scope::Guild(guild), body);
        Ok(())
    }
}
